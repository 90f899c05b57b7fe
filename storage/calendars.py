"""A briefing for somebody's calendar: a file by direct message."""

from datetime import datetime, timedelta

from storage import deliveries, titles
from storage.asker import Asker
from storage.database import Session, writes
from storage.errors import Refusal
from storage.models import Briefing, Precision, State

OF_USE = timedelta(hours=24)
UNSET = frozenset({Precision.MONTH, Precision.YEAR})


@writes
def ask(session: Session, asker: Asker, now: datetime, called: str) -> Briefing:
    """Owe whoever asks the briefing *called* so for their calendar, once a minute.

    Raises Refusal where none or several are called so, or its day is not known.
    """
    briefing = titles.find(session, asker, Briefing, called)
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
    deliveries.owe(
        session,
        asker.workspace,
        now,
        key=f"calendar:{briefing.id}:{asker.person}:{int(now.timestamp()) // 60}",
        kind="calendar_file",
        recipient=asker.slack_user,
        details={"briefing": briefing.id, "person": asker.person},
        expires_at=now + OF_USE,
    )
    return briefing
