"""To somebody who moved up from the waitlist: a seat is theirs."""

from datetime import datetime

from bot.digests.composing import Composed, Unneeded
from commands import asking, blocks, cards
from commands.briefings import views
from commands.words import said, when
from storage import briefings, people, questions
from storage.database import Session
from storage.deliveries import Claim
from storage.models import Standing


def compose(session: Session, claimed: Claim, now: datetime) -> Composed | Unneeded:
    """Say that a seat was freed, unless it has been given up since."""
    asker = people.asker_of(session, claimed.workspace, now, claimed.details["person"])
    found = briefings.seen(session, asker, now, claimed.details["briefing"]) if asker else None
    if asker is None or found is None:
        return Unneeded("They may no longer see this briefing.")
    if found.mine is None or found.mine.standing is not Standing.GOING:
        return Unneeded("They gave the seat up again.")
    briefing = found.briefing
    asks = questions.of(briefing.questions, found.mine)
    beside = (*views.to_calendar(briefing), *asking.button(briefing.id, asks))
    return Composed(
        blocks.message(
            blocks.section(
                f"A seat was freed: you are now going to *E{briefing.id} "
                f"{said(briefing.title, 150)}*.",
                when(briefing.starts_at, asker.zone, briefing.zone, briefing.precision),
                cards.where(briefing.place, briefing.city),
                asking.told(briefing.id, asks),
            ),
            cards.answers(briefing.id, Standing.GOING, *beside),
        )
    )
