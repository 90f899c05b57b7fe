"""To staff, and to whoever asked for it: a channel did not get its message, why, and what helps."""

from datetime import datetime

from bot.digests.composing import Composed, Unneeded
from commands import blocks
from commands.blocks import Message
from storage import people, unposted
from storage.database import Session
from storage.deliveries import Claim

# What else a channel is owed may also be that something is taken back.
WHAT = {
    "posted_here": "A post that somebody asked for did not go to",
    "redraw": "The post of a briefing is kept up to date no more in",
    "weekly_digest": "The weekly digest did not go to",
}


def to_staff(session: Session, claimed: Claim, now: datetime) -> Composed | Unneeded:
    """Name the channel and the reason, never what would have stood there."""
    asker = people.asker_of(session, claimed.workspace, now, claimed.details["person"])
    found = unposted.refused(session, claimed)
    if found is None or asker is None or not asker.is_staff:
        return Unneeded("The reader is no longer staff.")
    what = WHAT.get(found.kind, "The bot could not do what it was to do in")
    return Composed(_message(f"{what} <#{found.recipient}>.", found.reason))


def to_asker(session: Session, claimed: Claim, now: datetime) -> Composed | Unneeded:
    """Say why what they wanted posted was not."""
    found = unposted.refused(session, claimed)
    if found is None:
        return Unneeded("Nobody knows any more what was asked for.")
    wanted = f"{found.details['item']} was not posted in <#{found.recipient}>."
    return Composed(_message(wanted, found.reason))


def _message(sentence: str, reason: str | None) -> Message:
    return blocks.message(blocks.section(sentence, reason or ""))
