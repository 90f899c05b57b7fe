"""Serving one ASGI app on one address until it is told to stop."""

import asyncio
import contextlib
import errno
import socket
from collections.abc import AsyncIterator, Iterator
from typing import Any

import uvicorn
from starlette.types import ASGIApp

from bot.hindrance import Hindrance

GRACE = 2  # seconds for requests under way; Slack waits three
# Seconds a connection may stand idle: for longer than proxies keep theirs (60 to 90), or what one
# sends as we close is lost, and a command with it.
IDLE = 95


class AddressTaken(Hindrance):
    """The address cannot be listened on."""


class _Server(uvicorn.Server):
    def __init__(self, config: uvicorn.Config) -> None:
        super().__init__(config)
        self.ready, self.stopping = asyncio.Event(), asyncio.Event()

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        # The process has several servers and one way to stop; it is not uvicorn's.
        yield

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        self.ready.set()

    async def main_loop(self) -> None:
        # Uvicorn's own looks at the clock ten times a second.
        await self.stopping.wait()

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        # Uvicorn's own waits a tenth of a second, also where nothing is under way.
        for server in self.servers:
            server.close()
        for connection in list(self.server_state.connections):
            connection.shutdown()
        await asyncio.sleep(0)
        if self.server_state.connections or self.server_state.tasks:
            await super().shutdown(sockets)
        for listening in sockets or ():
            listening.close()


@contextlib.asynccontextmanager
async def serving(app: ASGIApp, host: str, port: int) -> AsyncIterator[int]:
    """Serve *app*; give the port. Requests under way are finished at the end.

    Raises AddressTaken when *port* is in use; 0 takes a free one.
    """
    listening = listen(host, port)
    async with served(app, listening, http="httptools", ws="none", grace=GRACE):
        yield int(listening.getsockname()[1])


@contextlib.asynccontextmanager
async def served(
    app: ASGIApp, listening: socket.socket, *, http: Any, ws: Any, grace: int
) -> AsyncIterator[None]:
    """Serve *app* on *listening* by uvicorn's protocols *http* and *ws*.

    At the end requests under way have *grace* seconds.
    """
    config = uvicorn.Config(
        app,
        http=http,
        ws=ws,
        lifespan="off",
        log_config=None,
        access_log=False,
        proxy_headers=False,  # nobody asks where a request comes from: Slack signs it
        date_header=False,
        server_header=False,
        timeout_keep_alive=IDLE,
        timeout_graceful_shutdown=grace,
    )
    server = _Server(config)
    running = asyncio.create_task(server.serve([listening]))
    await server.ready.wait()
    try:
        yield
    finally:
        server.stopping.set()
        await running


def listen(host: str, port: int) -> socket.socket:
    """Open the listening socket; 0 takes a free port. Raises AddressTaken.

    Opened here and not by uvicorn, which would end the process when it cannot.
    """
    try:
        named = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)
        family, kind, protocol, _, address = named[0]
        listening = socket.socket(family, kind, protocol)
    except OSError as error:
        raise _taken(error, host, port) from error
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listening.bind(address)
    except OSError as error:
        listening.close()
        raise _taken(error, host, port) from error
    return listening


def _taken(error: OSError, host: str, port: int) -> AddressTaken:
    if error.errno == errno.EADDRINUSE:
        return AddressTaken(
            f"Something else listens on {host}:{port}; choose another port "
            "(--port for the page, LISTEN for the bot)."
        )
    return AddressTaken(f"Nothing can listen on {host}:{port}: {error.strerror}.")
