"""What a briefing asks of whoever has a seat or waits for one: how it is said, and its button."""

from commands import blocks
from commands.blocks import Block
from commands.words import count
from storage.questions import Asks

ASK = "briefings.ask"


def button(number: int, asks: Asks | None) -> list[Block]:
    """Draw the button that opens the questions of briefing *number*; none where it asks nothing."""
    if asks is None:
        return []
    label = "Your answers" if asks.is_answered else f"Answer {count(asks.number, 'question')}"
    return [blocks.button(label, ASK, number, about=f"{label}: E{number}")]


def told(number: int, asks: Asks | None, *, forgot: bool = False) -> str:
    """Say what briefing *number* asks that is not answered yet, or that what was said is gone."""
    if forgot:
        return "What you answered to its questions is deleted."
    if asks is None or asks.is_answered:
        return ""
    some = f" {asks.must}" if asks.must < asks.number else ""
    must = f",{some} to be answered before it begins" if asks.must else ""
    asked = f"It asks {count(asks.number, 'question')} of you{must}"
    return f"{asked}: `/briefings questions E{number}`"
