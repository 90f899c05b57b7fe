"""The seats of one briefing: taken, held for somebody, freed, and who moves up then.

Whoever calls anything here holds the briefing's row: `hold` and `hold_to_read` wait for it.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import cast

import sqlalchemy as sa
from sqlalchemy.orm.attributes import set_committed_value

from storage import companies, contacts, deliveries, followers, questions, queues, sight, titles
from storage.asker import Asker
from storage.database import Session
from storage.errors import Refusal
from storage.models import Briefing, Person, Precision, Rsvp, Standing, State
from storage.policy import scope
from storage.scoping import columns, unscoped

SEATED = queues.SEATED
ON_SHORT_NOTICE = timedelta(hours=24)  # so near, a seat is offered and not forced upon anybody
TO_TAKE_IT = timedelta(hours=4)
_row = cast("sa.Table", Briefing.__table__)
_SEEN = sa.and_(scope(Briefing), Briefing.id == sa.bindparam("briefing"))
_HELD = sa.select(Briefing).where(_SEEN).with_for_update().execution_options(populate_existing=True)
_HELD_TO_READ = sa.select(*_row.c).where(_SEEN).with_for_update()
_OWN = sa.and_(
    Rsvp.briefing_id == sa.bindparam("briefing"), Rsvp.person_id == sa.bindparam("person")
)
_OF = sa.select(Rsvp).where(_OWN).execution_options(populate_existing=True)
_BEFORE = unscoped(
    sa.select(
        sa.exists(sa.select(Rsvp.id).where(_OWN)).label("own"),
        *queues.END,
        followers.HOW_MANY.label("later"),
    ),
    "a queue counts whoever may see its briefing; what comes later is asked for",
)
_answers = cast("sa.Table", Rsvp.__table__)
_NEW = sa.insert(_answers).returning(_answers.c.id)
_THIS = unscoped(
    sa.update(_row).where(_row.c.id == sa.bindparam("briefing")).returning(_row.c.taken),
    "a briefing whose row is held for whoever asks",
)
# One statement: counting first would sell the last seat once per connection.
_TAKE = _THIS.where(sa.or_(_row.c.capacity.is_(None), _row.c.taken < _row.c.capacity)).values(
    taken=_row.c.taken + 1
)
_FREE = _THIS.values(taken=_row.c.taken - 1)


@dataclass(frozen=True)
class Before:
    """What stands before somebody answers: their *own* answer, if any, and where the queue ends.

    *later* is how many more of its series, up to `followers.MOST`, come after the briefing.
    """

    own: Rsvp | None
    end: queues.End
    later: int


def hold(session: Session, asker: Asker, briefing_id: int) -> Briefing:
    """Hold the row of a briefing until the transaction ends. Raises Refusal.

    Whoever answers waits for it: otherwise somebody could join the queue at the moment a seat is
    freed, unseen, and wait for ever beside a free seat.
    """
    held = session.scalars(_HELD, asker.binds() | {"briefing": briefing_id}).one_or_none()
    if held is None:
        titles.by_id(session, asker, Briefing, briefing_id)  # says why
        return hold(session, asker, briefing_id)  # it has come into sight just now
    return held


def hold_to_read(session: Session, asker: Asker, briefing_id: int) -> Briefing:
    """Hold the row for whoever changes nothing of it but its seats.

    What is given belongs to no session, which would take longer to load it. Raises Refusal.
    """
    row = columns(session, _HELD_TO_READ, asker.binds() | {"briefing": briefing_id}).one_or_none()
    if row is None:
        return hold(session, asker, briefing_id)  # says why
    held = Briefing()
    vars(held).update(row._mapping)
    return held


def of(session: Session, briefing: Briefing, person: int) -> Rsvp | None:
    """Give the answer of *person*, as it is now that the row is held."""
    return session.scalars(_OF, {"briefing": briefing.id, "person": person}).one_or_none()


def before(session: Session, asker: Asker, briefing: Briefing, now: datetime) -> Before:
    """Give what *asker* finds, as it is now that the row is held."""
    values = sight.binds(now) | followers.binds(asker, now, briefing)
    values |= {"briefing": briefing.id, "person": asker.person}
    found = columns(session, _BEFORE, values).one()
    own = of(session, briefing, asker.person) if found.own else None
    return Before(own, queues.ended(found, now), min(found.later, followers.MOST))


def fresh(asker: Asker, briefing: Briefing) -> Rsvp:
    """Make the row of somebody who has not answered yet."""
    return Rsvp(
        workspace_id=asker.workspace,
        briefing_id=briefing.id,
        person_id=asker.person,
        organisation_id=asker.organisation,
        changes=0,
    )


def put(session: Session, own: Rsvp) -> None:
    """Write *own* down. A new one stays out of the session, which would take longer to write it."""
    if own.id is not None:
        session.flush()
        return
    values = {name: value for name, value in vars(own).items() if name in _answers.c}
    own.id = columns(session, _NEW, values).scalar_one()


def stand(
    own: Rsvp,
    standing: Standing,
    *,
    waitlisted_at: datetime | None = None,
    offered_until: datetime | None = None,
) -> None:
    """Let *own* be *standing*, with what belongs to it and no more.

    What was said to the briefing's questions goes with the seat, or the place in the queue. What
    was before their last answer is forgotten: there is nothing to undo any more.
    """
    own.standing, own.waitlisted_at, own.offered_until = standing, waitlisted_at, offered_until
    if standing not in questions.ASKED:
        own.particulars = None
    if standing in SEATED:
        own.turned_down_at = None
    own.asked_at = waitlisted_at or own.asked_at
    own.was_standing = own.was_note = own.was_answered_at = own.undo_until = None


def has_begun(briefing: Briefing, now: datetime) -> bool:
    """Say whether it goes on at this moment: then nobody waits, and a free seat is anybody's."""
    return briefing.precision is Precision.MINUTE and briefing.starts_at <= now


