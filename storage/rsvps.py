"""Answers to briefings: seats, the queue for them, and who moves up when one is freed."""

from dataclasses import dataclass
from datetime import datetime, timedelta

import sqlalchemy as sa

from storage import audit, deliveries, guard, queues, titles
from storage.asker import Asker
from storage.database import Session, writes
from storage.errors import Refusal
from storage.models import Answer, Briefing, Kind, Precision, Rsvp, Standing, State
from storage.policy import scope

NOTE_LIMIT = 300
HELD = {
    "synchronize_session": "fetch",
    "unscoped": "a briefing whose row is held for whoever asks",
}


@dataclass(frozen=True)
class Outcome:
    """What became of an answer. *changed* is False when the same had been said before.

    *since* is when the standing was first taken; *position* the place in the queue, from 1;
    *promoted* are the people who moved up because a seat was freed; *note* is what was added.
    """

    briefing: Briefing
    standing: Standing
    since: datetime
    changed: bool
    position: int | None = None
    promoted: tuple[str, ...] = ()
    note: str | None = None


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

    Going takes a seat or, when all are taken, the last place in the queue. Maybe and no free the
    seat for whoever has waited longest. Raises Refusal when the briefing takes no such answer.
    """
    guard.check(note=note)
    briefing = _hold(session, asker, briefing_id)
    own = _own(session, asker, briefing_id)
    _check(asker, now, briefing)
    if own is not None and _already(own.standing, said):
        own.note = note or own.note
        return _outcome(session, briefing, own, now, changed=False)
    if _asks_for_more(own, said):
        _check_window(now, briefing)
    own = own or _fresh(asker, briefing)
    was = own.standing
    _stand(session, briefing, own, said, now)
    session.add(own)
    own.note, own.answered_at, own.changes = note, now, (own.changes or 0) + 1
    session.flush()
    promoted = promote(session, briefing, now) if was is Standing.GOING else ()
    before = {"standing": was} if was else {}
    audit.record(
        session, asker, now, "rsvp", f"briefing {briefing.id}", before, {"standing": own.standing}
    )
    return _outcome(session, briefing, own, now, changed=True, promoted=promoted)


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
    to_come = sa.and_(Briefing.ends_at > now, Briefing.state == State.PUBLISHED)
    briefing = titles.find(session, asker, Briefing, called, among=to_come)
    return answer(session, asker, now, briefing.id, said, note)


def promote(session: Session, briefing: Briefing, now: datetime) -> tuple[str, ...]:
    """Give free seats to those who have waited longest, and owe each of them the news.

    The caller holds the briefing's row. Gives the names of those who moved up.
    """
    promoted = []
    while (first := queues.head(session, briefing, now)) and _take_seat(session, briefing):
        rsvp, person = first
        rsvp.standing, rsvp.waitlisted_at = Standing.GOING, None
        rsvp.answered_at, rsvp.changes = now, rsvp.changes + 1
        deliveries.owe(
            session,
            briefing.workspace_id,
            now,
            key=f"rsvp:{briefing.id}:{person.id}:{rsvp.changes}",
            kind="promoted",
            recipient=person.slack_user,
            details={"briefing": briefing.id, "person": person.id},
            expires_at=briefing.ends_at,
        )
        session.flush()
        promoted.append(person.name)
    return tuple(promoted)


def give_up(session: Session, briefing: Briefing, own: Rsvp, now: datetime) -> tuple[str, ...]:
    """Free what *own* holds, because the person leaves; give the names of those who move up.

    The caller holds the briefing's row and has the right to do it.
    """
    was = own.standing
    _stand(session, briefing, own, Answer.DECLINED, now)
    own.answered_at, own.changes = now, own.changes + 1
    session.flush()
    return promote(session, briefing, now) if was is Standing.GOING else ()


def _hold(session: Session, asker: Asker, briefing_id: int) -> Briefing:
    # Whoever answers waits for the row: otherwise somebody could join the queue at the moment a
    # seat is freed, unseen, and wait for ever beside a free seat.
    held = session.scalars(
        sa.select(Briefing)
        .where(scope(Briefing), Briefing.id == briefing_id)
        .with_for_update()
        .execution_options(populate_existing=True),
        asker.binds(),
    ).one_or_none()
    return held if held is not None else titles.by_id(session, asker, Briefing, briefing_id)


def _own(session: Session, asker: Asker, briefing_id: int) -> Rsvp | None:
    return session.scalars(
        sa.select(Rsvp).where(Rsvp.briefing_id == briefing_id, Rsvp.person_id == asker.person)
    ).one_or_none()


def _check(asker: Asker, now: datetime, briefing: Briefing) -> None:
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


def _asks_for_more(own: Rsvp | None, said: Answer) -> bool:
    # Who gives up a seat, or a place in the queue, may do so until the end.
    if own is None or own.standing is Standing.DECLINED:
        return said is not Answer.DECLINED
    return said is Answer.GOING


def _check_window(now: datetime, briefing: Briefing) -> None:
    if briefing.opens_at is not None and now < briefing.opens_at:
        raise Refusal("Registration opens $opens. Answer then.", opens=briefing.opens_at)
    if briefing.closes_at is not None and now >= briefing.closes_at:
        raise Refusal(
            "Registration closed $closed. Ask the host or the secretariat.",
            closed=briefing.closes_at,
        )


def _already(standing: Standing, said: Answer) -> bool:
    # Asking again for a seat one waits for is no second request.
    return standing.value == said.value or (
        standing is Standing.WAITLISTED and said is Answer.GOING
    )


def _fresh(asker: Asker, briefing: Briefing) -> Rsvp:
    return Rsvp(
        workspace_id=asker.workspace,
        briefing_id=briefing.id,
        person_id=asker.person,
        organisation_id=asker.organisation,
        changes=0,
    )


def _stand(session: Session, briefing: Briefing, own: Rsvp, said: Answer, now: datetime) -> None:
    if said is Answer.GOING:
        _seat_or_queue(session, briefing, own, now)
        return
    if own.standing is Standing.GOING:
        session.execute(
            sa.update(Briefing).where(Briefing.id == briefing.id).values(taken=Briefing.taken - 1),
            execution_options=HELD,
        )
    own.standing, own.waitlisted_at = Standing(said.value), None


def _seat_or_queue(session: Session, briefing: Briefing, own: Rsvp, now: datetime) -> None:
    if queues.head(session, briefing, now) is None and _take_seat(session, briefing):
        own.standing, own.waitlisted_at = Standing.GOING, None
    elif briefing.has_waitlist:
        own.standing, own.waitlisted_at = Standing.WAITLISTED, _last(session, briefing, now)
    else:
        raise Refusal(
            f"All {briefing.capacity} seats are taken and there is no waitlist. "
            "You can still answer Maybe or Not going."
        )


def _last(session: Session, briefing: Briefing, now: datetime) -> datetime:
    # Two may ask at one moment, or reach the row in another order than they asked: whoever has been
    # told a place in the queue keeps it.
    latest = session.scalar(
        sa.select(sa.func.max(Rsvp.waitlisted_at)).where(Rsvp.briefing_id == briefing.id)
    )
    return now if latest is None else max(now, latest + timedelta(microseconds=1))


def _take_seat(session: Session, briefing: Briefing) -> bool:
    # One statement: counting first would sell the last seat once per connection.
    taken = session.execute(
        sa.update(Briefing)
        .where(
            Briefing.id == briefing.id,
            sa.or_(Briefing.capacity.is_(None), Briefing.taken < Briefing.capacity),
        )
        .values(taken=Briefing.taken + 1),
        execution_options=HELD,
    )
    return bool(taken.rowcount)  # type: ignore[attr-defined]


def _outcome(
    session: Session,
    briefing: Briefing,
    own: Rsvp,
    now: datetime,
    *,
    changed: bool,
    promoted: tuple[str, ...] = (),
) -> Outcome:
    return Outcome(
        briefing,
        own.standing,
        own.answered_at,
        changed,
        queues.place(session, own, now),
        promoted,
        own.note,
    )
