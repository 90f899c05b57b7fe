"""To somebody who goes: the briefing is a day away, or about to begin, and how to get in.

Or, days before, that it still asks them something that must be answered.
"""

import math
from datetime import datetime, timedelta

from bot.digests.composing import Composed, Unneeded
from commands import asking, blocks, cards, notices, words
from commands.words import count, said, when
from storage import briefings, people, questions
from storage.database import Session
from storage.deliveries import Claim
from storage.models import Briefing, Place, Standing, State
from storage.reminders import ASK

MINUTE = timedelta(minutes=1)


def compose(session: Session, claimed: Claim, now: datetime) -> Composed | Unneeded:
    """Remind of a briefing, unless it was cancelled, moved or given up meanwhile."""
    asker = people.asker_of(session, claimed.workspace, now, claimed.details["person"])
    found = briefings.seen(session, asker, now, claimed.details["briefing"]) if asker else None
    if asker is None or found is None or found.briefing.state is not State.PUBLISHED:
        return Unneeded("The briefing does not take place, or they may no longer see it.")
    if found.mine is None or found.mine.standing is not Standing.GOING:
        return Unneeded("They are not going any more.")
    briefing, (_, _, which, starts, _) = found.briefing, claimed.key.split(":")
    if str(int(briefing.starts_at.timestamp())) != starts:
        return Unneeded("The briefing was moved; the reminder for its new time is planned.")
    asks = questions.of(briefing.questions, found.mine) if which == ASK else None
    if which == ASK and (asks is None or not asks.is_missing):
        return Unneeded("They have answered what it asks.")
    link = ""
    if briefing.place is not Place.IN_PERSON and briefing.join_link:
        link = f"Join: {words.link(briefing.join_link)}"
    return Composed(
        blocks.message(
            blocks.section(
                f"{_near(briefing, which, now)}: *E{briefing.id} {said(briefing.title, 150)}*",
                when(briefing.starts_at, asker.zone, briefing.zone),
                " · ".join(
                    part
                    for part in (
                        said(briefing.venue, 120),
                        cards.where(briefing.place, briefing.city),
                    )
                    if part
                ),
                link,
                asking.told(briefing.id, asks),
            ),
            blocks.context("You get this because you said you are going.", *notices.of(briefing)),
            cards.answers(briefing.id, Standing.GOING, *asking.button(briefing.id, asks)),
        )
    )


def _near(briefing: Briefing, which: str, now: datetime) -> str:
    if which == ASK:
        return "Not answered yet"
    if which == "24h":
        return "Coming up"
    return f"Begins in {count(math.ceil((briefing.starts_at - now) / MINUTE), 'minute')}"
