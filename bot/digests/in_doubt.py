"""To staff: nobody knows whether a message stands in Slack, so a person is to look and say."""

from datetime import datetime

from bot.digests.composing import Composed, Unneeded
from commands.coalition import posts
from storage import people, unposted
from storage.database import Session
from storage.deliveries import Claim
from storage.models import DeliveryState


def compose(session: Session, claimed: Claim, now: datetime) -> Composed | Unneeded:
    """Ask, unless a colleague has said it by now."""
    asker = people.asker_of(session, claimed.workspace, now, claimed.details["person"])
    found = unposted.refused(session, claimed)
    if asker is None or not asker.is_staff:
        return Unneeded("The reader is no longer staff.")
    if found is None or found.state is not DeliveryState.HELD:
        return Unneeded("It has been settled.")
    return Composed(posts.in_doubt(found, asker.zone))
