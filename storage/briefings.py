"""Briefings: what is coming, what one may know of one, and who comes."""

from dataclasses import dataclass, replace
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy import bindparam
from sqlalchemy.orm import selectinload

from storage import questions, queues, requests, sight, talks, titles
from storage.asker import Asker
from storage.database import Session
from storage.models import (
    LONG,
    Briefing,
    BriefingPartner,
    Kind,
    Place,
    Precision,
    Rsvp,
    Standing,
    State,
)
from storage.pages import Listing, Page, Straight, listing
from storage.policy import scope
from storage.questions import Asks
from storage.reread import Reread
from storage.scoping import columns, unscoped


@dataclass(frozen=True)
class Line:
    """A briefing in a list, with what it is to the asker, and what it still asks of them.

    How many are *waiting* is counted where it is full: nobody is told where it is not.
    """

    id: int
    title: str
    kind: Kind
    state: State
    starts_at: datetime
    ends_at: datetime
    zone: str
    precision: Precision
    place: Place
    city: str | None
    capacity: int | None
    taken: int
    needs_approval: bool
    mine: Standing | None
    waiting: int
    asks: Asks | None = None

    def __hash__(self) -> int:
        """Few are of the same briefing, and all else takes long to hash."""
        return self.id

    @property
    def seats_left(self) -> int | None:
        """How many seats are free; None where there is no limit."""
        return None if self.capacity is None else self.capacity - self.taken


@dataclass(frozen=True)
class Detail:
    """One briefing in full. *position* is the asker's place in the queue, from 1.

    *talks* is how many sessions it has, *asking* how many ask for a seat: for who decides alone.
    """

    briefing: Briefing
    co_hosts: tuple[str, ...]
    attended: tuple[str, ...]
    mine: Rsvp | None
    position: int | None
    waiting: int
    maybe: int
    speakers: tuple[str, ...] = ()
    talks: int = 0
    asking: int = 0

    @property
    def is_mine(self) -> bool:
        """Whether the asker goes, may go or waits."""
        return self.mine is not None and self.mine.standing is not Standing.DECLINED


_MINE = (
    sa.select(Rsvp.standing)
    .where(Rsvp.briefing_id == Briefing.id, Rsvp.person_id == bindparam("asker"))
    .correlate(Briefing)
    .scalar_subquery()
)
# What a line says to everybody, as it begins.
SHARED = (
    Briefing.id,
    Briefing.title,
    Briefing.kind,
    Briefing.state,
    Briefing.starts_at,
    Briefing.ends_at,
    Briefing.zone,
    Briefing.precision,
    Briefing.place,
    Briefing.city,
    Briefing.capacity,
    Briefing.taken,
    Briefing.needs_approval,
)
_WAITING = sa.case(
    (Briefing.taken == Briefing.capacity, queues.LENGTH), else_=sa.literal_column("0")
)
_LINE = sa.select(*SHARED, _MINE.label("mine"), _WAITING.label("waiting"))
LINE = _LINE.where(scope(Briefing))
_HAS_QUESTIONS = sa.cast(Briefing.questions, sa.Text) != "[]"
_LINES = Reread(_LINE, Line)
LISTED = _LINES.raw.add_columns(_HAS_QUESTIONS.label("has_questions"))
TO_COME = sa.and_(Briefing.ends_at > bindparam("now"), Briefing.state != State.DRAFT)
_I_ANSWERED = Briefing.id.in_(
    sa.select(Rsvp.briefing_id).where(
        Rsvp.person_id == bindparam("asker"), Rsvp.standing != Standing.DECLINED
    )
)
OPEN = sa.and_(
    Briefing.state == State.PUBLISHED,
    Briefing.kind != Kind.EXTERNAL,
    sa.or_(Briefing.closes_at.is_(None), Briefing.closes_at > bindparam("now")),
)
_WAITS_FOR_ME = sa.or_(
    sa.and_(
        OPEN,
        ~Briefing.id.in_(sa.select(Rsvp.briefing_id).where(Rsvp.person_id == bindparam("asker"))),
    ),
    sa.and_(
        Briefing.state == State.PUBLISHED,
        Briefing.id.in_(
            sa.select(Rsvp.briefing_id).where(
                Rsvp.person_id == bindparam("asker"), Rsvp.standing == Standing.OFFERED
            )
        ),
    ),
)
_began: sa.BindParameter[datetime] = bindparam("began")
# What has not ended began after that, or is long: each by an index.
PARTS = (Briefing.is_long & (Briefing.starts_at <= _began), Briefing.starts_at > _began)
SOONEST = (Briefing.starts_at, Briefing.id)
NEWEST = (Briefing.starts_at.desc(), Briefing.id.desc())


def _to_come(*conditions: sa.ColumnElement[bool]) -> Straight:
    return listing(Briefing, LISTED, SOONEST, TO_COME, *conditions, parts=PARTS)


