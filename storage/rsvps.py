"""Answers to briefings: what a person says, and what becomes of it."""

from dataclasses import dataclass
from datetime import datetime, timedelta

import sqlalchemy as sa

from storage import audit, companies, guard, questions, queues, requests, seating, titles
from storage.asker import Asker
from storage.companies import Company
from storage.database import Session, gathers, writes
from storage.errors import Refusal
from storage.models import Answer, Briefing, Kind, Precision, Rsvp, Standing, State
from storage.questions import Asks

NOTE_LIMIT = 300
UNDO = timedelta(minutes=5)


@dataclass(frozen=True)
class Outcome:
    """What became of an answer. *changed* is False when the same had been said before.

    *since* is when the standing was first taken; *position* the place in the queue, from 1;
    *promoted* are the people who moved up, or are offered the seat that was freed; *note* is what
    was added; *company* is set where all the seats are taken that one's organisation may have;
    *later* is how many more of its series come after it; *asks* is what it wants to know of them,
    and *forgot* says that what they had said to that went with the seat. *change* names what may be
    undone: the id of the answer, and how often it had changed by then; None where nothing may.
    """

    briefing: Briefing
    standing: Standing
    since: datetime
    changed: bool
    position: int | None = None
    promoted: tuple[str, ...] = ()
    note: str | None = None
    company: Company | None = None
    later: int = 0
    asks: Asks | None = None
    forgot: bool = False
    change: tuple[int, int] | None = None


@gathers
@writes
def answer(
    session: Session,
    asker: Asker,
    now: datetime,
    briefing_id: int,
    said: Answer,
    note: str | None = None,
) -> Outcome:
    """Record what *asker* says to a briefing: the same twice changes nothing.

    Going takes a seat, also one that is held for them, or, when all are taken, the last place in
    the queue; where organisers approve who comes, it asks them. Maybe and no free the seat for
    whoever has waited longest. Raises Refusal when the briefing takes no such answer.
    """
    return hear(session, asker, now, briefing_id, said, note)


@writes
def answer_called(
    session: Session,
    asker: Asker,
    now: datetime,
    called: str,
    said: Answer,
    note: str | None = None,
) -> Outcome:
    """Do the same for the briefing *called* so; past ones count only where nothing else fits."""
    return hear(session, asker, now, named(session, asker, now, called).id, said, note)


def named(session: Session, asker: Asker, now: datetime, called: str) -> Briefing:
    """Find the briefing that somebody means who answers one. Raises Refusal."""
    to_come = sa.and_(Briefing.ends_at > now, Briefing.state == State.PUBLISHED)
    return titles.find(session, asker, Briefing, called, among=to_come)


def hear(
    session: Session,
    asker: Asker,
    now: datetime,
    briefing_id: int,
    said: Answer,
    note: str | None = None,
    by: Asker | None = None,
) -> Outcome:
    """Do what `answer` does, in the transaction there is; *by* is who says it for *asker*."""
    guard.check(note=note)
    briefing = seating.hold_to_read(session, asker, briefing_id)
    before = seating.before(session, asker, briefing, now)
    own = before.own
    check(asker, now, briefing)
    if own is not None and _already(session, by or asker, briefing, own, said, now):
        is_new = by is not None and _note_anew(session, asker, now, own, note, by)
        own.note, own.reconfirm = note or own.note, False
        own.recorded_by_id = own.recorded_by_id if by else None
        return _outcome(session, asker, briefing, own, now, before, changed=is_new)
    if _asks_for_more(own, said):
        check_window(now, briefing)
    own = own or seating.fresh(asker, briefing)
    was, had, noted, since = own.standing, own.particulars, own.note, own.answered_at
    _stand(session, asker, briefing, own, said, now, by or asker, before.end)
    _write_down(own, was, note, now, by)
    if by is None:
        _keep(own, was, noted, since)
    seating.put(session, own)
    promoted = _passed_on(session, briefing, own, was, now)
    who = {"person": asker.person} if by else {}
    older = {**who, "standing": was} if was else who
    newer = {**who, "standing": own.standing}
    audit.record(session, by or asker, now, "rsvp", f"briefing {briefing.id}", older, newer)
    return _outcome(
        session,
        asker,
        briefing,
        own,
        now,
        before,
        changed=True,
        promoted=promoted,
        forgot=had is not None and own.particulars is None,
    )


def give_up(session: Session, briefing: Briefing, own: Rsvp, now: datetime) -> tuple[str, ...]:
    """Free what *own* holds, because the person leaves; give the names of those who move up.

    The caller holds the briefing's row and has the right to do it.
    """
    was = own.standing
    _leave(session, briefing, own, Answer.DECLINED)
    own.answered_at, own.changes, own.recorded_by_id = now, own.changes + 1, None
    session.flush()
    return _passed_on(session, briefing, own, was, now)


