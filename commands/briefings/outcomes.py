"""What people see of what came of a briefing."""

from datetime import datetime

from commands import blocks, cards
from commands.blocks import Block, Message
from commands.words import count, said
from storage.asker import Asker
from storage.outcomes import Outcomes


def drawn(found: Outcomes, asker: Asker, now: datetime) -> Message:
    """Draw its action items, those to be done first, and what else was made of it."""
    number = f"E{found.briefing.id}"
    name = f"{number} {found.briefing.title}"
    note = f"To note one: `/actions add {number}: Ana to send the notes due 3 June`"
    if not found.items and not found.made:
        nothing = f"Nothing is noted that came of *{said(name, 160)}*."
        return blocks.message(blocks.section(nothing, note))
    rows: list[Block] = [blocks.header(f"What came of {name}")]
    for item in found.items:
        rows += cards.action(item, asker.person, now)
    if found.items_in_all > len(found.items):
        left = count(found.items_in_all - len(found.items), "action item")
        rows.append(blocks.context(f"and {left} more"))
    rows += [
        blocks.section(
            f"*{short} {said(title, 150)}*",
            accessory=blocks.button("Show", cards.SHOWN_BY[short[0]], short, about=f"Show {short}"),
        )
        for short, title in found.made
    ]
    return blocks.message(*rows, blocks.context(note))
