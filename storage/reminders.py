"""Reminders: who is told that a briefing they go to is near, a day before and as it begins.

Three days before, whoever has yet to answer one of its questions that must be answered is asked.
"""

from datetime import datetime, timedelta

import sqlalchemy as sa

from storage import deliveries, preferences, questions, quiet, rsvps, seating
from storage.asker import Asker
from storage.database import Session, writes
from storage.errors import Refusal
from storage.models import (
    Briefing,
    Delivery,
    DeliveryState,
    Person,
    Precision,
    Preference,
    Rsvp,
    Standing,
    State,
    Workspace,
)
from storage.quiet import USUAL, Hours
from storage.scoping import unscoped

KEYS = ("remind", "last_call")  # with which they begin
BEFORE, JUST_BEFORE = timedelta(hours=24), timedelta(minutes=15)
TO_ANSWER = timedelta(days=3)
ASK = "ask"  # among the keys of reminders
GRACE = timedelta(hours=1)  # whoever has just taken a seat was asked then
AHEAD_OF_QUIET = timedelta(hours=2)
# And two more where the clocks are put back in those hours.
HORIZON = BEFORE + quiet.LONGEST + AHEAD_OF_QUIET + timedelta(hours=2)
# Asked for every second, so by index: the few briefings that are near first (their index begins
# with the workspace), then the answers to those. A plain join would read every answer there is.
_NEAR = sa.select(Briefing.id).where(
    Briefing.workspace_id.in_(sa.select(Workspace.id)),
    Briefing.state == State.PUBLISHED,
    Briefing.precision == Precision.MINUTE,
    Briefing.starts_at > sa.bindparam("now"),
    Briefing.starts_at <= sa.bindparam("far"),
    sa.or_(
        Briefing.starts_at <= sa.bindparam("horizon"),
        sa.func.json_array_length(Briefing.questions) > 0,
    ),
)
_UNPLANNED = unscoped(
    sa.select(Rsvp, Briefing, Person, Preference)
    .join(Briefing, Rsvp.briefing_id == Briefing.id)
    .join(Person, Rsvp.person_id == Person.id)
    .outerjoin(Preference, Preference.person_id == Person.id)
    .where(
        Rsvp.briefing_id.in_(_NEAR),
        Rsvp.standing == Standing.GOING,
        sa.or_(Rsvp.reminded_for.is_(None), Rsvp.reminded_for != Briefing.starts_at),
        Person.is_active,
    )
    .order_by(Rsvp.id)
    .limit(200),
    "each reminder asks again, when it is worded",
)


@writes
def plan(session: Session, now: datetime) -> int:
    """Owe both reminders to everybody who goes to something near; say how many are new."""
    far = now + HORIZON + TO_ANSWER - BEFORE
    near = session.execute(_UNPLANNED, {"now": now, "horizon": now + HORIZON, "far": far})
    return sum(_remind(session, now, *row) for row in near)


@writes
def switch(session: Session, asker: Asker, now: datetime, called: str, *, on: bool) -> Briefing:
    """Remind *asker* of the briefing *called* so, or not unless it moves. Raises Refusal."""
    briefing = rsvps.named(session, asker, now, called)
    own = seating.of(session, briefing, asker.person)
    if own is None or own.standing not in {Standing.GOING, Standing.MAYBE}:
        raise Refusal("You are not reminded of it: you have not said that you come, or may.")
    is_maybe = own.standing is Standing.MAYBE
    off = briefing.closes_at if is_maybe else briefing.starts_at
    own.reminded_for = None if on else off
    # What is on its way gives up its key, so that it is owed again once it is switched on.
    session.execute(
        sa.update(Delivery)
        .where(
            Delivery.workspace_id == asker.workspace,
            Delivery.recipient == asker.slack_user,
            Delivery.state == DeliveryState.PENDING,
            sa.or_(*(Delivery.key.startswith(f"{kind}:{briefing.id}:") for kind in KEYS)),
        )
        .values(
            state=DeliveryState.SKIPPED,
            reason="They wish not to be reminded of it.",
            key=Delivery.key + ":" + sa.cast(Delivery.id, sa.String),
        )
    )
    return briefing


def replan(session: Session, briefing: Briefing) -> None:
    """Plan anew whom of those who were planned for to remind of *briefing*; nobody hears twice."""
    person = sa.cast(Rsvp.person_id, sa.Text)
    planned = sa.exists().where(
        Delivery.workspace_id == Rsvp.workspace_id,
        Delivery.key == sa.literal(_key(briefing, "15m", "")) + person,
    )
    going = (Rsvp.briefing_id == briefing.id, Rsvp.standing == Standing.GOING)
    session.execute(sa.update(Rsvp).where(*going, planned).values(reminded_for=None))


def due(
    starts_at: datetime, zone: str, hours: Hours = USUAL, before: timedelta = BEFORE
) -> datetime:
    """Give the moment to remind somebody in *zone* of the next day, outside their quiet *hours*.

    What would fall into them goes out two hours before they begin: of the night's, at 18:00. So it
    is with what is told so long *before*.
    """
    wanted = starts_at - before
    began = quiet.began(wanted, zone, hours)
    return wanted if began is None else began - AHEAD_OF_QUIET


def _remind(
    session: Session,
    now: datetime,
    rsvp: Rsvp,
    briefing: Briefing,
    person: Person,
    wished: Preference | None,
) -> int:
    begins = rsvp.reminded_for = briefing.starts_at
    # The second goes at any hour: whoever is about to take part is awake.
    last = begins - JUST_BEFORE
    hours = preferences.hours_of(wished) or USUAL
    first = due(begins, person.zone, hours)
    told = [
        (which, at, until)
        for which, at, until in (("24h", first, last), ("15m", last, begins))
        # Whoever answers later than that has just read when it is.
        if rsvp.answered_at < at and now < until
    ]
    asks = questions.of(briefing.questions, rsvp)
    if asks is not None and asks.is_missing:
        told.append((ASK, _asking(now, rsvp, begins, person.zone, hours), last))
    return sum(
        deliveries.owe(
            session,
            briefing.workspace_id,
            now,
            key=_key(briefing, which, person.id),
            kind="reminder",
            recipient=person.slack_user,
            details={"briefing": briefing.id, "person": person.id},
            due_at=at,
            expires_at=until,
        )
        for which, at, until in told
        if at < until
    )


def _key(briefing: Briefing, which: str, person: int | str) -> str:
    return f"remind:{briefing.id}:{which}:{int(briefing.starts_at.timestamp())}:{person}"


def _asking(now: datetime, rsvp: Rsvp, begins: datetime, zone: str, hours: Hours) -> datetime:
    """Give the moment to ask again: three days before, or at once where it is nearer."""
    at = max(due(begins, zone, hours, TO_ANSWER), rsvp.answered_at + GRACE, now)
    return quiet.over(at, zone, hours) or at
