"""Digests that people order for themselves: when, by the clock where they are, and what is new."""

from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from sqlalchemy import bindparam

from storage import deliveries, overview, people, progress, waiting
from storage.asker import Asker
from storage.crowds import Crowd
from storage.database import Session, writes
from storage.deliveries import Debt
from storage.errors import Refusal
from storage.models import Delivery, DeliveryState, OwnDigest, Person
from storage.overview import Own
from storage.progress import Moved
from storage.wall_time import caught_up, next_weekly

KIND = "own_digest"
DAY, WEEK = timedelta(days=1), timedelta(days=7)

_ORDERED = sa.select(OwnDigest.person_id, OwnDigest.weekday).where(
    OwnDigest.workspace_id == bindparam("workspace"),
    OwnDigest.person_id.in_(bindparam("persons", expanding=True)),
)
_LAST = (
    sa.select(Delivery.recipient, sa.func.max(Delivery.intent_at).label("last"))
    .where(
        Delivery.workspace_id == bindparam("workspace"),
        Delivery.recipient.in_(bindparam("users", expanding=True)),
        Delivery.kind == KIND,
        Delivery.state == DeliveryState.SENT,
    )
    .group_by(Delivery.recipient)
)


@dataclass(frozen=True)
class Order:
    """What somebody has ordered: on which *weekday* (None: each day), *at* when, and the next."""

    weekday: int | None
    at: str
    next_at: datetime


@dataclass(frozen=True)
class Told:
    """What one person is told: what waits for them, what is theirs, what moved; daily in brief."""

    own: Own
    moved: Moved
    is_daily: bool
    waits: waiting.Own = field(default_factory=waiting.Own)


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
    found = _found(session, asker)
    if found is None:
        found = OwnDigest(workspace_id=asker.workspace, person_id=asker.person)
        session.add(found)
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
    debts = [_debt(now, own, person) for own, person in due]
    return deliveries.owe_all(session, now, [debt for debt in debts if debt is not None])


def told(
    session: Session, workspace: int, now: datetime, persons: Collection[int]
) -> list[tuple[Asker, Told]]:
    """Gather what each of *persons*, our own ids, is told now, in as many statements as for one.

    Whoever has ordered nothing any more is left out.
    """
    rhythms = _rhythms(session, workspace, persons)
    askers = people.askers_of(session, workspace, now, rhythms)
    if not askers:
        return []
    last = _last(session, workspace, [asker.slack_user for asker in askers])
    readers = [
        (asker, last.get(asker.slack_user) or now - rhythms[asker.person]) for asker in askers
    ]
    own = overview.for_many(session, Crowd(tuple(askers)), now)
    moved = progress.for_many(session, readers, now)
    waits = waiting.own(session, askers, now)
    return [
        (asker, Told(theirs, news, rhythms[asker.person] == DAY, waited))
        for asker, theirs, news, waited in zip(askers, own, moved, waits, strict=True)
    ]


def _rhythms(session: Session, workspace: int, persons: Collection[int]) -> dict[int, timedelta]:
    values = {"workspace": workspace, "persons": list(persons)}
    found = session.execute(_ORDERED, values)
    return {row.person_id: DAY if row.weekday is None else WEEK for row in found}


def _last(session: Session, workspace: int, users: Collection[str]) -> dict[str, datetime]:
    values = {"workspace": workspace, "users": list(users)}
    return {row.recipient: row.last for row in session.execute(_LAST, values)}


def _found(session: Session, asker: Asker) -> OwnDigest | None:
    return session.scalars(
        sa.select(OwnDigest).where(
            OwnDigest.workspace_id == asker.workspace, OwnDigest.person_id == asker.person
        )
    ).one_or_none()


def _debt(now: datetime, own: OwnDigest, person: Person) -> Debt | None:
    times = (own.weekday, own.at, person.zone, own.next_at)
    occurrence, own.next_at = caught_up(*times, now)
    if not person.is_active:
        return None
    return Debt(
        own.workspace_id,
        key=f"own:{person.id}:{occurrence.astimezone(ZoneInfo(person.zone)).date()}",
        kind=KIND,
        recipient=person.slack_user,
        details={"person": person.id},
        due_at=occurrence,
        expires_at=own.next_at,
    )
