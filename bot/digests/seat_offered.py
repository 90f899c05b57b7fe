"""To somebody on the waitlist, shortly before the start: a seat is held for them to take."""

from datetime import datetime

from bot.digests.composing import Composed, Unneeded
from commands import blocks, cards
from commands.briefings import offers
from commands.words import said, when
from storage import briefings, people
from storage.database import Session
from storage.deliveries import Claim
from storage.models import Standing


def compose(session: Session, claimed: Claim, now: datetime) -> Composed | Unneeded:
    """Offer the seat, unless it has been taken, passed on or offered to somebody else since."""
    asker = people.asker_of(session, claimed.workspace, now, claimed.details["person"])
    found = briefings.seen(session, asker, now, claimed.details["briefing"]) if asker else None
    if asker is None or found is None:
        return Unneeded("They may no longer see this briefing.")
    own = found.mine
    if own is None or own.standing is not Standing.OFFERED or own.offered_until is None:
        return Unneeded("The seat is not held for them any more.")
    briefing = found.briefing
    return Composed(
        blocks.message(
            blocks.section(
                f"A seat is free at *E{briefing.id} {said(briefing.title, 150)}*, and it is held "
                f"for you until {when(own.offered_until, asker.zone)}. After that it goes to the "
                "next on the waitlist.",
                when(briefing.starts_at, asker.zone, briefing.zone),
                cards.where(briefing.place, briefing.city),
            ),
            offers.taking(briefing.id),
        )
    )
