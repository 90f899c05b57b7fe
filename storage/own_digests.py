"""Digests that people order for themselves: when, by the clock where they are, and what is new."""

from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from sqlalchemy import bindparam

from storage import deliveries, editions, overview, people, progress, waiting
from storage.asker import Asker
from storage.crowds import Crowd
from storage.database import Session, writes
from storage.deliveries import Debt
from storage.editions import EVERYTHING, Selection
from storage.errors import Refusal
from storage.models import Delivery, DeliveryState, OwnDigest, Person
from storage.overview import Own
from storage.preferences import on_leave
from storage.progress import Moved
from storage.wall_time import caught_up, is_daily, next_weekly

KIND = "own_digest"
DAY, WEEK = timedelta(days=1), timedelta(days=7)
UNMET = "The bot does not know you yet. Say something else first, then try again."

_ORDERED = sa.select(
    OwnDigest.person_id, OwnDigest.weekday, OwnDigest.sections, OwnDigest.topics
).where(
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
_DUE = (
    sa.select(OwnDigest, Person, on_leave(Person))
    .join(Person, OwnDigest.person_id == Person.id)
    .where(OwnDigest.next_at <= bindparam("now"))
)


@dataclass(frozen=True)
class Order:
    """What somebody has ordered: on which *weekday* (as an `OwnDigest`'s), when, what; the next."""

    weekday: int | None
    at: str
    next_at: datetime
    selection: Selection = EVERYTHING


@dataclass(frozen=True)
class Told:
    """What one person may be told: what waits for them, what is theirs, what moved.

    Daily they are told in brief; of all that, what they selected.
    """

    own: Own
    moved: Moved
    is_daily: bool
    waits: waiting.Own = field(default_factory=waiting.Own)
    selection: Selection = EVERYTHING


def mine(session: Session, asker: Asker, now: datetime) -> Order | None:
    """Give what *asker* has ordered."""
    found = _found(session, asker)
    return _order(found) if found is not None else None


@writes
def order(
    session: Session,
    asker: Asker,
    now: datetime,
    weekday: int | None,
    at: time,
    selection: Selection | None = None,
) -> Order:
    """Order a digest by direct message, in the place of whatever was ordered before.

    Without a *selection* it tells what it told. Raises Refusal for whoever the bot has not met.
    """
    if not asker.is_there:
        raise Refusal(UNMET)
    clock = f"{at:%H:%M}"
    following = next_weekly(weekday, clock, asker.zone, now)
    # Held: planned meanwhile, it would keep the next date of the order that was.
    found = session.scalars(_own(asker).with_for_update()).one_or_none()
    if found is None:
        found = OwnDigest(workspace_id=asker.workspace, person_id=asker.person)
        session.add(found)
    elif found.next_at <= now:
        _owe(session, now, _DUE.where(OwnDigest.id == found.id))
    found.weekday, found.at, found.next_at = weekday, clock, following
    if selection is not None:
        found.sections, found.topics = sorted(selection.sections), list(selection.topics)
    session.flush()
    return _order(found)


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

    After a pause only the latest is owed; it is of no use any more once the next is due. Whoever is
    on leave is owed none.
    """
    due = (
        _DUE.order_by(OwnDigest.next_at, OwnDigest.id)
        .limit(500)
        .with_for_update(skip_locked=True, of=OwnDigest)
    )
    return _owe(session, now, due)


def told(
    session: Session, workspace: int, now: datetime, persons: Collection[int]
) -> list[tuple[Asker, Told]]:
    """Gather what each of *persons*, our own ids, is told now, in as many statements as for one.

    Whoever has ordered nothing any more is left out.
    """
    values = {"workspace": workspace, "persons": list(persons)}
    orders = {row.person_id: row for row in session.execute(_ORDERED, values)}
    askers = people.askers_of(session, workspace, now, orders)
    if not askers:
        return []
    last = _last(session, workspace, [asker.slack_user for asker in askers])
    often = {person: is_daily(row.weekday) for person, row in orders.items()}
    readers = [
        (asker, last.get(asker.slack_user) or now - (DAY if often[asker.person] else WEEK))
        for asker in askers
    ]
    own = overview.for_many(session, Crowd(tuple(askers)), now)
    moved = progress.for_many(session, readers, now)
    waits = waiting.own(session, askers, now)
    chosen = {person: editions.selected(row.sections, row.topics) for person, row in orders.items()}
    return [
        (asker, Told(theirs, news, often[asker.person], waited, chosen[asker.person]))
        for asker, theirs, news, waited in zip(askers, own, moved, waits, strict=True)
    ]


def preview(session: Session, asker: Asker, now: datetime) -> Told | None:
    """Gather what *asker* would be told now; None for whoever has ordered nothing."""
    found = told(session, asker.workspace, now, [asker.person])
    return found[0][1] if found else None


def _last(session: Session, workspace: int, users: Collection[str]) -> dict[str, datetime]:
    values = {"workspace": workspace, "users": list(users)}
    return {row.recipient: row.last for row in session.execute(_LAST, values)}


def _found(session: Session, asker: Asker) -> OwnDigest | None:
    return session.scalars(_own(asker)).one_or_none()


def _own(asker: Asker) -> sa.Select[OwnDigest]:
    return sa.select(OwnDigest).where(
        OwnDigest.workspace_id == asker.workspace, OwnDigest.person_id == asker.person
    )


def _order(found: OwnDigest) -> Order:
    selection = editions.selected(found.sections, found.topics)
    return Order(found.weekday, found.at, found.next_at, selection)


def _owe(session: Session, now: datetime, due: sa.Select[OwnDigest, Person, bool]) -> int:
    debts = [_debt(now, *one) for one in session.execute(due, {"now": now}).all()]
    return deliveries.owe_all(session, now, [debt for debt in debts if debt is not None])


def _debt(now: datetime, own: OwnDigest, person: Person, is_on_leave: bool) -> Debt | None:
    times = (own.weekday, own.at, person.zone, own.next_at)
    occurrence, own.next_at = caught_up(*times, now)
    if is_on_leave or not person.is_active:
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
