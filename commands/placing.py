"""The button by which an item is posted where others read, and the answer to it."""

from commands import blocks
from commands.blocks import Block, Message
from storage import titles
from storage.asker import Asker
from storage.postings import Postable, is_open_to


def button(asker: Asker, item: Postable, action: str, channel: str) -> list[Block]:
    """Draw the button that posts *item* in *channel*, where others read and *asker* may."""
    if not channel or channel.startswith("D") or not is_open_to(asker, item):
        return []
    known = titles.short_id(item)
    about = f"Post {known} here"
    return [blocks.actions(blocks.button("Post here", action, item.id, about=about))]


def on_its_way() -> Message:
    """Say that what is to be posted will be, if the channel's readers may see it."""
    return blocks.message(
        blocks.section(
            "It will appear here in a moment. If somebody in this channel may not see it, it stays "
            "away and you are told why."
        )
    )