def take(session: Session, briefing: Briefing) -> bool:
    """Take a seat, if one is free."""
    return _count(session, briefing, _TAKE)


def free(session: Session, briefing: Briefing) -> None:
    """Give a seat back."""
    _count(session, briefing, _FREE)


def _count(session: Session, briefing: Briefing, change: sa.Executable) -> bool:
    taken = columns(session, change, {"briefing": briefing.id}).scalar_one_or_none()
    if taken is not None:
        set_committed_value(briefing, "taken", taken)
    return taken is not None


def give(
    session: Session, asker: Asker, briefing: Briefing, own: Rsvp, now: datetime, end: queues.End
) -> None:
    """Give *asker*, whose answer is *own*, a seat, or the queue's last place. Raises Refusal."""
    if _fits(session, briefing, own, now, end) and take(session, briefing):
        stand(own, Standing.GOING)
        own.asked_at = end.at
    elif briefing.has_waitlist:
        stand(own, Standing.WAITLISTED, waitlisted_at=end.at)
    else:
        company = companies.full(session, asker, briefing, own)
        full = f"{company}" if company else f"All {briefing.capacity} seats are taken"
        ask = f", or ask one of them: /briefings swap E{briefing.id}"
        raise Refusal(
            f"{full} and there is no waitlist. You can still answer Maybe or Not going"
            f"{ask if company and company.names else ''}."
        )


def has_room(session: Session, briefing: Briefing, own: Rsvp, now: datetime) -> bool:
    """Say whether *own* could have a seat now, and overtakes nobody who could have it."""
    return _fits(session, briefing, own, now, queues.end(session, briefing, now))


def _fits(session: Session, briefing: Briefing, own: Rsvp, now: datetime, end: queues.End) -> bool:
    is_free = briefing.seats_left is None or briefing.seats_left > 0
    return (
        is_free
        and companies.holders(session, briefing, own.organisation_id) is None
        and (has_begun(briefing, now) or not end.waits)
    )


def promote(session: Session, briefing: Briefing, now: datetime) -> tuple[str, ...]:
    """Give free seats to those who have waited longest, and owe each of them the news.

    Whose organisation has all the seats it may have lets those behind them pass. Less than a day
    before the start a seat is offered: it is held for somebody until they take it. A contact, for
    whom nobody could press a button in time, has it at once, and staff hear whom to tell. From the
    start on nobody moves up: whoever asks for a free seat has it. Gives the names, in order.
    """
    if briefing.state is not State.PUBLISHED or has_begun(briefing, now):
        return ()
    moved, unreached = [], []
    while (first := queues.head(session, briefing, now)) and take(session, briefing):
        rsvp, person = first
        rsvp.changes += 1
        if _is_near(briefing, now) and not person.is_contact:
            _offer(session, briefing, rsvp, person, now)
        else:
            _seat(session, briefing, rsvp, person, now)
        session.flush()
        moved.append(person.name)
        if person.is_contact:
            unreached.append(rsvp.id)
    contacts.tell_of_seats(session, briefing, now, unreached)
    return tuple(moved)


def lapse(session: Session, briefing: Briefing, own: Rsvp, now: datetime) -> bool:
    """Let the offer end that *own* did not answer: the seat goes to whoever is next in line.

    They stay on the waitlist, as its last. Nobody else being there, the seat stays theirs to take,
    and False is given; from the start on it is held for nobody.
    """
    free(session, briefing)
    stand(own, Standing.WAITLISTED, waitlisted_at=queues.end(session, briefing, now).at)
    session.flush()
    first = queues.head(session, briefing, now)
    is_theirs = first is not None and first[0].id == own.id and now < briefing.starts_at
    if is_theirs and take(session, briefing):
        stand(own, Standing.OFFERED, offered_until=_until(briefing, now))
        return False
    own.changes += 1
    promote(session, briefing, now)
    return True


def _is_near(briefing: Briefing, now: datetime) -> bool:
    is_exact = briefing.precision is Precision.MINUTE
    return is_exact and briefing.starts_at - now < ON_SHORT_NOTICE


def _until(briefing: Briefing, now: datetime) -> datetime:
    return min(briefing.starts_at, now + TO_TAKE_IT)


def _seat(session: Session, briefing: Briefing, rsvp: Rsvp, person: Person, now: datetime) -> None:
    stand(rsvp, Standing.GOING)
    rsvp.answered_at = now
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


def _offer(session: Session, briefing: Briefing, rsvp: Rsvp, person: Person, now: datetime) -> None:
    until = _until(briefing, now)
    stand(rsvp, Standing.OFFERED, offered_until=until)
    deliveries.owe(
        session,
        briefing.workspace_id,
        now,
        key=f"offer:{briefing.id}:{person.id}:{rsvp.changes}",
        kind="seat_offered",
        recipient=person.slack_user,
        details={"briefing": briefing.id, "person": person.id},
        expires_at=until,
    )
