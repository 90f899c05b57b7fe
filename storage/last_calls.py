"""Last calls: who said maybe is asked once, a day before registration closes."""

from datetime import datetime

import sqlalchemy as sa

from storage import deliveries, preferences, reminders
from storage.database import Session, writes
from storage.models import Briefing, Person, Preference, Rsvp, Standing, State
from storage.quiet import USUAL
from storage.scoping import unscoped

KIND = "last_call"
# Asked for every second, so by index: the few briefings that close soon, then the answers to those.
_CLOSING = sa.select(Briefing.id).where(
    Briefing.state == State.PUBLISHED,
    Briefing.ends_at > sa.bindparam("now"),
    Briefing.closes_at > sa.bindparam("now"),
    Briefing.closes_at <= sa.bindparam("horizon"),
)
# What is kept of a reminder is the moment it was for: for maybe, the end of registration.
_UNASKED = unscoped(
    sa.select(Rsvp, Briefing, Person, Preference)
    .join(Briefing, Rsvp.briefing_id == Briefing.id)
    .join(Person, Rsvp.person_id == Person.id)
    .outerjoin(Preference, Preference.person_id == Person.id)
    .where(
        Rsvp.briefing_id.in_(_CLOSING),
        Rsvp.standing == Standing.MAYBE,
        sa.or_(Rsvp.reminded_for.is_(None), Rsvp.reminded_for != Briefing.closes_at),
        Person.is_active,
    )
    .order_by(Rsvp.id)
    .limit(200),
    "each message asks again, when it is worded",
)


@writes
def plan(session: Session, now: datetime) -> int:
    """Owe the question to whoever said maybe to what closes soon; say how many are new."""
    soon = session.execute(_UNASKED, {"now": now, "horizon": now + reminders.HORIZON})
    return sum(_ask(session, now, *row) for row in soon)


def _ask(
    session: Session,
    now: datetime,
    rsvp: Rsvp,
    briefing: Briefing,
    person: Person,
    wished: Preference | None,
) -> bool:
    closes = briefing.closes_at
    assert closes is not None  # noqa: S101 -- the statement asked for no other
    rsvp.reminded_for = closes
    at = reminders.due(closes, person.zone, preferences.hours_of(wished) or USUAL)
    # Whoever says maybe later than that knows how long it is open.
    if rsvp.answered_at >= at:
        return False
    return deliveries.owe(
        session,
        briefing.workspace_id,
        now,
        key=f"{KIND}:{briefing.id}:{int(closes.timestamp())}:{person.id}",
        kind=KIND,
        recipient=person.slack_user,
        details={"briefing": briefing.id, "person": person.id},
        due_at=at,
        expires_at=closes,
    )
