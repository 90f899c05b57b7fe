"""What came of a briefing: the action items noted from it, the initiatives and resources."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from storage import actions, titles
from storage.actions import Line
from storage.asker import Asker
from storage.database import Session
from storage.models import ActionItem, Briefing, Initiative, Resource
from storage.policy import scope

SHOWN = 10


@dataclass(frozen=True)
class Outcomes:
    """What the asker may see of it: *items* are still to be done first, *made* ids and titles."""

    briefing: Briefing
    items: tuple[Line, ...]
    items_in_all: int
    made: tuple[tuple[str, str], ...]


_OF_IT = ActionItem.briefing_id == sa.bindparam("briefing")
_ITEMS = (
    actions.LINES.where(_OF_IT).order_by(ActionItem.done_at.is_not(None), *actions.SOONEST)
).limit(SHOWN)
_HOW_MANY = sa.select(sa.func.count()).select_from(ActionItem).where(scope(ActionItem), _OF_IT)


def of(session: Session, asker: Asker, now: datetime, called: str) -> Outcomes:
    """Say what came of the briefing *called* so. Raises Refusal where none or several are."""
    briefing = titles.find(session, asker, Briefing, called)
    values = asker.binds() | {"briefing": briefing.id}
    items = tuple(Line(**row) for row in session.execute(_ITEMS, values).mappings())
    total = session.scalar(_HOW_MANY, values) or 0
    made = (
        *_made(session, asker, Initiative, briefing),
        *_made(session, asker, Resource, briefing),
    )
    return Outcomes(briefing, items, total, made)


def _made(session: Session, asker: Asker, model: Any, briefing: Briefing) -> list[tuple[str, str]]:
    rows = session.execute(
        sa.select(model.id, model.title)
        .where(scope(model), model.origin_briefing_id == briefing.id)
        .order_by(model.id)
        .limit(SHOWN),
        asker.binds(),
    )
    return [(f"{titles.LETTERS[model]}{number}", title) for number, title in rows]
