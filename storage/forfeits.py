"""Seats, and requests for one, of people who may see a briefing no more: they go with the right."""

from datetime import datetime
from typing import TypeVar

import sqlalchemy as sa

from storage import audit, queues, rsvps, sight
from storage.asker import Asker
from storage.database import Session, writes
from storage.models import Briefing, Person, Rsvp, Standing, Workspace
from storage.policy import Act, decide
from storage.scoping import unscoped

S = TypeVar("S", bound=sa.Executable)
_HELD = (
    Rsvp.briefing_id == Briefing.id,
    Rsvp.person_id == Person.id,
    Person.workspace_id == Workspace.id,
    Rsvp.workspace_id == sa.bindparam("workspace"),
    Briefing.ends_at > sa.bindparam("now"),
)
_SEATED = Rsvp.standing.in_(queues.SEATED)
# Who asks for a seat would get none, so what they ask is given up too.
_LOST = (*_HELD, sa.or_(_SEATED, Rsvp.standing == Standing.ASKED), ~sight.ADMITTED)


def of_person(session: Session, asker: Asker, now: datetime, person: int) -> int:
    """Give up what *person* may not see any more of what they go to; say how many seats.

    The caller has just taken a right from them, in this transaction. The queue moves up.
    """
    return _given_up(session, asker, now, Rsvp.person_id == person)


def of_briefing(session: Session, asker: Asker, now: datetime, briefing: int) -> int:
    """Do the same for all who go to *briefing*, which has just become for fewer."""
    return _given_up(session, asker, now, Rsvp.briefing_id == briefing)


def of_workspace(session: Session, asker: Asker, now: datetime) -> int:
    """Do the same for all who go to anything in the workspace of *asker*."""
    return _given_up(session, asker, now, sa.true())


@writes
def sweep(session: Session, now: datetime) -> int:
    """Do the same everywhere: what staff did not confirm again in time lapses by itself."""
    spaces = session.scalars(sa.select(Workspace.id).order_by(Workspace.id)).all()
    return sum(of_workspace(session, Asker(space), now) for space in spaces)


def at_stake(session: Session, then: Asker, now: datetime) -> int:
    """Count the seats of a person that they would lose with the rights of *then*."""
    going = sa.select(Briefing).where(*_HELD, _SEATED, Rsvp.person_id == then.person)
    values = {"workspace": then.workspace, "now": now}
    held = session.scalars(unscoped(going, "only a number is told"), values)
    return sum(not decide(then, briefing, Act.ANSWER) for briefing in held)


def _given_up(session: Session, asker: Asker, now: datetime, which: sa.ColumnElement[bool]) -> int:
    values = sight.binds(now) | {"workspace": asker.workspace, "now": now}
    at = sa.select(Briefing.id).where(*_LOST, which).distinct().order_by(Briefing.id)
    lost = 0
    for number in session.scalars(_for_all(at), values).all():
        # Held one after the other in one order, and looked at again: somebody may answer meanwhile.
        one = sa.select(Briefing).where(Briefing.id == number).with_for_update()
        briefing = session.scalars(_for_all(one)).one()
        still = sa.select(Rsvp).where(*_LOST, which, Briefing.id == number).order_by(Rsvp.id)
        still = still.execution_options(populate_existing=True)
        for answer in session.scalars(_for_all(still), values).all():
            was = answer.standing
            rsvps.give_up(session, briefing, answer, now)
            _record(session, asker, now, answer, was)
            lost += was in queues.SEATED
    return lost


def _for_all(statement: S) -> S:
    return unscoped(statement, "a seat is lost by whoever holds it, whatever the asker may see")


def _record(session: Session, asker: Asker, now: datetime, answer: Rsvp, was: Standing) -> None:
    before = {"person": answer.person_id, "standing": was}
    after = {"person": answer.person_id, "standing": answer.standing}
    audit.record(session, asker, now, "rsvp", f"briefing {answer.briefing_id}", before, after)
