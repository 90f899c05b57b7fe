"""The conversations methods: which channels there are, who is in them, what was said."""

from __future__ import annotations

from bot.workspace.checks import Refused
from bot.workspace.methods.call import Call, Json, Method, page, paged
from bot.workspace.places import Channel, Message
from bot.workspace.posting import check_reachable
from bot.workspace.scopes import check_kind
from bot.workspace.world import as_message_object

TYPES = {"public_channel": "public", "private_channel": "private", "im": "dm", "mpim": "mpim"}


def info(call: Call) -> Json:
    """Describe one conversation."""
    channel = call.channel()
    check_kind(channel.kind, "read", call.app.scopes)
    return {"channel": _described(call, channel)}


def members(call: Call) -> Json:
    """List who is in a conversation, a page at a time."""
    channel = call.channel()
    check_kind(channel.kind, "read", call.app.scopes)
    people, cursor = page(call, channel.members, 100)
    return paged({"members": people}, cursor)


def everything(call: Call) -> Json:
    """List the conversations that the bot can see, a page at a time."""
    kinds = [TYPES[each] for each in call.names("types") or ["public_channel"] if each in TYPES]
    for kind in kinds:
        check_kind(kind, "read", call.app.scopes)
    found = [
        channel
        for channel in call.world.channels.values()
        if channel.kind in kinds
        and call.is_visible(channel)
        and not (call.flag("exclude_archived") and channel.is_archived)
    ]
    channels, cursor = page(call, found, 100)
    return paged({"channels": [_described(call, channel) for channel in channels]}, cursor)


def open_conversation(call: Call) -> Json:
    """Open the direct messages with one person; the bot has no group messages here."""
    if "channel" in call.args:
        channel = call.channel()
        if not channel.is_dm:
            raise Refused("method_not_supported_for_channel_type")
        return {"channel": {"id": channel.id}, "already_open": True}
    people = [call.world.person(each) for each in call.names("users")]
    if len(people) > 1:
        raise Refused("method_not_supported_for_channel_type")
    check_reachable(call.world, people[0])
    known = set(call.world.channels)
    channel = call.world.dm(people[0])
    shown = _described(call, channel) if call.flag("return_im") else {"id": channel.id}
    told = {"no_op": True, "already_open": True} if channel.id in known else {}
    return {"channel": shown, **told}


def history(call: Call) -> Json:
    """List what was said in a conversation, newest first; answers in threads are left out."""
    channel = _readable(call)
    said = [
        message
        for message in reversed(_lasting(call, channel))
        if not message.is_reply or message.is_broadcast
    ]
    return _told(call, _between(call, said))


def replies(call: Call) -> Json:
    """List a thread: what opened it, then the answers, oldest first."""
    channel = _readable(call)
    opening = call.text("ts")
    thread = [
        message for message in _lasting(call, channel) if opening in (message.ts, message.thread_ts)
    ]
    if not any(message.ts == opening for message in thread):
        raise Refused("thread_not_found")
    return _told(call, _between(call, thread))


def _readable(call: Call) -> Channel:
    channel = call.channel()
    check_kind(channel.kind, "history", call.app.scopes)
    if call.app.bot_user not in channel.members:
        raise Refused("not_in_channel")
    return channel


def _lasting(call: Call, channel: Channel) -> list[Message]:
    return [each for each in call.world.messages.get(channel.id, []) if not each.ephemeral]


def _between(call: Call, said: list[Message]) -> list[Message]:
    oldest = call.text("oldest", "0")
    latest = call.text("latest", "9999999999.999999")
    is_inclusive = call.flag("inclusive")
    return [
        message
        for message in said
        if _seconds(oldest) < _seconds(message.ts) < _seconds(latest)
        or (is_inclusive and _seconds(message.ts) in (_seconds(oldest), _seconds(latest)))
    ]


def _seconds(ts: str) -> int:
    whole, _, fraction = ts.partition(".")
    try:
        return int(whole) * 10**6 + int(fraction[:6].ljust(6, "0"))
    except ValueError:
        raise Refused("invalid_ts_latest") from None


def _told(call: Call, said: list[Message]) -> Json:
    messages, cursor = page(call, said, 100)
    with_metadata = call.flag("include_all_metadata")
    told = [as_message_object(call.world, each, with_metadata=with_metadata) for each in messages]
    return paged({"messages": told, "has_more": bool(cursor), "pin_count": 0}, cursor)


def _described(call: Call, channel: Channel) -> Json:
    is_member = call.app.bot_user in channel.members
    if channel.is_dm:
        person = next(each for each in channel.members if each != call.app.bot_user)
        return {
            "id": channel.id,
            "created": channel.created,
            "is_im": True,
            "is_org_shared": False,
            "is_archived": channel.is_archived,
            "user": person,
            "is_user_deleted": call.world.users[person].deleted,
        }
    return {
        "id": channel.id,
        "name": channel.name,
        "name_normalized": channel.name,
        "created": channel.created,
        "is_channel": channel.kind == "public",
        "is_group": channel.kind == "private",
        "is_im": False,
        "is_mpim": channel.kind == "mpim",
        "is_private": channel.kind in ("private", "mpim"),
        "is_archived": channel.is_archived,
        "is_general": False,
        "is_shared": channel.is_ext_shared,
        "is_ext_shared": channel.is_ext_shared,
        "is_org_shared": False,
        "is_pending_ext_shared": channel.is_pending_ext_shared,
        "is_member": is_member,
        "context_team_id": call.app.team,
        "shared_team_ids": _teams(call, channel),
        "topic": {"value": "", "creator": "", "last_set": 0},
        "purpose": {"value": channel.purpose, "creator": "", "last_set": 0},
        "num_members": len(channel.members),
    }


def _teams(call: Call, channel: Channel) -> list[str]:
    if not channel.is_ext_shared:
        return [call.app.team]
    teams = {call.world.users[member].team_id for member in channel.members}
    return [call.app.team, *sorted(teams - {call.app.team})]


METHODS: dict[str, Method] = {
    "conversations.info": info,
    "conversations.members": members,
    "conversations.list": everything,
    "conversations.open": open_conversation,
    "conversations.history": history,
    "conversations.replies": replies,
}
