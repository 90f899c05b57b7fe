"""To a channel, once a week: what needs attention, what moved, what is next."""

from datetime import datetime

from bot.digests.composing import Composed, Unneeded
from commands import blocks, digests
from storage import charts, progress, subscriptions
from storage.database import Session
from storage.deliveries import Claim


def compose(session: Session, claimed: Claim, now: datetime) -> Composed | Unneeded:
    """Write the digest for whoever reads the channel; nothing new is not posted."""
    order = subscriptions.order(session, claimed.details["subscription"], now)
    if order is None:
        return Unneeded("The digest was switched off.")
    moved = progress.gather(session, order.readers, now, order.since)
    message = digests.drawn(moved, order.readers.zone, for_many=True) if moved.is_news else None
    if message is None:
        return Unneeded("Nothing new since the last digest.")
    if not charts.are_taken(session, claimed.workspace, now):
        message = blocks.without_charts(message)
    return Composed(message, order.marks)
