"""Who waits on whom: for an item given to somebody else, for a lead to take over an update."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy import bindparam
from sqlalchemy.orm import aliased, joinedload

from storage import actions, policy
from storage.asker import Asker
from storage.database import Session
from storage.models import ActionItem, Initiative, InitiativeUpdate, Person
from storage.pages import SIZE, Page
from storage.policy import scope
from storage.scoping import unscoped

NOTHING: Page[actions.Line] = Page((), 0, 0)


@dataclass(frozen=True)
class Suggested:
    """An update that *author* suggests and *lead* has not taken over."""

    initiative_id: int
    initiative: str
    author: str
    lead: str


@dataclass(frozen=True)
class Own:
    """On which updates one person keeps others waiting, and for what they wait themselves."""

    asked: tuple[Suggested, ...] = ()
    given: Page[actions.Line] = NOTHING
    suggested: tuple[Suggested, ...] = ()


_GIVEN_ON = actions.EVERY.where(
    ActionItem.state.in_(actions.LIVE),
    ActionItem.owner_id != ActionItem.creator_id,
    actions.OWNER.is_active,
    actions.CREATOR.is_active,
)
_lead, _author = aliased(Person), aliased(Person)
_AMONG = (
    _GIVEN_ON.where(
        scope(ActionItem),
        sa.or_(ActionItem.due_at.is_(None), ActionItem.due_at > bindparam("now")),
    )
    .order_by(*actions.SOONEST)
    .limit(bindparam("limit", type_=sa.Integer))
)
_PERSONS: sa.BindParameter[int] = bindparam("persons", expanding=True)
_EACH = (
    _GIVEN_ON.add_columns(
        ActionItem.creator_id,
        sa.func.row_number()
        .over(partition_by=ActionItem.creator_id, order_by=actions.SOONEST)
        .label("place"),
        sa.func.count().over(partition_by=ActionItem.creator_id).label("total"),
    )
    .where(ActionItem.creator_id.in_(_PERSONS))
    .subquery()
)
_GIVEN = unscoped(
    sa.select(_EACH).where(_EACH.c.place <= SIZE).order_by(_EACH.c.place),
    "whoever made an item sees it",
)
_SUGGESTED = unscoped(
    sa.select(Initiative, InitiativeUpdate.author_id, _author.name)
    .join(InitiativeUpdate, InitiativeUpdate.initiative_id == Initiative.id)
    .join(_lead, Initiative.lead_id == _lead.id)
    .join(_author, InitiativeUpdate.author_id == _author.id)
    .where(
        InitiativeUpdate.is_suggestion,
        Initiative.moved_at <= InitiativeUpdate.made_at,
        Initiative.lead_id != InitiativeUpdate.author_id,
        sa.or_(Initiative.lead_id.in_(_PERSONS), InitiativeUpdate.author_id.in_(_PERSONS)),
        _lead.is_active,
        _author.is_active,
    )
    .options(joinedload(Initiative.lead))
    .order_by(InitiativeUpdate.made_at, InitiativeUpdate.id),
    "what each reader may see is decided below",
)


def among(session: Session, asker: Asker, now: datetime, limit: int) -> tuple[actions.Line, ...]:
    """List at most *limit* items that their owner has yet to do for somebody else, due soonest.

    Those whose day is over are not among them: they need attention besides.
    """
    values = asker.binds() | {"now": now, "limit": limit}
    return tuple(actions.Line(**row) for row in session.execute(_AMONG, values).mappings())


def own(session: Session, askers: Sequence[Asker], now: datetime) -> list[Own]:
    """Say of each of *askers*, of one workspace, who waits for them and for whom they wait.

    As many statements as for one.
    """
    linked = {"persons": [asker.person for asker in askers if asker.is_linked]}
    given = _given(session, linked["persons"])
    suggested: Sequence[Any] = session.execute(_SUGGESTED, linked).all()
    told = []
    for asker in askers:
        seen = [row for row in suggested if policy.decide(asker, row[0])]
        asked = [row for row in seen if row[0].lead_id == asker.person]
        made = [row for row in seen if row.author_id == asker.person]
        told.append(Own(_once(asked), given.get(asker.person, NOTHING), _once(made)))
    return told


def _given(session: Session, persons: list[int]) -> dict[int, Page[actions.Line]]:
    lines: dict[int, list[actions.Line]] = {}
    totals: dict[int, int] = {}
    for row in session.execute(_GIVEN, {"persons": persons}).mappings():
        line = {name: row[name] for name in actions.Line.__dataclass_fields__}
        lines.setdefault(row["creator_id"], []).append(actions.Line(**line))
        totals[row["creator_id"]] = row["total"]
    return {person: Page(tuple(rows), 0, totals[person]) for person, rows in lines.items()}


def _once(rows: Sequence[Any]) -> tuple[Suggested, ...]:
    """Name each initiative once for each who suggests something, however often they did."""
    told = [Suggested(row[0].id, row[0].title, row.name, row[0].lead.name) for row in rows]
    return tuple(dict.fromkeys(told))
