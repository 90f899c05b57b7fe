"""The chat methods: what the bot says, changes and takes back."""

from __future__ import annotations

from bot.workspace.checks import Refused
from bot.workspace.methods.call import Call, Json, Method
from bot.workspace.places import Channel, Message
from bot.workspace.posting import check_reachable, check_thread
from bot.workspace.world import as_message_object


def post_message(call: Call) -> Json:
    """Say something in a channel, a thread, or to a person by their id."""
    channel = _target(call)
    _check_may_post(call, channel)
    thread = call.text("thread_ts") or None
    check_thread(call.world, channel, thread)
    message = _written(call, channel)
    message.thread_ts = thread
    message.is_broadcast = thread is not None and call.flag("reply_broadcast")
    call.world.say(message)
    told = as_message_object(call.world, message, with_metadata=True)
    return {"channel": channel.id, "ts": message.ts, "message": told}


def post_ephemeral(call: Call) -> Json:
    """Say something that only one person in the channel sees."""
    channel = call.channel()
    user = call.text("user")
    if call.app.bot_user not in channel.members:
        raise Refused("not_in_channel")
    if channel.is_archived:
        raise Refused("is_archived")
    if user not in channel.members:
        raise Refused("user_not_in_channel")
    check_reachable(call.world, call.world.person(user))
    message = _written(call, channel)
    message.visible_to = user
    message.thread_ts = call.text("thread_ts") or None
    call.world.say(message)
    return {"message_ts": message.ts}


def update(call: Call) -> Json:
    """Put other words in place of the bot's own; without blocks the old blocks go."""
    message = _own(call, "cant_update_message")
    message.text = call.text("text") or call.text("markdown_text")
    message.blocks = call.blocks()
    message.attachments = call.args.get("attachments") or []
    if "metadata" in call.args:
        message.metadata = call.args["metadata"] or None
    # Slack marks only plain text as edited.
    message.edited = None if message.blocks else call.world.next_ts()
    call.world.touch()
    told = as_message_object(call.world, message, with_metadata=True)
    return {"channel": message.channel, "ts": message.ts, "text": message.text, "message": told}


def delete(call: Call) -> Json:
    """Take back what the bot said."""
    message = _own(call, "cant_delete_message")
    call.world.unsay(message)
    return {"channel": message.channel, "ts": message.ts}


def permalink(call: Call) -> Json:
    """Name the address of one message."""
    channel = call.channel()
    message = call.world.message(channel.id, call.text("message_ts"))
    if message.ephemeral:
        raise Refused("message_not_found")
    address = f"{call.world.url}/archives/{channel.id}/p{message.ts.replace('.', '')}"
    return {"channel": channel.id, "permalink": address}


def _target(call: Call) -> Channel:
    wanted = call.text("channel")
    if wanted not in call.world.users:
        return call.channel()
    check_reachable(call.world, call.world.users[wanted])
    return call.world.dm(wanted)


def _check_may_post(call: Call, channel: Channel) -> None:
    if channel.is_archived:
        raise Refused("is_archived")
    if call.app.bot_user not in channel.members and "chat:write.public" not in call.app.scopes:
        raise Refused("not_in_channel")
    if channel.is_dm:
        person = next(each for each in channel.members if each != call.app.bot_user)
        check_reachable(call.world, call.world.users[person])
        if not call.app.takes_messages:
            raise Refused("messages_tab_disabled")


def _written(call: Call, channel: Channel) -> Message:
    return Message(
        channel.id,
        call.world.next_ts(),
        call.app.bot_user,
        call.text("text") or call.text("markdown_text"),
        blocks=call.blocks(),
        attachments=call.args.get("attachments") or [],
        metadata=call.args.get("metadata"),
    )


def _own(call: Call, refusal: str) -> Message:
    channel = call.channel()
    message = call.world.message(channel.id, call.text("ts"))
    if message.ephemeral:
        raise Refused("message_not_found")
    if not message.is_from_bot:
        raise Refused(refusal)
    if channel.is_archived:
        raise Refused("is_archived" if refusal == "cant_delete_message" else "is_inactive")
    return message


METHODS: dict[str, Method] = {
    "chat.postMessage": post_message,
    "chat.postEphemeral": post_ephemeral,
    "chat.update": update,
    "chat.delete": delete,
    "chat.getPermalink": permalink,
}
