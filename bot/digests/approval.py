"""Where organisers approve who comes: to them, that somebody asks; to who asked, what they said."""

from datetime import datetime

from bot.digests.composing import Composed, Unneeded
from commands.briefings import approving, views
from storage import briefings, people, requests
from storage.database import Session
from storage.deliveries import Claim
from storage.models import Standing


def to_organiser(session: Session, claimed: Claim, now: datetime) -> Composed | Unneeded:
    """Tell of all who ask for a seat now, unless they decided or it is not theirs to do."""
    asker = people.asker_of(session, claimed.workspace, now, claimed.details["person"])
    found = requests.to_decide(session, asker, now) if asker else ()
    if asker is None or not found:
        return Unneeded("Nobody asks them for a seat any more.")
    return Composed(approving.to_decide(found, asker.zone))


def to_person(session: Session, claimed: Claim, now: datetime) -> Composed | Unneeded:
    """Tell what was decided, unless something else is so by now."""
    asker = people.asker_of(session, claimed.workspace, now, claimed.details["person"])
    found = briefings.seen(session, asker, now, claimed.details["briefing"]) if asker else None
    if asker is None or found is None or found.mine is None:
        return Unneeded("They may no longer see this briefing.")
    if claimed.details["approved"]:
        if found.mine.standing is not Standing.GOING:
            return Unneeded("They gave the seat up again.")
        return Composed(approving.given(found, asker.zone, *views.to_calendar(found.briefing)))
    if found.mine.turned_down_at is None:
        return Unneeded("They have a seat by now.")
    return Composed(approving.turned_down(found))
