"""Seats held for somebody that nobody took in time: they go to whoever is next in line."""

from datetime import datetime, timedelta

import sqlalchemy as sa

from storage import audit, seating
from storage.asker import Asker
from storage.database import Session, writes
from storage.models import Briefing, Rsvp, Standing, State
from storage.scoping import unscoped

AT_ONCE = 100
BACK = timedelta(days=60)  # a bot that was away for longer leaves old offers as they are
# Neither joined nor by briefing: SQLite would then read all briefings, or all answers, and few
# seats are held.
_LAPSED = unscoped(
    sa.select(Rsvp.id, Rsvp.briefing_id)
    .where(
        Rsvp.standing == Standing.OFFERED,
        sa.exists().where(
            Briefing.id == Rsvp.briefing_id,
            Briefing.ends_at > sa.bindparam("since"),
            Briefing.state == State.PUBLISHED,
            sa.or_(
                Rsvp.offered_until <= sa.bindparam("now"),
                # Moved forward since.
                Briefing.starts_at <= sa.bindparam("now"),
            ),
        ),
    )
    .order_by(Rsvp.offered_until, Rsvp.id)
    .limit(AT_ONCE),
    "the timetable's own",
)
_BRIEFING = unscoped(
    sa.select(Briefing)
    .where(Briefing.id == sa.bindparam("briefing"))
    .with_for_update()
    .execution_options(populate_existing=True),
    "the timetable's own",
)
_OFFER = (
    sa.select(Rsvp)
    .where(Rsvp.id == sa.bindparam("offer"))
    .execution_options(populate_existing=True)
)


@writes
def plan(session: Session, now: datetime) -> int:
    """Let each offer lapse whose time is over; say how many seats went on."""
    lapsed = session.execute(_LAPSED, {"now": now, "since": now - BACK}).all()
    # Whoever locks several briefings does so in this order.
    in_order = sorted(lapsed, key=lambda one: one.briefing_id)
    return sum(_lapse(session, now, briefing, offer) for offer, briefing in in_order)


def _lapse(session: Session, now: datetime, number: int, offer: int) -> bool:
    briefing = session.scalars(_BRIEFING, {"briefing": number}).one()
    own = session.scalars(_OFFER, {"offer": offer}).one()
    # Taken, or given up, while the briefing's row was waited for.
    if own.standing is not Standing.OFFERED or not seating.lapse(session, briefing, own, now):
        return False
    before = {"person": own.person_id, "standing": Standing.OFFERED}
    after = {"person": own.person_id, "standing": Standing.WAITLISTED}
    nobody = Asker(briefing.workspace_id)
    audit.record(session, nobody, now, "rsvp", f"briefing {briefing.id}", before, after)
    return True
