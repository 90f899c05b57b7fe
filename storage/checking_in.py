"""Checking people in: the secretariat notes who of those who go came, and who did not."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import sqlalchemy as sa

from storage import audit, titles
from storage.asker import Asker
from storage.database import Session, writes
from storage.errors import Refusal
from storage.models import (
    AuditEntry,
    Briefing,
    Kind,
    Organisation,
    Person,
    Rsvp,
    Standing,
    State,
)

EARLY = timedelta(hours=1)
LATE = timedelta(days=30)
MOST = 200  # as many as one form shows
VERB = "check in"
# Whoever came without a seat stands among those who have one, to be taken back if that was wrong.
LISTED = sa.or_(Rsvp.standing == Standing.GOING, Rsvp.came.is_not(None))
STRANGER = "somebody the bot has not met"


@dataclass(frozen=True)
class Guest:
    """Whose answer is *rsvp_id*; *came* is None as long as nobody noted it."""

    rsvp_id: int
    name: str
    organisation: str | None
    came: bool | None


@dataclass(frozen=True)
class Last:
    """Who noted last who came, and when."""

    name: str
    at: datetime


@dataclass(frozen=True)
class Sheet:
    """Whom to check in until *until*; *left_out* are those for whom the form has no room."""

    briefing: Briefing
    guests: tuple[Guest, ...]
    left_out: int
    last: Last | None
    until: datetime


@dataclass(frozen=True)
class Noted:
    """How many *came* and *missed* it as far as was noted now; *changed* says whether that is new.

    *unanswered* are the names of those of whom nothing can be noted: they never answered.
    """

    briefing: Briefing
    came: int
    missed: int
    changed: bool
    unanswered: tuple[str, ...] = ()


def sheet(session: Session, asker: Asker, now: datetime, called: str) -> Sheet:
    """List whom to check in. Raises Refusal for anybody but staff, and where it is not the time."""
    briefing = _find(session, asker, now, called)
    listed = (
        sa.select(Rsvp.id, Person.name, Organisation.name, Rsvp.came)
        .join(Person, Rsvp.person_id == Person.id)
        .outerjoin(Organisation, Rsvp.organisation_id == Organisation.id)
        .where(Rsvp.briefing_id == briefing.id, Rsvp.workspace_id == asker.workspace, LISTED)
        .order_by(Organisation.folded.nulls_last(), Person.name, Rsvp.id)
    )
    guests = tuple(Guest(*row) for row in session.execute(listed))
    if not guests:
        raise Refusal(
            "Nobody has a seat at this briefing, so there is nobody to check in. Whoever gave "
            f"another answer and came all the same: /briefings came E{briefing.id} @Ana"
        )
    until = briefing.ends_at + LATE
    left_out = max(len(guests) - MOST, 0)
    return Sheet(briefing, guests[:MOST], left_out, last(session, briefing), until)


@writes
def save(
    session: Session,
    asker: Asker,
    now: datetime,
    briefing_id: int,
    shown: Sequence[int],
    came: Collection[int],
) -> Noted:
    """Note that of the answers *shown* those of *came* did come, and that the others did not.

    Whoever has answered since the form was opened stays as they are. Raises Refusal.
    """
    briefing = titles.by_id(session, asker, Briefing, briefing_id)
    _check(asker, now, briefing)
    rows = session.scalars(
        sa.select(Rsvp)
        .where(
            Rsvp.briefing_id == briefing.id,
            Rsvp.workspace_id == asker.workspace,
            Rsvp.id.in_(shown[:MOST]),
            LISTED,
        )
        .order_by(Rsvp.id)
        .with_for_update()
    ).all()
    if not rows:
        raise Refusal(
            "Nobody on this form can be noted any more. Open it again: "
            f"/briefings checkin E{briefing.id}"
        )
    # Who came without a seat and did not come after all has missed nothing they had promised.
    missed = {row.id: False if row.standing is Standing.GOING else None for row in rows}
    now_so = {row.id: True if row.id in came else missed[row.id] for row in rows}
    return _noted(session, asker, now, briefing, rows, now_so)


@writes
def add(
    session: Session, asker: Asker, now: datetime, called: str, users: Collection[str]
) -> Noted:
    """Note that *users*, Slack's ids, came, whatever they had answered. Raises Refusal."""
    briefing = _find(session, asker, now, called)
    people = session.scalars(
        sa.select(Person)
        .where(Person.workspace_id == asker.workspace, Person.slack_user.in_(users))
        .order_by(Person.name, Person.id)
    ).all()
    rows = session.scalars(
        sa.select(Rsvp)
        .where(Rsvp.briefing_id == briefing.id, Rsvp.person_id.in_([p.id for p in people]))
        .order_by(Rsvp.id)
        .with_for_update()
    ).all()
    answered = {row.person_id for row in rows}
    unanswered = [person.name for person in people if person.id not in answered]
    unanswered += [STRANGER] * len(set(users) - {person.slack_user for person in people})
    now_so: dict[int, bool | None] = dict.fromkeys((row.id for row in rows), True)
    return _noted(session, asker, now, briefing, rows, now_so, tuple(unanswered))


