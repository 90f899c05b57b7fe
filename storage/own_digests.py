"""Digests that people order for themselves: when, by the clock where they are, and what is new."""

from dataclasses import dataclass
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

import sqlalchemy as sa

from storage import deliveries, overview, progress
from storage.asker import Asker
from storage.database import Session, writes
from storage.errors import Refusal
from storage.models import Delivery, DeliveryState, OwnDigest, Person
from storage.overview import Overview
from storage.progress import Moved
from storage.wall_time import caught_up, next_weekly

KIND = "own_digest"
DAY, WEEK = timedelta(days=1), timedelta(days=7)


@dataclass(frozen=True)
class Order:
    """What somebody has ordered: on which *weekday* (None: each day), *at* when, and the next."""

    weekday: int | None
    at: str
    next_at: datetime


@dataclass(frozen=True)
class Told:
    """What one person is told: what waits for them, what is theirs, what moved; daily in brief."""

    own: Overview
    moved: Moved
    is_daily: bool


def mine(session: Session, asker: Asker, now: datetime) -> Order | None:
    """Give what *asker* has ordered."""
    found = _found(session, asker)
    return Order(found.weekday, found.at, found.next_at) if found is not None else None


@writes
def order(session: Session, asker: Asker, now: datetime, weekday: int | None, at: time) -> Order:
    """Order a digest by direct message, in the place of whatever was ordered before.

    Raises Refusal for whoever the bot has not met.
    """
    if not asker.person:
        raise Refusal("The bot does not know you yet. Say something else first, then try again.")
    clock = f"{at:%H:%M}"
    following = next_weekly(weekday, clock, asker.zone, now)
    # Held: planned meanwhile, it would keep the next date of the order that was.
    found = session.scalars(_own(asker).with_for_update()).one_or_none()
    if found is None:
        found = OwnDigest(workspace_id=asker.workspace, person_id=asker.person)
        session.add(found)
    elif found.next_at <= now:
        _owe(session, now, found, session.get_one(Person, asker.person))
    found.weekday, found.at, found.next_at = weekday, clock, following
    return Order(weekday, clock, following)


@writes
def cancel(session: Session, asker: Asker, now: datetime) -> bool:
    """Send no more; say whether anything had been ordered."""
    found = _found(session, asker)
    if found is not None:
        session.delete(found)
    return found is not None


@writes
def plan(session: Session, now: datetime) -> int:
    """Owe every digest whose time has come, once for its date; say how many are new.

    After a pause only the latest is owed; it is of no use any more once the next is due.
    """
    due = session.execute(
        sa.select(OwnDigest, Person)
        .join(Person, OwnDigest.person_id == Person.id)
        .where(OwnDigest.next_at <= now)
        .order_by(OwnDigest.next_at, OwnDigest.id)
        .limit(500)
        .with_for_update(skip_locked=True, of=OwnDigest)
    ).all()
    return sum(_owe(session, now, own, person) for own, person in due)


def told(session: Session, asker: Asker, now: datetime) -> Told | None:
    """Gather what *asker* is told now; None for whoever has ordered nothing any more."""
    found = _found(session, asker)
    if found is None:
        return None
    last = session.scalar(
        sa.select(sa.func.max(Delivery.intent_at)).where(
            Delivery.workspace_id == asker.workspace,
            Delivery.recipient == asker.slack_user,
            Delivery.kind == KIND,
            Delivery.state == DeliveryState.SENT,
        )
    )
    since = last or now - (DAY if found.weekday is None else WEEK)
    own, moved = overview.gather(session, asker, now), progress.gather(session, asker, now, since)
    return Told(own, moved, found.weekday is None)


def _found(session: Session, asker: Asker) -> OwnDigest | None:
    return session.scalars(_own(asker)).one_or_none()


def _own(asker: Asker) -> sa.Select[OwnDigest]:
    return sa.select(OwnDigest).where(
        OwnDigest.workspace_id == asker.workspace, OwnDigest.person_id == asker.person
    )


def _owe(session: Session, now: datetime, own: OwnDigest, person: Person) -> bool:
    times = (own.weekday, own.at, person.zone, own.next_at)
    occurrence, own.next_at = caught_up(*times, now)
    if not person.is_active:
        return False
    return deliveries.owe(
        session,
        own.workspace_id,
        now,
        key=f"own:{person.id}:{occurrence.astimezone(ZoneInfo(person.zone)).date()}",
        kind=KIND,
        recipient=person.slack_user,
        details={"person": person.id},
        due_at=occurrence,
        expires_at=own.next_at,
    )
