"""To whoever said maybe: registration is about to close, and maybe holds no seat."""

from datetime import datetime

from bot.digests.composing import Composed, Unneeded
from commands import blocks, cards
from commands.words import said, when
from storage import briefings, people
from storage.database import Session
from storage.deliveries import Claim
from storage.models import Briefing, Standing, State


def compose(session: Session, claimed: Claim, now: datetime) -> Composed | Unneeded:
    """Ask once more, unless they have answered, or it is open for longer or for nobody."""
    asker = people.asker_of(session, claimed.workspace, now, claimed.details["person"])
    found = briefings.seen(session, asker, now, claimed.details["briefing"]) if asker else None
    if asker is None or found is None or found.briefing.state is not State.PUBLISHED:
        return Unneeded("The briefing does not take place, or they may no longer see it.")
    if found.mine is None or found.mine.standing is not Standing.MAYBE:
        return Unneeded("They have answered.")
    briefing, closes = found.briefing, found.briefing.closes_at
    if closes is None or str(int(closes.timestamp())) != claimed.key.split(":")[2]:
        return Unneeded("Registration closes at another time; what asks then is planned.")
    return Composed(
        blocks.message(
            blocks.section(
                f"Registration closes soon: *E{briefing.id} {said(briefing.title, 150)}*",
                _left(briefing, when(closes, asker.zone)),
                cards.seats(briefing.capacity, briefing.taken, found.waiting).capitalize(),
                when(briefing.starts_at, asker.zone, briefing.zone, briefing.precision),
            ),
            cards.answers(briefing.id, Standing.MAYBE),
        )
    )


def _left(briefing: Briefing, until: str) -> str:
    """Say what can be had until then, which maybe does not hold."""
    if briefing.needs_approval:
        return f"Until {until} you can ask for a seat, which its organisers give. You said maybe."
    if briefing.capacity is None or briefing.taken < briefing.capacity:
        return f"Until {until} you can take a seat. You said maybe, which holds none."
    if briefing.has_waitlist:
        return (
            f"Until {until} you can still join the waitlist. You said maybe, which holds no place "
            "in it."
        )
    return f"It is open until {until}, but all seats are taken. You said maybe, which holds none."
