"""The two calls around a file's upload, and the one that takes it back."""

from __future__ import annotations

from bot.workspace.checks import Refused
from bot.workspace.methods.call import Call, Json, Method
from bot.workspace.places import Channel, File, Message
from bot.workspace.posting import check_thread
from bot.workspace.world import as_file_object


def announce(call: Call) -> Json:
    """Say where the bytes of a file go."""
    name = call.text("filename")
    file = File(call.world.fresh("F"), name, call.number("length", 0), title=name)
    file.alt_text = call.text("alt_txt") or None
    call.world.files[file.id] = file
    return {"upload_url": f"{call.world.url}/upload/v1/{file.id}", "file_id": file.id}


def complete(call: Call) -> Json:
    """Show the uploaded files in the channels named; without a channel only the bot has them."""
    files = [_uploaded(call, entry) for entry in call.args["files"]]
    wanted = call.names("channel_id") + call.names("channels")
    for channel in [_target(call, each) for each in wanted]:
        _share(call, channel, files)
    return {"files": [as_file_object(call.world, file) for file in files]}


def delete(call: Call) -> Json:
    """Take a file back; what was said beside it stays."""
    file = call.world.files.pop(call.text("file"), None)
    if file is None:
        raise Refused("file_not_found")
    for channel in file.channels:
        for message in call.world.messages[channel]:
            message.files = [each for each in message.files if each != file.id]
    return {}


def _uploaded(call: Call, entry: Json) -> File:
    file = call.world.files.get(entry["id"])
    if file is None or file.content is None:
        raise Refused("file_not_found")
    file.title = entry.get("title") or file.title
    return file


def _target(call: Call, name: str) -> Channel:
    channel = call.world.channels.get(name)
    if channel is None or not call.is_visible(channel):
        raise Refused("channel_not_found")
    if call.app.bot_user not in channel.members:
        raise Refused("not_in_channel")
    if channel.is_archived:
        raise Refused("is_archived")
    check_thread(call.world, channel, call.text("thread_ts") or None)
    return channel


def _share(call: Call, channel: Channel, files: list[File]) -> None:
    for file in files:
        file.channels.append(channel.id)
    message = Message(
        channel.id,
        call.world.next_ts(),
        call.app.bot_user,
        call.text("initial_comment"),
        blocks=call.blocks(),
        thread_ts=call.text("thread_ts") or None,
        files=[file.id for file in files],
    )
    call.world.say(message)


METHODS: dict[str, Method] = {
    "files.getUploadURLExternal": announce,
    "files.completeUploadExternal": complete,
    "files.delete": delete,
}
