"""Action items of many people: whose day is over, what was done, and what each of them owns."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy import bindparam

from storage import crowds
from storage.actions import LINES, LIVE, SOONEST, Line
from storage.crowds import Crowd, Row, Shelf, circle_of, line_of
from storage.database import Session
from storage.models import ActionItem, ActionState
from storage.pages import SIZE, Page
from storage.policy import scope

_owners: sa.BindParameter[int] = bindparam("owners", expanding=True)
_HELD = LINES.add_columns(ActionItem.creator_id)
_IS_OWN = sa.or_(ActionItem.owner_id.in_(_owners), ActionItem.creator_id.in_(_owners))
_FOUND = sa.select(ActionItem.id).where(scope(ActionItem))
_OVERDUE = crowds.firsts(
    _HELD,
    _FOUND.where(ActionItem.state == ActionState.OPEN, ActionItem.due_at <= bindparam("now")),
    ActionItem,
    SOONEST,
    own=_IS_OWN,
)
_DONE = crowds.firsts(
    _HELD,
    _FOUND.where(
        ActionItem.state == ActionState.DONE,
        ActionItem.done_at > bindparam("since"),
        ActionItem.done_at <= bindparam("now"),
    ),
    ActionItem,
    (ActionItem.done_at.desc(), ActionItem.id.desc()),
    own=_IS_OWN,
)
# By id, from an index: by themselves the databases may rather read all of a workspace.
_OWNED = crowds.circled(
    LINES.where(
        ActionItem.id.in_(
            sa.select(ActionItem.id).where(
                ActionItem.owner_id.in_(bindparam("people", expanding=True)),
                ActionItem.state.in_(LIVE),
            )
        )
    ),
    ActionItem,
).order_by(*SOONEST)


def overdue(session: Session, crowd: Crowd, now: datetime, limit: int) -> Shelf[Line]:
    """List at most *limit* open items whose day is over, longest overdue first.

    What is only proposed is nobody's duty yet and not among them.
    """
    return _shelf(session, crowd, _OVERDUE, {"now": now, "limit": limit})


def done_since(
    session: Session, crowd: Crowd, since: datetime, now: datetime, limit: int
) -> Shelf[Line]:
    """List at most *limit* items done after *since* and until *now*, newest first."""
    return _shelf(session, crowd, _DONE, {"since": since, "now": now, "limit": limit})


def owned(session: Session, crowd: Crowd) -> Mapping[int, Mapping[ActionState, Page[Line]]]:
    """Give of each person what `actions.mine` gives of each state that is not over."""
    known = {asker.person: asker for asker in crowd.askers}
    line, found = line_of(Line), {person: _by_state() for person in known}
    for row in session.execute(_OWNED, crowd.binds | {"people": list(known)}):
        owner = known[row.owner_id]
        if owner.is_linked or circle_of(ActionItem, row).holds(owner):
            found[owner.person][row.state].append(line(row))
    return {
        person: {state: Page(tuple(lines[:SIZE]), 0, len(lines)) for state, lines in own.items()}
        for person, own in found.items()
    }


def _by_state() -> dict[ActionState, list[Line]]:
    return {state: [] for state in LIVE}


def _holders(row: Row) -> frozenset[int]:
    return frozenset((row.owner_id, row.creator_id))


def _shelf(
    session: Session, crowd: Crowd, statement: crowds.Lines, values: dict[str, Any]
) -> Shelf[Line]:
    rows = session.execute(statement, crowd.binds | values)
    return Shelf(ActionItem, rows, line_of(Line), values["limit"], _holders)
