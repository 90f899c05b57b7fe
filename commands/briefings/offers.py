"""What people see of a seat that is held for them."""

from commands import blocks
from commands.blocks import Block
from commands.cards import DECLINED, GOING


def taking(briefing_id: int) -> Block:
    """Draw the buttons by which one takes a seat that is held for one, or lets it go on."""
    number = f"E{briefing_id}"
    about = f"Take the seat: {number}"
    return blocks.actions(
        blocks.button("Take it", GOING, briefing_id, style="primary", about=about),
        blocks.button("Pass", DECLINED, briefing_id, about=f"Pass the seat on: {number}"),
    )