# Of the few that a page shows, and only where one asks the asker, who has a seat or waits for one.
_ASKED = (
    sa.select(Rsvp.briefing_id, Rsvp.standing, Rsvp.particulars, Briefing.questions)
    .join(Briefing, Rsvp.briefing_id == Briefing.id)
    .where(
        scope(Briefing),
        Rsvp.person_id == bindparam("asker"),
        Rsvp.briefing_id.in_(bindparam("held", expanding=True)),
        Rsvp.particulars.is_(None),
    )
)
_UPCOMING = _to_come()
_NEXT = _to_come(Briefing.state == State.PUBLISHED)
_MY_OWN = listing(Briefing, LISTED, SOONEST, TO_COME, _I_ANSWERED)  # few: in order of no index
_UNANSWERED = _to_come(_WAITS_FOR_ME)
IS_OVER = sa.and_(Briefing.ends_at <= bindparam("now"), Briefing.starts_at < bindparam("now"))
_PAST = listing(Briefing, LISTED, NEWEST, IS_OVER, Briefing.state == State.PUBLISHED)
_ONE = Briefing.id == bindparam("briefing")
_SEEN = sa.select(Briefing).where(scope(Briefing), _ONE)
_WHOLE = unscoped(
    sa.select(Briefing)
    .where(_ONE)
    .options(
        selectinload(Briefing.host),
        selectinload(Briefing.series),
        selectinload(Briefing.partners).selectinload(BriefingPartner.organisation),
    )
    .execution_options(populate_existing=True),
    "a briefing that was just found for whoever asks",
)
_ANSWERS = Rsvp.briefing_id == bindparam("briefing")
_MY_ANSWER = sa.select(Rsvp).where(_ANSWERS, Rsvp.person_id == bindparam("asker"))
_MAYBE = sa.select(sa.func.count()).where(_ANSWERS, Rsvp.standing == Standing.MAYBE)


def upcoming(session: Session, asker: Asker, now: datetime, page: int = 0) -> Page[Line]:
    """List what has not ended, soonest first; cancelled ones among them until they would have."""
    return listed(session, asker, now, _UPCOMING, page)


def mine(session: Session, asker: Asker, now: datetime, page: int = 0) -> Page[Line]:
    """List what has not ended and the asker goes to, may go to or waits for."""
    return listed(session, asker, now, _MY_OWN, page)


def past(session: Session, asker: Asker, now: datetime, page: int = 0) -> Page[Line]:
    """List what took place, the newest first."""
    return listed(session, asker, now, _PAST, page)


def unanswered(session: Session, asker: Asker, now: datetime, page: int = 0) -> Page[Line]:
    """List what the asker could answer and has not, and where a seat is held for them."""
    return listed(session, asker, now, _UNANSWERED, page)


def soonest(session: Session, asker: Asker, now: datetime) -> Detail | None:
    """Show the next briefing that takes place, if there is one."""
    found = listed(session, asker, now, _NEXT, 0).rows
    return by_id(session, asker, now, found[0].id) if found else None


def show(session: Session, asker: Asker, now: datetime, called: str) -> Detail:
    """Show the briefing *called* so. Raises Refusal where none or several are."""
    return _detail(session, asker, now, titles.find(session, asker, Briefing, called))


def by_id(session: Session, asker: Asker, now: datetime, briefing_id: int) -> Detail:
    """Show one briefing. Raises Refusal where the asker may not see it."""
    return _detail(session, asker, now, titles.by_id(session, asker, Briefing, briefing_id))


def seen(session: Session, asker: Asker, now: datetime, briefing_id: int) -> Detail | None:
    """Load a briefing for a message about it; None where *asker* may not see it any more."""
    briefing = session.scalars(_SEEN, asker.binds() | {"briefing": briefing_id}).one_or_none()
    return _detail(session, asker, now, briefing) if briefing is not None else None


def listed(
    session: Session,
    asker: Asker,
    now: datetime,
    paged: Listing,
    page: int,
) -> Page[Line]:
    """Read a page of what is *paged*, `LISTED`, as *asker* may see it."""
    values = asker.binds() | sight.binds(now) | {"now": now, "began": now - LONG}
    read = paged.read(session, values, page)
    asking = {row.id for row in read.rows if row.has_questions}
    dialect = session.get_bind().dialect
    found = read.made(lambda row: _LINES.of(dialect, row))
    held = [line.id for line in found.rows if line.id in asking and line.mine in questions.ASKED]
    if not held:
        return found
    asked = columns(session, _ASKED, values | {"held": held})
    asks = {own.briefing_id: questions.of(own.questions, own) for own in asked}
    return found.made(lambda line: replace(line, asks=asks[line.id]) if line.id in asks else line)


def _detail(session: Session, asker: Asker, now: datetime, briefing: Briefing) -> Detail:
    values = {"briefing": briefing.id, "asker": asker.person}
    session.scalars(_WHOLE, values).one()
    own = session.scalars(_MY_ANSWER, values).one_or_none()
    maybe = session.scalar(_MAYBE, values) or 0
    return Detail(
        briefing,
        names(briefing, "co_host"),
        names(briefing, "attended"),
        own,
        queues.place(session, own, now),
        queues.length(session, briefing, now),
        maybe,
        names(briefing, "speaker"),
        talks.count(session, asker, briefing.id),
        requests.asking(session, asker, briefing),
    )


def names(briefing: Briefing, role: str) -> tuple[str, ...]:
    """Name the organisations that have a part in *briefing*, which is loaded with them."""
    return tuple(
        sorted(partner.organisation.name for partner in briefing.partners if partner.role == role)
    )
