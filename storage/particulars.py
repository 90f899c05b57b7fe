"""Particulars: what whoever has a seat or waits for one answers to the questions of a briefing."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from storage import audit, guard, questions, rsvps, seating
from storage.asker import Asker
from storage.database import Session, writes
from storage.errors import Refusal
from storage.models import Briefing, Rsvp
from storage.policy import scope

LIMIT = 300  # characters of one answer
RECENT = 20
# What somebody has said to the same question elsewhere; nobody else is ever shown it for them.
_ELSEWHERE = (
    sa.select(Briefing.questions, Rsvp.particulars)
    .join(Rsvp, Rsvp.briefing_id == Briefing.id)
    .where(scope(Briefing), Rsvp.person_id == sa.bindparam("asker"), Rsvp.particulars.is_not(None))
    .order_by(Rsvp.answered_at.desc(), Rsvp.id.desc())
    .limit(RECENT)
)


@dataclass(frozen=True)
class Sheet:
    """The questions of *briefing*, and beside each what was *said*: "" where nothing was."""

    briefing: Briefing
    said: tuple[str, ...]


def mark(asked: Sequence[str]) -> str:
    """Give what tells the questions *asked* from any others."""
    return hashlib.sha256("\n".join(asked).encode()).hexdigest()[:16]


def sheet(session: Session, asker: Asker, now: datetime, called: str) -> Sheet:
    """Show what the briefing *called* so asks of *asker*, and what they have said to it before.

    What they have said to the same question elsewhere stands where they have not answered yet.
    Raises Refusal.
    """
    briefing = rsvps.named(session, asker, now, called)
    own = _own(session, asker, now, briefing)
    if own.particulars is not None:
        return Sheet(briefing, tuple(own.particulars))
    told: dict[str, str] = {}
    for asked, said in session.execute(_ELSEWHERE, asker.binds()):
        for question, answer in zip(asked, said or (), strict=False):
            told.setdefault(questions.text(question), answer)
    return Sheet(briefing, tuple(told.get(questions.text(one), "") for one in briefing.questions))


@writes
def keep(
    session: Session,
    asker: Asker,
    now: datetime,
    briefing_id: int,
    seen: str,
    said: Sequence[str],
) -> Sheet:
    """Keep what *asker* has *said* to the questions of a briefing, in the place of what they had.

    *seen* is the `mark` of the questions they were shown. Raises Refusal.
    """
    guard.check(**{f"answer_{number}": text for number, text in enumerate(said)})
    briefing = seating.hold(session, asker, briefing_id)
    own = _own(session, asker, now, briefing)
    if mark(briefing.questions) != seen or len(said) != len(briefing.questions):
        raise Refusal(
            "The questions were changed while you wrote, so nothing was saved. Open them again: "
            f"/briefings questions E{briefing.id}"
        )
    for question, answer in zip(briefing.questions, said, strict=True):
        if questions.must(question) and not answer:
            raise Refusal(
                f"«{questions.text(question)}» must be answered, so nothing was saved yet."
            )
    had = own.particulars
    own.particulars = list(said) if any(said) else None
    if own.particulars != had:
        before, after = ({"answered": bool(one)} for one in (had, own.particulars))
        audit.record(session, asker, now, "rsvp", f"briefing {briefing.id}", before, after)
    return Sheet(briefing, tuple(said))


def _own(session: Session, asker: Asker, now: datetime, briefing: Briefing) -> Rsvp:
    """Load whoever's answer it is who is asked. Raises Refusal for who is not."""
    rsvps.check(asker, now, briefing)
    if not briefing.questions:
        raise Refusal(f"E{briefing.id} asks nothing of those who come.")
    own = seating.of(session, briefing, asker.person)
    if own is None or own.standing not in questions.ASKED:
        raise Refusal(
            f"Only who has a seat at E{briefing.id}, or waits for one, is asked its questions. "
            "Answer Going first."
        )
    return own
