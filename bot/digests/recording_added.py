"""To who came to a briefing, or had said they would or may: a recording or notes are there."""

from datetime import datetime

from bot.digests.composing import Composed, Unneeded
from commands.briefings import recorded
from storage import briefings, people, policy, recordings
from storage.database import Session
from storage.deliveries import Claim
from storage.policy import Act


def compose(session: Session, claimed: Claim, now: datetime) -> Composed | Unneeded:
    """Give the link, unless another took its place or the reader may not see it any more."""
    asker = people.asker_of(session, claimed.workspace, now, claimed.details["person"])
    found = briefings.seen(session, asker, now, claimed.details["briefing"]) if asker else None
    if asker is None or found is None or not policy.decide(asker, found.briefing, Act.READ):
        return Unneeded("They may no longer see it.")
    link = found.briefing.recording_link
    if link is None or recordings.mark(link) != claimed.details["link"]:
        return Unneeded("Another link took its place.")
    return Composed(recorded.news(found.briefing, link, found.mine))
