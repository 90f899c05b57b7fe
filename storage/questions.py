"""Questions that a briefing asks of whoever has a seat or waits for one: a few, and short.

One that must be answered ends with a mark. They are read-only once somebody has answered: what was
said belongs to what was asked.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from storage import guard
from storage.database import Session
from storage.errors import Refusal
from storage.models import Briefing, Rsvp, Standing

MOST, LIMIT = 5, 150  # questions, and characters of one
MARK = "*"
ASKED = (Standing.GOING, Standing.OFFERED, Standing.WAITLISTED)
READ_ONLY = (
    "Somebody has answered, so the questions are read-only. Say what else you need to know in the "
    "summary, or ask it in a copy."
)


@dataclass(frozen=True)
class Asks:
    """How many questions somebody is asked, how many *must* be answered, and if they have."""

    number: int
    must: int
    is_answered: bool

    @property
    def is_missing(self) -> bool:
        """Whether what must be answered has not been."""
        return bool(self.must) and not self.is_answered


def of(questions: Sequence[str], own: Any) -> Asks | None:
    """Say what *questions* ask of whoever's answer to the briefing is *own*; None for nothing.

    That is an Rsvp, its `standing` and `particulars`, or None.
    """
    if not questions or own is None or own.standing not in ASKED:
        return None
    return Asks(len(questions), sum(map(must, questions)), own.particulars is not None)


def must(question: str) -> bool:
    """Say whether *question* must be answered."""
    return question.endswith(MARK)


def text(question: str) -> str:
    """Give *question* without its mark."""
    return question.rstrip(f"{MARK} ")


def is_locked(session: Session, briefing: Briefing) -> bool:
    """Say whether somebody has answered, so that the questions stay as they are."""
    answered = sa.select(Rsvp.id).where(
        Rsvp.briefing_id == briefing.id, Rsvp.particulars.is_not(None)
    )
    return session.scalar(answered.limit(1)) is not None


def put(session: Session, briefing: Briefing, wanted: Sequence[str]) -> bool:
    """Let *briefing*, whose row the caller holds, ask *wanted*; say whether that is new.

    Raises Refusal, also once somebody has answered.
    """
    if list(wanted) == briefing.questions:
        return False
    guard.check(questions="\n".join(wanted))
    if len(wanted) > MOST or any(len(text(one)) > LIMIT for one in wanted):
        raise Refusal(f"Ask at most {MOST} questions of {LIMIT} characters each.")
    if is_locked(session, briefing):
        raise Refusal(READ_ONLY)
    briefing.questions = list(wanted)
    return True
