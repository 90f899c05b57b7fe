"""The calls by which something leaves for Slack, or is taken back."""

import io
import json
import re
import time
import uuid
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import aiohttp
import orjson
from aiohttp.abc import AbstractStreamWriter
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient
from slack_sdk.web.async_slack_response import AsyncSlackResponse

from bot import refusals
from bot.digests import Composed, File, Recall
from commands import blocks
from commands.blocks import Message
from storage.deliveries import Claim

NAMESPACE = uuid.UUID("6ba7b811-9dad-11d1-80b4-00c04fd430c8")
GONE = frozenset({"channel_not_found", "file_deleted", "file_not_found", "message_not_found"})
# The channel, the message's ts (of files their ids), and the short ids it named: " E12 A7 ".
Sent = tuple[str, str, str]
# Linux tells the time a machine has slept only by this one.
_CLOCK = getattr(time, "CLOCK_BOOTTIME", time.CLOCK_MONOTONIC)
_NAMED = re.compile(r"\b[AEGIR][0-9]{1,9}\b")


@dataclass(frozen=True)
class Uploaded:
    """Files that Slack holds and nobody sees yet, and the *channel* they are for."""

    channel: str
    files: list[dict[str, str | None]]


def now() -> float:
    """Tell the seconds that have passed, those in which the machine slept among them."""
    return time.clock_gettime(_CLOCK)


class TooLateError(Exception):
    """The lease would not outlast the call, so nothing was sent."""


class Timely(aiohttp.BytesPayload):
    """A body that is only written before its *deadline*.

    A process may be frozen between any two steps of its own: the last is where it counts.
    """

    def __init__(self, content: bytes, deadline: float) -> None:
        super().__init__(content, content_type="application/json; charset=utf-8")
        self._deadline = deadline
        self.is_late = False

    async def write_with_length(
        self, writer: AbstractStreamWriter, content_length: int | None
    ) -> None:
        """Write it, unless it is too late; raises TooLateError, which aiohttp wraps."""
        self.is_late = now() > self._deadline
        if self.is_late:
            raise TooLateError
        await super().write_with_length(writer, content_length)


async def post(client: AsyncWebClient, claimed: Claim, message: Message, deadline: float) -> Sent:
    """Say *message* until *deadline* on `now()`. After a lost answer nobody knows if it did.

    Raises TooLateError, SlackApiError and what aiohttp raises.
    """
    keys = " ".join(opaque(each.key) for each in claimed.each)
    content = {
        "channel": claimed.recipient,
        "unfurl_links": False,
        "unfurl_media": False,
        "metadata": {"event_type": claimed.kind, "event_payload": {"key": keys}},
        **message,
    }
    answer = await _called(client, "chat.postMessage", content, deadline)
    return str(answer["channel"]), str(answer["ts"]), named(message)


async def change(
    client: AsyncWebClient, claimed: Claim, composed: Composed, deadline: float
) -> Sent:
    """Put a message in place of one of the bot's own, until *deadline*; may be done again.

    Raises like `post`. Whoever was away until later would put back what was true before.
    """
    content = {
        "channel": claimed.recipient,
        "ts": composed.ts,
        "parse": "none",  # else Slack guesses at links and names
        **composed.message,
    }
    await _called(client, "chat.update", content, deadline)
    return claimed.recipient, composed.ts, named(composed.message)


async def _called(
    client: AsyncWebClient, method: str, content: Mapping[str, Any], deadline: float
) -> AsyncSlackResponse:
    """Call as the SDK does, but for the deadline, which only the body's writer can keep."""
    assert client.session is not None  # noqa: S101 -- the composition root gave one
    url, body = f"{client.base_url}{method}", Timely(orjson.dumps(content), deadline)
    headers = {"Authorization": f"Bearer {client.token}"}
    try:
        async with client.session.post(
            url, data=body, headers=headers, proxy=client.proxy
        ) as answer:
            said, status, about = await answer.read(), answer.status, answer.headers
    except aiohttp.ClientError as error:
        if body.is_late:
            raise TooLateError from error
        raise
    data = _read(said)
    response = AsyncSlackResponse(
        client=client,
        http_verb="POST",
        api_url=url,
        req_args={},
        data=data,
        headers=about,  # type: ignore[arg-type]
        status_code=status,
    )
    response.validate()  # type: ignore[no-untyped-call]
    return response


def _read(said: bytes) -> dict[str, Any]:
    try:
        data = json.loads(said)
    except ValueError:
        return {}
    return data if isinstance(data, dict) else {}


def opaque(key: str) -> str:
    """Give the name of *key* that others may read: every app in the workspace sees metadata."""
    return str(uuid.uuid5(NAMESPACE, key))


async def channel(client: AsyncWebClient, recipient: str) -> str:
    """Give the channel itself, or the direct messages with the person *recipient*."""
    if not recipient.startswith(("U", "W")):
        return recipient
    opened = await client.conversations_open(users=recipient)
    return str(opened["channel"]["id"])


async def upload(client: AsyncWebClient, recipient: str, files: Iterable[File]) -> Uploaded:
    """Bring the bytes to Slack. Nothing is shown yet, so this may be done again."""
    target = await channel(client, recipient)
    return Uploaded(target, [await _uploaded(client, file) for file in files])


async def share(client: AsyncWebClient, uploaded: Uploaded, message: Message) -> Sent:
    """Show the files with the text of *message*: one call, so one message, or doubt."""
    await client.files_completeUploadExternal(
        files=uploaded.files, channel_id=uploaded.channel, initial_comment=message["text"]
    )
    return uploaded.channel, " ".join(str(file["id"]) for file in uploaded.files), named(message)


def named(message: Mapping[str, Any]) -> str:
    """List the short ids of all that *message* names, by which its copies are found again."""
    # Not its text: that is cut where the blocks say more.
    found = dict.fromkeys(_NAMED.findall(blocks.text_of(message.get("blocks", []))))
    return f" {' '.join(found)} " if found else ""


async def take_back(client: AsyncWebClient, recall: Recall) -> bool:
    """Delete a message of the bot's own, or its files; may be done again, since gone is gone."""
    for each in recall.ts.split():
        try:
            if each.startswith("F"):
                await client.files_delete(file=each)
            else:
                await client.chat_delete(channel=recall.channel, ts=each)
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
