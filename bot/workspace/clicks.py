"""A person presses a button, makes a choice, types into an external menu, uses a shortcut."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from bot.workspace import checks, elements, payloads
from bot.workspace.checks import Refused
from bot.workspace.commands import check_may_act
from bot.workspace.deliveries import Courier, Exchange, Parcel
from bot.workspace.people import User
from bot.workspace.places import Channel, Message
from bot.workspace.views import View
from bot.workspace.world import World, as_message_object

Json = dict[str, Any]
Origin = Message | View


@dataclass(frozen=True, slots=True)
class Press:
    """One press or choice: the element's name, what tells it apart, and what was chosen.

    *selected* is a plain Python value as elements.entered takes it; *state* is what else was
    entered in the same message or view, as Slack's state.values.
    """

    action_id: str
    value: Any = None
    block_id: str | None = None
    selected: Any = None
    state: Mapping[str, Any] | None = None


async def press(
    world: World, courier: Courier, user: User, origin: Origin, press: Press
) -> Exchange:
    """Tell the bot of *press*; raises LookupError where no such element stands in *origin*."""
    check_in_front_of(world, user, origin)
    block, element = elements.find(
        origin.blocks, press.action_id, block_id=press.block_id, value=press.value
    )
    chosen = _chosen(origin, element, press)
    kept = entered_by(origin, user)
    remember(origin.blocks, kept, press.state)
    if element["type"] in elements.KEPT:
        key = elements.KEPT[element["type"]]
        put(kept, block["block_id"], press.action_id, {"type": element["type"], key: chosen})
    told = elements.action(block, element, chosen, world.next_ts())
    world.touch()
    body = _body(world, user, origin, told)
    return await courier.deliver(Parcel("interactive", body))


def check_in_front_of(world: World, user: User, origin: Origin) -> None:
    """Refuse to touch what this person has not on their screen."""
    if user.deleted:
        raise Refused("account_inactive")
    if isinstance(origin, View):
        if origin.user != user.id or origin not in world.open_views():
            raise Refused("not_found")
    elif origin not in world.seen_by(user.id, world.channels[origin.channel]):
        raise Refused("message_not_found")


def entered_by(origin: Origin, user: User) -> elements.Entered:
    """Find what *user* has entered in *origin*; in a message everybody has their own."""
    return origin.entered if isinstance(origin, View) else origin.entered.setdefault(user.id, {})


def remember(blocks: list[Json], kept: elements.Entered, state: Mapping[str, Any] | None) -> None:
    """Keep the values of *state* that belong to fields which stand in *blocks*."""
    for block, element in elements.standing(blocks):
        kind, name = element["type"], element["action_id"]
        value = (state or {}).get(block["block_id"], {}).get(name)
        if kind in elements.KEPT and isinstance(value, Mapping) and value.get("type") == kind:
            key = elements.KEPT[kind]
            put(kept, block["block_id"], name, {"type": kind, key: value.get(key)})


def put(kept: elements.Entered, block_id: str, action_id: str, value: Json) -> None:
    """Keep one value."""
    kept.setdefault(block_id, {})[action_id] = value


def _chosen(origin: Origin, element: Json, press: Press) -> Any:
    key = (elements.KEPT | elements.PRESSED)[element["type"]]
    if element["type"] in elements.PRESSED and key == "value":
        return press.value if press.value is not None else element.get("value")
    selected = press.value if press.selected is None else press.selected
    suggested = origin.suggested.get(press.action_id) if isinstance(origin, View) else None
    return elements.entered(element, selected, suggested)


def _body(world: World, user: User, origin: Origin, action: Json) -> Json:
    why = f"{user.name} pressed {action['action_id']}"
    body = payloads.interaction(world, "block_actions", user)
    if isinstance(origin, View):
        body["trigger_id"] = world.tickets.trigger(user.id, origin.place, why)
        body |= payloads.from_view(world, origin)
    else:
        body["trigger_id"] = world.tickets.trigger(user.id, origin.channel, why)
        state = elements.state(origin.blocks, origin.entered.get(user.id, {}))
        body |= payloads.from_message(world, origin, state)
        thread = origin.thread_ts if origin.is_reply else None
        ticket = world.tickets.reply(
            user.id, origin.channel, why, original=origin.ts, thread_ts=thread
        )
        body["response_url"] = payloads.response_url(world, ticket)
    return {**body, "actions": [action]}


async def suggest(
    world: World, courier: Courier, user: User, origin: Origin, press: Press
) -> Exchange:
    """Ask the bot what an external menu offers for the words in *press*'s value.

    The body of the answer holds options or option_groups; what Slack would refuse is an error.
    """
    check_in_front_of(world, user, origin)
    block, element = elements.find(origin.blocks, press.action_id, block_id=press.block_id)
    if element["type"] not in elements.EXTERNAL:
        raise LookupError(f"{press.action_id!r} is no external menu")
    body = payloads.interaction(world, "block_suggestion", user)
    if isinstance(origin, View):
        body |= payloads.from_view(world, origin)
    else:
        body |= payloads.from_message(world, origin, {})
    body |= {"value": press.value, "action_id": press.action_id, "block_id": block["block_id"]}
    exchange = await courier.deliver(Parcel("interactive", body))
    if not exchange.acked:
        return exchange
    try:
        checks.check_options(exchange.body or {})
    except Refused as refused:
        return replace(exchange, error=refused.error, details=refused.messages)
    if isinstance(origin, View):
        origin.suggested[press.action_id] = elements.offered(exchange.body)
    return exchange


async def shortcut(
    world: World,
    courier: Courier,
    user: User,
    callback_id: str,
    *,
    message: Message | None = None,
    channel: Channel | None = None,
) -> Exchange:
    """Use a shortcut, on *message* if it is one for messages; raises LookupError if unknown."""
    kind = "message" if message is not None else "global"
    known = [
        each
        for each in world.installation.shortcuts
        if each["callback_id"] == callback_id and each["type"] == kind
    ]
    if not known:
        raise LookupError(f"The manifest has no {kind} shortcut {callback_id!r}")
    why = f"{user.name} used {known[0]['name']}"
    body = payloads.interaction(world, "message_action" if message else "shortcut", user)
    body |= {"callback_id": callback_id, "action_ts": world.next_ts()}
    place = message.channel if message is not None else channel.id if channel else None
    body["trigger_id"] = world.tickets.trigger(user.id, place, why)
    if message is not None:
        body |= _on_message(world, user, message, why)
    return await courier.deliver(Parcel("interactive", body))


def _on_message(world: World, user: User, message: Message, why: str) -> Json:
    channel = world.channels[message.channel]
    check_may_act(user, channel)
    if user.team_id != world.installation.team:
        # People of other organisations have our buttons, but not our shortcuts.
        raise Refused("not_allowed")
    thread = message.thread_ts if message.is_reply else None
    ticket = world.tickets.reply(user.id, channel.id, why, thread_ts=thread)
    return {
        "channel": payloads.place(channel),
        "message": as_message_object(world, message),
        "message_ts": message.ts,
        "response_url": payloads.response_url(world, ticket),
    }
