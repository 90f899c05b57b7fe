"""Milestones: which are overdue and which were reached."""

from dataclasses import dataclass
from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy import bindparam

from storage import crowds
from storage.crowds import Crowd, Shelf, line_of
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
)
_FOUND = (
    sa.select(Milestone.id)
    .join(Initiative, Milestone.initiative_id == Initiative.id)
    .where(scope(Initiative))
)
_OVERDUE = crowds.firsts(
    _LINE,
    _FOUND.where(
        Milestone.workspace_id == bindparam("workspace"),
        sa.not_(Milestone.is_done),
        Milestone.due_on < bindparam("today"),
        Initiative.health.not_in((Health.DONE, Health.PAUSED)),
    ),
    Initiative,
    (Milestone.due_on, Milestone.id),
)
_REACHED = crowds.firsts(
    _LINE,
    _FOUND.where(
        Milestone.is_done,
        Milestone.done_at > bindparam("since"),
        Milestone.done_at <= bindparam("now"),
    ),
    Initiative,
    (Milestone.done_at.desc(), Milestone.id.desc()),
)


def overdue(session: Session, crowd: Crowd, today: date, limit: int) -> Shelf[MilestoneLine]:
    """List milestones not reached whose day was over before *today*, oldest first."""
    values = crowd.binds | {"today": today, "limit": limit}
    return Shelf(Initiative, session.execute(_OVERDUE, values), line_of(MilestoneLine), limit)


def reached(
    session: Session, crowd: Crowd, since: datetime, now: datetime, limit: int
) -> Shelf[MilestoneLine]:
    """List milestones reached after *since* and until *now*, newest first."""
    values = crowd.binds | {"since": since, "now": now, "limit": limit}
    return Shelf(Initiative, session.execute(_REACHED, values), line_of(MilestoneLine), limit)
