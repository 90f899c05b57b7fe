"""What the page shows to one person, and nothing that this person could not see."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from bot.workspace import told as unasked
from bot.workspace.faults import Faults
from bot.workspace.people import User
from bot.workspace.places import Channel, Message
from bot.workspace.record import as_entry
from bot.workspace.views import View
from bot.workspace.world import SLACKBOT, World, as_file_object

Json = dict[str, Any]
HOME = "home"
NEWEST = 100


def state(
    world: World, faults: Faults, vocabulary: Sequence[Json], note: str, asked: Mapping[str, str]
) -> Json:
    """Describe everything to draw for the person and place in *asked*."""
    app = world.installation
    user = world.users.get(asked.get("user", ""))
    told = {
        "version": world.version,
        "now": world.clock().isoformat(),
        "team": {"id": app.team, "name": app.team_name, "domain": app.domain},
        "coalition": {"name": app.team_name, "fictional_note": note},
        "people": [_person(world, each) for each in world.users.values() if each.id != SLACKBOT],
        "commands": list(vocabulary),
        "shortcuts": app.shortcuts,
        "sent": [as_entry(sent) for sent in reversed(world.sent[-NEWEST:])],
        "told": unasked.as_entries(world),
        "faults": faults.as_entries(),
    }
    if user is None or user.is_bot:
        return told | {"places": [], "messages": [], "home": None, "modals": []}
    return told | _seen(world, user, asked.get("place", ""))


def _seen(world: World, user: User, place: str) -> Json:
    channel = world.channels.get(place)
    said = world.seen_by(user.id, channel) if channel is not None else []
    if said:
        world.seen[user.id, place] = said[-1].ts
    home = world.homes.get(user.id)
    return {
        "places": _places(world, user),
        "messages": [_message(world, message) for message in said],
        "home": _view(world, home) if home is not None else None,
        "modals": [_view(world, view) for view in world.modals.get(user.id, [])],
    }


def _person(world: World, user: User) -> Json:
    return {
        "id": user.id,
        "name": user.name,
        "title": user.title,
        "organisation": user.organisation,
        "tz": user.tz or "UTC",
        "badges": _badges(world, user),
    }


def _badges(world: World, user: User) -> list[str]:
    is_other = user.team_id != world.installation.team
    marks = {
        "admin": user.is_admin,
        "guest": user.is_restricted and not user.is_ultra_restricted,
        "single-channel guest": user.is_ultra_restricted,
        "other organisation": is_other,
        "stranger": user.is_stranger,
        "bot": user.is_bot,
        "deactivated": user.deleted,
    }
    return [name for name, holds in marks.items() if holds]


def _places(world: World, user: User) -> list[Json]:
    channels = [
        channel
        for channel in world.channels.values()
        if user.id in channel.members and not channel.is_dm
    ]
    listed = [_place(world, user, channel) for channel in channels]
    if world.installation.takes_messages:
        listed.append(_place(world, user, world.dm(user)))
    if world.installation.has_home:
        name = world.installation.name
        listed.append({"id": HOME, "name": f"{name} Home", "kind": "app", "unread": 0})
    return listed


def _place(world: World, user: User, channel: Channel) -> Json:
    kind = "private" if channel.kind == "private" else "channel"
    if channel.is_dm:
        kind = "dm"
    elif channel.is_ext_shared:
        kind = "shared"
    read = world.seen.get((user.id, channel.id), "")
    new = [each for each in world.seen_by(user.id, channel) if each.ts > read]
    return {
        "id": channel.id,
        "name": world.installation.name if channel.is_dm else channel.name,
        "kind": kind,
        "unread": sum(each.user != user.id for each in new),
        "purpose": channel.purpose,
        "is_archived": channel.is_archived,
    }


def _message(world: World, message: Message) -> Json:
    author = world.users[message.user]
    told = {
        "ts": message.ts,
        "user": {"id": author.id, "name": author.name, "is_bot": author.is_bot},
        "text": message.text,
        "blocks": message.blocks,
        "ephemeral": message.ephemeral,
        "at": message.at.isoformat(),
    }
    if message.thread_ts is not None:
        told["thread_ts"] = message.thread_ts
    if message.edited is not None:
        told["edited"] = message.edited
    if message.files:
        told["files"] = [as_file_object(world, world.files[each]) for each in message.files]
    return told


def _view(world: World, view: View) -> Json:
    shown = view.payload(world.installation)
    return shown | {"errors": dict(view.errors), "trouble": view.trouble}
