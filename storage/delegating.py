"""A seat sent to a colleague: it stays with whoever has it until the colleague takes it.

What was sent is the message that is owed for it. Its key holds how often the giver's answer had
changed by then, so that whatever changes it later, also a second sending, ends the first.
"""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

import sqlalchemy as sa

from storage import (
    audit,
    companies,
    deliveries,
    owners,
    people,
    policy,
    questions,
    requests,
    rsvps,
    seating,
)
from storage.asker import Asker
from storage.database import Session, writes
from storage.errors import Refusal
from storage.models import Briefing, Delivery, Precision, Rsvp, Standing
from storage.questions import Asks

TO_TAKE_IT = timedelta(hours=24)
KIND = "seat_sent"
OVER = "This seat is not open to you any more. See it with `/briefings show`, and answer there."
_SENT = sa.select(Delivery).where(
    Delivery.id == sa.bindparam("sent"),
    Delivery.workspace_id == sa.bindparam("workspace"),
    Delivery.kind == KIND,
    Delivery.recipient == sa.bindparam("user"),
)


@dataclass(frozen=True)
class Sent:
    """A seat that *name* may take until *until*."""

    briefing: Briefing
    name: str
    until: datetime


@dataclass(frozen=True)
class Handed:
    """What became of a seat that *name* had sent, and what is asked of who took it."""

    briefing: Briefing
    name: str
    is_taken: bool
    asks: Asks | None = None


@writes
def send(session: Session, asker: Asker, now: datetime, user: str, called: str) -> Sent:
    """Offer the seat of *asker* at the briefing *called* so to their colleague *user*, in Slack.

    Within a day, and before the start, the colleague takes it or passes; until then, and without an
    answer, it stays theirs. Raises Refusal.
    """
    found = rsvps.named(session, asker, now, called)
    colleague = owners.mentioned(session, asker, user)
    briefing = seating.hold(session, asker, found.id)
    rsvps.check(asker, now, briefing)
    own = seating.of(session, briefing, asker.person)
    if own is None or own.standing is not Standing.GOING:
        raise Refusal(f"You have no seat at E{briefing.id} to send anybody.")
    ends = deadline(briefing)
    if ends <= now:
        raise Refusal(f"E{briefing.id} has begun, so your seat stays yours.")
    to = _colleague(session, asker, now, briefing, own, colleague)
    own.changes += 1
    until = min(ends, now + TO_TAKE_IT)
    deliveries.owe(
        session,
        asker.workspace,
        now,
        key=_key(briefing, own),
        kind=KIND,
        recipient=to.slack_user,
        details={
            "briefing": briefing.id,
            "person": to.person,
            "giver": asker.person,
            "until": until.isoformat(),
        },
        expires_at=until,
    )
    before = {"standing": Standing.GOING}
    after = {"standing": Standing.GOING, "sent_to": to.person}
    audit.record(session, asker, now, "rsvp", f"briefing {briefing.id}", before, after)
    return Sent(briefing, to.name, until)


@writes
def take(session: Session, asker: Asker, now: datetime, sent: int) -> Handed:
    """Let *asker* have the seat that was sent to them; who had it goes no more. Raises Refusal."""
    owed, briefing, giver = _open(session, asker, now, sent)
    own = seating.of(session, briefing, asker.person)
    if own is not None and own.standing in seating.SEATED:
        raise Refusal(f"You have a seat of your own at E{briefing.id}, so they keep theirs.")
    requests.check(briefing, own)
    own = own or seating.fresh(asker, briefing)
    move(session, asker, now, briefing, giver, own)
    handed = _tell(session, asker, now, briefing, giver, owed, is_taken=True)
    return replace(handed, asks=questions.of(briefing.questions, own))


@writes
def leave(session: Session, asker: Asker, now: datetime, sent: int) -> Handed:
    """Let the seat that was sent to *asker* stay with whoever has it. Raises Refusal."""
    owed, briefing, giver = _open(session, asker, now, sent)
    giver.changes += 1
    return _tell(session, asker, now, briefing, giver, owed, is_taken=False)


