"""The bodies Slack sends: what every command, interaction and event carries."""

from __future__ import annotations

from typing import Any

from bot.workspace.people import User
from bot.workspace.places import Channel, Message
from bot.workspace.views import View
from bot.workspace.world import World, as_message_object

Json = dict[str, Any]
CHANNEL_NAMES = {"dm": "directmessage", "private": "privategroup"}


def response_url(world: World, ticket: str) -> str:
    """Name the address behind a reply's secret."""
    return f"{world.url}/response/{world.installation.team}/{ticket}"


def place(channel: Channel) -> Json:
    """Name a conversation as interaction payloads do."""
    return {"id": channel.id, "name": CHANNEL_NAMES.get(channel.kind, channel.name)}


def command(
    world: World, user: User, channel: Channel, name: str, text: str, trigger: str, ticket: str
) -> Json:
    """Build a slash command's fields."""
    app = world.installation
    return {
        "token": "local-verification-token",
        "team_id": app.team,
        "team_domain": app.domain,
        "channel_id": channel.id,
        "channel_name": place(channel)["name"],
        "user_id": user.id,
        "user_name": user.handle,
        "command": name,
        "text": text,
        "api_app_id": app.app_id,
        "is_enterprise_install": "false",
        "response_url": response_url(world, ticket),
        "trigger_id": trigger,
    }


def interaction(world: World, kind: str, user: User) -> Json:
    """Build what every interaction begins with."""
    app = world.installation
    return {
        "type": kind,
        "user": {
            "id": user.id,
            "username": user.handle,
            "name": user.handle,
            "team_id": user.team_id,
        },
        "api_app_id": app.app_id,
        "token": "local-verification-token",
        "team": {"id": app.team, "domain": app.domain},
        "enterprise": None,
        "is_enterprise_install": False,
    }


def from_message(world: World, message: Message, state: Json) -> Json:
    """Say where a message stands that was acted on; an ephemeral one's content is left out."""
    container = {
        "type": "message",
        "message_ts": message.ts,
        "channel_id": message.channel,
        "is_ephemeral": message.ephemeral,
    }
    if message.thread_ts is not None:
        container["thread_ts"] = message.thread_ts
    told = {
        "container": container,
        "channel": place(world.channels[message.channel]),
        "state": {"values": state},
    }
    if not message.ephemeral:
        told["message"] = as_message_object(world, message)
    return told


def from_view(world: World, view: View) -> Json:
    """Say in which view somebody acted."""
    return {
        "container": {"type": "view", "view_id": view.id},
        "view": view.payload(world.installation),
    }


def event(world: World, told: Json) -> Json:
    """Put an event in its envelope."""
    app = world.installation
    channel = world.channels.get(str(told.get("channel")))
    return {
        "token": "local-verification-token",
        "team_id": app.team,
        "context_team_id": app.team,
        "context_enterprise_id": None,
        "api_app_id": app.app_id,
        "event": told,
        "type": "event_callback",
        "event_id": world.fresh("Ev"),
        "event_time": world.seconds,
        "event_context": world.fresh("EC"),
        "is_ext_shared_channel": channel is not None and channel.is_ext_shared,
        "authorizations": [
            {
                "enterprise_id": None,
                "team_id": app.team,
                "user_id": app.bot_user,
                "is_bot": True,
                "is_enterprise_install": False,
            }
        ],
    }
