"""To staff: somebody without Slack moved up from the waitlist, and has to be told."""

from datetime import datetime

from bot.digests.composing import Composed, Unneeded
from commands.briefings import without_slack
from storage import briefings, contacts, people
from storage.database import Session
from storage.deliveries import Claim
from storage.models import Standing


def compose(session: Session, claimed: Claim, now: datetime) -> Composed | Unneeded:
    """Name those of them who still have the seat."""
    asker = people.asker_of(session, claimed.workspace, now, claimed.details["person"])
    found = briefings.seen(session, asker, now, claimed.details["briefing"]) if asker else None
    if asker is None or found is None or not asker.is_staff:
        return Unneeded("They may no longer see this briefing, or are not of the secretariat.")
    seated = [
        one
        for one in contacts.to_tell(session, asker, found.briefing)
        if one.answer in claimed.details["answers"] and one.standing is Standing.GOING
    ]
    if not seated:
        return Unneeded("They gave the seat up again, or somebody else tells them.")
    return Composed(without_slack.seated(found, seated, asker.zone))
