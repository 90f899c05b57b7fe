"""Taking back one's own answer: the button for it, and what people see of what is so again."""

from commands import blocks, cards
from commands.blocks import Block, Message
from commands.briefings import offers
from commands.typing import row_id
from commands.words import said, when
from storage.models import Standing
from storage.rsvps import Outcome
from storage.undoing import Undone

UNDO = "briefings.undo"


def button(outcome: Outcome) -> list[Block]:
    """Draw the button by which one takes an answer back; none where nothing is to take back."""
    if outcome.change is None:
        return []
    answer, change = outcome.change
    about = f"Undo your answer to E{outcome.briefing.id}"
    return [blocks.button("Undo", UNDO, f"{answer} {change}", about=about)]


def read(value: str) -> tuple[int, int]:
    """Read which answer it was, and how often it had changed by then."""
    answer, _, change = value.partition(" ")
    return row_id(answer), row_id(change)


def drawn(undone: Undone, zone: str) -> Message:
    """Say what is so again, and what is not any more."""
    briefing = undone.briefing
    note = f"Your note: {said(undone.note)}" if undone.note else ""
    is_held = undone.standing is Standing.OFFERED
    return blocks.message(
        blocks.section(_became(undone, zone), note),
        offers.taking(briefing.id) if is_held else cards.answers(briefing.id, undone.standing),
    )


def _became(undone: Undone, zone: str) -> str:
    name = f"*E{undone.briefing.id} {said(undone.briefing.title, 150)}*"
    if undone.standing is None:
        return f"Undone: you have not answered {name}."
    if undone.standing is Standing.WAITLISTED:
        return _waits(undone, name)
    held = f"Undone: a seat at {name} is held for you"
    became = {
        Standing.GOING: f"Undone: you are going to {name}.",
        Standing.OFFERED: f"{held} until {when(undone.until, zone)}." if undone.until else held,
        Standing.ASKED: f"Undone: you ask for a seat at {name} again; its organisers decide.",
        Standing.MAYBE: f"Undone: you said maybe to {name}.",
        Standing.DECLINED: f"Undone: you are not going to {name}.",
    }
    return became[undone.standing]


def _waits(undone: Undone, name: str) -> str:
    place = f"You are number {undone.position} on the waitlist and move up when a seat is freed."
    if not undone.is_lost:
        return f"Undone for {name}. {place}"
    taken = f"{undone.company}" if undone.company else "somebody else has your seat by now"
    return f"{name}: {said(taken, 1000)}, so it is not taken back. {place}"
