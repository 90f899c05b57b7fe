"""A seat that somebody asks a colleague for: the question to the one, the answer to the other."""

from datetime import datetime

from bot.digests.composing import Composed, Unneeded
from commands.briefings import swapping, views
from storage import briefings, people
from storage import swapping as swaps
from storage.database import Session
from storage.deliveries import Claim
from storage.models import Delivery, Standing

GONE = Unneeded("They may no longer see this briefing.")


def to_holder(session: Session, claimed: Claim, now: datetime) -> Composed | Unneeded:
    """Ask whether they give it, unless it is not to be given any more, or not wanted."""
    asker = people.asker_of(session, claimed.workspace, now, claimed.details["person"])
    found = briefings.seen(session, asker, now, claimed.details["briefing"]) if asker else None
    if asker is None or found is None:
        return GONE
    owed = session.get_one(Delivery, claimed.id)
    by = people.asker_of(session, claimed.workspace, now, claimed.details["asker"])
    if by is None or not swaps.is_open(session, owed, found.briefing, now):
        return Unneeded("They have no seat to give any more, or it is not wanted any more.")
    until = datetime.fromisoformat(claimed.details["until"])
    return Composed(swapping.question(found, by.name, until, claimed.id, asker.zone))


def to_asker(session: Session, claimed: Claim, now: datetime) -> Composed | Unneeded:
    """Say whether they gave it, unless it has been given up again since."""
    asker = people.asker_of(session, claimed.workspace, now, claimed.details["person"])
    found = briefings.seen(session, asker, now, claimed.details["briefing"]) if asker else None
    if asker is None or found is None:
        return GONE
    is_given = claimed.details["given"]
    if is_given and (found.mine is None or found.mine.standing is not Standing.GOING):
        return Unneeded("They gave the seat up again.")
    holder = people.asker_of(session, claimed.workspace, now, claimed.details["holder"])
    name = holder.name if holder else "Your colleague"
    calendar = views.to_calendar(found.briefing)
    return Composed(swapping.news(found, name, asker.zone, *calendar, is_given=is_given))
