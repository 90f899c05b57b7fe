"""Standing orders: which channel gets a digest, and when the next one is due."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import sqlalchemy as sa

from storage import deliveries
from storage.asker import Asker
from storage.database import Session, writes
from storage.models import Delivery, DeliveryState, Subscription
from storage.policy import readers
from storage.scoping import unscoped
from storage.wall_time import caught_up, next_weekly

KIND = "weekly_digest"
WEEK = timedelta(days=7)


@dataclass(frozen=True)
class Order:
    """A standing order as a digest is written for it; *since* is what the last one told up to.

    *marks* says whom it is for.
    """

    id: int
    channel: str
    marks: Subscription = field(compare=False)
    readers: Asker
    since: datetime


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


def told(session: Session, found: Subscription, now: datetime) -> Order:
    """Say for whom a digest would be written now, and what the last one told up to."""
    last = session.scalar(
        # From when it was written, not sent: what happened in between stands in neither otherwise.
        sa.select(sa.func.max(Delivery.intent_at)).where(
            Delivery.workspace_id == found.workspace_id,
            Delivery.key.startswith(f"digest:{found.id}:", autoescape=True),
            Delivery.state == DeliveryState.SENT,
        )
    )
    who = readers(found.workspace_id, found.audience, found.audience_group_id, found.zone)
    return Order(found.id, found.channel, found, who, last or now - WEEK)


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


def _plan(session: Session, now: datetime, found: Subscription) -> bool:
    times = (found.weekday, found.at, found.zone, found.next_at)
    occurrence, _ = caught_up(*times, now)
    return owe(session, now, found, occurrence, due_at=occurrence)
