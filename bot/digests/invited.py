"""To whom a briefing is for and who has not answered it: whether they come."""

from datetime import datetime

from bot.digests.composing import Composed, Unneeded
from commands.briefings import inviting
from storage import briefings, people
from storage.database import Session
from storage.deliveries import Claim
from storage.models import State


def compose(session: Session, claimed: Claim, now: datetime) -> Composed | Unneeded:
    """Ask, unless they have answered or it is not theirs to answer any more."""
    asker = people.asker_of(session, claimed.workspace, now, claimed.details["person"])
    found = briefings.seen(session, asker, now, claimed.details["briefing"]) if asker else None
    if asker is None or found is None or found.briefing.state is not State.PUBLISHED:
        return Unneeded("The briefing does not take place, or they may no longer see it.")
    if found.mine is not None:
        return Unneeded("They have answered.")
    return Composed(inviting.invitation(found, asker.zone))
