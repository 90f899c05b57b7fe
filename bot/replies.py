"""How an answer reaches whoever asked: each kind of request has its own way back."""

import asyncio
import html
from collections.abc import Awaitable, Callable, Mapping
from typing import Any

import aiohttp
import orjson
from slack_bolt.context.ack.async_ack import AsyncAck
from slack_bolt.response import BoltResponse

from bot.afterwards import Afterwards
from commands import blocks
from commands.blocks import Message, View

PATIENCE = aiohttp.ClientTimeout(total=5)
AGAIN = 1  # seconds until an answer that did not get through is tried once more

ShowHome = Callable[[str], Awaitable[None]]


class Written(BoltResponse):
    """An answer as it goes over the wire; Bolt, and a socket, read the same as text."""

    def __init__(self, told: Mapping[str, Any]) -> None:
        # Bolt would write it with `json`, which takes as long as to draw it.
        self.written = orjson.dumps(told)
        super().__init__(status=200, body=self.written.decode())


class CommandReply:
    """A command is answered by the acknowledgement itself."""

    def __init__(self, ack: AsyncAck) -> None:
        self._ack = ack
        self.is_given = False

    async def __call__(self, message: Message, *, replace: bool = False) -> None:
        """Show *message* to whoever typed the command."""
        self.is_given = True
        self._ack.response = Written({"response_type": "ephemeral", **message})

    async def silently(self) -> None:
        """Acknowledge without a word."""
        self.is_given = True
        await self._ack()

    async def explain(self, message: Message) -> None:
        """Say what went wrong."""
        await self(message)

    async def invalid(self, fields: Mapping[str, str]) -> None:
        """Say what is wrong with each field; a command has none, so as a message."""
        await self(blocks.message(blocks.section("\n".join(fields.values()))))


class EventReply(CommandReply):
    """An event is acknowledged without a word, and turned away where nothing came of it."""

    async def explain(self, message: Message) -> None:
        """Turn it away: Slack tells it again at once, after a minute, and after five."""
        self.is_given = True
        self._ack.response = BoltResponse(status=503, body=message["text"])


class ClickReply(CommandReply):
    """A click in a message is acknowledged, then answered through its response_url."""

    def __init__(
        self, ack: AsyncAck, after: Afterwards, session: aiohttp.ClientSession, url: str
    ) -> None:
        super().__init__(ack)
        self._after, self._session, self._url = after, session, url

    async def __call__(self, message: Message, *, replace: bool = False) -> None:
        """Show *message* below what was clicked, or in its place."""
        await self.silently()
        body = {"response_type": "ephemeral", "replace_original": replace, **message}
        self._after(_post, self._session, self._url, body)


class HomeReply(CommandReply):
    """A click in the Home shows the Home afresh, with what became of it on top."""

    def __init__(self, ack: AsyncAck, after: Afterwards, show: ShowHome) -> None:
        super().__init__(ack)
        self._after, self._show = after, show

    async def __call__(self, message: Message, *, replace: bool = False) -> None:
        """Publish the Home again with *message*'s text as its first line."""
        await self.silently()
        self._after(self._show, message["text"])


class FormReply(CommandReply):
    """A submitted form is answered inside its own modal."""

    def __init__(self, ack: AsyncAck, view: Mapping[str, Any]) -> None:
        super().__init__(ack)
        self._view = view

    async def __call__(self, message: Message, *, replace: bool = False) -> None:
        """Show *message* in the place of the form."""
        self.is_given = True
        shown = blocks.modal("coalition.told", self._view["title"]["text"], message["blocks"])
        await self._ack(response_action="update", view=shown)

    async def turn(self, view: View) -> None:
        """Show *view*, the next form or the same once more, in the place of the form."""
        self.is_given = True
        await self._ack(response_action="update", view=view)

    async def invalid(self, fields: Mapping[str, str]) -> None:
        """Say below each field what is wrong with it; what was typed stays."""
        self.is_given = True
        await self._ack(response_action="errors", errors=dict(fields))

    async def explain(self, message: Message) -> None:
        """Say why the form cannot be taken below its first field, so that nothing typed is lost."""
        fields = [b["block_id"] for b in self._view["blocks"] if b["type"] == "input"]
        if fields:
            await self.invalid({fields[0]: html.unescape(message["text"])})
        else:
            await self(message)


async def _post(session: aiohttp.ClientSession, url: str, body: Mapping[str, Any]) -> None:
    try:
        await _posted(session, url, body)
    except (aiohttp.ClientError, TimeoutError):
        # What only one person sees may stand there twice rather than not at all.
        await asyncio.sleep(AGAIN)
        await _posted(session, url, body)


async def _posted(session: aiohttp.ClientSession, url: str, body: Mapping[str, Any]) -> None:
    async with session.post(url, json=body, timeout=PATIENCE) as response:
        response.raise_for_status()
        await response.read()  # what is not read costs the connection, and the next its handshake
