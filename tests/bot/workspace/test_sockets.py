import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Any

import aiohttp
import pytest

from tests.bot.workspace.crier import (
    Bot,
    Json,
    Town,
    client_of,
    serving_socket,
)

Refusal = Callable[[Awaitable[Any]], Awaitable[Any]]
JOINED: Json = {"type": "team_join", "user": {"id": "U0NEW"}}


async def address(town: Town) -> str:
    workspace = town.workspace
    client = client_of(workspace, workspace.app_token)
    return str((await client.apps_connections_open(app_token=workspace.app_token))["url"])


@asynccontextmanager
async def socket(town: Town) -> AsyncIterator[aiohttp.ClientWebSocketResponse]:
    async with aiohttp.ClientSession() as session, session.ws_connect(await address(town)) as ws:
        yield ws


async def test_a_socket_says_hello_and_carries_envelopes(quiet: Town) -> None:
    async with socket(quiet) as ws:
        hello = await ws.receive_json()
        command = asyncio.create_task(quiet.workspace.command(quiet.ana, quiet.square, "/cry hi"))
        envelope = await ws.receive_json()
        await ws.send_json({"envelope_id": envelope["envelope_id"], "payload": {"text": "Hello"}})
        exchange = await command

    assert (hello["type"], hello["num_connections"]) == ("hello", 1)
    assert hello["connection_info"]["app_id"] == quiet.workspace.installation.app_id
    assert (envelope["type"], envelope["accepts_response_payload"]) == ("slash_commands", True)
    assert envelope["payload"]["text"] == "hi"
    assert "retry_attempt" not in envelope
    assert (exchange.status, exchange.body) == (200, {"text": "Hello"})
    assert quiet.workspace.messages(quiet.square, seen_by=quiet.ana)[0].text == "Hello"


async def test_noise_on_a_socket_is_ignored(quiet: Town) -> None:
    async with socket(quiet) as ws:
        await ws.receive_json()
        for noise in ("", "{bad", "[]", "{}", '{"envelope_id": "unknown"}'):
            await ws.send_str(noise)
        command = asyncio.create_task(quiet.workspace.command(quiet.ana, quiet.square, "/cry"))
        envelope = await ws.receive_json()
        await ws.send_json({"envelope_id": envelope["envelope_id"]})

        assert (await command).acked


async def test_without_a_socket_nothing_can_be_delivered(quiet: Town) -> None:
    exchange = await quiet.workspace.command(quiet.ana, quiet.square, "/cry")

    assert (exchange.error, exchange.reason) == ("dispatch_failed", "connection_failed")
    with pytest.raises(TimeoutError):
        await quiet.workspace.connected(0.01)


async def test_a_ticket_is_good_for_one_connection(quiet: Town) -> None:
    url = await address(quiet)
    async with aiohttp.ClientSession() as session, session.ws_connect(url) as ws:
        await ws.receive_json()
        with pytest.raises(aiohttp.WSServerHandshakeError):
            await session.ws_connect(url)


async def test_an_event_nobody_acknowledges_is_sent_again(quiet: Town) -> None:
    quiet.workspace.sockets.ack_timeout = 0.05
    async with socket(quiet) as ws:
        await ws.receive_json()
        exchange = await quiet.workspace.event(JOINED)
        first, second = await ws.receive_json(), await ws.receive_json()

    assert (exchange.error, exchange.acked) == ("operation_timeout", False)
    assert (first["retry_attempt"], first["retry_reason"]) == (0, "")
    assert (second["retry_attempt"], second["retry_reason"]) == (1, "http_timeout")
    assert first["payload"]["event_id"] == second["payload"]["event_id"]
    assert first["envelope_id"] != second["envelope_id"]


async def test_a_socket_that_closes_leaves_its_envelope_unanswered(quiet: Town) -> None:
    async with socket(quiet) as ws:
        await ws.receive_json()
        command = asyncio.create_task(quiet.workspace.command(quiet.ana, quiet.square, "/cry"))
        await ws.receive_json()
        await ws.close()
        exchange = await command

    assert (exchange.error, exchange.reason) == ("dispatch_failed", "connection_failed")


async def test_each_envelope_goes_to_one_of_the_connections(quiet: Town) -> None:
    async with socket(quiet) as one, socket(quiet) as two:
        await one.receive_json()
        await two.receive_json()
        events = [asyncio.create_task(quiet.workspace.event(JOINED)) for _ in range(2)]
        got = [await one.receive_json(), await two.receive_json()]
        await one.send_json({"envelope_id": got[0]["envelope_id"]})
        await two.send_json({"envelope_id": got[1]["envelope_id"]})

        exchanges = await asyncio.gather(*events)

    assert all(exchange.acked for exchange in exchanges)


async def test_an_eleventh_connection_is_one_too_many(quiet: Town) -> None:
    async with aiohttp.ClientSession() as session:
        held = [await session.ws_connect(await address(quiet)) for _ in range(10)]
        hellos = [await each.receive_json() for each in held]
        last = await session.ws_connect(await address(quiet))
        goodbye = await last.receive_json()
        closed = await last.receive(timeout=1)

    assert hellos[-1]["num_connections"] == 10
    assert goodbye == {"type": "disconnect", "reason": "too_many_websockets"}
    assert closed.type == aiohttp.WSMsgType.CLOSE


async def test_a_bot_told_to_refresh_comes_back(quiet: Town) -> None:
    bot = Bot(quiet.workspace)
    async with serving_socket(bot):
        await quiet.workspace.sockets.disconnect("refresh_requested")
        await quiet.workspace.connected()
        # The stock client may reconnect twice: once for the farewell, once for the closing.
        async with asyncio.timeout(5):
            while not (await quiet.workspace.command(quiet.ana, quiet.square, "/cry")).acked:
                await quiet.workspace.connected()

    opened = [sent for sent in quiet.workspace.sent if sent.method == "apps.connections.open"]
    assert len(opened) >= 2


async def test_a_warning_leaves_the_socket_open(quiet: Town) -> None:
    async with socket(quiet) as ws:
        await ws.receive_json()
        await quiet.workspace.sockets.disconnect("warning")
        warning = await ws.receive_json()
        home = asyncio.create_task(quiet.workspace.open_home(quiet.ana))
        envelope = await ws.receive_json()
        await ws.send_json({"envelope_id": envelope["envelope_id"]})

        assert warning == {"type": "disconnect", "reason": "warning"}
        assert (await home).acked


async def test_envelopes_are_plain_json(quiet: Town) -> None:
    async with socket(quiet) as ws:
        await ws.receive_json()
        home = asyncio.create_task(quiet.workspace.open_home(quiet.ana))
        envelope = json.loads((await ws.receive()).data)
        await ws.send_json({"envelope_id": envelope["envelope_id"]})
        await home

    assert (envelope["type"], envelope["accepts_response_payload"]) == ("events_api", False)
