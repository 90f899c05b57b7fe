"""To who took part in a briefing, an hour after its end: the question how it was."""

from datetime import datetime

from bot.digests.composing import Composed, Unneeded
from commands.briefings import feedback
from storage import briefings, people
from storage import feedback as sayings
from storage.database import Session
from storage.deliveries import Claim


def compose(session: Session, claimed: Claim, now: datetime) -> Composed | Unneeded:
    """Ask, unless they did not come after all, or have said it already."""
    asker = people.asker_of(session, claimed.workspace, now, claimed.details["person"])
    found = briefings.seen(session, asker, now, claimed.details["briefing"]) if asker else None
    if asker is None or found is None:
        return Unneeded("They may no longer see this briefing.")
    own = found.mine
    if own is None or not sayings.may(asker, now, found.briefing, own):
        return Unneeded("They did not come, or it did not take place.")
    if own.verdict is not None:
        return Unneeded("They have said it already.")
    return Composed(feedback.question(found.briefing))
