"""Approving: organisers give a seat to whoever asks them for one, or turn them down."""

from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from storage import audit, companies, deliveries, people, policy, requests, seating
from storage.asker import Asker
from storage.database import Session, writes
from storage.errors import Refusal
from storage.models import Briefing, Person, Rsvp, Standing, State
from storage.policy import Act, scope
from storage.requests import Requests, decides

KIND = "seat_decided"
GONE = "This is not for you to decide, or nobody asks for a seat there any more."
_AT = (
    sa.select(Rsvp.briefing_id)
    .join(Briefing, Rsvp.briefing_id == Briefing.id)
    .where(scope(Briefing), Rsvp.id == sa.bindparam("answer"))
)


@dataclass(frozen=True)
class Decided:
    """What became of somebody's request, and who asks besides. *changed* is False for the same."""

    briefing: Briefing
    name: str
    organisation: str | None
    is_approved: bool
    changed: bool
    left: Requests


@writes
def approve(session: Session, asker: Asker, now: datetime, answer: int) -> Decided:
    """Give whoever's *answer* it is the seat they ask for, and owe them the news.

    Also to who was turned down before. Raises Refusal, also while all seats are taken that there
    are, or that their organisation may have: the request stays.
    """
    briefing, own, person = _held(session, asker, now, answer)
    if own.standing in seating.SEATED:
        return _decided(session, asker, now, briefing, own, person, changed=False)
    if own.standing is not Standing.ASKED and own.turned_down_at is None:
        raise Refusal(_withdrawn(person))
    comes = people.asker_of(session, asker.workspace, now, person.id)
    if comes is None or not policy.decide(comes, briefing, Act.ANSWER):
        raise Refusal(
            f"{person.name} may not see E{briefing.id} any more, so they get no seat. Share it "
            "with them first, or decline."
        )
    was, own.organisation_id = own.standing, comes.organisation
    _take(session, asker, briefing, own)
    seating.stand(own, Standing.GOING)
    own.reminded_for = None
    return _settled(session, asker, now, briefing, own, person, was)


@writes
def decline(session: Session, asker: Asker, now: datetime, answer: int) -> Decided:
    """Turn down whoever's *answer* it is, and owe them the news, once. Raises Refusal."""
    briefing, own, person = _held(session, asker, now, answer)
    if own.standing in seating.SEATED:
        raise Refusal(f"{person.name} has a seat by now. Nothing was changed.")
    if own.standing is not Standing.ASKED:
        if own.turned_down_at is None:
            raise Refusal(_withdrawn(person))
        return _decided(session, asker, now, briefing, own, person, changed=False)
    was = own.standing
    seating.stand(own, Standing.DECLINED)
    own.turned_down_at = now
    return _settled(session, asker, now, briefing, own, person, was)


def _held(
    session: Session, asker: Asker, now: datetime, answer: int
) -> tuple[Briefing, Rsvp, Person]:
    number = session.scalar(_AT, asker.binds() | {"answer": answer})
    if number is None:
        raise Refusal(GONE)
    briefing = seating.hold(session, asker, number)
    own = session.get(Rsvp, answer, populate_existing=True)
    if own is None or not decides(asker, briefing):
        raise Refusal(GONE)
    if briefing.state is not State.PUBLISHED or briefing.ends_at <= now:
        raise Refusal(f"E{briefing.id} is over or called off, so there is nothing to decide.")
    if not briefing.needs_approval:
        raise Refusal(
            f"Nobody approves who comes to E{briefing.id} any more: people answer it themselves."
        )
    return briefing, own, session.get_one(Person, own.person_id)


def _take(session: Session, asker: Asker, briefing: Briefing, own: Rsvp) -> None:
    company = companies.full(session, asker, briefing, own)
    number = f"E{briefing.id}"
    if company is not None:
        raise Refusal(
            f"{company}. Give each organisation more seats first (/briefings edit {number}), or "
            "decline. The request stays."
        )
    if not seating.take(session, briefing):
        raise Refusal(
            f"{number} is full: all {briefing.capacity} seats are taken. Raise the seats first "
            f"(/briefings edit {number}), or decline. The request stays."
        )


def _settled(
    session: Session,
    asker: Asker,
    now: datetime,
    briefing: Briefing,
    own: Rsvp,
    person: Person,
    was: Standing,
) -> Decided:
    own.answered_at, own.changes, own.recorded_by_id = now, own.changes + 1, None
    session.flush()
    is_approved = own.standing is Standing.GOING
    deliveries.owe(
        session,
        briefing.workspace_id,
        now,
        key=f"decided:{briefing.id}:{person.id}:{own.changes}",
        kind=KIND,
        recipient=person.slack_user,
        details={"briefing": briefing.id, "person": person.id, "approved": is_approved},
        expires_at=briefing.ends_at,
    )
    before = {"person": person.id, "standing": was}
    after = {"person": person.id, "standing": own.standing, "approved": is_approved}
    audit.record(session, asker, now, "rsvp", f"briefing {briefing.id}", before, after)
    return _decided(session, asker, now, briefing, own, person, changed=True)


def _decided(
    session: Session,
    asker: Asker,
    now: datetime,
    briefing: Briefing,
    own: Rsvp,
    person: Person,
    *,
    changed: bool,
) -> Decided:
    organisation = people.organisation_name(session, asker.workspace, own.organisation_id)
    is_approved = own.standing in seating.SEATED
    left = requests.waiting(session, asker, now, briefing)
    return Decided(briefing, person.name, organisation, is_approved, changed, left)


def _withdrawn(person: Person) -> str:
    return f"{person.name} asks for no seat any more. Nothing was changed."
