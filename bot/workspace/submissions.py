"""A person submits or closes a modal, and what the bot's answer does to it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from bot.workspace import checks, forms, payloads
from bot.workspace.checks import Refused
from bot.workspace.clicks import check_in_front_of, remember
from bot.workspace.deliveries import Courier, Exchange, Parcel
from bot.workspace.people import User
from bot.workspace.record import Sent
from bot.workspace.screens import named, push_onto
from bot.workspace.views import View
from bot.workspace.world import World

Json = dict[str, Any]
TROUBLE = "We had some trouble connecting. Try again?"


def top(world: World, user: User) -> View:
    """Find the modal in front of *user*; raises LookupError."""
    stack = world.modals.get(user.id)
    if not stack:
        raise LookupError(f"{user.name} has no modal open")
    return stack[-1]


async def submit(
    world: World,
    courier: Courier,
    user: User,
    view: View,
    state: Mapping[str, Any] | None = None,
) -> Exchange:
    """Submit *view* with what was entered, and follow the bot's answer.

    What the client itself refuses is not sent: the sentences stand in view.errors.
    """
    check_in_front_of(world, user, view)
    remember(view.blocks, view.entered, state)
    view.trouble = ""
    view.errors = forms.complaints(view)
    world.touch()
    if view.errors:
        return Exchange(error="incomplete")
    why = f"{user.name} submitted {view.title}"
    body = payloads.interaction(world, "view_submission", user)
    body["trigger_id"] = world.tickets.trigger(user.id, view.place, why)
    body["view"] = view.payload(world.installation)
    body["response_urls"] = _response_urls(world, user, view, why)
    exchange = await courier.deliver(Parcel("interactive", body))
    if not exchange.acked:
        view.trouble = TROUBLE
        world.touch()
        return exchange
    return _follow(world, view, exchange, why)


async def close(world: World, courier: Courier, view: View) -> list[Exchange]:
    """Close *view*, and with clear_on_close all below it; the bot hears of it where it asked."""
    is_cleared = bool(view.content.get("clear_on_close", False))
    going = list(reversed(world.modals[view.user])) if is_cleared else [view]
    exchanges = []
    for each in going:
        world.close(each)
    for each in going:
        if each.content.get("notify_on_close", False):
            body = payloads.interaction(world, "view_closed", world.users[each.user])
            body |= {"view": each.payload(world.installation), "is_cleared": is_cleared}
            exchanges.append(await courier.deliver(Parcel("interactive", body)))
    return exchanges


def _follow(world: World, view: View, exchange: Exchange, why: str) -> Exchange:
    refusal = None
    try:
        checks.check_submission_reply(exchange.body, view.content)
        _apply(world, view, exchange.body or {})
    except Refused as refused:
        refusal = refused
        view.trouble = TROUBLE
        world.touch()
    if exchange.body:
        args = exchange.body if isinstance(exchange.body, dict) else {"body": exchange.body}
        error, details = (refusal.error, refusal.messages) if refusal else (None, ())
        to = world.describe(view.user)
        world.note(
            Sent("ack", args, exchange.raw, world.clock(), error=error, details=details, to=to,
                 why=why)
        )  # fmt: skip
    if refusal is None:
        return exchange
    return replace(exchange, error=refusal.error, details=refusal.messages)


def _apply(world: World, view: View, answer: Json) -> None:
    action = answer.get("response_action")
    if action == "errors":
        view.errors = dict(answer["errors"])
        world.touch()
    elif action == "update":
        view.replace(named(world, answer["view"]), world.new_hash())
        world.touch()
    elif action == "push":
        push_onto(world, view.user, answer["view"])
    elif action == "clear":
        world.modals[view.user] = []
        world.touch()
    else:
        world.close(view)


def _response_urls(world: World, user: User, view: View, why: str) -> list[Json]:
    urls = []
    for block in view.blocks:
        element = block.get("element", {})
        if not element.get("response_url_enabled", False):
            continue
        kept = view.state[block["block_id"]][element["action_id"]]
        channel = kept.get("selected_conversation") or kept.get("selected_channel")
        if channel is None:
            continue
        ticket = world.tickets.reply(user.id, str(channel), why)
        urls.append(
            {
                "block_id": block["block_id"],
                "action_id": element["action_id"],
                "channel_id": channel,
                "response_url": payloads.response_url(world, ticket),
            }
        )
    return urls
