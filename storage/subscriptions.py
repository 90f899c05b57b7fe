"""Standing orders: which channel gets a digest, and when the next one is due."""

from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import sqlalchemy as sa

from storage import deliveries, duties, editions, initiatives, one_initiative, progress
from storage.asker import Asker
from storage.crowds import Crowd
from storage.database import Session, writes
from storage.editions import Section, Selection
from storage.models import Delivery, DeliveryState, Subscription
from storage.policy import readers
from storage.progress import Moved
from storage.scoping import unscoped
from storage.wall_time import caught_up, is_daily, next_weekly

KIND = "weekly_digest"
DAY, WEEK = timedelta(days=1), timedelta(days=7)


@dataclass(frozen=True)
class Order:
    """A standing order as a digest is written for it; *since* is what the last one told up to.

    *marks* says whom it is for; with an *initiative* it is of that alone.
    """

    id: int
    channel: str
    marks: Subscription = field(compare=False)
    readers: Asker
    since: datetime
    is_daily: bool
    selection: Selection
    initiative: int | None = None


@dataclass(frozen=True)
class Edition:
    """What a channel's readers are told: daily what is due, weekly everything.

    It may be *about* one initiative alone; *stands* is whether to say how that stands.
    """

    moved: Moved
    zone: str
    is_daily: bool
    about: initiatives.Line | None = None
    stands: bool = False

    @property
    def is_worth_posting(self) -> bool:
        """Whether it says anything new, or daily anything at all."""
        return self.moved.is_anything if self.is_daily else self.moved.is_news


@writes
def plan(session: Session, now: datetime) -> int:
    """Owe every digest whose time has come, once for its date; say how many are new.

    After a pause only the latest is owed, however many were missed, and it is of no use any more
    once the next is due.
    """
    due = unscoped(
        sa.select(Subscription)
        .where(Subscription.is_on, Subscription.next_at <= now)
        .order_by(Subscription.id)
        .limit(200)
        .with_for_update(skip_locked=True),
        "the timetable's own",
    )
    return sum(_plan(session, now, order) for order in session.scalars(due).all())


def order(session: Session, subscription_id: int, now: datetime) -> Order | None:
    """Load a standing order; None once it is gone or switched off."""
    own = {"unscoped": "the order that a digest is written for"}
    found = session.get(Subscription, subscription_id, execution_options=own)
    return told(session, found, now) if found is not None and found.is_on else None


def gather(session: Session, order: Order, now: datetime) -> Edition:
    """Gather what the readers of *order* would be told now, of what was chosen for them."""
    if order.initiative is not None:
        return _of_one(session, order, order.initiative, now)
    moved = editions.of_moved(_moved(session, order, now, progress.AT_MOST), order.selection)
    return Edition(moved, order.readers.zone, order.is_daily)


def told(session: Session, found: Subscription, now: datetime) -> Order:
    """Say for whom a digest would be written now, and what the last one told up to."""
    last = session.scalar(
        # From when it was written, not sent: what happened in between stands in neither otherwise.
        sa.select(sa.func.max(Delivery.intent_at)).where(
            Delivery.workspace_id == found.workspace_id,
            Delivery.recipient == found.channel,
            Delivery.key.startswith(f"digest:{found.id}:", autoescape=True),
            Delivery.state == DeliveryState.SENT,
        )
    )
    who = readers(found.workspace_id, found.audience, found.audience_group_id, found.zone)
    is_often = is_daily(found.weekday)
    since = last or now - (DAY if is_often else WEEK)
    selection = editions.selected(found.sections, found.topics)
    of = found.initiative_id
    return Order(found.id, found.channel, found, who, since, is_often, selection, of)


def owe(
    session: Session, now: datetime, found: Subscription, occurrence: datetime, due_at: datetime
) -> bool:
    """Owe the digest of *occurrence*, once for its date, and set the next one."""
    found.next_at = next_weekly(found.weekday, found.at, found.zone, occurrence)
    return deliveries.owe(
        session,
        found.workspace_id,
        now,
        key=f"digest:{found.id}:{occurrence.astimezone(ZoneInfo(found.zone)).date()}",
        kind=KIND,
        recipient=found.channel,
        details={"subscription": found.id},
        due_at=due_at,
        expires_at=found.next_at,
    )


def _moved(session: Session, order: Order, now: datetime, at_most: int) -> Moved:
    moved = progress.gather(session, order.readers, now, order.since, at_most)
    if not order.is_daily:
        return moved
    soon = duties.overdue(session, Crowd((order.readers,)), now + editions.SOON, at_most)
    return replace(editions.due(moved, now), overdue=soon.seen(order.readers))


def _of_one(session: Session, order: Order, initiative: int, now: datetime) -> Edition:
    about, zone = initiatives.line(session, order.readers, now, initiative), order.readers.zone
    if about is None:
        return Edition(one_initiative.NOTHING, zone, order.is_daily)
    moved = _moved(session, order, now, one_initiative.AMONG)
    moved = one_initiative.narrowed(session, order.readers, moved, initiative)
    stands = order.selection.tells(Section.STANDING) and not order.is_daily
    return Edition(editions.of_moved(moved, order.selection), zone, order.is_daily, about, stands)


def _plan(session: Session, now: datetime, found: Subscription) -> bool:
    times = (found.weekday, found.at, found.zone, found.next_at)
    occurrence, _ = caught_up(*times, now)
    return owe(session, now, found, occurrence, due_at=occurrence)
