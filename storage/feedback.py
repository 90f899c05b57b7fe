"""Feedback: who took part is asked once how it was, and organisers read numbers, never names."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

import sqlalchemy as sa

from storage import deliveries, guard, preferences, quiet, seating, titles
from storage.asker import Asker
from storage.database import Session, writes
from storage.errors import Refusal
from storage.models import (
    Briefing,
    Kind,
    Person,
    Preference,
    Rsvp,
    Standing,
    State,
    Tlp,
    Verdict,
    Workspace,
)
from storage.policy import Act, decide
from storage.quiet import USUAL
from storage.scoping import unscoped

KIND = "feedback_asked"
AFTER = timedelta(hours=1)
BACK = timedelta(days=2)  # a bot that was away for longer asks nobody
OF_USE = timedelta(days=7)
OPEN = timedelta(days=30)
FEWEST = 5  # as many as it takes until their numbers name nobody
REMARK_LIMIT = 1000
# Whoever came, and who had a seat where nobody noted that they did not.
TOOK_PART = sa.or_(
    Rsvp.came.is_(True), sa.and_(Rsvp.standing == Standing.GOING, Rsvp.came.is_(None))
)
# Asked for every second, so by index: the few briefings that ended of late, then who was there.
_ENDED = sa.select(Briefing.id).where(
    Briefing.workspace_id.in_(sa.select(Workspace.id)),
    Briefing.state == State.PUBLISHED,
    Briefing.kind != Kind.EXTERNAL,
    Briefing.tlp != Tlp.RED,
    Briefing.ends_at <= sa.bindparam("now"),
    Briefing.ends_at > sa.bindparam("since"),
)
# What is kept of a reminder is the moment it was for: for this question, the end.
_UNASKED = unscoped(
    sa.select(Rsvp, Briefing, Person, Preference)
    .join(Briefing, Rsvp.briefing_id == Briefing.id)
    .join(Person, Rsvp.person_id == Person.id)
    .outerjoin(Preference, Preference.person_id == Person.id)
    .where(
        Rsvp.briefing_id.in_(_ENDED),
        TOOK_PART,
        sa.or_(Rsvp.reminded_for.is_(None), Rsvp.reminded_for != Briefing.ends_at),
        Person.is_active,
    )
    .order_by(Rsvp.id)
    .limit(200),
    "each message asks again, when it is worded",
)


@dataclass(frozen=True)
class Said:
    """What somebody says of a briefing: None, or "", as long as they have not."""

    briefing: Briefing
    verdict: Verdict | None
    remark: str


@dataclass(frozen=True)
class Results:
    """What those who took part say of it: so many *answered* of so many *asked*.

    *spread* counts verdicts once there are enough, and moves only when as many have changed, so
    that no two numbers tell what one person said; None until then. The *remarks* have no name, and
    stand in no order that says whose they are.
    """

    asked: int
    answered: int
    spread: Mapping[Verdict, int] | None
    remarks: tuple[str, ...]


@dataclass(frozen=True)
class Shown:
    """What one may say of a briefing, and what its organisers read: None where it is not theirs."""

    briefing: Briefing
    mine: Said | None
    results: Results | None


@writes
def plan(session: Session, now: datetime) -> int:
    """Owe the question to who took part in what ended, an hour later; say how many are new."""
    ended = session.execute(_UNASKED, {"now": now, "since": now - BACK})
    return sum(_ask(session, now, *row) for row in ended)


@writes
def rate(session: Session, asker: Asker, now: datetime, briefing_id: int, verdict: Verdict) -> Said:
    """Say how a briefing was; another verdict takes the place of the first. Raises Refusal."""
    briefing, own = _held(session, asker, now, briefing_id)
    own.verdict = verdict
    session.flush()
    _count(session, briefing)
    return _said(briefing, own)


@writes
def add(session: Session, asker: Asker, now: datetime, briefing_id: int, remark: str) -> Said:
    """Say more of it; an empty *remark* takes back what was said. Raises Refusal."""
    guard.check(remark=remark)
    briefing, own = _held(session, asker, now, briefing_id)
    if len(remark) > REMARK_LIMIT:
        raise Refusal(
            f"Your text has {len(remark)} characters; {REMARK_LIMIT} fit. Nothing was saved."
        )
    own.remark = remark or None
    return _said(briefing, own)


def form(session: Session, asker: Asker, now: datetime, briefing_id: int) -> Said:
    """Give what the asker has said so far. Raises Refusal."""
    briefing = titles.by_id(session, asker, Briefing, briefing_id)
    return _said(briefing, _own(session, asker, now, briefing))


def show(session: Session, asker: Asker, now: datetime, called: str) -> Shown:
    """Show the briefing *called* so to who took part in it, and to its organisers. Raises Refusal.

    Its organisers are staff, and who chairs the group that it is for.
    """
    is_over = sa.and_(Briefing.ends_at <= now, Briefing.state == State.PUBLISHED)
    briefing = titles.find(session, asker, Briefing, called, among=is_over)
    _check(asker, now, briefing)
    own = seating.of(session, briefing, asker.person)
    may_say = may(asker, now, briefing, own)
    is_organiser = decide(asker, briefing, Act.EDIT)
    if not may_say and not is_organiser:
        raise Refusal(
            f"How E{briefing.id} was is said by those who took part, for {OPEN.days} days, and "
            "read by the secretariat and by whoever chairs its group."
        )
    mine = _said(briefing, own) if own is not None and may_say else None
    return Shown(briefing, mine, _results(session, briefing) if is_organiser else None)


def may(asker: Asker, now: datetime, briefing: Briefing, own: Rsvp | None) -> bool:
    """Say whether *asker*, whose answer is *own*, may say how it was."""
    took_part = own is not None and (
        own.came is True or (own.standing is Standing.GOING and own.came is None)
    )
    is_time = briefing.ends_at <= now < briefing.ends_at + OPEN
    return took_part and is_time and decide(asker, briefing, Act.ANSWER) and is_asked(briefing)


def is_asked(briefing: Briefing) -> bool:
    """Say whether those who take part in *briefing* are asked how it was."""
    is_ours = briefing.kind is not Kind.EXTERNAL and briefing.tlp is not Tlp.RED
    return is_ours and briefing.state is State.PUBLISHED


def _check(asker: Asker, now: datetime, briefing: Briefing) -> None:
    if briefing.kind is Kind.EXTERNAL:
        raise Refusal("Others hold this event; the coalition asks nobody how it was.")
    if not decide(asker, briefing, Act.READ):
        raise Refusal("It is TLP:RED: what was said there stays there, so nobody is asked.")
    if briefing.state is not State.PUBLISHED:
        why = "is a draft" if briefing.state is State.DRAFT else "was cancelled"
        raise Refusal(f"This briefing {why}, so nobody is asked how it was.")
    if briefing.ends_at > now:
        raise Refusal("It is not over yet. Say how it was after $ends.", ends=briefing.ends_at)


def _own(session: Session, asker: Asker, now: datetime, briefing: Briefing) -> Rsvp:
    _check(asker, now, briefing)
    own = seating.of(session, briefing, asker.person)
    if own is None or not may(asker, now, briefing, own):
        raise Refusal(
            f"How E{briefing.id} was is for those who took part to say, for {OPEN.days} days."
        )
    return own


def _held(session: Session, asker: Asker, now: datetime, briefing_id: int) -> tuple[Briefing, Rsvp]:
    # Two who answer at once wait for each other here: else neither would see enough to count.
    briefing = seating.hold(session, asker, briefing_id)
    return briefing, _own(session, asker, now, briefing)


def _said(briefing: Briefing, own: Rsvp) -> Said:
    return Said(briefing, own.verdict, own.remark or "")


def _count(session: Session, briefing: Briefing) -> None:
    new = (Rsvp.briefing_id == briefing.id, Rsvp.verdict.is_distinct_from(Rsvp.counted))
    number = session.scalar(sa.select(sa.func.count()).where(*new)) or 0
    if number >= FEWEST:
        counted = sa.update(Rsvp).where(*new).values(counted=Rsvp.verdict)
        session.execute(counted, execution_options={"synchronize_session": False})


def _results(session: Session, briefing: Briefing) -> Results:
    there = Rsvp.briefing_id == briefing.id
    asked, answered = session.execute(
        sa.select(
            sa.func.count().filter(sa.or_(TOOK_PART, Rsvp.verdict.is_not(None))),
            sa.func.count(Rsvp.verdict),
        ).where(there)
    ).one()
    counts = dict(
        session.execute(
            sa.select(Rsvp.counted, sa.func.count())
            .where(there, Rsvp.counted.is_not(None))
            .group_by(Rsvp.counted)
        ).all()
    )
    spread = {verdict: counts.get(verdict, 0) for verdict in Verdict} if counts else None
    remarks = session.scalars(sa.select(Rsvp.remark).where(there, Rsvp.remark.is_not(None)))
    return Results(asked, answered, spread, tuple(sorted(filter(None, remarks))))


def _ask(
    session: Session,
    now: datetime,
    rsvp: Rsvp,
    briefing: Briefing,
    person: Person,
    wished: Preference | None,
) -> bool:
    rsvp.reminded_for = briefing.ends_at
    at = max(briefing.ends_at + AFTER, now)
    at = quiet.over(at, person.zone, preferences.hours_of(wished) or USUAL) or at
    return deliveries.owe(
        session,
        briefing.workspace_id,
        now,
        key=f"{KIND}:{briefing.id}:{person.id}",
        kind=KIND,
        recipient=person.slack_user,
        details={"briefing": briefing.id, "person": person.id},
        due_at=at,
        expires_at=briefing.ends_at + OF_USE,
    )
