"""The calls by which something leaves for Slack, or is taken back."""

import io
import re
import uuid
from collections.abc import Iterable
from dataclasses import dataclass

import aiohttp
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot import refusals
from bot.digests import File, Recall
from commands import blocks
from commands.blocks import Message
from storage.deliveries import Claim

NAMESPACE = uuid.UUID("6ba7b811-9dad-11d1-80b4-00c04fd430c8")
GONE = frozenset({"channel_not_found", "message_not_found"})
# The channel, the message's ts where Slack says it, and the short ids it named: " E12 A7 ".
Sent = tuple[str, str | None, str]
_NAMED = re.compile(r"\b[AEGIR][0-9]{1,9}\b")


@dataclass(frozen=True)
class Uploaded:
    """Files that Slack holds and nobody sees yet, and the *channel* they are for."""

    channel: str
    files: list[dict[str, str | None]]


async def post(client: AsyncWebClient, claimed: Claim, message: Message) -> Sent:
    """Say *message*. After a lost answer nobody knows whether it stands there."""
    answer = await client.chat_postMessage(
        channel=claimed.recipient,
        unfurl_links=False,
        unfurl_media=False,
        metadata={
            "event_type": claimed.kind,
            "event_payload": {"key": str(uuid.uuid5(NAMESPACE, claimed.key))},
        },
        **message,
    )
    return str(answer["channel"]), str(answer["ts"]), named(message)


async def upload(client: AsyncWebClient, recipient: str, files: Iterable[File]) -> Uploaded:
    """Bring the bytes to Slack. Nothing is shown yet, so this may be done again."""
    channel = recipient
    if recipient.startswith(("U", "W")):
        opened = await client.conversations_open(users=recipient)
        channel = str(opened["channel"]["id"])
    return Uploaded(channel, [await _uploaded(client, file) for file in files])


async def share(client: AsyncWebClient, uploaded: Uploaded, message: Message) -> Sent:
    """Show the files with the text of *message*: one call, so one message, or doubt."""
    await client.files_completeUploadExternal(
        files=uploaded.files, channel_id=uploaded.channel, initial_comment=message["text"]
    )
    return uploaded.channel, None, named(message)


def named(message: Message) -> str:
    """List the short ids of all that *message* names, by which its copies are found again."""
    # Not its text: that is cut where the blocks say more.
    found = dict.fromkeys(_NAMED.findall(blocks.text_of(message["blocks"])))
    return f" {' '.join(found)} " if found else ""


async def take_back(client: AsyncWebClient, recall: Recall) -> bool:
    """Delete a message of the bot's own; may be done again, since gone is gone."""
    try:
        await client.chat_delete(channel=recall.channel, ts=recall.ts)
    except SlackApiError as error:
        if refusals.name(error) not in GONE:
            raise
    return True


async def _uploaded(client: AsyncWebClient, file: File) -> dict[str, str | None]:
    announced = await client.files_getUploadURLExternal(
        filename=file.name, length=len(file.content)
    )
    assert client.session is not None  # noqa: S101 -- the composition root gave one
    body = io.BytesIO(file.content)
    async with client.session.post(announced["upload_url"], data=body) as answer:
        if answer.status != 200:
            raise aiohttp.ClientError(f"The upload was answered by {answer.status}.")
    return {"id": str(announced["file_id"]), "title": file.title}
