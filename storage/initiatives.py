"""Initiatives: how they stand, who takes part, what moved and what needs attention."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy import bindparam
from sqlalchemy.orm import aliased, selectinload

from storage import crowds, titles, updates
from storage.asker import Asker
from storage.crowds import Crowd, Lines, Shelf, line_of
from storage.database import Session
from storage.milestones import MilestoneLine as MilestoneLine
from storage.models import (
    Briefing,
    Health,
    Initiative,
    InitiativeParticipant,
    InitiativeUpdate,
    Milestone,
    Organisation,
    Person,
)
from storage.pages import Page, listing
from storage.policy import scope
from storage.updates import UpdateLine as UpdateLine

UPDATES_SHOWN = 3
DAY_SECONDS = 24 * 60 * 60
TROUBLED = (Health.AT_RISK, Health.OFF_TRACK)


@dataclass(frozen=True)
class Line:
    """An initiative in a list.

    *days* are the whole days since it last moved; *is_stale* says that this is longer than its
    cadence allows. *lead_organisation* is the one the lead speaks for, or the leading one where no
    person is named; *milestone* the next one not done.
    """

    id: int
    title: str
    health: Health
    moved_at: datetime
    cadence_days: int | None
    is_stale: bool
    days: int
    lead: str | None
    lead_organisation: str | None
    milestone: str | None
    milestone_due: str | None
    milestone_due_on: date | None


@dataclass(frozen=True)
class Detail:
    """One initiative in full, loaded with its lead, participants and milestones.

    *line* is how it stands in a list; *origin* the briefing it came from (short id, title) where
    the asker may see that; *updates* are the last few; *suggestions* those made since, for the
    lead, staff and whoever made them; *applies* whether the asker's own update would move it.
    """

    initiative: Initiative
    line: Line
    origin: tuple[str, str] | None
    updates: tuple[InitiativeUpdate, ...]
    suggestions: tuple[InitiativeUpdate, ...]
    applies: bool


_seconds = sa.bindparam("now_seconds", type_=sa.BigInteger) - sa.cast(
    sa.extract("epoch", Initiative.moved_at), sa.BigInteger
)
# Asked with `now_seconds`, the seconds since 1970.
IS_STALE = sa.and_(
    Initiative.health.in_((Health.ON_TRACK, *TROUBLED)),
    Initiative.cadence_days.is_not(None),
    _seconds > Initiative.cadence_days * DAY_SECONDS,
)
_IS_TROUBLED = Initiative.health.in_(TROUBLED)
_URGENCY = sa.case(
    (Initiative.health == Health.OFF_TRACK, 0),
    (Initiative.health == Health.AT_RISK, 1),
    (Initiative.health == Health.PAUSED, 4),
    (IS_STALE, 2),
    else_=3,
)
_next = aliased(Milestone)
_NEXT = (
    sa.select(_next.id)
    .where(_next.initiative_id == Initiative.id, sa.not_(_next.is_done))
    .order_by(_next.due_on.is_(None), _next.due_on, _next.position, _next.id)
    .limit(1)
    .correlate(Initiative)
    .scalar_subquery()
)
_own = aliased(Organisation)
_LINE = (
    sa.select(
        Initiative.id,
        Initiative.title,
        Initiative.health,
        Initiative.moved_at,
        Initiative.cadence_days,
        IS_STALE.label("is_stale"),
        (_seconds // DAY_SECONDS).label("days"),
        Person.name.label("lead"),
        sa.case((Initiative.lead_id.is_not(None), _own.name), else_=Organisation.name).label(
            "lead_organisation"
        ),
        Milestone.title.label("milestone"),
        Milestone.due.label("milestone_due"),
        Milestone.due_on.label("milestone_due_on"),
    )
    .outerjoin(Person, Initiative.lead_id == Person.id)
    .outerjoin(_own, Person.organisation_id == _own.id)
    .outerjoin(Organisation, Initiative.lead_organisation_id == Organisation.id)
    .outerjoin(Milestone, Milestone.id == _NEXT)
    .where(scope(Initiative))
)
_MOST_URGENT = (_URGENCY, Initiative.moved_at, Initiative.id)
NOT_DONE = Initiative.health != Health.DONE
_ACTIVE = listing(Initiative, _LINE, _MOST_URGENT, NOT_DONE)
_UNDER_WAY = (
    sa.select(Initiative.id, Initiative.title)
    .where(scope(Initiative), NOT_DONE)
    .order_by(Initiative.id.desc())
)
_FOUND = sa.select(Initiative.id).where(scope(Initiative))
_TROUBLED = crowds.firsts(_LINE, _FOUND.where(_IS_TROUBLED), Initiative, _MOST_URGENT)
_STALE = crowds.firsts(
    _LINE, _FOUND.where(IS_STALE, sa.not_(_IS_TROUBLED)), Initiative, _MOST_URGENT
)
_ONE = _LINE.where(Initiative.id == bindparam("initiative"))
_WHOLE = (
    sa.select(Initiative)
    .where(scope(Initiative), Initiative.id == bindparam("initiative"))
    .options(
        selectinload(Initiative.lead).selectinload(Person.organisation),
        selectinload(Initiative.alternate).selectinload(Person.organisation),
        selectinload(Initiative.lead_organisation),
        selectinload(Initiative.milestones),
        selectinload(Initiative.participants).selectinload(InitiativeParticipant.organisation),
    )
    .execution_options(populate_existing=True)
)
_ORIGIN = sa.select(Briefing.id, Briefing.title).where(
    scope(Briefing), Briefing.id == bindparam("briefing")
)
_SAID = (
    sa.select(InitiativeUpdate)
    .where(InitiativeUpdate.initiative_id == bindparam("initiative"))
    .options(selectinload(InitiativeUpdate.author))
    .order_by(InitiativeUpdate.made_at.desc(), InitiativeUpdate.id.desc())
    .limit(UPDATES_SHOWN)
)
_UPDATES = _SAID.where(sa.not_(InitiativeUpdate.is_suggestion))
_SUGGESTIONS = _SAID.where(
    InitiativeUpdate.is_suggestion,
    InitiativeUpdate.made_at > bindparam("since"),
    sa.or_(
        bindparam("all", type_=sa.Boolean),
        InitiativeUpdate.author_id == bindparam("asker"),
    ),
)


def active(session: Session, asker: Asker, now: datetime, page: int = 0) -> Page[Line]:
    """List what is not done, most urgent first: off track, at risk, stale, on track, paused."""
    found = _ACTIVE.read(session, _values(asker, now), page)
    return found.made(line_of(Line))


def under_way(session: Session, asker: Asker) -> tuple[tuple[int, str], ...]:
    """Name what is not done, by id and title, the newest first."""
    return tuple((row.id, row.title) for row in session.execute(_UNDER_WAY, asker.binds()))


def troubled(session: Session, crowd: Crowd, now: datetime, limit: int) -> Shelf[Line]:
    """List what is at risk or off track, the most urgent first."""
    return _shelf(session, crowd, now, _TROUBLED, limit)


def stale(session: Session, crowd: Crowd, now: datetime, limit: int) -> Shelf[Line]:
    """List what is said to be on track but silent for longer than its cadence."""
    return _shelf(session, crowd, now, _STALE, limit)


def show(session: Session, asker: Asker, now: datetime, called: str) -> Detail:
    """Show the initiative *called* so. Raises Refusal where none or several are."""
    found = titles.find(session, asker, Initiative, called, among=NOT_DONE)
    values = asker.binds() | {"initiative": found.id}
    initiative = session.scalars(_WHOLE, values).one()
    origin = session.execute(
        _ORIGIN, asker.binds() | {"briefing": initiative.origin_briefing_id}
    ).first()
    last = tuple(session.scalars(_UPDATES, values))
    values["since"] = last[0].made_at if last else initiative.moved_at
    values["all"] = applies = updates.may_apply(asker, initiative)
    return Detail(
        initiative,
        _one(session, asker, now, found.id)[0],
        (f"E{origin.id}", origin.title) if origin else None,
        last,
        tuple(session.scalars(_SUGGESTIONS, values)),
        applies,
    )


def line(session: Session, asker: Asker, now: datetime, initiative: int) -> Line | None:
    """Say how one initiative stands; None where there is none that *asker* may see."""
    return next(iter(_one(session, asker, now, initiative)), None)


def _one(session: Session, asker: Asker, now: datetime, initiative: int) -> tuple[Line, ...]:
    values = _values(asker, now) | {"initiative": initiative}
    return tuple(Line(**row) for row in session.execute(_ONE, values).mappings())


def _values(asker: Asker, now: datetime) -> dict[str, Any]:
    return asker.binds() | {"now_seconds": int(now.timestamp())}


def _shelf(
    session: Session, crowd: Crowd, now: datetime, statement: Lines, limit: int
) -> Shelf[Line]:
    values = crowd.binds | {"now_seconds": int(now.timestamp()), "limit": limit}
    return Shelf(Initiative, session.execute(statement, values), line_of(Line), limit)
