"""To a channel, by its standing order: weekly all that moved and is next, daily what is due."""

from datetime import datetime

from bot.digests.composing import Composed, Unneeded
from commands import blocks, digests
from storage import charts, subscriptions
from storage.database import Session
from storage.deliveries import Claim


def compose(session: Session, claimed: Claim, now: datetime) -> Composed | Unneeded:
    """Write the digest for whoever reads the channel; nothing new is not posted."""
    order = subscriptions.order(session, claimed.details["subscription"], now)
    if order is None:
        return Unneeded("The digest was switched off.")
    message = digests.edition(subscriptions.gather(session, order, now))
    if message is None:
        return Unneeded("Nothing new since the last digest.")
    if not charts.are_taken(session, claimed.workspace, now):
        message = blocks.without_charts(message)
    return Composed(message, order.marks)
