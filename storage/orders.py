"""What staff do with standing orders for digests: look ahead, send early, pause and go on."""

from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from storage import audit, progress, subscriptions
from storage.asker import Asker
from storage.database import Session, writes
from storage.errors import Refusal
from storage.models import Subscription
from storage.progress import Moved
from storage.scoping import unscoped
from storage.wall_time import next_weekly


@dataclass(frozen=True)
class Line:
    """A standing order: which channel, when it goes next, whether it is paused."""

    id: int
    channel: str
    next_at: datetime
    zone: str
    is_on: bool


@dataclass(frozen=True)
class Preview:
    """What a channel would be told now; *zone* is the channel's."""

    channel: str
    moved: Moved
    zone: str


def listed(session: Session, asker: Asker, now: datetime) -> tuple[Line, ...]:
    """List the standing orders, whatever goes next first. Raises Refusal for all but staff."""
    _check_staff(asker)
    found = session.scalars(
        unscoped(
            sa.select(Subscription)
            .where(Subscription.workspace_id == asker.workspace)
            .order_by(Subscription.is_on.desc(), Subscription.next_at, Subscription.id),
            "when digests go, which staff may know",
        )
    )
    return tuple(map(_line, found))


def preview(session: Session, asker: Asker, now: datetime, order: int) -> Preview:
    """Gather what the channel's readers would be told now. Raises Refusal."""
    found = _found(session, asker, order)
    told = subscriptions.told(session, found, now)
    moved = progress.gather(session, told.readers, now, told.since)
    return Preview(found.channel, moved, found.zone)


@writes
def send_now(session: Session, asker: Asker, now: datetime, order: int) -> tuple[Line, ...]:
    """Owe the next digest at once, in the place of the one that was to come; list them all.

    Raises Refusal where that of this week has gone early already.
    """
    found = _held(session, asker, order)
    if not found.is_on:
        raise Refusal("That digest is paused. Resume it first.")
    if next_weekly(found.weekday, found.at, found.zone, now) != found.next_at:
        raise Refusal("The digest of this week has been sent early. The next one comes by itself.")
    subscriptions.owe(session, now, found, found.next_at, due_at=now)
    _record(session, asker, now, found, "send_now")
    return listed(session, asker, now)


@writes
def pause(
    session: Session, asker: Asker, now: datetime, order: int, *, is_on: bool
) -> tuple[Line, ...]:
    """Pause a digest, or let it go on with the next one to come; list them all.

    Raises Refusal.
    """
    found = _held(session, asker, order)
    if found.is_on is not is_on:
        found.is_on = is_on
        if is_on and found.next_at <= now:
            found.next_at = next_weekly(found.weekday, found.at, found.zone, now)
        _record(session, asker, now, found, "resume" if is_on else "pause")
    return listed(session, asker, now)


def _held(session: Session, asker: Asker, order: int) -> Subscription:
    found = _found(session, asker, order)
    session.refresh(found, with_for_update=True)
    return found


def _found(session: Session, asker: Asker, order: int) -> Subscription:
    _check_staff(asker)
    own = {"unscoped": "when digests go, which staff may know"}
    found = session.get(Subscription, order, execution_options=own)
    if found is None or found.workspace_id != asker.workspace:
        raise Refusal("That digest is not there any more. See /coalition digest status.")
    return found


def _check_staff(asker: Asker) -> None:
    if not asker.is_staff:
        raise Refusal("When digests go is for the secretariat to say. Ask them.")


def _record(session: Session, asker: Asker, now: datetime, found: Subscription, verb: str) -> None:
    after = {"is_on": found.is_on, "next_at": found.next_at.isoformat()}
    audit.record(session, asker, now, verb, f"subscription {found.id}", after=after)


def _line(found: Subscription) -> Line:
    return Line(found.id, found.channel, found.next_at, found.zone, found.is_on)
