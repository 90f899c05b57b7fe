"""What the bot answers where somebody acted: as an acknowledgement, or by the response URL."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from bot.workspace import checks, elements
from bot.workspace.checks import Refused
from bot.workspace.places import Message
from bot.workspace.record import Sent
from bot.workspace.tickets import Reply
from bot.workspace.world import World

Json = dict[str, Any]


def take_ack(world: World, ticket: str, body: Any, raw: bytes) -> Refused | None:
    """Show the answer in a command's acknowledgement; what Slack would refuse comes back."""
    reply = world.tickets.replies[ticket]
    payload = {"text": body} if isinstance(body, str) else body
    refusal = None
    try:
        answer(world, reply, payload)
    except Refused as refused:
        refusal = refused
    world.note(
        Sent(
            "ack",
            payload if isinstance(payload, dict) else {"body": payload},
            raw,
            world.clock(),
            error=refusal.error if refusal else None,
            details=refusal.messages if refusal else (),
            to=audience(world, reply, payload),
            why=reply.why,
        )
    )
    return refusal


def take_post(world: World, ticket: str, payload: Any) -> Reply:
    """Show what was posted to a response URL; raises Refused, and then no use is counted."""
    reply = world.tickets.usable_reply(ticket)
    answer(world, reply, payload)
    reply.uses += 1
    return reply


def answer(world: World, reply: Reply, payload: Any) -> None:
    """Show *payload* where *reply* leads: only to the person, unless it says in_channel."""
    checks.check_reply(payload)
    given: Mapping[str, Any] = payload
    original = _original(world, reply)
    if given.get("delete_original") and original is not None:
        world.unsay(original)
        reply.original = None
    elif given.get("replace_original") and original is not None:
        _replace(world, original, given)
    elif not given.get("delete_original"):
        _say(world, reply, given)


def audience(world: World, reply: Reply, payload: Any) -> str:
    """Name who sees what is answered with *reply*."""
    is_public = isinstance(payload, Mapping) and payload.get("response_type") == "in_channel"
    return world.describe(reply.channel if is_public else reply.user)


def _original(world: World, reply: Reply) -> Message | None:
    if reply.original is None:
        return None
    try:
        return world.message(reply.channel, reply.original)
    except Refused:
        return None


def _replace(world: World, original: Message, given: Mapping[str, Any]) -> None:
    if original.ephemeral and given.get("response_type") == "in_channel":
        words = "[ERROR] an ephemeral message cannot become one for the channel"
        raise Refused("invalid_payload", [f"{words} [json-pointer:/response_type]"])
    original.text = _words(given)
    original.blocks = _blocks(world, given)
    original.attachments = given.get("attachments") or []
    world.touch()


def _say(world: World, reply: Reply, given: Mapping[str, Any]) -> None:
    is_public = given.get("response_type") == "in_channel"
    if is_public and reply.command is not None:
        # Slack shows the command itself above the first answer that the whole channel sees.
        world.say(
            Message(reply.channel, world.next_ts(), reply.user, reply.command, is_from_bot=False)
        )
        reply.command = None
    message = Message(
        reply.channel,
        world.next_ts(),
        world.installation.bot_user,
        _words(given),
        blocks=_blocks(world, given),
        attachments=given.get("attachments") or [],
        visible_to=None if is_public else reply.user,
        thread_ts=given.get("thread_ts") or reply.thread_ts,
        metadata=given.get("metadata"),
    )
    world.say(message)
    reply.original = reply.original or message.ts


def _words(given: Mapping[str, Any]) -> str:
    return str(given.get("text") or given.get("markdown_text") or "")


def _blocks(world: World, given: Mapping[str, Any]) -> list[Json]:
    return elements.with_ids(given.get("blocks") or [], lambda: world.fresh("b"))
