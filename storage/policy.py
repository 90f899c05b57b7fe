"""Who may see what: `decide` in Python and `scope` in SQL give the same answer."""

from typing import Any

import sqlalchemy as sa
from sqlalchemy import ColumnElement, bindparam
from sqlalchemy.orm import InstrumentedAttribute

from storage.asker import SEES, Asker
from storage.models import ActionItem, Audience, Briefing, Marked, State, WorkingGroup
from storage.models.people import Role


def scope(model: type[Any]) -> ColumnElement[bool]:
    """Give the condition under which the asker may see a row of *model*, which is `Marked`.

    It is built once, at module level, into each statement; `Asker.binds()` fills it in.
    """
    seen: ColumnElement[bool] = sa.or_(
        model.audience.in_(bindparam("audiences", expanding=True)),
        sa.and_(
            model.audience == Audience.GROUP,
            _column(model, "audience_group_id").in_(bindparam("groups", expanding=True)),
        ),
    )
    if model is ActionItem:
        own = sa.or_(
            ActionItem.owner_id == bindparam("asker"), ActionItem.creator_id == bindparam("asker")
        )
        seen = sa.or_(seen, own)
    if model is WorkingGroup:
        # Whoever sits in a group sees it, also one that is meant for a wider circle than theirs.
        seen = sa.or_(seen, WorkingGroup.id.in_(bindparam("groups", expanding=True)))
    if model is Briefing:
        seen = sa.and_(
            seen, sa.or_(Briefing.state != State.DRAFT, bindparam("staff", type_=sa.Boolean))
        )
    return sa.and_(model.workspace_id == bindparam("workspace"), seen)


def decide(asker: Asker, item: Any) -> bool:
    """Say whether *asker* may see *item*, a row of a `Marked` table."""
    if item.workspace_id != asker.workspace:
        return False
    if isinstance(item, ActionItem) and asker.person in {item.owner_id, item.creator_id}:
        return True
    if isinstance(item, WorkingGroup) and item.id in asker.groups:
        return True
    if isinstance(item, Briefing) and item.state is State.DRAFT and not asker.is_staff:
        return False
    return shown_to(asker, item)


def shown_to(asker: Asker, item: Marked) -> bool:
    """Say whether *item*'s audience alone lets *asker* see it."""
    if item.audience in asker.audiences:
        return True
    return item.audience is Audience.GROUP and item.audience_group_id in asker.groups


def readers(workspace: int, audience: Audience, group: int | None, zone: str) -> Asker:
    """Give the asker that stands for everybody who reads a channel of *audience*.

    Such readers see what each of them may see, and nothing more: a group's channel shows the
    group's items and what the community sees, since its seats may be held by outside bodies.
    """
    seen = {
        Audience.PUBLIC: SEES[Role.UNKNOWN],
        Audience.COMMUNITY: SEES[Role.EXTERNAL],
        Audience.MEMBERS: SEES[Role.MEMBER],
        Audience.GROUP: SEES[Role.EXTERNAL],
        Audience.NAMED: SEES[Role.UNKNOWN],
        Audience.STAFF: SEES[Role.STAFF],
    }[audience]
    groups = frozenset({group}) if audience is Audience.GROUP and group else frozenset[int]()
    role = Role.STAFF if audience is Audience.STAFF else Role.UNKNOWN
    return Asker(workspace, zone=zone, role=role, audiences=seen, groups=groups)


def _column(model: type[Any], name: str) -> InstrumentedAttribute[Any]:
    column: InstrumentedAttribute[Any] = getattr(model, name)
    return column
