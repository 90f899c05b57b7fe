"""A person types a slash command."""

from __future__ import annotations

import re
from dataclasses import replace
from html import escape

from bot.workspace import payloads, responses
from bot.workspace.checks import Refused
from bot.workspace.deliveries import Courier, Exchange, Parcel
from bot.workspace.people import User
from bot.workspace.places import Channel
from bot.workspace.world import World

PICKED = re.compile(r"<[@#]([A-Z0-9]+)(?:\|[^<>]*)?>")
URL = re.compile(r"https?://[^\s<>|]+")


async def run(world: World, courier: Courier, user: User, channel: Channel, typed: str) -> Exchange:
    """Send the command as *user*; the answer, or Slack's sentence on what failed, is shown.

    Raises Refused not_in_channel or account_inactive where no client would let them type.
    """
    check_may_act(user, channel)
    name, _, rest = typed.strip().partition(" ")
    app = world.installation
    if name not in app.commands or user.team_id != app.team:
        world.notice(user.id, channel.id, f"`{name}` is not a valid command.")
        return Exchange(error="unknown_command")
    why = f"{user.name} typed {typed.strip()}"
    should_escape = bool(app.commands[name].get("should_escape", False))
    text = encoded(world, rest.strip(), should_escape=should_escape)
    trigger = world.tickets.trigger(user.id, channel.id, why)
    ticket = world.tickets.reply(user.id, channel.id, why, command=typed.strip())
    body = payloads.command(world, user, channel, name, text, trigger, ticket)
    exchange = await courier.deliver(Parcel("command", body))
    if exchange.acked and exchange.body is not None:
        refusal = responses.take_ack(world, ticket, exchange.body, exchange.raw)
        if refusal is not None:
            exchange = replace(exchange, error=refusal.error, details=refusal.messages)
    if exchange.error is not None:
        world.notice(user.id, channel.id, _failure(name, exchange))
    return exchange


def check_may_act(user: User, channel: Channel) -> None:
    """Refuse what the person's own client would not let them do."""
    if user.deleted:
        raise Refused("account_inactive")
    if user.id not in channel.members:
        raise Refused("not_in_channel")


def encoded(world: World, text: str, *, should_escape: bool) -> str:
    """Write *text* the way it reaches the bot.

    ``&``, ``<`` and ``>`` are always escaped. With should_escape, ``@name``, ``#channel`` and what
    was picked from a list (``<@U…>``, ``<#C…>``) turn into mentions by id; addresses are wrapped.
    """
    written, end = [], 0
    for match in PICKED.finditer(text):
        mention = _picked(world, match[1], should_escape=should_escape)
        if mention is not None:
            written += [_encoded(world, text[end : match.start()], should_escape), mention]
            end = match.end()
    return "".join([*written, _encoded(world, text[end:], should_escape)])


def _picked(world: World, name: str, *, should_escape: bool) -> str | None:
    user, channel = world.users.get(name), world.channels.get(name)
    if user is not None:
        return f"<@{user.id}|{user.handle}>" if should_escape else f"@{user.handle}"
    if channel is not None and not channel.is_dm:
        return _mention(channel) if should_escape else f"#{channel.name}"
    return None


def _encoded(world: World, text: str, should_escape: bool) -> str:
    plain = escape(text, quote=False)
    if not should_escape:
        return plain
    plain = URL.sub(lambda match: f"<{match[0]}>", plain)
    with_people = _with_mentions(plain, "@", _people(world))
    return _with_mentions(with_people, "#", _channels(world))


def _with_mentions(text: str, sign: str, known: dict[str, str]) -> str:
    names = sorted(known, key=len, reverse=True)
    if not names:
        return text
    anyone = "|".join(re.escape(name) for name in names)
    mention = re.compile(rf"(?<![\w<]){sign}({anyone})(?!\w)", re.IGNORECASE)
    by_name = {name.lower(): written for name, written in known.items()}
    return mention.sub(lambda match: by_name[match[1].lower()], text)


def _people(world: World) -> dict[str, str]:
    return {
        escape(name, quote=False): f"<@{user.id}|{user.handle}>"
        for user in world.users.values()
        for name in (user.name, user.handle)
    }


def _channels(world: World) -> dict[str, str]:
    return {
        channel.name: _mention(channel) for channel in world.channels.values() if not channel.is_dm
    }


def _mention(channel: Channel) -> str:
    return f"<#{channel.id}|{'' if channel.kind == 'private' else channel.name}>"


def _failure(name: str, exchange: Exchange) -> str:
    error = "http_service_error" if exchange.error == "http_error" else exchange.error
    return f'{name} failed with the error "{error}"'
