"""Makes load: signed requests over real sockets, as many at once as there are connections."""

import asyncio
import hashlib
import hmac
import time
from collections.abc import Iterable
from dataclasses import dataclass, field
from urllib.parse import urlencode

SECRET = "0123456789abcdef0123456789abcdef"


@dataclass
class Heard:
    """What came back: how long each answer took, in seconds, and how many were not 200."""

    took: list[float] = field(default_factory=list)
    wrong: int = 0
    seconds: float = 0.0

    @property
    def per_second(self) -> float:
        """Answers a second."""
        return len(self.took) / self.seconds

    def percentile(self, share: float) -> float:
        """Give the time within which *share* of the answers came, in milliseconds."""
        ordered = sorted(self.took)
        return 1000 * ordered[min(int(len(ordered) * share), len(ordered) - 1)]


def signed(form: dict[str, str]) -> bytes:
    """Write one signed HTTP request with *form* as Slack would send it."""
    body = urlencode(form).encode()
    stamp = str(int(time.time()))
    digest = hmac.new(SECRET.encode(), b"v0:" + stamp.encode() + b":" + body, hashlib.sha256)
    head = (
        "POST /slack/events HTTP/1.1\r\nHost: 127.0.0.1\r\n"
        "Content-Type: application/x-www-form-urlencoded\r\n"
        f"X-Slack-Request-Timestamp: {stamp}\r\nX-Slack-Signature: v0={digest.hexdigest()}\r\n"
        f"Content-Length: {len(body)}\r\n\r\n"
    )
    return head.encode() + body


async def saturate(port: int, requests: list[bytes], connections: int, seconds: float) -> Heard:
    """Ask as fast as answers come, on *connections* at once, for *seconds*."""
    heard = Heard()
    begun = time.perf_counter()

    async def one(offset: int) -> None:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        turn = offset
        while time.perf_counter() - begun < seconds:
            await _ask(reader, writer, requests[turn % len(requests)], heard)
            turn += connections
        writer.close()

    await asyncio.gather(*(one(i) for i in range(connections)))
    heard.seconds = time.perf_counter() - begun
    return heard


async def at_rate(port: int, requests: list[bytes], per_second: float) -> Heard:
    """Send each of *requests* once at a steady rate, whether or not earlier answers have come."""
    heard = Heard()
    begun = time.perf_counter()

    async def one(number: int, request: bytes) -> None:
        await asyncio.sleep(max(0.0, begun + number / per_second - time.perf_counter()))
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        await _ask(reader, writer, request, heard)
        writer.close()

    await asyncio.gather(*(one(i, request) for i, request in enumerate(requests)))
    heard.seconds = time.perf_counter() - begun
    return heard


async def in_turn(port: int, requests: Iterable[bytes]) -> list[float]:
    """Send *requests* one after another on one connection; give how long each took, in seconds."""
    heard = Heard()
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    for request in requests:
        await _ask(reader, writer, request, heard)
    writer.close()
    assert not heard.wrong, f"{heard.wrong} answers were not 200"
    return heard.took


async def _ask(
    reader: asyncio.StreamReader, writer: asyncio.StreamWriter, request: bytes, heard: Heard
) -> None:
    asked = time.perf_counter()
    writer.write(request)
    head = await reader.readuntil(b"\r\n\r\n")
    length = next(
        int(line.split(b":")[1])
        for line in head.split(b"\r\n")
        if line.lower().startswith(b"content-length")
    )
    await reader.readexactly(length)
    heard.took.append(time.perf_counter() - asked)
    heard.wrong += not head.startswith(b"HTTP/1.1 200")
