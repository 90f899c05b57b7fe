"""Socket Mode: the bot's connections, and envelopes that go out and are acknowledged."""

from __future__ import annotations

import asyncio
import itertools
import json
import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from starlette.websockets import WebSocket, WebSocketDisconnect

from bot.workspace.deliveries import Exchange, Parcel
from bot.workspace.world import World

MOST_CONNECTIONS = 10
TYPES = {"command": "slash_commands", "interactive": "interactive", "event": "events_api"}
CLOSES = ("refresh_requested", "link_disabled", "too_many_websockets")
NOBODY = Exchange(error="dispatch_failed", reason="connection_failed")


@dataclass(slots=True, eq=False)
class Connection:
    """One socket and the envelopes waiting on it."""

    socket: WebSocket
    waiting: dict[str, asyncio.Future[Mapping[str, Any] | None]] = field(default_factory=dict)

    def settle(self, envelope: str, payload: Mapping[str, Any] | None) -> None:
        """Pass on the acknowledgement of *envelope*, if somebody still waits for it."""
        future = self.waiting.pop(envelope, None)
        if future is not None and not future.done():
            future.set_result(payload)


@dataclass
class Sockets:
    """All connections of the app; each envelope goes to any one of them."""

    world: World
    ack_timeout: float
    connections: list[Connection] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._turns = itertools.count()
        self._arrived = asyncio.Event()

    async def connected(self, timeout: float) -> None:  # noqa: ASYNC109 - part of the API
        """Wait until the bot is connected; raises TimeoutError."""
        if not self.connections:
            await asyncio.wait_for(self._arrived.wait(), timeout)

    async def serve(self, socket: WebSocket) -> None:
        """Talk to one connection until it ends."""
        if not self.world.tickets.redeem_socket(socket.query_params.get("ticket", "")):
            await socket.close(4403)
            return
        await socket.accept()
        if len(self.connections) >= MOST_CONNECTIONS:
            await _say_goodbye(socket, "too_many_websockets")
            return
        connection = Connection(socket)
        self.connections.append(connection)
        try:
            await socket.send_json(self._hello())
            self._arrived.set()
            await _listen(connection)
        finally:
            self._forget(connection)

    async def send(self, parcel: Parcel) -> Exchange:
        """Deliver *parcel* in an envelope to one of the connections."""
        if not self.connections:
            return NOBODY
        connection = self.connections[next(self._turns) % len(self.connections)]
        envelope = str(uuid.uuid4())
        future: asyncio.Future[Mapping[str, Any] | None] = asyncio.Future()
        connection.waiting[envelope] = future
        await connection.socket.send_text(_sealed(envelope, parcel))
        try:
            body = await asyncio.wait_for(future, self.ack_timeout)
        except TimeoutError:
            connection.waiting.pop(envelope, None)
            return Exchange(error="operation_timeout", reason="http_timeout")
        except ConnectionError:
            return NOBODY
        raw = json.dumps(body, ensure_ascii=False).encode() if body else b""
        return Exchange(200, body or None, acked=True, raw=raw)

    async def disconnect(self, reason: str = "refresh_requested") -> None:
        """Tell every connection to go; all but a ``warning`` are closed at once."""
        for connection in list(self.connections):
            if reason in CLOSES:
                self._forget(connection)
                await _say_goodbye(connection.socket, reason)
            else:
                await connection.socket.send_json({"type": "disconnect", "reason": reason})

    def _forget(self, connection: Connection) -> None:
        if connection in self.connections:
            self.connections.remove(connection)
        if not self.connections:
            self._arrived.clear()
        for future in connection.waiting.values():
            if not future.done():
                future.set_exception(ConnectionError("the socket was closed"))
        connection.waiting.clear()

    def _hello(self) -> dict[str, Any]:
        return {
            "type": "hello",
            "num_connections": len(self.connections),
            "connection_info": {"app_id": self.world.installation.app_id},
            "debug_info": {"host": "workspace", "approximate_connection_time": 3600},
        }


async def _listen(connection: Connection) -> None:
    while True:
        try:
            text = await connection.socket.receive_text()
        except WebSocketDisconnect:
            return
        try:
            told = json.loads(text)
            connection.settle(told["envelope_id"], told.get("payload"))
        except (ValueError, KeyError, TypeError):
            continue


async def _say_goodbye(socket: WebSocket, reason: str) -> None:
    await socket.send_json({"type": "disconnect", "reason": reason})
    await socket.close()


def _sealed(envelope: str, parcel: Parcel) -> str:
    told: dict[str, Any] = {
        "envelope_id": envelope,
        "type": TYPES[parcel.kind],
        "payload": parcel.payload,
        "accepts_response_payload": parcel.kind != "event",
    }
    if parcel.kind == "event":
        told["retry_attempt"] = parcel.attempt
        told["retry_reason"] = parcel.reason
    return json.dumps(told)  # escaped as over HTTP, so half a character travels too
