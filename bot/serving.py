"""Serving one ASGI app on one address until it is told to stop."""

import asyncio
import contextlib
import sys
from collections.abc import AsyncIterator, Iterator

import uvicorn
from starlette.types import ASGIApp

LOOP = "asyncio" if sys.platform == "win32" else "uvloop"
GRACE = 5  # seconds for requests under way


class AddressTaken(Exception):  # noqa: N818 -- what somebody has to mend
    """Something else listens there already."""


class _Server(uvicorn.Server):
    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        # The process has several servers and one way to stop; it is not uvicorn's.
        yield


@contextlib.asynccontextmanager
async def serving(app: ASGIApp, host: str, port: int) -> AsyncIterator[int]:
    """Serve *app*; give the port. Requests under way are finished at the end.

    Raises AddressTaken when *port* is in use; 0 takes a free one.
    """
    config = uvicorn.Config(
        app,
        host=host,
        port=port,
        http="httptools",
        lifespan="off",
        log_config=None,
        access_log=False,
        timeout_graceful_shutdown=GRACE,
        server_header=False,
    )
    server = _Server(config)
    running = asyncio.create_task(server.serve())
    while not server.started:
        if running.done():
            raise AddressTaken(f"{host}:{port}")
        await asyncio.sleep(0.005)
    try:
        yield int(server.servers[0].sockets[0].getsockname()[1])
    finally:
        server.should_exit = True
        await running
