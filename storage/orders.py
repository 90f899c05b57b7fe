"""What is done with standing orders for digests: look ahead, send early, pause, call off."""

from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

import sqlalchemy as sa

from storage import audit, policy, subscriptions
from storage.asker import Asker
from storage.database import Session, writes
from storage.errors import Refusal
from storage.models import (
    Audience,
    Delivery,
    DeliveryState,
    Initiative,
    Subscription,
    WorkingGroup,
)
from storage.policy import Act
from storage.scoping import unscoped
from storage.subscriptions import KIND, Edition
from storage.wall_time import is_daily, next_weekly

NOT_YOURS = "When digests go is for the secretariat and the chairs of groups to say. Ask them."
_FAILED = (DeliveryState.DEAD, DeliveryState.HELD, DeliveryState.EXPIRED)
_OWN = sa.and_(
    Delivery.workspace_id == Subscription.workspace_id,
    Delivery.recipient == Subscription.channel,
    Delivery.kind == KIND,
)
_LAST_SENT = sa.select(sa.func.max(Delivery.sent_at)).where(
    _OWN, Delivery.state == DeliveryState.SENT
)
_LAST_FAILED = sa.select(sa.func.max(Delivery.id)).where(_OWN, Delivery.state.in_(_FAILED))
_LISTED = unscoped(
    sa.select(
        Subscription,
        WorkingGroup.title,
        Initiative.title,
        _LAST_SENT.correlate(Subscription).scalar_subquery(),
        Delivery.due_at,
        Delivery.reason,
    )
    .outerjoin(WorkingGroup, Subscription.audience_group_id == WorkingGroup.id)
    .outerjoin(
        Initiative, sa.and_(Subscription.initiative_id == Initiative.id, policy.scope(Initiative))
    )
    .outerjoin(Delivery, Delivery.id == _LAST_FAILED.correlate(Subscription).scalar_subquery())
    .where(
        Subscription.workspace_id == sa.bindparam("workspace"), Subscription.called_off_at.is_(None)
    )
    .order_by(Subscription.is_on.desc(), Subscription.next_at, Subscription.id),
    "each is shown only to who keeps it",
)


@dataclass(frozen=True)
class Line:
    """A standing order: which channel, for whom, on which days, when it goes next.

    *group* names the group it is for. *sent_at* is the last run, *failed_at* the last that did not
    go, *why* with what helps. Where it is of one *initiative*, *about* is its title if whoever asks
    may see it.
    """

    id: int
    channel: str
    audience: Audience
    group: str | None
    weekday: int | None
    at: str
    next_at: datetime
    zone: str
    is_on: bool
    sent_at: datetime | None = None
    failed_at: datetime | None = None
    why: str | None = None
    initiative: int | None = None
    about: str | None = None


@dataclass(frozen=True)
class Preview:
    """What a channel would be told now."""

    channel: str
    edition: Edition


def keeps(asker: Asker, order: Subscription) -> bool:
    """Say whether *order* is *asker*'s to change: staff keep all, a chair those for their group."""
    return policy.decide(asker, order, Act.EDIT)


def check(asker: Asker) -> None:
    """Refuse whoever has no say in when digests go. Raises Refusal."""
    if not (asker.is_staff or asker.chairs):
        raise Refusal(NOT_YOURS)


def listed(session: Session, asker: Asker, now: datetime) -> tuple[Line, ...]:
    """List the orders that *asker* keeps, whatever goes next first. Raises Refusal."""
    check(asker)
    rows = session.execute(_LISTED, asker.binds())
    return tuple(_line(*row) for row in rows if keeps(asker, row[0]))


def preview(session: Session, asker: Asker, now: datetime, order: int) -> Preview:
    """Gather what the channel's readers would be told now. Raises Refusal."""
    told = subscriptions.told(session, found(session, asker, order), now)
    return Preview(told.channel, subscriptions.gather(session, told, now))


