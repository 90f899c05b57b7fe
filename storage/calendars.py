"""A briefing for somebody's calendar: a file by direct message."""

from datetime import datetime, timedelta

import sqlalchemy as sa

from storage import deliveries, titles
from storage.asker import Asker
from storage.database import Session, writes
from storage.errors import Refusal
from storage.models import Briefing, Person, Precision, Rsvp, State

OF_USE = timedelta(hours=24)
UNSET = frozenset({Precision.MONTH, Precision.YEAR})


@writes
def ask(session: Session, asker: Asker, now: datetime, called: str) -> Briefing:
    """Owe whoever asks the briefing *called* so for their calendar, once a minute.

    Raises Refusal where none or several are called so, or its day is not known.
    """
    briefing = titles.find(session, asker, Briefing, called)
    _owe(session, asker, now, briefing)
    return briefing


@writes
def hand_out(session: Session, asker: Asker, now: datetime, answer: int) -> Briefing:
    """Owe staff the file for the calendar of the contact whose *answer* it is, to send on.

    It holds what that contact may take away. Raises Refusal.
    """
    row = session.execute(
        sa.select(Rsvp.briefing_id, Rsvp.person_id)
        .join(Person, Rsvp.person_id == Person.id)
        .where(Rsvp.workspace_id == asker.workspace, Rsvp.id == answer, Person.is_contact)
    ).one_or_none()
    if row is None or not asker.is_staff:
        raise Refusal("There is nobody without Slack any more whose file you could send on.")
    briefing = titles.by_id(session, asker, Briefing, row.briefing_id)
    _owe(session, asker, now, briefing, row.person_id)
    return briefing


def _owe(
    session: Session, asker: Asker, now: datetime, briefing: Briefing, contact: int | None = None
) -> None:
    if briefing.precision in UNSET:
        known = "month" if briefing.precision is Precision.MONTH else "year"
        raise Refusal(
            f"Of E{briefing.id} only the {known} is known. Ask again once its day is; "
            f"/briefings show E{briefing.id} says."
        )
    if briefing.state is State.DRAFT:
        raise Refusal(f"E{briefing.id} is a draft. Publish it before it goes into calendars.")
    if not asker.person:
        raise Refusal("The bot does not know you yet. Try again in a minute.")
    whose = {"person": asker.person} | ({"contact": contact} if contact else {})
    named = ":".join(str(one) for one in (briefing.id, *whose.values()))
    deliveries.owe(
        session,
        asker.workspace,
        now,
        key=f"calendar:{named}:{int(now.timestamp()) // 60}",
        kind="calendar_file",
        recipient=asker.slack_user,
        details={"briefing": briefing.id, **whose},
        expires_at=now + OF_USE,
    )
