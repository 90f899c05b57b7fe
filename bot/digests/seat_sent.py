"""A seat that goes from one to a colleague: the question to the one, the answer to the other."""

from datetime import datetime

from bot.digests.composing import Composed, Unneeded
from commands import blocks, cards
from commands.briefings import offers
from commands.words import said, when, who
from storage import briefings, delegating, people
from storage.briefings import Detail
from storage.database import Session
from storage.deliveries import Claim
from storage.models import Delivery, Standing

GONE = Unneeded("They may no longer see this briefing.")


def to_colleague(session: Session, claimed: Claim, now: datetime) -> Composed | Unneeded:
    """Ask whether they take it, unless it is not to be had any more."""
    asker = people.asker_of(session, claimed.workspace, now, claimed.details["person"])
    found = briefings.seen(session, asker, now, claimed.details["briefing"]) if asker else None
    if asker is None or found is None:
        return GONE
    owed = session.get_one(Delivery, claimed.id)
    if not delegating.is_open(session, owed, found.briefing, now):
        return Unneeded("The seat was taken back, or the time to take it is over.")
    if found.mine is not None and found.mine.standing in (Standing.GOING, Standing.OFFERED):
        return Unneeded("They have a seat of their own.")
    giver = people.asker_of(session, claimed.workspace, now, claimed.details["giver"])
    until = datetime.fromisoformat(claimed.details["until"])
    briefing = found.briefing
    return Composed(
        blocks.message(
            blocks.section(
                f"{who(giver.name if giver else 'A colleague')} asks you to take their seat at "
                f"{_name(found)}. Without your answer by {when(until, asker.zone)} they keep it.",
                when(briefing.starts_at, asker.zone, briefing.zone, briefing.precision),
                cards.where(briefing.place, briefing.city),
            ),
            offers.taking_sent(briefing.id, claimed.id),
        )
    )


def to_giver(session: Session, claimed: Claim, now: datetime) -> Composed | Unneeded:
    """Say whether the colleague took it."""
    asker = people.asker_of(session, claimed.workspace, now, claimed.details["person"])
    found = briefings.seen(session, asker, now, claimed.details["briefing"]) if asker else None
    if found is None:
        return GONE
    colleague = people.asker_of(session, claimed.workspace, now, claimed.details["colleague"])
    name = who(colleague.name if colleague else "Your colleague")
    told = (
        f"{name} took your seat at {_name(found)}, so you are not going."
        if claimed.details["taken"]
        else f"{name} did not take your seat at {_name(found)}. It stays yours."
    )
    standing = found.mine.standing if found.mine else None
    return Composed(
        blocks.message(blocks.section(told), cards.answers(found.briefing.id, standing))
    )


def _name(found: Detail) -> str:
    return f"*E{found.briefing.id} {said(found.briefing.title, 150)}*"
