"""Reminders: who is told that a briefing they go to is near, and when it suits them."""

from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

import sqlalchemy as sa

from storage import deliveries
from storage.database import Session, writes
from storage.models import Briefing, Person, Precision, Rsvp, Standing, State, Workspace
from storage.scoping import unscoped
from storage.wall_time import moment

BEFORE = timedelta(hours=24)
QUIET_FROM, QUIET_UNTIL, INSTEAD = time(20), time(8), time(18)
# A reminder that would fall into the night goes out at most 14 hours earlier, and two more where
# the clocks are put back in that night.
HORIZON = BEFORE + timedelta(hours=16)
# Asked for every second, so by index: the few briefings that are near first (their index begins
# with the workspace), then the answers to those. A plain join would read every answer there is.
_NEAR = sa.select(Briefing.id).where(
    Briefing.workspace_id.in_(sa.select(Workspace.id)),
    Briefing.state == State.PUBLISHED,
    Briefing.precision == Precision.MINUTE,
    Briefing.starts_at > sa.bindparam("now"),
    Briefing.starts_at <= sa.bindparam("horizon"),
)
_UNPLANNED = unscoped(
    sa.select(Rsvp, Briefing, Person)
    .join(Briefing, Rsvp.briefing_id == Briefing.id)
    .join(Person, Rsvp.person_id == Person.id)
    .where(
        Rsvp.briefing_id.in_(_NEAR),
        Rsvp.standing == Standing.GOING,
        sa.or_(Rsvp.reminded_for.is_(None), Rsvp.reminded_for != Briefing.starts_at),
        Person.is_active,
    )
    .order_by(Rsvp.id)
    .limit(1000),
    "each reminder asks again, when it is worded",
)


@writes
def plan(session: Session, now: datetime) -> int:
    """Owe a reminder to everybody who goes to something near; say how many are new."""
    near = session.execute(_UNPLANNED, {"now": now, "horizon": now + HORIZON})
    return sum(_remind(session, now, *row) for row in near)


def due(starts_at: datetime, zone: str) -> datetime:
    """Give the moment to remind somebody who lives in *zone*: a day before, never by night.

    What would fall between 20:00 and 08:00 goes out at 18:00 before that.
    """
    wanted = (starts_at - BEFORE).astimezone(ZoneInfo(zone))
    if wanted.time() >= QUIET_FROM:
        return moment(wanted.date(), INSTEAD, zone)
    if wanted.time() < QUIET_UNTIL:
        return moment(wanted.date() - timedelta(days=1), INSTEAD, zone)
    return starts_at - BEFORE


def _remind(
    session: Session, now: datetime, rsvp: Rsvp, briefing: Briefing, person: Person
) -> bool:
    at = due(briefing.starts_at, person.zone)
    rsvp.reminded_for = briefing.starts_at
    if at <= rsvp.answered_at:
        return False  # whoever answers this late has just read when it is
    return deliveries.owe(
        session,
        briefing.workspace_id,
        now,
        key=f"remind:{briefing.id}:24h:{int(briefing.starts_at.timestamp())}:{person.id}",
        kind="reminder",
        recipient=person.slack_user,
        details={"briefing": briefing.id, "person": person.id},
        due_at=at,
        expires_at=briefing.starts_at,
    )