def check(asker: Asker, now: datetime, briefing: Briefing) -> None:
    """Raise Refusal where *asker* can answer *briefing* with nothing at all."""
    if not asker.is_linked:
        raise Refusal(
            "The secretariat has not linked you to an organisation yet, so your answer cannot be "
            "counted. Ask the secretariat to link you, then answer again."
        )
    if briefing.kind is Kind.EXTERNAL:
        raise Refusal("Others hold this event; the coalition takes no answers for it.")
    if briefing.state is State.DRAFT:
        raise Refusal("This briefing is a draft. Publish it before anybody answers.")
    if briefing.state is State.CANCELLED:
        raise Refusal("This briefing was cancelled, so there is nothing to answer.")
    if briefing.ends_at <= now and briefing.precision is not Precision.MINUTE:
        raise Refusal("This briefing is over, so answers are no longer taken.")
    if briefing.ends_at <= now:
        raise Refusal(
            "This briefing ended $ended, so answers are no longer taken.", ended=briefing.ends_at
        )


def check_window(now: datetime, briefing: Briefing) -> None:
    """Raise Refusal where registration is not open at this moment."""
    if briefing.opens_at is not None and now < briefing.opens_at:
        raise Refusal("Registration opens $opens. Answer then.", opens=briefing.opens_at)
    if briefing.closes_at is not None and now >= briefing.closes_at:
        raise Refusal(
            "Registration closed $closed. Ask the host or the secretariat.",
            closed=briefing.closes_at,
        )


def _keeps_note(own: Rsvp, was: Standing | None) -> bool:
    is_given = was is Standing.ASKED and own.standing is Standing.GOING
    return is_given or was is Standing.OFFERED


def _write_down(
    own: Rsvp, was: Standing | None, note: str | None, now: datetime, by: Asker | None
) -> None:
    own.note = note or own.note if _keeps_note(own, was) else note
    own.answered_at, own.changes = now, (own.changes or 0) + 1
    own.recorded_by_id = by.person if by else None
    own.reconfirm = False
    # What was asked of one who may come is not what one who goes hears, also for the same moment.
    own.reminded_for = own.reminded_for if own.standing is was else None


def _keep(own: Rsvp, was: Standing | None, noted: str | None, answered_at: datetime | None) -> None:
    own.was_standing, own.was_note, own.was_answered_at = was, noted, answered_at
    own.undo_until = own.answered_at + UNDO


def _already(
    session: Session, by: Asker, briefing: Briefing, own: Rsvp, said: Answer, now: datetime
) -> bool:
    if own.standing is Standing.ASKED and said is Answer.GOING:
        return requests.must_ask(by, briefing)
    if own.standing is Standing.WAITLISTED and said is Answer.GOING:
        # Asking again for a seat one waits for is no second request, but once it has begun.
        begun = seating.has_begun(briefing, now)
        return not (begun and seating.has_room(session, briefing, own, now))
    return own.standing.value == said.value


def _note_anew(
    session: Session, asker: Asker, now: datetime, own: Rsvp, note: str | None, by: Asker
) -> bool:
    # A note is the person's own word: they hear of another in its place.
    if not note or note == own.note:
        return False
    before = {"person": asker.person, "standing": own.standing, "note": own.note is not None}
    own.note, own.recorded_by_id, own.changes = note, by.person, own.changes + 1
    audit.record(
        session, by, now, "rsvp", f"briefing {own.briefing_id}", before, before | {"note": True}
    )
    return True


def _asks_for_more(own: Rsvp | None, said: Answer) -> bool:
    # Who gives up a seat, or a place in the queue, may do so until the end; who was offered a seat
    # or waits for one asked in time.
    if own is None or own.standing is Standing.DECLINED:
        return said is not Answer.DECLINED
    return said is Answer.GOING and own.standing is Standing.MAYBE


def _stand(
    session: Session,
    asker: Asker,
    briefing: Briefing,
    own: Rsvp,
    said: Answer,
    now: datetime,
    by: Asker,
    end: queues.End,
) -> None:
    if said is not Answer.GOING:
        _leave(session, briefing, own, said)
    elif own.standing is Standing.OFFERED:
        seating.stand(own, Standing.GOING)
    else:
        # Whoever changed employers answers for the new one.
        own.organisation_id = asker.organisation
        if requests.must_ask(by, briefing):
            requests.ask(session, briefing, own, now)
        else:
            seating.give(session, asker, briefing, own, now, end)


def _leave(session: Session, briefing: Briefing, own: Rsvp, said: Answer) -> None:
    if own.standing in seating.SEATED:
        seating.free(session, briefing)
    seating.stand(own, Standing(said.value))


def _passed_on(
    session: Session, briefing: Briefing, own: Rsvp, was: Standing | None, now: datetime
) -> tuple[str, ...]:
    is_freed = was in seating.SEATED and own.standing not in seating.SEATED
    return seating.promote(session, briefing, now) if is_freed else ()


def _outcome(
    session: Session,
    asker: Asker,
    briefing: Briefing,
    own: Rsvp,
    now: datetime,
    before: seating.Before,
    *,
    changed: bool,
    promoted: tuple[str, ...] = (),
    forgot: bool = False,
) -> Outcome:
    is_waiting = own.standing is Standing.WAITLISTED
    is_undoable = own.undo_until is not None and now < own.undo_until
    return Outcome(
        briefing,
        own.standing,
        own.answered_at,
        changed,
        queues.place(session, own, now),
        promoted,
        own.note,
        companies.full(session, asker, briefing, own) if is_waiting else None,
        before.later,
        questions.of(briefing.questions, own),
        forgot,
        (own.id, own.changes) if is_undoable and not seating.has_begun(briefing, now) else None,
    )
