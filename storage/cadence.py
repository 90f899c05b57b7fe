"""Asking how an initiative stands: its lead when an update is due, then staff, then nobody."""

from dataclasses import dataclass
from datetime import datetime, timedelta

import sqlalchemy as sa

from storage import deliveries, people
from storage.database import Session, writes
from storage.initiatives import IS_STALE
from storage.models import Delivery, Initiative, Person
from storage.preferences import ON_LEAVE
from storage.scoping import unscoped
from storage.wall_time import next_weekly

PATIENCE = timedelta(days=7)
HOUR = "09:00"  # where the reader is: nobody is asked by night


@dataclass(frozen=True)
class Silence:
    """An initiative of which nothing was heard for *days*; *lead* is None where nobody leads it."""

    initiative: Initiative
    lead: str | None
    days: int
    is_on_leave: bool = False


@writes
def plan(session: Session, now: datetime) -> int:
    """Owe the questions that are due, each once for a silence; say how many are new."""
    silent = session.execute(
        unscoped(
            sa.select(Initiative, Person, ON_LEAVE)
            .outerjoin(Person, sa.and_(Initiative.lead_id == Person.id, Person.is_active))
            .where(IS_STALE)
            .order_by(Initiative.id),
            "the timetable's own",
        ),
        {"now_seconds": int(now.timestamp()), "now": now},
    ).all()
    return sum(_ask(session, now, *one) for one in silent)


def silence(
    session: Session, workspace: int, now: datetime, asked: dict[str, int]
) -> Silence | None:
    """Load what a question is about; None once it has moved, or needs no update any more."""
    found = session.execute(
        unscoped(
            sa.select(Initiative, Person.name, ON_LEAVE)
            .outerjoin(Person, Initiative.lead_id == Person.id)
            .where(
                Initiative.id == asked["initiative"], Initiative.workspace_id == workspace, IS_STALE
            ),
            "bot/digests asks for the reader",
        ),
        {"now_seconds": int(now.timestamp()), "now": now},
    ).one_or_none()
    if found is None or _moved(found[0]) != asked["moved"]:
        return None
    return Silence(found[0], found[1], (now - found[0].moved_at).days, found[2])


def _ask(
    session: Session, now: datetime, initiative: Initiative, lead: Person | None, is_on_leave: bool
) -> int:
    asked = 0
    if lead is not None and not is_on_leave:
        reader = (lead.id, lead.slack_user, lead.zone)
        asked = _owe(session, now, initiative, "update_due", reader)
        if asked or _asked_at(session, initiative, lead) > now - PATIENCE:
            return asked
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


def _asked_at(session: Session, initiative: Initiative, lead: Person) -> datetime:
    asked = sa.select(Delivery.created_at).where(
        Delivery.workspace_id == initiative.workspace_id,
        Delivery.key == _key("update_due", initiative, lead.id),
    )
    return session.scalars(asked).one()


def _key(kind: str, initiative: Initiative, person: int) -> str:
    return f"{kind}:{initiative.id}:{_moved(initiative)}:{person}"


def _moved(initiative: Initiative) -> int:
    return int(initiative.moved_at.timestamp())
