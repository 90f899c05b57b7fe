"""Requests: where organisers approve who comes, whoever says Going asks them for a seat."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import sqlalchemy as sa

from storage import audit, companies, deliveries, nudges, people, policy, queues, seating
from storage.asker import Asker
from storage.database import Session
from storage.deliveries import Debt
from storage.errors import Refusal
from storage.models import Briefing, Organisation, Person, Rsvp, Standing, State
from storage.policy import Act, scope
from storage.wall_time import next_weekly

KIND = "seats_asked"
HOURS = ("09:00", "13:00", "17:00")  # where the reader is: nobody is told by night
AT_ONCE = 600  # seconds
NEAR = timedelta(hours=1)
OF_USE = timedelta(days=2)
SHOWN = 10
_ROW = (
    sa.select(
        Rsvp.id,
        Person.name,
        Organisation.name,
        Rsvp.asked_at,
        Rsvp.note,
        sa.func.count().over().label("total"),
    )
    .join(Person, Rsvp.person_id == Person.id)
    .outerjoin(Organisation, Rsvp.organisation_id == Organisation.id)
    .where(Rsvp.briefing_id == sa.bindparam("briefing"))
    .limit(SHOWN)
)
_WAITING = _ROW.where(Rsvp.standing == Standing.ASKED).order_by(Rsvp.asked_at, Rsvp.id)
_TURNED_DOWN = _ROW.where(
    Rsvp.turned_down_at.is_not(None), Rsvp.standing != Standing.ASKED
).order_by(Rsvp.turned_down_at.desc(), Rsvp.id)
_ASKING = sa.select(sa.func.count()).where(
    Rsvp.briefing_id == sa.bindparam("briefing"), Rsvp.standing == Standing.ASKED
)
_OPEN = (
    sa.select(Briefing, sa.func.count())
    .join(Rsvp, Rsvp.briefing_id == Briefing.id)
    .where(
        scope(Briefing),
        Briefing.state == State.PUBLISHED,
        Briefing.ends_at > sa.bindparam("now"),
        Rsvp.standing == Standing.ASKED,
    )
    .group_by(Briefing.id)
    .order_by(Briefing.starts_at, Briefing.id)
)


@dataclass(frozen=True)
class Request:
    """Somebody who asks for a seat, or was turned down, by the id of their *answer*."""

    answer: int
    name: str
    organisation: str | None
    asked_at: datetime | None
    note: str | None


@dataclass(frozen=True)
class Requests:
    """Who asks for a seat, who asked first is first, and the last who were turned down.

    At most `SHOWN` of each; *total* is how many ask, *others* how many were turned down.
    """

    waiting: tuple[Request, ...] = ()
    turned_down: tuple[Request, ...] = ()
    total: int = 0
    others: int = 0


NOBODY = Requests()


def decides(asker: Asker, briefing: Briefing) -> bool:
    """Say whether *asker* gives seats of *briefing*: who keeps it and may read who comes."""
    names = asker.is_staff or companies.names_are_for(asker, briefing)
    return names and policy.decide(asker, briefing, Act.EDIT)


def must_ask(asker: Asker, briefing: Briefing) -> bool:
    """Say whether a seat that *asker* takes, or records for somebody, is asked for first."""
    return briefing.needs_approval and not decides(asker, briefing)


def is_turned_down(briefing: Briefing, own: Rsvp | None) -> bool:
    """Say whether whoever's answer is *own* gets no seat unless an organiser gives it to them."""
    return briefing.needs_approval and own is not None and own.turned_down_at is not None


def check(briefing: Briefing, own: Rsvp | None) -> None:
    """Raise Refusal where whoever's answer is *own* was turned down."""
    if is_turned_down(briefing, own):
        raise Refusal(
            f"The organisers of E{briefing.id} declined your request, and asking again does not "
            "change that. Write to them, or answer Maybe or Not going."
        )


def ask(
    session: Session, briefing: Briefing, own: Rsvp, now: datetime, since: datetime | None = None
) -> None:
    """Let whoever's answer is *own* ask for a seat, and owe its organisers the news.

    *since* is when they did, where it is the same request again. The caller holds the briefing's
    row. Raises Refusal for who was turned down.
    """
    check(briefing, own)
    asked_at = since or queues.end(session, briefing, now).at
    seating.stand(own, Standing.ASKED)
    own.asked_at = asked_at
    _tell_organisers(session, briefing, now)


