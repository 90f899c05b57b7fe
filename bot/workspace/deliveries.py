"""Deliveries to the bot: over HTTP, signed, or over a socket; three seconds, retries for events."""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import json
import time
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import Any, Literal, Protocol
from urllib.parse import urlencode

import aiohttp

from bot.workspace.clock import Clock
from bot.workspace.faults import DeliveryFaults

Json = dict[str, Any]
Kind = Literal["command", "interactive", "event"]
RETRIES = (timedelta(), timedelta(minutes=1), timedelta(minutes=5))
REDIRECTS = 2
NO_RETRY = "x-slack-no-retry"
HELD_SECONDS = 1.0


@dataclass(frozen=True, slots=True)
class Parcel:
    """One thing to tell the bot; *attempt* counts retries from 1."""

    kind: Kind
    payload: Json
    attempt: int = 0
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Exchange:
    """How a delivery went.

    *status* is the HTTP status (200 for an acknowledged envelope, 0 where nothing came back),
    *body* what the bot answered with, *error* the name of what went wrong: ``operation_timeout``,
    ``dispatch_failed``, ``http_error``, Slack's refusal of the answer, or why nothing was sent.
    """

    status: int = 0
    body: Any = None
    took_ms: float = 0
    acked: bool = False
    error: str | None = None
    details: tuple[str, ...] = ()
    reason: str = ""
    raw: bytes = b""
    may_retry: bool = True


@dataclass(frozen=True, slots=True)
class Delivery:
    """A parcel that was sent, and how that went."""

    parcel: Parcel
    exchange: Exchange


class Transport(Protocol):
    """A way to the bot."""

    async def send(self, parcel: Parcel) -> Exchange:
        """Deliver *parcel* and wait for the acknowledgement."""
        ...


@dataclass
class HttpTransport:
    """Signed POSTs to one URL."""

    url: str
    signing_secret: str
    ack_timeout: float
    session: aiohttp.ClientSession

    async def send(self, parcel: Parcel) -> Exchange:
        """Deliver *parcel*; a bot that takes too long has not acknowledged it."""
        body, content_type = _encoded(parcel)
        headers = {"Content-Type": content_type, **signature(self.signing_secret, body)}
        if parcel.attempt:
            headers["x-slack-retry-num"] = str(parcel.attempt)
            headers["x-slack-retry-reason"] = parcel.reason
        timeout = aiohttp.ClientTimeout(total=self.ack_timeout)
        try:
            async with self.session.post(
                self.url, data=body, headers=headers, timeout=timeout, max_redirects=REDIRECTS
            ) as response:
                return _answered(response, await response.read())
        except TimeoutError:
            return Exchange(error="operation_timeout", reason="http_timeout")
        except aiohttp.TooManyRedirects:
            return Exchange(error="dispatch_failed", reason="too_many_redirects")
        except aiohttp.ClientError:
            return Exchange(error="dispatch_failed", reason="connection_failed")


def signature(secret: str, body: bytes) -> dict[str, str]:
    """Sign *body* as Slack does, at the real time whatever the workspace's clock shows."""
    timestamp = str(int(time.time()))
    signed = hmac.new(secret.encode(), f"v0:{timestamp}:".encode() + body, hashlib.sha256)
    return {
        "x-slack-request-timestamp": timestamp,
        "x-slack-signature": f"v0={signed.hexdigest()}",
    }


def _encoded(parcel: Parcel) -> tuple[bytes, str]:
    form = "application/x-www-form-urlencoded"
    if parcel.kind == "command":
        return urlencode(parcel.payload).encode(), form
    text = json.dumps(parcel.payload)  # escaped as Slack does, so half a character travels too
    if parcel.kind == "interactive":
        return urlencode({"payload": text}).encode(), form
    return text.encode(), "application/json"


def _answered(response: aiohttp.ClientResponse, raw: bytes) -> Exchange:
    may_retry = response.headers.get(NO_RETRY) != "1"
    if not 200 <= response.status < 300:
        return Exchange(response.status, error="http_error", reason="http_error", raw=raw,
                        may_retry=may_retry)  # fmt: skip
    return Exchange(response.status, _read(response.content_type, raw), acked=True, raw=raw)


def _read(content_type: str, raw: bytes) -> Any:
    text = raw.decode("utf-8", "replace")
    if not text.strip():
        return None
    if content_type != "application/json":
        return text
    try:
        return json.loads(text)
    except ValueError:
        return text


@dataclass
class Courier:
    """Takes everything to the bot, keeps a log, misbehaves when told to."""

    clock: Clock
    faults: DeliveryFaults
    transport: Transport
    log: list[Delivery] = field(default_factory=list)
    background: set[asyncio.Task[Any]] = field(default_factory=set)
    overtaken: asyncio.Event = field(default_factory=asyncio.Event)

    async def deliver(self, parcel: Parcel) -> Exchange:
        """Deliver *parcel* once, or as often and as late as the faults say."""
        if self.faults.take_reorder():
            await self._let_another_pass()
        if self.faults.take_duplicate():
            again = replace(parcel, attempt=1, reason="http_timeout")
            self.start(self._attempt(again if parcel.kind == "event" else parcel))
        exchange = await self._attempt(parcel)
        self.overtaken.set()
        self.overtaken = asyncio.Event()
        return exchange

    async def deliver_event(self, payload: Json) -> Exchange:
        """Deliver an event; retries follow in the background."""
        parcel = Parcel("event", payload)
        exchange = await self.deliver(parcel)
        if not exchange.acked and exchange.may_retry:
            self.start(self._retry(parcel, exchange.reason))
        return exchange

    def start(self, work: Any) -> None:
        """Do *work* in the background."""
        task = asyncio.create_task(work)
        self.background.add(task)
        task.add_done_callback(self.background.discard)

    async def stop(self) -> None:
        """Give up what is still to be retried."""
        tasks = list(self.background)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    async def _attempt(self, parcel: Parcel) -> Exchange:
        started = time.perf_counter()
        exchange = await self.transport.send(parcel)
        took = (time.perf_counter() - started) * 1000
        exchange = replace(exchange, took_ms=took)
        self.log.append(Delivery(parcel, exchange))
        return exchange

    async def _retry(self, parcel: Parcel, reason: str) -> None:
        for attempt, pause in enumerate(RETRIES, start=1):
            await self.clock.sleep_until(self.clock() + pause)
            again = replace(parcel, attempt=attempt, reason=reason)
            exchange = await self._attempt(again)
            if exchange.acked or not exchange.may_retry:
                return
            reason = exchange.reason

    async def _let_another_pass(self) -> None:
        try:
            await asyncio.wait_for(self.overtaken.wait(), HELD_SECONDS)
        except TimeoutError:
            return
