"""Undoing one's own answer for five minutes: what was before is so again, as far as it can be."""

from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from storage import audit, companies, queues, requests, rsvps, seating
from storage.asker import Asker
from storage.companies import Company
from storage.database import Session, writes
from storage.errors import Refusal
from storage.models import Briefing, Rsvp, Standing

GONE = "There is nothing to undo any more. See how your answer stands: /briefings mine"
LATE = (
    "An answer can be undone for five minutes, which are over, so yours stays as it is. Answer "
    "again to change it."
)
BEGUN = "It has begun, so a free seat is for whoever asks. Answer again instead."
OTHERWISE = "Seats are given otherwise by now, so your answer stays as it is. Answer again instead."
_OWN = sa.select(Rsvp.briefing_id).where(
    Rsvp.id == sa.bindparam("answer"),
    Rsvp.workspace_id == sa.bindparam("workspace"),
    Rsvp.person_id == sa.bindparam("person"),
)


@dataclass(frozen=True)
class Undone:
    """What is so again: *standing* is None for who had not answered before.

    *position* and *company* are as in an Outcome, *until* is when a seat held for them goes on.
    *is_lost* says that somebody else has the seat which they had, so that they wait for one.
    """

    briefing: Briefing
    standing: Standing | None
    position: int | None = None
    company: Company | None = None
    until: datetime | None = None
    note: str | None = None
    is_lost: bool = False


@writes
def undo(session: Session, asker: Asker, now: datetime, answer: int, change: int) -> Undone:
    """Take back the *change*th change of *answer*, the last that *asker* has made to it.

    A seat that somebody else has by now stays theirs: who gave it up waits for one, where they
    would have stood. A place on the waitlist, and a seat that was held, are had again by the moment
    at which they had asked. Raises Refusal once five minutes are over, or anything else has changed
    the answer.
    """
    values = {"answer": answer, "workspace": asker.workspace, "person": asker.person}
    number = session.scalar(_OWN, values)
    if number is None:
        raise Refusal(GONE)
    briefing = seating.hold(session, asker, number)
    own = seating.of(session, briefing, asker.person)
    if own is None or own.undo_until is None or (own.id, own.changes) != (answer, change):
        raise Refusal(GONE)
    if own.undo_until <= now:
        raise Refusal(LATE)
    rsvps.check(asker, now, briefing)
    if seating.has_begun(briefing, now):
        raise Refusal(BEGUN)
    was, had = own.was_standing, own.standing
    _take_back(session, asker, briefing, own, now)
    seating.promote(session, briefing, now)
    after = {"undone": True} if was is None else {"standing": own.standing, "undone": True}
    audit.record(session, asker, now, "rsvp", f"briefing {briefing.id}", {"standing": had}, after)
    return _undone(session, asker, briefing, own, was, now)


def _take_back(
    session: Session, asker: Asker, briefing: Briefing, own: Rsvp, now: datetime
) -> None:
    was, note, answered_at = own.was_standing, own.was_note, own.was_answered_at
    if own.standing in seating.SEATED:
        seating.free(session, briefing)
    if was is None or answered_at is None:
        session.delete(own)
        session.flush()
        return
    own.asked_at = own.asked_at or answered_at
    if was in (Standing.MAYBE, Standing.DECLINED):
        seating.stand(own, was)
    else:
        _seat_or_queue(session, asker, briefing, own, now)
    own.note, own.answered_at, own.changes = note, answered_at, own.changes + 1
    own.recorded_by_id = own.reminded_for = None
    session.flush()


def _seat_or_queue(
    session: Session, asker: Asker, briefing: Briefing, own: Rsvp, now: datetime
) -> None:
    had_seat = own.was_standing is Standing.GOING
    own.organisation_id = asker.organisation
    may_sit = had_seat and seating.has_room(session, briefing, own, now)
    if may_sit and seating.take(session, briefing):
        seating.stand(own, Standing.GOING)
    elif had_seat and not briefing.has_waitlist:
        raise Refusal(
            "Somebody else has your seat by now, and there is no waitlist, so your answer stays as "
            "it is."
        )
    elif briefing.needs_approval is not (own.was_standing is Standing.ASKED):
        raise Refusal(OTHERWISE)
    elif briefing.needs_approval:
        requests.ask(session, briefing, own, now, since=own.asked_at)
    else:
        # Whoever is next in line is seated by what comes after: perhaps they are.
        seating.stand(own, Standing.WAITLISTED, waitlisted_at=own.asked_at)


def _undone(
    session: Session,
    asker: Asker,
    briefing: Briefing,
    own: Rsvp,
    was: Standing | None,
    now: datetime,
) -> Undone:
    if was is None:
        return Undone(briefing, None)
    is_waiting = own.standing is Standing.WAITLISTED
    return Undone(
        briefing,
        own.standing,
        queues.place(session, own, now),
        companies.full(session, asker, briefing, own) if is_waiting else None,
        own.offered_until,
        own.note,
        is_waiting and was is Standing.GOING,
    )