def switch(
    session: Session, asker: Asker, now: datetime, briefing: Briefing, *, is_needed: bool
) -> None:
    """Let the organisers of *briefing*, whose row the caller holds, give its seats, or not.

    Raises Refusal while somebody waits for what would end: a waitlist, or their decision.
    """
    if briefing.needs_approval is is_needed:
        return
    ending = (Standing.WAITLISTED, Standing.OFFERED) if is_needed else (Standing.ASKED,)
    there = (Rsvp.briefing_id == briefing.id, Rsvp.standing.in_(ending))
    waiting = session.scalar(sa.select(sa.func.count()).where(*there)) or 0
    if waiting and is_needed:
        raise Refusal(
            f"{_people(waiting, 'waits', 'wait')} for a seat on its waitlist, which ends where "
            "organisers approve who comes. Give more seats first, or leave that out."
        )
    if waiting:
        raise Refusal(
            f"{_people(waiting, 'asks', 'ask')} for a seat. Decide first, then leave approval "
            f"out: /briefings who E{briefing.id}"
        )
    briefing.needs_approval = is_needed
    before, after = {"needs_approval": not is_needed}, {"needs_approval": is_needed}
    audit.record(session, asker, now, "set approval", f"briefing {briefing.id}", before, after)


def waiting(session: Session, asker: Asker, now: datetime, briefing: Briefing) -> Requests:
    """List who asks for a seat of *briefing* and was turned down, for who decides; else nobody."""
    is_open = briefing.state is State.PUBLISHED and briefing.ends_at > now
    if not (briefing.needs_approval and is_open and decides(asker, briefing)):
        return NOBODY
    first = session.execute(_WAITING, {"briefing": briefing.id}).all()
    others = session.execute(_TURNED_DOWN, {"briefing": briefing.id}).all()
    return Requests(
        tuple(Request(*row[:-1]) for row in first),
        tuple(Request(*row[:-1]) for row in others),
        first[0].total if first else 0,
        others[0].total if others else 0,
    )


def asking(session: Session, asker: Asker, briefing: Briefing) -> int:
    """Count who asks for a seat of *briefing*, for who decides; else nobody."""
    if not (briefing.needs_approval and decides(asker, briefing)):
        return 0
    return session.scalar(_ASKING, {"briefing": briefing.id}) or 0


def to_decide(session: Session, asker: Asker, now: datetime) -> tuple[tuple[Briefing, int], ...]:
    """List the briefings at which somebody asks *asker* for a seat, soonest first, and how many."""
    found = session.execute(_OPEN, asker.binds() | {"now": now})
    return tuple((row[0], row[1]) for row in found if decides(asker, row[0]))


def _tell_organisers(session: Session, briefing: Briefing, now: datetime) -> None:
    there = [person for _, person, _ in nudges.organisers(session, briefing)]
    deciding = _deciding(session, briefing, now, there)
    if not deciding:
        staff = [person for person, _ in people.secretariat(session, briefing.workspace_id)]
        deciding = _deciding(session, briefing, now, staff)
    deliveries.owe_all(session, now, [_debt(one, briefing, now) for one in deciding])


def _deciding(
    session: Session, briefing: Briefing, now: datetime, persons: list[int]
) -> list[Asker]:
    askers = people.askers_of(session, briefing.workspace_id, now, persons)
    return [one for one in askers if decides(one, briefing)]


def _debt(reader: Asker, briefing: Briefing, now: datetime) -> Debt:
    # By when it is due: one message tells of all who ask until then.
    due_at = _told_at(reader, briefing, now)
    key = f"seats_asked:{int(due_at.timestamp())}:{reader.person}"
    of = {"person": reader.person}
    to = reader.slack_user
    return Debt(briefing.workspace_id, key, KIND, to, of, due_at, due_at + OF_USE)


def _told_at(reader: Asker, briefing: Briefing, now: datetime) -> datetime:
    usual = min(next_weekly(None, hour, reader.zone, now) for hour in HOURS)
    if usual + NEAR < briefing.starts_at:
        return usual
    # That would be too late: what is asked within the same ten minutes is told as they end.
    return datetime.fromtimestamp((now.timestamp() // AT_ONCE + 1) * AT_ONCE, UTC)


def _people(number: int, one: str, many: str) -> str:
    return f"1 person {one}" if number == 1 else f"{number} people {many}"
