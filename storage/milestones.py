"""Milestones: which are overdue and which were reached."""

from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from sqlalchemy import bindparam

from storage.asker import Asker
from storage.database import Session
from storage.models import Health, Initiative, Milestone
from storage.policy import scope


@dataclass(frozen=True)
class MilestoneLine:
    """A milestone, and the initiative it belongs to."""

    initiative_id: int
    initiative: str
    title: str
    due: str | None
    due_on: date | None
    done_at: datetime | None


_LINE = (
    sa.select(
        Milestone.initiative_id,
        Initiative.title.label("initiative"),
        Milestone.title,
        Milestone.due,
        Milestone.due_on,
        Milestone.done_at,
    )
    .join(Initiative, Milestone.initiative_id == Initiative.id)
    .where(scope(Initiative))
    .limit(bindparam("limit", type_=sa.Integer))
)
_OVERDUE = _LINE.where(
    sa.not_(Milestone.is_done),
    Milestone.due_on < bindparam("today"),
    Initiative.health.not_in((Health.DONE, Health.PAUSED)),
).order_by(Milestone.due_on, Milestone.id)
_REACHED = _LINE.where(
    Milestone.is_done,
    Milestone.done_at > bindparam("since"),
    Milestone.done_at <= bindparam("now"),
).order_by(Milestone.done_at.desc(), Milestone.id.desc())


def overdue(session: Session, asker: Asker, now: datetime, limit: int) -> tuple[MilestoneLine, ...]:
    """List milestones not reached whose day is over in the asker's zone, oldest first."""
    today = now.astimezone(ZoneInfo(asker.zone)).date()
    values = asker.binds() | {"today": today, "limit": limit}
    return tuple(MilestoneLine(**row) for row in session.execute(_OVERDUE, values).mappings())


def reached(
    session: Session, asker: Asker, since: datetime, now: datetime, limit: int
) -> tuple[MilestoneLine, ...]:
    """List milestones reached after *since* and until *now*, newest first."""
    values = asker.binds() | {"since": since, "now": now, "limit": limit}
    return tuple(MilestoneLine(**row) for row in session.execute(_REACHED, values).mappings())
