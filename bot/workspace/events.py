"""Events the bot is told of: what people say, Homes they open, anything else a test makes up."""

from __future__ import annotations

from typing import Any

from bot.workspace import payloads
from bot.workspace.checks import Refused
from bot.workspace.commands import check_may_act, encoded
from bot.workspace.deliveries import Courier, Exchange
from bot.workspace.people import User
from bot.workspace.places import Channel, Message
from bot.workspace.world import World, as_message_object

Json = dict[str, Any]
MESSAGE_EVENTS = {"public": "message.channels", "private": "message.groups", "dm": "message.im"}
CHANNEL_TYPES = {"public": "channel", "private": "group", "dm": "im"}


async def tell(world: World, courier: Courier, event: Json) -> Exchange:
    """Deliver *event*, if the app subscribes to it."""
    if _subscription(event) not in world.installation.events:
        return Exchange(error="not_subscribed")
    told = {"event_ts": world.next_ts(), **event}
    return await courier.deliver_event(payloads.event(world, told))


async def open_home(world: World, courier: Courier, user: User) -> Exchange:
    """Let *user* open the app's Home."""
    if user.deleted:
        raise Refused("account_inactive")
    view = world.homes.get(user.id)
    event: Json = {
        "type": "app_home_opened",
        "user": user.id,
        "channel": world.dm(user).id,
        "tab": "home",
    }
    world.tickets.happened(f"{user.name} opened Home")
    if view is not None:
        event |= {"view": view.payload(world.installation)}
    return await tell(world, courier, event)


async def say(
    world: World,
    courier: Courier,
    user: User,
    channel: Channel,
    text: str,
    thread_ts: str | None = None,
) -> Message:
    """Let *user* say something; the bot hears what it subscribes to and where it is."""
    check_may_act(user, channel)
    if channel.is_archived:
        raise Refused("is_archived")
    if channel.is_dm:
        _check_takes_messages(world)
    written = encoded(world, text, should_escape=True)
    message = Message(
        channel.id, world.next_ts(), user.id, written, is_from_bot=False, thread_ts=thread_ts
    )
    world.say(message)
    world.tickets.happened(f"{user.name} wrote a message")
    bot = world.installation.bot_user
    if bot not in channel.members:
        return message
    told = as_message_object(world, message) | {"channel": channel.id, "event_ts": message.ts}
    await tell(world, courier, told | {"channel_type": CHANNEL_TYPES[channel.kind]})
    if f"<@{bot}" in written and not channel.is_dm:
        await tell(world, courier, told | {"type": "app_mention"})
    return message


def _check_takes_messages(world: World) -> None:
    if not world.installation.takes_messages:
        raise Refused("messages_tab_disabled")
    if world.installation.is_read_only:
        raise Refused("messages_tab_read_only")


def _subscription(event: Json) -> str:
    if event["type"] != "message":
        return str(event["type"])
    names = dict(zip(CHANNEL_TYPES.values(), MESSAGE_EVENTS.values(), strict=True))
    return names.get(str(event.get("channel_type")), "message")
