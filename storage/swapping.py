"""A seat asked for: whoever finds all seats of their company taken asks one who has one.

What was asked is the message that is owed for it, once for each who asks and each who is asked; it
is answered by the message that is owed for the answer.
"""

from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from storage import (
    audit,
    companies,
    delegating,
    deliveries,
    people,
    policy,
    requests,
    rsvps,
    seating,
    titles,
)
from storage.asker import Asker
from storage.companies import Company
from storage.database import Session, writes
from storage.errors import Refusal
from storage.models import Briefing, Delivery, Person, Rsvp, Standing
from storage.policy import scope

KIND = "swap_asked"
MOST = 20
GONE = "Nobody can be asked for that seat any more. See what you answered: /briefings mine"
OVER = (
    "There is nothing to answer here any more: it was answered, it is too late, or your colleague "
    "has a seat by now. Your own answer stays as it is: /briefings mine"
)
_SEAT = (
    sa.select(Rsvp.briefing_id, Rsvp.person_id)
    .join(Briefing, Rsvp.briefing_id == Briefing.id)
    .where(
        scope(Briefing),
        Rsvp.id == sa.bindparam("answer"),
        Rsvp.organisation_id == sa.bindparam("organisation"),
    )
)
_HOLDERS = (
    sa.select(Rsvp.id, Person.id.label("person"), Person.name)
    .join(Person, Rsvp.person_id == Person.id)
    .where(
        Rsvp.briefing_id == sa.bindparam("briefing"),
        Rsvp.organisation_id == sa.bindparam("organisation"),
        Rsvp.standing == Standing.GOING,
        Person.is_active,
        ~Person.is_contact,
    )
    .order_by(Rsvp.answered_at, Rsvp.id)
    .limit(MOST)
)
_ASKED = sa.select(Delivery).where(
    Delivery.id == sa.bindparam("asked"),
    Delivery.workspace_id == sa.bindparam("workspace"),
    Delivery.kind == KIND,
    Delivery.recipient == sa.bindparam("user"),
)


@dataclass(frozen=True)
class Holder:
    """Who has a seat by the *answer* of that id, and whether they were asked for it."""

    answer: int
    name: str
    is_asked: bool


@dataclass(frozen=True)
class Holders:
    """Who has the seats of *company*, and may be asked for one."""

    briefing: Briefing
    company: Company
    holders: tuple[Holder, ...]


@dataclass(frozen=True)
class Asked:
    """*name* was asked for their seat, which stays theirs unless they give it before *until*."""

    briefing: Briefing
    name: str
    until: datetime


@dataclass(frozen=True)
class Answered:
    """What became of the seat that *name* had asked for."""

    briefing: Briefing
    name: str
    is_given: bool


def holders(session: Session, asker: Asker, now: datetime, called: str) -> Holders:
    """List who of *asker*'s company has a seat at the briefing *called* so. Raises Refusal."""
    briefing = titles.find(session, asker, Briefing, called)
    company = _check(session, asker, now, briefing)
    values = {"briefing": briefing.id, "organisation": asker.organisation}
    found = session.execute(_HOLDERS, values).all()
    keys = {row.id: _key(briefing, asker, row.person) for row in found}
    asked = sa.select(Delivery.key).where(
        Delivery.workspace_id == asker.workspace, Delivery.key.in_(keys.values())
    )
    known = set(session.scalars(asked))
    listed = tuple(Holder(row.id, row.name, keys[row.id] in known) for row in found)
    return Holders(briefing, company, listed)


@writes
def ask(session: Session, asker: Asker, now: datetime, answer: int) -> Asked:
    """Ask whoever has a seat by *answer*, a colleague, to give it to *asker*, once. Raises Refusal.

    They have a day, and until the start. *asker* keeps whatever place on the waitlist they have.
    """
    values = asker.binds() | {"answer": answer, "organisation": asker.organisation}
    found = session.execute(_SEAT, values).one_or_none()
    if found is None:
        raise Refusal(GONE)
    briefing = seating.hold(session, asker, found.briefing_id)
    _check(session, asker, now, briefing)
    theirs = seating.of(session, briefing, found.person_id)
    holder = people.asker_of(session, asker.workspace, now, found.person_id)
    if theirs is None or theirs.standing is not Standing.GOING or not (holder and holder.is_there):
        raise Refusal(GONE)
    until = min(delegating.deadline(briefing), now + delegating.TO_TAKE_IT)
    is_new = deliveries.owe(
        session,
        asker.workspace,
        now,
        key=_key(briefing, asker, holder.person),
        kind=KIND,
        recipient=holder.slack_user,
        details={
            "briefing": briefing.id,
            "person": holder.person,
            "asker": asker.person,
            "until": until.isoformat(),
        },
        expires_at=until,
    )
    if not is_new:
        raise Refusal(
            f"You have asked {holder.name} already, and nobody is asked twice. Ask somebody else: "
            f"/briefings swap E{briefing.id}"
        )
    after = {"asked": holder.person}
    audit.record(session, asker, now, "rsvp", f"briefing {briefing.id}", after=after)
    return Asked(briefing, holder.name, until)