def is_open(briefing: Briefing, now: datetime) -> bool:
    """Say whether it is the time to check people in at *briefing*."""
    takes_place = briefing.state is State.PUBLISHED and briefing.kind is not Kind.EXTERNAL
    return takes_place and briefing.starts_at - EARLY <= now < briefing.ends_at + LATE


def last(session: Session, briefing: Briefing) -> Last | None:
    """Say who noted last who came to *briefing*."""
    found = session.execute(
        sa.select(Person.name, AuditEntry.at)
        .join(Person, AuditEntry.actor_id == Person.id)
        .where(
            AuditEntry.workspace_id == briefing.workspace_id,
            AuditEntry.subject == f"briefing {briefing.id}",
            AuditEntry.verb == VERB,
        )
        .order_by(AuditEntry.id.desc())
        .limit(1)
    ).first()
    return Last(*found) if found is not None else None


def _find(session: Session, asker: Asker, now: datetime, called: str) -> Briefing:
    of_now = sa.and_(
        Briefing.starts_at <= now + EARLY,
        Briefing.ends_at > now - LATE,
        Briefing.state == State.PUBLISHED,
    )
    briefing = titles.find(session, asker, Briefing, called, among=of_now)
    _check(asker, now, briefing)
    return briefing


def _check(asker: Asker, now: datetime, briefing: Briefing) -> None:
    if not asker.is_staff:
        raise Refusal("Who came is for the secretariat to note. Ask them.")
    if briefing.kind is Kind.EXTERNAL:
        raise Refusal("Others hold this event; the coalition checks nobody in.")
    if briefing.state is not State.PUBLISHED:
        why = "is a draft" if briefing.state is State.DRAFT else "was cancelled"
        raise Refusal(f"This briefing {why}, so there is nobody to check in.")
    opens, closes = briefing.starts_at - EARLY, briefing.ends_at + LATE
    if now < opens:
        raise Refusal("Check-in opens $opens, an hour before it starts.", opens=opens)
    if now >= closes:
        raise Refusal("Check-in closed $closed, 30 days after the end.", closed=closes)


def _noted(
    session: Session,
    asker: Asker,
    now: datetime,
    briefing: Briefing,
    rows: Sequence[Rsvp],
    now_so: dict[int, bool | None],
    unanswered: tuple[str, ...] = (),
) -> Noted:
    """Write down what is *now_so* of *rows*, by their ids, and who changed it."""
    changed = [row for row in rows if row.came is not now_so[row.id]]
    before = {str(row.id): row.came for row in changed}
    for row in changed:
        row.came = now_so[row.id]
    if changed:
        after = {str(row.id): row.came for row in changed}
        audit.record(session, asker, now, VERB, f"briefing {briefing.id}", before, after)
    noted = list(now_so.values())
    return Noted(briefing, noted.count(True), noted.count(False), bool(changed), unanswered)
