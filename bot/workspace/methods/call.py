"""One call of a method: its arguments, and where the bot may read and write."""

from __future__ import annotations

import base64
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

from bot.workspace import elements
from bot.workspace.checks import Refused
from bot.workspace.installation import Installation
from bot.workspace.places import Channel
from bot.workspace.world import World

Json = dict[str, Any]
Item = TypeVar("Item")
YES = (True, "true", "1", 1)


@dataclass(frozen=True, slots=True)
class Call:
    """A checked call, with its JSON arguments decoded."""

    world: World
    args: Mapping[str, Any]

    @property
    def app(self) -> Installation:
        """The app that calls."""
        return self.world.installation

    def flag(self, name: str) -> bool:
        """Read a yes or no, however it was sent."""
        return self.args.get(name, False) in YES

    def text(self, name: str, default: str = "") -> str:
        """Read a string."""
        value = self.args.get(name)
        return default if value is None else str(value)

    def number(self, name: str, default: int) -> int:
        """Read a whole number that the checks have already seen."""
        return int(self.args.get(name) or default)

    def names(self, name: str) -> list[str]:
        """Read names joined by commas."""
        return [each.strip() for each in self.text(name).split(",") if each.strip()]

    def blocks(self) -> list[Json]:
        """Read the blocks, each with its ids."""
        return elements.with_ids(self.args.get("blocks") or [], lambda: self.world.fresh("b"))

    def channel(self, name: str = "channel") -> Channel:
        """Find a conversation that the bot can see; raises Refused channel_not_found."""
        channel = self.world.channels.get(self.text(name))
        if channel is None or not self.is_visible(channel):
            raise Refused("channel_not_found")
        return channel

    def is_visible(self, channel: Channel) -> bool:
        """Say whether the bot may know that *channel* exists."""
        return channel.kind == "public" or self.app.bot_user in channel.members


Method = Callable[[Call], Json]


def page(call: Call, items: Sequence[Item], default: int) -> tuple[list[Item], str]:
    """Cut the page that the call asks for out of *items*; the cursor for the next is "" at the end.

    Raises Refused invalid_cursor for a cursor that was never given out.
    """
    start = _position(call.text("cursor"), len(items))
    end = start + call.number("limit", default)
    cursor = base64.b64encode(f"next:{end}".encode()).decode() if end < len(items) else ""
    return list(items[start:end]), cursor


def _position(cursor: str, most: int) -> int:
    if not cursor:
        return 0
    try:
        word, _, digits = base64.b64decode(cursor, validate=True).decode().partition(":")
        position = int(digits)
    except ValueError:
        raise Refused("invalid_cursor") from None
    if word != "next" or not 0 <= position <= most:
        raise Refused("invalid_cursor")
    return position


def paged(items: Json, cursor: str) -> Json:
    """Add the cursor where Slack puts it."""
    return {**items, "response_metadata": {"next_cursor": cursor}}
