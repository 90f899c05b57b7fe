"""Answers to a series: the same said to those that come later, each by its own rules."""

from dataclasses import dataclass
from datetime import datetime

from storage import followers, rsvps, titles
from storage.asker import Asker
from storage.database import Session, writes
from storage.errors import Refusal
from storage.models import Answer, Briefing
from storage.rsvps import Outcome


@dataclass(frozen=True)
class Answered:
    """What became of each, the soonest first; those with *refused* numbers took no such answer."""

    first: Briefing
    outcomes: tuple[Outcome, ...]
    refused: tuple[int, ...]


@writes
def answer(
    session: Session, asker: Asker, now: datetime, briefing_id: int, said: Answer
) -> Answered:
    """Say *said* to all of its series that come later than a briefing. Raises Refusal."""
    first = titles.by_id(session, asker, Briefing, briefing_id)
    later = followers.numbers(session, asker, now, first)
    if not later:
        raise Refusal(f"Nothing of its series that you can see comes later than E{first.id}.")
    outcomes, refused = [], []
    for number in later:
        try:
            with session.begin_nested():
                outcomes.append(rsvps.hear(session, asker, now, number, said))
        except Refusal:
            refused.append(number)
    return Answered(first, tuple(outcomes), tuple(refused))