@writes
def send_now(session: Session, asker: Asker, now: datetime, order: int) -> tuple[Line, ...]:
    """Owe the next digest at once, in the place of the one that was to come; list them all.

    Raises Refusal where that has gone early already.
    """
    due = _held(session, asker, order)
    if not due.is_on:
        raise Refusal("That digest is paused. Resume it first.")
    is_early = due.next_at > next_weekly(due.weekday, due.at, due.zone, now)
    if is_early or _last_date(session, due) > now.astimezone(ZoneInfo(due.zone)).date():
        of = "today" if is_daily(due.weekday) else "this week"
        raise Refusal(f"The digest of {of} has been sent early. The next one comes by itself.")
    if not subscriptions.owe(session, now, due, due.next_at, due_at=now):
        raise Refusal("The digest of today has gone out already. The next one comes by itself.")
    record(session, asker, now, due, "send_now")
    return listed(session, asker, now)


@writes
def pause(
    session: Session, asker: Asker, now: datetime, order: int, *, is_on: bool
) -> tuple[Line, ...]:
    """Pause a digest, or let it go on with the next one to come; list them all.

    Raises Refusal.
    """
    kept = _held(session, asker, order)
    if kept.is_on is not is_on:
        kept.is_on = is_on
        if is_on and kept.next_at <= now:
            kept.next_at = next_weekly(kept.weekday, kept.at, kept.zone, now)
        record(session, asker, now, kept, "resume" if is_on else "pause")
    return listed(session, asker, now)


@writes
def call_off(session: Session, asker: Asker, now: datetime, order: int) -> tuple[Line, ...]:
    """Call a digest off for good; list those that are left. Raises Refusal.

    The row stays: ordered again for that channel, it is still sent once for a date.
    """
    kept = _held(session, asker, order)
    kept.is_on, kept.called_off_at = False, now
    record(session, asker, now, kept, "call_off")
    return listed(session, asker, now)


def found(session: Session, asker: Asker, order: int) -> Subscription:
    """Load an order that *asker* keeps. Raises Refusal, alike for what is not there."""
    check(asker)
    own = {"unscoped": "whether they keep it is decided of the row"}
    row = session.get(Subscription, order, execution_options=own)
    if row is None or row.called_off_at is not None or not keeps(asker, row):
        raise Refusal("That digest is not there any more. See /coalition digest status.")
    return row


def record(session: Session, asker: Asker, now: datetime, kept: Subscription, verb: str) -> None:
    """Write down who did *verb* to an order, and how it stands since."""
    after = {
        "audience": kept.audience,
        "group": kept.audience_group_id,
        "initiative": kept.initiative_id,
        "is_on": kept.is_on,
        "next_at": kept.next_at.isoformat(),
    }
    audit.record(session, asker, now, verb, f"subscription {kept.id}", after=after)


def line(kept: Subscription, group: str | None, about: str | None) -> Line:
    """Tell of an order what is known without looking at what was sent."""
    return _line(kept, group, about, None, None, None)


def _held(session: Session, asker: Asker, order: int) -> Subscription:
    kept = found(session, asker, order)
    session.refresh(kept, with_for_update=True)
    return kept


def _last_date(session: Session, kept: Subscription) -> date:
    """Give the date of the last digest that was owed, which ends its key."""
    keys = session.scalars(
        sa.select(Delivery.key).where(
            Delivery.workspace_id == kept.workspace_id,
            Delivery.recipient == kept.channel,
            Delivery.key.startswith(f"digest:{kept.id}:", autoescape=True),
        )
    )
    return max((date.fromisoformat(key.rpartition(":")[2]) for key in keys), default=date.min)


def _line(
    kept: Subscription,
    group: str | None,
    about: str | None,
    sent_at: datetime | None,
    failed_at: datetime | None,
    why: str | None,
) -> Line:
    return Line(
        kept.id,
        kept.channel,
        kept.audience,
        group if kept.audience is Audience.GROUP else None,
        kept.weekday,
        kept.at,
        kept.next_at,
        kept.zone,
        kept.is_on,
        sent_at,
        failed_at,
        why,
        kept.initiative_id,
        about,
    )