@writes
def give(session: Session, asker: Asker, now: datetime, asked: int) -> Answered:
    """Give *asker*'s seat to the colleague who asked for it by *asked*. Raises Refusal."""
    owed, briefing, own, to = _open(session, asker, now, asked)
    theirs = seating.of(session, briefing, to.person)
    delegating.move(session, asker, now, briefing, own, theirs or seating.fresh(to, briefing))
    return _tell(session, now, briefing, owed, to, is_given=True)


@writes
def keep(session: Session, asker: Asker, now: datetime, asked: int) -> Answered:
    """Keep the seat that a colleague asked for by *asked*, who is told. Raises Refusal."""
    owed, briefing, _own, to = _open(session, asker, now, asked)
    return _tell(session, now, briefing, owed, to, is_given=False)


def is_open(session: Session, owed: Delivery, briefing: Briefing, now: datetime) -> bool:
    """Say whether the seat that was asked for by *owed* may still be given to who asked."""
    own = seating.of(session, briefing, owed.details["person"])
    to = people.asker_of(session, owed.workspace_id, now, owed.details["asker"])
    theirs = seating.of(session, briefing, owed.details["asker"])
    return (
        own is not None
        and own.standing is Standing.GOING
        and (theirs is None or theirs.standing not in seating.SEATED)
        and not requests.is_turned_down(briefing, theirs)
        and to is not None
        and to.is_linked
        and to.organisation == own.organisation_id
        and policy.decide(to, briefing)
        and now < min(delegating.deadline(briefing), datetime.fromisoformat(owed.details["until"]))
    )


def _check(session: Session, asker: Asker, now: datetime, briefing: Briefing) -> Company:
    rsvps.check(asker, now, briefing)
    number = f"E{briefing.id}"
    if delegating.deadline(briefing) <= now:
        raise Refusal(f"{number} has begun, so a free seat is for whoever asks for it.")
    own = seating.of(session, briefing, asker.person)
    if own is not None and own.standing in seating.SEATED:
        raise Refusal(f"There is a seat for you at {number} already.")
    requests.check(briefing, own)
    company = companies.full(session, asker, briefing, seating.fresh(asker, briefing))
    if company is None:
        raise Refusal(
            f"Not all seats that your organisation may have at {number} are taken, so there is "
            f"nobody to ask. Answer: /briefings rsvp {number} yes"
        )
    if not companies.names_are_for(asker, briefing):
        raise Refusal(
            f"Who comes to {number} is not named here. A colleague who has a seat can send it to "
            f"you: /briefings send @Ana {number}"
        )
    return company


def _open(
    session: Session, asker: Asker, now: datetime, asked: int
) -> tuple[Delivery, Briefing, Rsvp, Asker]:
    values = {"asked": asked, "workspace": asker.workspace, "user": asker.slack_user}
    owed = session.scalars(_ASKED, values).one_or_none()
    if owed is None or owed.details["person"] != asker.person:
        raise Refusal(OVER)
    briefing = seating.hold(session, asker, owed.details["briefing"])
    rsvps.check(asker, now, briefing)
    own = seating.of(session, briefing, asker.person)
    to = people.asker_of(session, asker.workspace, now, owed.details["asker"])
    if own is None or to is None or not is_open(session, owed, briefing, now):
        raise Refusal(OVER)
    return owed, briefing, own, to


def _tell(
    session: Session,
    now: datetime,
    briefing: Briefing,
    owed: Delivery,
    to: Asker,
    *,
    is_given: bool,
) -> Answered:
    details = {"briefing": briefing.id, "person": to.person, "holder": owed.details["person"]}
    is_new = deliveries.owe(
        session,
        briefing.workspace_id,
        now,
        key=f"swapped:{owed.id}",
        kind="swap_answered",
        recipient=to.slack_user,
        details={**details, "given": is_given},
        expires_at=briefing.ends_at,
    )
    if not is_new:
        raise Refusal(OVER)
    return Answered(briefing, to.name, is_given)


def _key(briefing: Briefing, asker: Asker, holder: int) -> str:
    return f"swap:{briefing.id}:{asker.person}:{holder}"
