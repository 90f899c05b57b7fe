"""To whoever ordered it: what waits for them, what is next, and what moved."""

from datetime import datetime

from bot.digests.composing import Composed, Unneeded
from commands import own_digest
from storage import own_digests, people
from storage.database import Session
from storage.deliveries import Claim


def compose(session: Session, claimed: Claim, now: datetime) -> Composed | Unneeded:
    """Write it as its reader may see things now; nothing to tell is not told."""
    asker = people.asker_of(session, claimed.workspace, now, claimed.details["person"])
    told = own_digests.told(session, asker, now) if asker is not None else None
    if asker is None or told is None:
        return Unneeded("It was called off.")
    message = own_digest.drawn(told, asker, now)
    return Composed(message) if message is not None else Unneeded("There was nothing to tell.")
