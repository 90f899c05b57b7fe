"""How a planned fault turns into what the bot sees: an error, a wait, a broken connection."""

from __future__ import annotations

import asyncio
from typing import Any

from starlette.responses import Response
from starlette.types import Receive, Scope, Send
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from bot.workspace.checks import Refused
from bot.workspace.checks.refused import refuse_if_any
from bot.workspace.checks.rules import complaint
from bot.workspace.faults import Fault

TRANSPORT = "convene.transport"
DROPS = 10  # in which an answer comes that takes its time


class Limited(Refused):
    """Too many calls: try again after so many *seconds*."""

    def __init__(self, seconds: int) -> None:
        super().__init__("ratelimited")
        self.seconds = seconds


class Broken(Refused):
    """The workspace's own failure, with a *status* of 5xx."""

    def __init__(self, status: int) -> None:
        super().__init__("internal_error")
        self.status = status


class Protocol(HttpToolsProtocol):
    """uvicorn's HTTP, which also tells the application the connection it speaks over."""

    def on_message_begin(self) -> None:
        """Note the connection beside what ASGI tells."""
        super().on_message_begin()
        self.scope["state"][TRANSPORT] = self.transport


class Dropped(Response):
    """No answer: the connection is closed instead."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Close the connection and wait until it is closed."""
        scope["state"][TRANSPORT].abort()
        # The request has been read: what comes next is the end of the connection.
        await receive()


class Halved(Response):
    """Half of *response*: then the connection is closed."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Send the headers and half of the body."""
        start = {"status": self.status_code, "headers": self.raw_headers}
        await send({"type": "http.response.start", **start})
        half = bytes(self.body[: len(self.body) // 2])
        await send({"type": "http.response.body", "body": half, "more_body": True})
        scope["state"][TRANSPORT].close()
        await receive()


class Dripping(Response):
    """An answer that comes a little at a time, within so many *seconds*."""

    seconds: float = 0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Send the headers, then the body in drops."""
        start = {"status": self.status_code, "headers": self.raw_headers}
        await send({"type": "http.response.start", **start})
        size = len(self.body) // DROPS + 1
        for at in range(0, len(self.body), size):
            await asyncio.sleep(self.seconds / DROPS)
            drop = bytes(self.body[at : at + size])
            await send({"type": "http.response.body", "body": drop, "more_body": True})
        await send({"type": "http.response.body"})


def spoil(fault: Fault | None) -> None:
    """Raise what *fault* answers instead of doing what was asked."""
    if fault is not None and not fault.is_done:
        refuse(fault)


def refuse(fault: Fault) -> None:
    """Raise what *fault* answers; some answer nothing."""
    if fault.kind in ("hang", "drop_after_accept", "late", "half", "drip", "lag", "unsupported"):
        return
    if fault.kind == "rate_limited":
        raise Limited(int(fault.seconds))
    if fault.kind == "server_error":
        raise Broken(fault.status)
    raise Refused(fault.name)


def refuse_unsupported(fault: Fault | None, blocks: Any) -> None:
    """Refuse *blocks* for those of a type that *fault* takes away."""
    if fault is None or fault.kind != "unsupported":
        return
    refuse_if_any(
        "invalid_blocks",
        [
            complaint(f"unsupported type: {fault.name}", f"/blocks/{index}/type")
            for index, block in enumerate(blocks or [])
            if block.get("type") == fault.name
        ],
    )


async def answered(fault: Fault | None, response: Response) -> Response:
    """Give *response*, late or not at all where *fault* says so."""
    if fault is not None and fault.kind == "hang":
        await asyncio.sleep(fault.seconds)
    if fault is not None and fault.kind in ("half", "drip"):
        headers = dict(response.headers)
        if fault.kind == "half":
            return Halved(response.body, response.status_code, headers)
        dripping = Dripping(response.body, response.status_code, headers)
        dripping.seconds = fault.seconds
        return dripping
    return Dropped() if is_dropped(fault) else response


def is_dropped(fault: Fault | None) -> bool:
    """Say whether the bot gets no answer at all."""
    return fault is not None and fault.kind in ("drop_after_accept", "late")


def headers_for(refused: Refused | None) -> dict[str, str]:
    """Add Retry-After where it belongs."""
    return {"Retry-After": str(refused.seconds)} if isinstance(refused, Limited) else {}


def status_for(refused: Refused, otherwise: int) -> int:
    """Choose the HTTP status of a refusal."""
    if isinstance(refused, Limited):
        return 429
    return refused.status if isinstance(refused, Broken) else otherwise


def told(refused: Refused) -> dict[str, Any]:
    """Build the body of a refusal."""
    body: dict[str, Any] = {"ok": False, "error": refused.error}
    if refused.messages:
        body["response_metadata"] = {"messages": list(refused.messages)}
    return body
