"""Who may do what: `decide` in Python, and `scope` in SQL for what may be seen, agree."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

import sqlalchemy as sa
from sqlalchemy import ColumnElement, SQLColumnExpression, bindparam
from sqlalchemy.orm import InstrumentedAttribute

from storage.asker import SEES, Asker
from storage.models import (
    ActionItem,
    Audience,
    Briefing,
    Initiative,
    Marked,
    Role,
    State,
    Tlp,
    WorkingGroup,
)
from storage.scoping import mark

EXPORTABLE = (Tlp.CLEAR, Tlp.GREEN, Tlp.AMBER)


class Act(StrEnum):
    """What somebody may want to do with an item.

    `SEE` is to know that it is there: its title, its time and place. `READ` is its body, `EXPORT`
    to take it away in a file, `CONFIRM` to be the second who agrees that everybody may see it.
    """

    SEE = "see"
    READ = "read"
    ANSWER = "answer"
    SEE_NAMES = "see_names"
    SUGGEST = "suggest"
    EDIT = "edit"
    ANNOUNCE = "announce"
    EXPORT = "export"
    NARROW = "narrow"
    WIDEN = "widen"
    CONFIRM = "confirm"
    REDACT = "redact"


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
        sa.and_(
            model.audience == Audience.NAMED,
            model.id.in_(bindparam(mark(model.__tablename__), expanding=True)),
        ),
    )
    if model is ActionItem:
        owners: sa.BindParameter[int] = bindparam("owners", expanding=True)
        own = sa.or_(ActionItem.owner_id.in_(owners), ActionItem.creator_id.in_(owners))
        seen = sa.or_(seen, own)
    if model is WorkingGroup:
        # Whoever sits in a group sees it, also one that is meant for a wider circle than theirs.
        seen = sa.or_(seen, WorkingGroup.id.in_(bindparam("groups", expanding=True)))
    if model is Briefing:
        chairs: sa.BindParameter[int] = bindparam("chairs", expanding=True)
        drafted = sa.and_(
            Briefing.audience == Audience.GROUP, Briefing.audience_group_id.in_(chairs)
        )
        is_staff: sa.BindParameter[bool] = bindparam("staff", type_=sa.Boolean)
        seen = sa.and_(seen, sa.or_(Briefing.state != State.DRAFT, is_staff, drafted))
    return sa.and_(model.workspace_id == bindparam("workspace"), seen)


def decide(asker: Asker, item: Any, act: Act = Act.SEE) -> bool:
    """Say whether *asker* may do *act* with *item*, a row of a `Marked` table."""
    return _sees(asker, item) and (act is Act.SEE or _MAY[act](asker, item))


def shown_to(asker: Asker, item: Marked) -> bool:
    """Say whether *item*'s audience alone lets *asker* see it."""
    return item.audience in asker.audiences or _is_inside(asker, item)


@dataclass(frozen=True)
class Circle:
    """For whom an item is: *which* group or named item of *table* where it is for a few."""

    table: str
    audience: Audience
    which: int | None

    def holds(self, asker: Asker) -> bool:
        """Say of a row that was only partly read what `shown_to` says of a whole one."""
        if self.audience in asker.audiences:
            return True
        if self.audience is Audience.GROUP:
            return self.which in asker.groups
        return self.audience is Audience.NAMED and (self.table, self.which) in asker.named


def circle(model: type[Any]) -> tuple[SQLColumnExpression[Any], SQLColumnExpression[Any]]:
    """Give the audience and the *which* of each row's circle: who sees one sees all of it."""
    audience = _column(model, "audience")
    which = sa.case(
        (audience == Audience.GROUP, _column(model, "audience_group_id")),
        (audience == Audience.NAMED, _column(model, "id")),
    )
    return audience, which


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


def _sees(asker: Asker, item: Any) -> bool:
    if item.workspace_id != asker.workspace:
        return False
    if isinstance(item, Briefing) and item.state is State.DRAFT and not _drafts(asker, item):
        return False
    if isinstance(item, ActionItem) and _owns(asker, item):
        return True
    return shown_to(asker, item) or (isinstance(item, WorkingGroup) and item.id in asker.groups)


def _is_inside(asker: Asker, item: Any) -> bool:
    """Say whether *item* is for a few and *asker* is one of them."""
    if item.audience is Audience.GROUP:
        return item.audience_group_id in asker.groups
    return item.audience is Audience.NAMED and (item.__tablename__, item.id) in asker.named


def _owns(asker: Asker, item: Any) -> bool:
    if not asker.is_linked:
        return False
    if isinstance(item, ActionItem):
        return asker.person in {item.owner_id, item.creator_id}
    return isinstance(item, Initiative) and asker.person == item.lead_id


def _chairs(asker: Asker, item: Any) -> bool:
    if isinstance(item, WorkingGroup):
        return item.id in asker.chairs
    return item.audience is Audience.GROUP and item.audience_group_id in asker.chairs


def _drafts(asker: Asker, item: Any) -> bool:
    return asker.is_staff or _chairs(asker, item)


def _is_linked(asker: Asker, _item: Any) -> bool:
    return asker.is_linked


def _is_staff(asker: Asker, _item: Any) -> bool:
    return asker.is_staff


def _keeps(asker: Asker, item: Any) -> bool:
    return asker.is_staff or _owns(asker, item) or _chairs(asker, item)


def _reads(_asker: Asker, item: Any) -> bool:
    # TLP:RED is said in the room and nowhere else (FIRST, TLP 2.0).
    return item.tlp is not Tlp.RED


def _reads_names(asker: Asker, item: Any) -> bool:
    # A roster is the coalition's own business: outside bodies read it where they sit themselves.
    if asker.role is not Role.EXTERNAL:
        return asker.is_linked
    return _is_inside(asker, item) or (isinstance(item, WorkingGroup) and item.id in asker.groups)


def _announces(asker: Asker, item: Any) -> bool:
    if item.audience is Audience.PUBLIC:
        return asker.is_linked
    return asker.is_staff or _chairs(asker, item)


def _exports(_asker: Asker, item: Any) -> bool:
    return item.tlp in EXPORTABLE


def _column(model: type[Any], name: str) -> InstrumentedAttribute[Any]:
    column: InstrumentedAttribute[Any] = getattr(model, name)
    return column


_MAY: Mapping[Act, Callable[[Asker, Any], bool]] = {
    Act.READ: _reads,
    Act.ANSWER: _is_linked,
    Act.SEE_NAMES: _reads_names,
    Act.SUGGEST: _is_linked,
    Act.EDIT: _keeps,
    Act.ANNOUNCE: _announces,
    Act.EXPORT: _exports,
    Act.NARROW: _keeps,
    Act.WIDEN: _is_staff,
    Act.CONFIRM: _is_staff,
    Act.REDACT: _is_staff,
}
