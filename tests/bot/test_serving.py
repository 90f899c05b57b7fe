"""Serving an app: on its own address, until told to stop, with requests under way finished."""

import asyncio
import socket
import time

import aiohttp
import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse
from starlette.routing import Route

from bot import serving as server
from bot.serving import AddressTaken, serving


async def slow(request: Request) -> PlainTextResponse:
    await asyncio.sleep(float(request.query_params["seconds"]))
    return PlainTextResponse("done")


APP = Starlette(routes=[Route("/", slow, methods=["GET", "POST"])])


async def fetched(host: str, port: int, seconds: float = 0) -> str:
    async with (
        aiohttp.ClientSession() as session,
        session.get(f"http://{host}:{port}/", params={"seconds": str(seconds)}) as response,
    ):
        return await response.text()


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "::1"])
async def test_it_answers_where_it_was_told_to(host: str) -> None:
    async with serving(APP, host, 0) as port:
        assert await fetched(f"[{host}]" if ":" in host else host, port) == "done"


async def asked_again(port: int, idle: float) -> bool:
    """Ask twice over one connection that is *idle* seconds in between; say if that went well."""
    connector = aiohttp.TCPConnector(keepalive_timeout=idle + 5)
    async with aiohttp.ClientSession(connector=connector) as session:
        address = f"http://127.0.0.1:{port}/?seconds=0"
        async with session.post(address) as response:
            await response.read()
        await asyncio.sleep(idle)
        try:
            async with session.post(address) as response:
                return await response.text() == "done"
        except aiohttp.ClientError:
            return False


@pytest.mark.parametrize(("idle", "is_lost"), [(None, False), (2, True)])
async def test_what_comes_over_a_connection_that_was_idle_is_not_lost(
    monkeypatch: pytest.MonkeyPatch, *, idle: int | None, is_lost: bool
) -> None:
    monkeypatch.setattr(server, "IDLE", idle or server.IDLE)
    around = idle or 5  # seconds; uvicorn's own
    async with serving(APP, "127.0.0.1", 0) as port:
        well = await asyncio.gather(
            *(asked_again(port, around - 0.01 + number / 5000) for number in range(100))
        )

    assert all(well) is not is_lost


async def test_a_request_under_way_is_finished_at_the_end() -> None:
    async with serving(APP, "127.0.0.1", 0) as port:
        asking = asyncio.create_task(fetched("127.0.0.1", port, 0.5))
        await asyncio.sleep(0.2)

    assert await asking == "done"


async def test_a_request_that_takes_too_long_does_not_keep_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(server, "GRACE", 1)
    begun = time.monotonic()
    async with serving(APP, "127.0.0.1", 0) as port:
        asking = asyncio.create_task(fetched("127.0.0.1", port, 20))
        await asyncio.sleep(0.2)

    await asyncio.wait({asking})
    assert time.monotonic() - begun < 5


async def test_afterwards_the_address_is_free_again() -> None:
    async with serving(APP, "127.0.0.1", 0) as port:
        await fetched("127.0.0.1", port)
    async with serving(APP, "127.0.0.1", port) as again:
        assert again == port


async def test_a_port_in_use_is_said_in_a_sentence() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(AddressTaken, match=f"Something else listens on 127.0.0.1:{port}; "):
            async with serving(APP, "127.0.0.1", port):
                pytest.fail("It listens.")


@pytest.mark.parametrize("host", ["192.0.2.1", "no such name.invalid"])
async def test_an_address_that_is_not_here_is_said_in_a_sentence(host: str) -> None:
    with pytest.raises(AddressTaken, match=rf"Nothing can listen on {host}:0: [A-Z].*\.$"):
        async with serving(APP, host, 0):
            pytest.fail("It listens.")
