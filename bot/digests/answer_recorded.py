"""To somebody: the secretariat has recorded an answer for them."""

from datetime import datetime

from bot.digests.composing import Composed, Unneeded
from commands.briefings import offers
from storage import briefings, people
from storage.database import Session
from storage.deliveries import Claim


def compose(session: Session, claimed: Claim, now: datetime) -> Composed | Unneeded:
    """Tell it as it stands now, unless they have answered since, or it has become another."""
    asker = people.asker_of(session, claimed.workspace, now, claimed.details["person"])
    found = briefings.seen(session, asker, now, claimed.details["briefing"]) if asker else None
    if asker is None or found is None:
        return Unneeded("They may no longer see this briefing.")
    if found.mine is None or found.mine.recorded_by_id is None:
        return Unneeded("They have answered themselves since.")
    if found.mine.changes != claimed.details.get("changes", found.mine.changes):
        return Unneeded("Their answer has changed since.")
    by = people.asker_of(session, claimed.workspace, now, found.mine.recorded_by_id)
    return Composed(offers.on_behalf(found, by.name if by else "The secretariat", asker.zone))
