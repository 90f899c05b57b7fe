"""The server: every address of the workspace, on loopback only."""

from __future__ import annotations

import contextlib
import ipaddress
import socket
from collections.abc import AsyncIterator

from starlette.applications import Starlette
from starlette.responses import PlainTextResponse
from starlette.routing import Route, WebSocketRoute
from starlette.types import ASGIApp, Receive, Scope, Send

from bot import serving
from bot.workspace.misbehaviour import Protocol
from bot.workspace.page_api import Page
from bot.workspace.sockets import Sockets
from bot.workspace.web_api import WebApi
from bot.workspace.webhooks import Webhooks

GRACE_SECONDS = 1


def check_loopback(host: str) -> None:
    """Raise ValueError with a sentence for an address that others could reach."""
    if not _is_loopback(host):
        raise ValueError(
            f"The local workspace has no passwords, so it is served on this machine only: "
            f"choose 127.0.0.1 instead of {host}."
        )


def application(api: WebApi, webhooks: Webhooks, sockets: Sockets, page: Page) -> ASGIApp:
    """Put every address together."""
    routes = [
        Route("/", page.file),
        Route("/page/api/state", page.state),
        Route("/page/api/wait", page.wait),
        Route("/page/api/act", page.act, methods=["POST"]),
        Route("/page/{file}", page.file),
        Route("/api/{method}", api.__call__, methods=["GET", "POST"]),
        Route("/response/{team}/{ticket}", webhooks.respond, methods=["POST"]),
        Route("/upload/v1/{file}", webhooks.upload, methods=["POST"]),
        Route("/files/{file}/{name}", webhooks.download),
        WebSocketRoute("/socket", sockets.serve),
    ]
    return LoopbackOnly(Starlette(routes=routes))


class LoopbackOnly:
    """Turns away requests that were addressed to another name: pages elsewhere cannot reach in."""

    def __init__(self, inside: ASGIApp) -> None:
        self._inside = inside

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer if the Host is this machine by a name of its own."""
        headers = dict(scope.get("headers", ()))
        host = headers.get(b"host", b"").decode("latin-1")
        if _is_loopback(_without_port(host)):
            await self._inside(scope, receive, send)
        elif scope["type"] == "websocket":
            await receive()
            await send({"type": "websocket.close", "code": 4403})
        else:
            await PlainTextResponse("This address is not served here.", 403)(scope, receive, send)


@contextlib.asynccontextmanager
async def served(app: ASGIApp, listening: socket.socket) -> AsyncIterator[None]:
    """Serve *app* for as long as the block runs, ready to misbehave."""
    async with serving.served(
        app, listening, http=Protocol, ws="websockets-sansio", grace=GRACE_SECONDS
    ):
        yield


def listen(host: str, port: int) -> socket.socket:
    """Open the listening socket; 0 takes a free port. Raises ValueError, AddressTaken."""
    check_loopback(host)
    return serving.listen(host, port)


def _is_loopback(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return False


def _without_port(host: str) -> str:
    name, colon, port = host.rpartition(":")
    return name if colon and port.isdecimal() else host
