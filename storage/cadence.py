"""Asking how an initiative stands: its lead, the alternate, then staff, then nobody."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import aliased

from storage import deliveries, lanes, people
from storage.database import Session, writes
from storage.initiatives import IS_STALE
from storage.models import Delivery, Initiative, Person
from storage.preferences import on_leave
from storage.scoping import unscoped
from storage.wall_time import next_weekly

PATIENCE = timedelta(days=7)
HOUR = "09:00"  # where the reader is: nobody is asked by night


@dataclass(frozen=True)
class Silence:
    """An initiative of which nothing was heard for *days*, and who could say: None for nobody."""

    initiative: Initiative
    lead: str | None
    alternate: str | None
    days: int
    is_lead_away: bool = False
    is_alternate_away: bool = False


_lead, _alternate = aliased(Person), aliased(Person)
_SILENT = (
    sa.select(Initiative, _lead, _alternate, on_leave(_lead), on_leave(_alternate))
    .outerjoin(_lead, sa.and_(Initiative.lead_id == _lead.id, _lead.is_active))
    .outerjoin(_alternate, sa.and_(Initiative.alternate_id == _alternate.id, _alternate.is_active))
    .where(IS_STALE)
    .order_by(Initiative.id)
)


@writes
def plan(session: Session, now: datetime) -> int:
    """Owe the questions that are due, each once for a silence; say how many are new.

    Each has a week before the next is asked: the lead, the alternate, staff. Whoever is on leave is
    passed over.
    """
    silent = session.execute(unscoped(_SILENT, "the timetable's own"), _binds(now)).all()
    return sum(
        _ask(session, now, initiative, [None if away[0] else lead, None if away[1] else alternate])
        for initiative, lead, alternate, *away in silent
    )


def silence(
    session: Session, workspace: int, now: datetime, asked: dict[str, int]
) -> Silence | None:
    """Load what a question is about; None once it has moved, or needs no update any more."""
    found = session.execute(
        unscoped(
            _SILENT.where(
                Initiative.id == asked["initiative"], Initiative.workspace_id == workspace
            ),
            "bot/digests asks for the reader",
        ),
        _binds(now),
    ).one_or_none()
    if found is None or _moved(found[0]) != asked["moved"]:
        return None
    initiative, lead, alternate, *away = found
    days = (now - initiative.moved_at).days
    return Silence(initiative, _name(lead), _name(alternate), days, *away)


def _binds(now: datetime) -> dict[str, Any]:
    return {"now_seconds": int(now.timestamp()), "now": now}


def _name(person: Person | None) -> str | None:
    return person.name if person is not None else None


def _ask(
    session: Session, now: datetime, initiative: Initiative, in_turn: Sequence[Person | None]
) -> int:
    for one in filter(None, in_turn):
        reader = (one.id, one.slack_user, one.zone)
        if _owe(session, now, initiative, "update_due", reader):
            return 1
        if _asked_at(session, now, initiative, one) > now - PATIENCE:
            return 0
    asked = 0
    for person, user in people.secretariat(session, initiative.workspace_id):
        zone = session.get_one(Person, person).zone
        asked += _owe(session, now, initiative, "update_overdue", (person, user, zone))
    return asked


def _owe(
    session: Session,
    now: datetime,
    initiative: Initiative,
    kind: str,
    reader: tuple[int, str, str],
) -> int:
    person, user, zone = reader
    return deliveries.owe(
        session,
        initiative.workspace_id,
        now,
        key=_key(kind, initiative, person),
        kind=kind,
        recipient=user,
        details={"initiative": initiative.id, "moved": _moved(initiative), "person": person},
        due_at=next_weekly(None, HOUR, zone, now),
    )


def _asked_at(session: Session, now: datetime, initiative: Initiative, one: Person) -> datetime:
    asked = session.scalars(
        sa.select(Delivery).where(
            Delivery.workspace_id == initiative.workspace_id,
            Delivery.key == _key("update_due", initiative, one.id),
        )
    ).one()
    # The bot may have been away for long: the week begins when the question has gone.
    return now if asked.state in lanes.OPEN else asked.sent_at or asked.created_at


def _key(kind: str, initiative: Initiative, person: int) -> str:
    return f"{kind}:{initiative.id}:{_moved(initiative)}:{person}"


def _moved(initiative: Initiative) -> int:
    return int(initiative.moved_at.timestamp())
