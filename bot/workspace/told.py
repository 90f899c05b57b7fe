"""What the bot said unasked, for the page: when, to whom, why."""

from __future__ import annotations

from typing import Any

from bot.workspace.places import Channel
from bot.workspace.record import Sent
from bot.workspace.world import World

Json = dict[str, Any]
NEWEST = 200
POSTS = ("chat.postMessage", "files.completeUploadExternal")


def told(world: World) -> list[Sent]:
    """List what the bot posted, oldest first; answers to what somebody did are other requests."""
    return [sent for sent in world.sent if sent.ok and sent.method in POSTS]


def as_entries(world: World) -> list[Json]:
    """Describe it for the page, newest first, each with a person who reads it and where."""
    return [_entry(world, sent) for sent in reversed(told(world)[-NEWEST:])]


def _entry(world: World, sent: Sent) -> Json:
    text = str(sent.args.get("text") or sent.args.get("initial_comment"))
    channel = _place(world, str(sent.args.get("channel") or sent.args.get("channel_id")))
    return {
        "at": sent.at.isoformat(),
        "to": sent.to,
        "why": sent.why,
        "summary": text.split("\n")[0],
        "place": channel.id,
        "readers": [each for each in channel.members if not world.users[each].is_bot],
    }


def _place(world: World, ref: str) -> Channel:
    return world.dm(ref) if ref in world.users else world.channels[ref]
