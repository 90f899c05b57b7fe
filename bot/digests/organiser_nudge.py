"""To whoever organises briefings: what is missing at those ahead, and at those that took place."""

from datetime import datetime

from bot.digests.composing import Composed, Unneeded
from commands.briefings import nudging
from storage import nudges, people
from storage.database import Session
from storage.deliveries import Claim


def compose(session: Session, claimed: Claim, now: datetime) -> Composed | Unneeded:
    """Tell what is missing still, of what they still organise."""
    asker = people.asker_of(session, claimed.workspace, now, claimed.details["person"])
    if asker is None:
        return Unneeded("They are not here any more.")
    before, after = claimed.details["before"], claimed.details["after"]
    nudge = nudges.missing(session, asker, now, before, after)
    if not nudge.agenda and not nudge.left:
        return Unneeded("Nothing of it is missing any more, or it is not theirs.")
    return Composed(nudging.drawn(nudge, asker, now))
