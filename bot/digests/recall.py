"""To nobody: a message of the bot's own is taken back, because its words were removed."""

from datetime import datetime

from bot.digests.composing import Recall, Unneeded
from storage import redaction
from storage.database import Session
from storage.deliveries import Claim


def compose(session: Session, claimed: Claim, now: datetime) -> Recall | Unneeded:
    """Say which message it is."""
    copy = redaction.copy(session, claimed)
    if copy is None or copy.channel is None or copy.ts is None:
        return Unneeded("Nobody knows any more where it stands.")
    return Recall(copy.channel, copy.ts)
