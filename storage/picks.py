"""Somebody's own agenda: the sessions they have chosen, which of them overlap, and choosing."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy import bindparam
from sqlalchemy.orm import selectinload

from storage import titles
from storage.asker import Asker
from storage.database import Session, inserted_once, writes
from storage.errors import Refusal
from storage.models import Briefing, Pick, State, Talk
from storage.pages import Page, cut
from storage.talks import IN_ORDER, READABLE, of

SIZE = 20  # sessions on a page
AT_MOST = 500
MISSING = "There is no such session that you can see. Look at the programme again."


@dataclass(frozen=True)
class Line:
    """A session in a list: whether it is on the asker's agenda, and what there it overlaps with."""

    talk: Talk
    is_mine: bool
    clashes: tuple[Talk, ...] = ()


@dataclass(frozen=True)
class Programme:
    """A page of a briefing's sessions."""

    briefing: Briefing
    page: Page[Line]


@dataclass(frozen=True)
class Agenda:
    """A page of the sessions that somebody chose: of one briefing, or of all that is to come."""

    briefing: Briefing | None
    page: Page[Line]


@dataclass(frozen=True)
class Picked:
    """What became of choosing a session, or of giving it up."""

    line: Line
    is_new: bool


_SHOWN = (
    sa.select(Talk)
    .join(Briefing, Talk.briefing_id == Briefing.id)
    .where(READABLE)
    .options(selectinload(Talk.organisation), selectinload(Talk.briefing))
)
_CHOSEN = (
    _SHOWN.join(Pick, sa.and_(Pick.talk_id == Talk.id, Pick.person_id == bindparam("asker")))
    .where(Talk.ends_at > bindparam("since"), Briefing.state != State.DRAFT)
    .order_by(*IN_ORDER)
    .limit(AT_MOST)
)
_ONE = _SHOWN.where(Talk.id == bindparam("talk")).with_for_update(read=True, of=Briefing)


def programme(
    session: Session, asker: Asker, now: datetime, called: str, page: int = 0
) -> Programme:
    """Show the sessions of the briefing *called* so, the first first. Raises Refusal."""
    briefing = titles.find(session, asker, Briefing, called)
    found = of(session, asker, briefing.id)
    own = chosen(session, asker, briefing.starts_at)
    mine = {talk.id for talk in own}
    shown = cut(found, page, SIZE)
    rows = tuple(_line(talk, own, is_mine=talk.id in mine) for talk in shown.rows)
    return Programme(briefing, Page(rows, shown.number, shown.total, SIZE))


def agenda(
    session: Session, asker: Asker, now: datetime, called: str = "", page: int = 0
) -> Agenda:
    """Show what *asker* chose of the briefing *called* so, or of all that is still to come.

    Raises Refusal.
    """
    briefing = titles.find(session, asker, Briefing, called) if called else None
    own = chosen(session, asker, briefing.starts_at if briefing else now)
    found = [talk for talk in own if briefing is None or talk.briefing_id == briefing.id]
    shown = cut(found, page, SIZE)
    rows = tuple(_line(talk, own, is_mine=True) for talk in shown.rows)
    return Agenda(briefing, Page(rows, shown.number, shown.total, SIZE))


def chosen(session: Session, asker: Asker, since: datetime) -> Sequence[Talk]:
    """Give what *asker* chose that ends after *since*, the first first, also what is off by now."""
    return session.scalars(_CHOSEN, asker.binds() | {"since": since}).all()


def takes_place(talk: Talk) -> bool:
    """Say whether *talk*, which is loaded with its briefing, is on."""
    return talk.gone_at is None and talk.briefing.state is not State.CANCELLED


def clashes(talk: Talk, own: Sequence[Talk]) -> tuple[Talk, ...]:
    """Say which of somebody's *own* sessions are at the same time as *talk*, if it takes place."""
    return tuple(
        other
        for other in own
        if other.id != talk.id
        and takes_place(other)
        and takes_place(talk)
        and other.starts_at < talk.ends_at
        and talk.starts_at < other.ends_at
    )


@writes
def add(session: Session, asker: Asker, now: datetime, talk_id: int) -> Picked:
    """Put a session on the agenda of *asker*; the same twice changes nothing. Raises Refusal."""
    talk = _held(session, asker, talk_id)
    if talk.briefing.state is State.DRAFT:
        raise Refusal("Its briefing is a draft. Publish it before anybody chooses from it.")
    if not takes_place(talk):
        raise Refusal("It does not take place. Look at the programme again.")
    if talk.ends_at <= now:
        raise Refusal("It is over, so it cannot go on your agenda any more.")
    row = {
        "workspace_id": talk.workspace_id,
        "briefing_id": talk.briefing_id,
        "talk_id": talk.id,
        "person_id": asker.person,
    }
    new = inserted_once(session, Pick, "talk_id", "person_id")
    is_new = session.execute(new, row).one_or_none() is not None
    own = chosen(session, asker, talk.starts_at)
    return Picked(_line(talk, own, is_mine=True), is_new)


@writes
def drop(session: Session, asker: Asker, now: datetime, talk_id: int) -> Picked:
    """Take a session off the agenda of *asker*. Raises Refusal."""
    talk = _held(session, asker, talk_id)
    mine = (Pick.talk_id == talk.id, Pick.person_id == asker.person)
    gone = session.execute(sa.delete(Pick).where(*mine).returning(Pick.id)).one_or_none()
    return Picked(Line(talk, is_mine=False), gone is not None)


def _held(session: Session, asker: Asker, talk_id: int) -> Talk:
    """Load a session while nobody moves it: whoever does so next tells who chose it."""
    if not asker.is_there:
        raise Refusal("The bot does not know you yet. Try again in a minute.")
    talk = session.scalars(_ONE, asker.binds() | {"talk": talk_id}).one_or_none()
    if talk is None:
        raise Refusal(MISSING)
    session.refresh(talk)  # it may have been moved while its briefing was waited for
    return talk


def _line(talk: Talk, own: Sequence[Talk], *, is_mine: bool) -> Line:
    return Line(talk, is_mine, clashes(talk, own) if is_mine else ())