def move(
    session: Session, asker: Asker, now: datetime, briefing: Briefing, giver: Rsvp, own: Rsvp
) -> None:
    """Let *own* have the seat of *giver*, who goes no more; *asker* is one of the two.

    The caller holds the briefing's row, and knows that both want it.
    """
    was = own.standing
    own.organisation_id, own.asked_at = giver.organisation_id, giver.asked_at
    for row, standing in ((own, Standing.GOING), (giver, Standing.DECLINED)):
        seating.stand(row, standing)
        row.answered_at, row.recorded_by_id, row.changes = now, None, row.changes + 1
    session.add(own)
    session.flush()
    for person, before, after in (
        (own.person_id, was, Standing.GOING),
        (giver.person_id, Standing.GOING, Standing.DECLINED),
    ):
        who = {"person": person}
        stood = {**who, "standing": before} if before else who
        stands = {**who, "standing": after}
        audit.record(session, asker, now, "rsvp", f"briefing {briefing.id}", stood, stands)


def is_open(session: Session, owed: Delivery | None, briefing: Briefing, now: datetime) -> bool:
    """Say whether what was sent by *owed* may still be taken."""
    giver = seating.of(session, briefing, owed.details["giver"]) if owed is not None else None
    return (
        owed is not None
        and giver is not None
        and giver.standing is Standing.GOING
        and owed.key == _key(briefing, giver)
        and now < min(deadline(briefing), datetime.fromisoformat(owed.details["until"]))
    )


def deadline(briefing: Briefing) -> datetime:
    """Give the moment from which no seat of *briefing* changes hands."""
    return briefing.starts_at if briefing.precision is Precision.MINUTE else briefing.ends_at


def _colleague(
    session: Session, asker: Asker, now: datetime, briefing: Briefing, own: Rsvp, number: int
) -> Asker:
    to = people.asker_of(session, asker.workspace, now, number)
    if number == asker.person:
        raise Refusal("The seat is yours already. Mention the colleague whom you send.")
    if to is None or not to.is_linked or to.organisation is None:
        raise Refusal("The secretariat has not linked this person to your organisation yet.")
    if to.organisation != own.organisation_id:
        raise Refusal("A seat stays with its organisation: mention a colleague of yours.")
    if not policy.decide(to, briefing):
        raise Refusal(f"{to.name} may not see E{briefing.id}. Ask the secretariat.")
    theirs = seating.of(session, briefing, number)
    has_seat = theirs is not None and theirs.standing in seating.SEATED
    if has_seat and companies.names_are_for(asker, briefing):
        raise Refusal(f"{to.name} has a seat at E{briefing.id} already.")
    return to


def _open(
    session: Session, asker: Asker, now: datetime, sent: int
) -> tuple[Delivery, Briefing, Rsvp]:
    values = {"sent": sent, "workspace": asker.workspace, "user": asker.slack_user}
    owed = session.scalars(_SENT, values).one_or_none()
    if owed is None or owed.details["person"] != asker.person:
        raise Refusal(OVER)
    briefing = seating.hold(session, asker, owed.details["briefing"])
    rsvps.check(asker, now, briefing)
    giver = seating.of(session, briefing, owed.details["giver"])
    if giver is None or not is_open(session, owed, briefing, now):
        raise Refusal(OVER)
    if asker.organisation != giver.organisation_id:
        raise Refusal(OVER)
    return owed, briefing, giver


def _key(briefing: Briefing, giver: Rsvp) -> str:
    return f"sent:{briefing.id}:{giver.person_id}:{giver.changes}"


def _tell(
    session: Session,
    asker: Asker,
    now: datetime,
    briefing: Briefing,
    giver: Rsvp,
    owed: Delivery,
    *,
    is_taken: bool,
) -> Handed:
    by = people.asker_of(session, asker.workspace, now, giver.person_id)
    if by is not None:
        deliveries.owe(
            session,
            asker.workspace,
            now,
            key=f"handed:{owed.id}",
            kind="seat_handed",
            recipient=by.slack_user,
            details={
                "briefing": briefing.id,
                "person": by.person,
                "colleague": asker.person,
                "taken": is_taken,
            },
            expires_at=briefing.ends_at,
        )
    return Handed(briefing, by.name if by else "Somebody who left", is_taken)
