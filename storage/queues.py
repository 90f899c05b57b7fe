"""The queue for a briefing: who is in it, who is next, and how many there are."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, TypeVar

import sqlalchemy as sa
from sqlalchemy.orm import aliased

from storage import sight
from storage.database import Session
from storage.models import Briefing, Person, Rsvp, Standing, Workspace
from storage.scoping import columns, unscoped

S = TypeVar("S", bound=sa.Executable)
MOMENT = timedelta(microseconds=1)
SEATED = (Standing.GOING, Standing.OFFERED)  # a seat held for somebody is taken


@dataclass(frozen=True)
class End:
    """The end of a queue: the moment that stands for it, and whether `head` gives anybody."""

    at: datetime
    waits: bool


def _for_all(statement: S) -> S:
    return unscoped(statement, "a queue counts those who may see its briefing, whoever asks")


_QUEUED = (
    sa.and_(Rsvp.standing == Standing.WAITLISTED, sight.ADMITTED),
    sa.and_(Rsvp.person_id == Person.id, Person.workspace_id == Workspace.id),
)
# How many wait for the Briefing of the statement around it.
LENGTH = (
    sa.select(sa.func.count())
    .where(Rsvp.briefing_id == Briefing.id, *_QUEUED)
    .correlate(Briefing)
    .scalar_subquery()
)
_colleague = aliased(Rsvp)
_SEATS_OF_COMPANY = (
    sa.select(sa.func.count())
    .where(
        _colleague.briefing_id == Rsvp.briefing_id,
        _colleague.organisation_id == Rsvp.organisation_id,
        _colleague.standing.in_(SEATED),
    )
    .correlate(Rsvp)
    .scalar_subquery()
)
# Whoever speaks for no organisation shares seats with nobody.
_HAS_ROOM = sa.or_(
    Briefing.company_seats.is_(None),
    Rsvp.organisation_id.is_(None),
    Briefing.company_seats > _SEATS_OF_COMPANY,
)
_HERE = (Rsvp.briefing_id == Briefing.id, Briefing.id == sa.bindparam("briefing"), *_QUEUED)
_HEAD = _for_all(
    sa.select(Rsvp, Person).where(*_HERE, _HAS_ROOM).order_by(Rsvp.waitlisted_at, Rsvp.id).limit(1)
)
_OURS = Rsvp.briefing_id == sa.bindparam("briefing")
# What `ended` reads. Each by the end of an index, however many have answered.
END = (
    sa.select(sa.func.max(Rsvp.asked_at)).where(_OURS).scalar_subquery().label("asked"),
    sa.select(sa.func.max(Rsvp.waitlisted_at))
    .where(_OURS, Rsvp.standing == Standing.WAITLISTED)
    .scalar_subquery()
    .label("last"),
    sa.exists(sa.select(Rsvp.id).where(*_HERE, _HAS_ROOM)).label("waits"),
)
_END = _for_all(sa.select(*END))
_LENGTH = _for_all(sa.select(sa.func.count()).where(*_HERE))
_LENGTHS = _for_all(
    sa.select(Rsvp.briefing_id, sa.func.count().label("waiting"))
    .where(
        Rsvp.briefing_id == Briefing.id,
        Briefing.workspace_id == sa.bindparam("workspace"),
        Briefing.ends_at > sa.bindparam("now"),
        *_QUEUED,
    )
    .group_by(Rsvp.briefing_id)
)
_PLACE = _for_all(
    sa.select(sa.func.count()).where(
        *_HERE,
        sa.or_(
            Rsvp.waitlisted_at < sa.bindparam("since"),
            sa.and_(Rsvp.waitlisted_at == sa.bindparam("since"), Rsvp.id <= sa.bindparam("own")),
        ),
    ),
)


def head(session: Session, briefing: Briefing, now: datetime) -> tuple[Rsvp, Person] | None:
    """Give whoever has waited longest of those who may still have a seat.

    A seat would be lost on somebody who may not see the briefing any more, nor be told. Whose
    organisation has all the seats it may have lets those behind them pass.
    """
    values = sight.binds(now) | {"briefing": briefing.id}
    found = session.execute(_HEAD, values).one_or_none()
    return (found[0], found[1]) if found is not None else None


def end(session: Session, briefing: Briefing, now: datetime) -> End:
    """Give where the queue ends."""
    values = sight.binds(now) | {"briefing": briefing.id}
    return ended(columns(session, _END, values).one(), now)


def ended(found: Any, now: datetime) -> End:
    """Give the same of a row that was read with the columns of `END`."""
    # Two may ask at one moment, or reach the row in another order than they asked: whoever has been
    # told a place in the queue keeps it, also who left it and may yet undo that.
    latest = (one + MOMENT for one in (found.asked, found.last) if one is not None)
    return End(max([now, *latest]), found.waits)


def length(session: Session, briefing: Briefing, now: datetime) -> int:
    """Count who waits and may still have a seat."""
    values = sight.binds(now) | {"briefing": briefing.id}
    return session.scalar(_LENGTH, values) or 0


def lengths(session: Session, workspace: int, now: datetime) -> dict[int, int]:
    """Give what `length` gives for each briefing that has not ended and has a queue, by its id."""
    values = sight.binds(now) | {"workspace": workspace, "now": now}
    return {row.briefing_id: row.waiting for row in session.execute(_LENGTHS, values)}


def place(session: Session, rsvp: Rsvp | None, now: datetime) -> int | None:
    """Count who of them has waited at least as long: 1 is next. None for who does not wait."""
    if rsvp is None or rsvp.waitlisted_at is None:
        return None
    values = sight.binds(now) | {"briefing": rsvp.briefing_id, "own": rsvp.id}
    return session.scalar(_PLACE, values | {"since": rsvp.waitlisted_at})
