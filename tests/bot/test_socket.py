"""Socket Mode: the bot connects by itself, says so, and lets go."""

import asyncio
import base64
import contextlib
import hashlib
import json
import time
from collections.abc import AsyncIterator

import aiohttp
import pytest
from slack_bolt.app.async_app import AsyncApp
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot import manifest
from bot import socket as transport
from bot.installed import Alone, Tenant
from bot.socket import Socket
from bot.workspace import Workspace
from bot.workspace.clock import Clock
from tests.bot.office import answering, calling, client_of
from tests.factories import NOON

ACCEPTED = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11"  # RFC 6455


@pytest.fixture
async def workspace() -> AsyncIterator[Workspace]:
    made = Workspace(manifest.manifest(), Clock(frozen_at=NOON))
    async with made.serving():
        yield made


def app_on(client: AsyncWebClient) -> AsyncApp:
    return AsyncApp(client=client, request_verification_enabled=False)


def alone(client: AsyncWebClient) -> Alone:
    return Alone(Tenant(1, client), ())


async def test_it_is_open_until_it_is_closed(workspace: Workspace) -> None:
    async with calling(workspace) as client:
        made = Socket(app_on(client), workspace.app_token, alone(client))
        before = await made.is_open()
        await made.open()
        during = (await made.is_open(), len(workspace.sockets.connections))
        await made.close()

        assert (before, during, await made.is_open()) == (False, (True, 1), False)


async def test_a_token_slack_does_not_know_is_refused_at_once(workspace: Workspace) -> None:
    async with calling(workspace) as client:
        made = Socket(app_on(client), "xapp-of-somebody-else", alone(client))
        with pytest.raises(SlackApiError, match="invalid_auth"):
            await made.open()
        await made.close()

    assert sum(sent.method == "apps.connections.open" for sent in workspace.sent) == 1


async def test_where_nobody_listens_it_says_so_at_once() -> None:
    async with client_of("http://127.0.0.1:9/api/") as client:
        made = Socket(app_on(client), "xapp-1", alone(client))
        with pytest.raises(aiohttp.ClientConnectorError):
            await made.open()
        await made.close()


@contextlib.asynccontextmanager
async def leading_to(port: int) -> AsyncIterator[Socket]:
    """Make a socket of a Slack that sends everybody to *port*."""
    told = json.dumps({"ok": True, "url": f"ws://127.0.0.1:{port}/"})
    async with answering(200, told, "application/json") as client:
        yield Socket(app_on(client), "xapp-1", alone(client))


async def test_a_connection_that_does_not_come_about_is_given_up(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(transport, "PATIENCE", 0.2)
    async with leading_to(9) as made:
        with pytest.raises(TimeoutError):
            await made.open()
        await made.close()


async def greet(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """Shake hands as a websocket server, and never say a word again."""
    request = (await reader.readuntil(b"\r\n\r\n")).decode()
    (key,) = [
        line.partition(":")[2].strip()
        for line in request.splitlines()
        if line.lower().startswith("sec-websocket-key")
    ]
    # SHA-1 is what the protocol asks for.
    accepted = base64.b64encode(hashlib.sha1((key + ACCEPTED).encode()).digest())  # noqa: S324
    writer.write(
        b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
        b"Sec-WebSocket-Accept: " + accepted + b"\r\n\r\n"
    )
    with contextlib.suppress(ConnectionError):
        while await reader.read(100):
            pass
    writer.close()


async def test_a_goodbye_nobody_answers_is_not_waited_for() -> None:
    silent = await asyncio.start_server(greet, "127.0.0.1", 0)
    async with leading_to(silent.sockets[0].getsockname()[1]) as made:
        await made.open()
        begun = time.monotonic()
        await made.close()
        took = time.monotonic() - begun
    silent.close()
    await silent.wait_closed()

    assert 0.9 < took < 3
    assert not await made.is_open()
