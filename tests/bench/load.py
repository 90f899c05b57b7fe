"""Makes load: signed requests over real sockets, as many at once as there are connections."""

import asyncio
import hashlib
import hmac
import random
import re
import time
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import cast
from urllib.parse import urlencode

SECRET = "0123456789abcdef0123456789abcdef"
LATE = 3.0  # seconds after which Slack takes no answer any more
PATIENCE = 12.0  # seconds for which an answer is waited for all the same
_LENGTH = re.compile(rb"\r\ncontent-length: *(\d+)", re.IGNORECASE)
_FINE = b"HTTP/1.1 200"

Judge = Callable[[bytes], str]  # what kind of answer it is; "" where it is as it should be


class Lost(Exception):  # noqa: N818 -- what happened, not what failed
    """The other side closed the connection before it had answered."""


@dataclass
class Heard:
    """What came back: how long each answer took, in seconds, and what was wrong with some.

    *sent* counts the requests; *due* says when each was sent, where they came by chance. *spent* is
    the time of a core, in seconds, that asking took, and *used*, where somebody has noted it, the
    time that answering took.
    """

    took: list[float] = field(default_factory=list)
    kinds: Counter[str] = field(default_factory=Counter)
    due: list[float] = field(default_factory=list)
    sent: int = 0
    seconds: float = 0.0
    spent: float = 0.0
    used: float = 0.0

    @property
    def wrong(self) -> int:
        """How many answers were not as they should be."""
        return self.kinds.total() - self.kinds[""]

    @property
    def late(self) -> int:
        """How many requests had no answer in the time Slack waits for it."""
        return self.sent - sum(took <= LATE for took in self.took)

    @property
    def per_second(self) -> float:
        """Answers a second."""
        return len(self.took) / self.seconds

    @property
    def longest(self) -> float:
        """Give the longest time an answer took, in seconds."""
        return max(self.took, default=0.0) if len(self.took) == self.sent else PATIENCE

    def percentile(self, share: float) -> float:
        """Give the time within which *share* of the requests were answered, in milliseconds.

        What was never answered took as long as it was waited for.
        """
        ordered = sorted(self.took) + [PATIENCE] * (self.sent - len(self.took))
        return 1000 * ordered[min(int(len(ordered) * share), len(ordered) - 1)]


class Caller(asyncio.Protocol):
    """One connection, on which one request at a time is asked."""

    def __init__(self) -> None:
        self._got, self._needs = bytearray(), 0
        self._transport: asyncio.Transport | None = None
        self._answer: asyncio.Future[bytes] | None = None

    @property
    def is_open(self) -> bool:
        """Whether it can be asked on."""
        return self._transport is not None and not self._transport.is_closing()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast("asyncio.Transport", transport)

    def connection_lost(self, _why: Exception | None) -> None:
        self._transport = None
        if self._answer is not None and not self._answer.done():
            self._answer.set_exception(Lost())

    def data_received(self, data: bytes) -> None:
        self._got += data
        if not self._needs:
            head = self._got.find(b"\r\n\r\n")
            if head < 0:
                return
            length = _LENGTH.search(self._got, 0, head + 2)
            self._needs = head + 4 + (int(length[1]) if length else 0)
        if len(self._got) >= self._needs and self._answer is not None:
            whole, self._needs = bytes(self._got), 0
            self._got.clear()
            if not self._answer.done():
                self._answer.set_result(whole)

    def ask(self, request: bytes) -> asyncio.Future[bytes]:
        """Send *request*; give its whole answer. Raises Lost."""
        assert self._transport is not None
        self._answer = asyncio.get_running_loop().create_future()
        self._transport.write(request)
        return self._answer

    def close(self) -> None:
        """Hang up."""
        if self._transport is not None:
            self._transport.close()


# The loop's own clock knows no less than a millisecond; this one is the same in every process.
now = time.monotonic


def signed(form: dict[str, str]) -> bytes:
    """Write one signed HTTP request with *form* as Slack would send it."""
    return _request(urlencode(form).encode(), "application/x-www-form-urlencoded", "/slack/events")


def told(event: bytes, path: str = "/slack/events") -> bytes:
    """Write one signed HTTP request that tells of an *event*, in JSON."""
    return _request(event, "application/json", path)


def status(answer: bytes) -> str:
    """Judge an answer by its status alone."""
    return "" if answer.startswith(_FINE) else answer[9:12].decode()


async def calling(port: int) -> Caller:
    """Open a connection."""
    loop = asyncio.get_running_loop()
    _, caller = await loop.create_connection(Caller, "127.0.0.1", port)
    return caller


async def saturate(
    ports: Sequence[int],
    requests: Sequence[bytes],
    connections: int,
    seconds: float,
    judge: Judge = status,
) -> Heard:
    """Ask as fast as answers come, on *connections* at once, for *seconds*.

    The connections take turns at *ports*, and each goes through *requests* in its own order.
    """
    heard = Heard()
    callers = [await calling(ports[i % len(ports)]) for i in range(connections)]
    begun, spent = now(), time.process_time()

    async def one(caller: Caller, turn: int) -> None:
        while (asked := now()) - begun < seconds:
            heard.sent += 1
            answer = await caller.ask(requests[turn % len(requests)])
            heard.took.append(now() - asked)
            heard.kinds[judge(answer)] += 1
            turn += connections
        caller.close()

    await asyncio.gather(*(one(caller, i) for i, caller in enumerate(callers)))
    heard.seconds, heard.spent = now() - begun, time.process_time() - spent
    return heard


async def at_rate(
    port: int, requests: Sequence[bytes], per_second: float, judge: Judge = status
) -> Heard:
    """Send each of *requests* once, whether or not earlier answers have come.

    They come by chance (Poisson), *per_second* on average, so that a side that falls behind cannot
    hide it by being asked less.
    """
    heard = Heard(sent=len(requests))
    dice = random.Random(7)  # noqa: S311 -- the same moments every time
    free, due = [await calling(port) for _ in range(32)], 0.0
    begun, spent = now(), time.process_time()

    async def one(request: bytes, at: float) -> None:
        caller = free.pop() if free else await calling(port)
        if not caller.is_open:  # it was idle for too long
            caller = await calling(port)
        answer = await caller.ask(request)
        heard.took.append(now() - at)
        heard.kinds[judge(answer)] += 1
        free.append(caller)

    asked = []
    for request in requests:
        due += dice.expovariate(per_second)
        await asyncio.sleep(max(0.0, begun + due - now()))
        heard.due.append(now())
        asked.append(asyncio.ensure_future(one(request, heard.due[-1])))
    _, unanswered = await asyncio.wait(asked, timeout=PATIENCE)
    heard.seconds, heard.spent = now() - begun, time.process_time() - spent
    for task in unanswered:
        task.cancel()
    await asyncio.gather(*asked, return_exceptions=True)
    for caller in free:
        caller.close()
    return heard


async def in_turn(port: int, requests: Iterable[bytes]) -> list[float]:
    """Send *requests* one after another on one connection; give how long each took, in seconds."""
    caller, took = await calling(port), []
    for request in requests:
        asked = now()
        answer = await caller.ask(request)
        took.append(now() - asked)
        assert not status(answer), f"an answer was {status(answer)}, not 200"
    caller.close()
    return took


async def once(port: int, request: bytes) -> bytes:
    """Send *request*; give the body of its answer. Raises AssertionError where it is not 200."""
    caller = await calling(port)
    answer = await caller.ask(request)
    caller.close()
    assert not status(answer), answer[:300]
    return answer.partition(b"\r\n\r\n")[2]


def _request(body: bytes, kind: str, path: str) -> bytes:
    stamp = str(int(time.time()))
    digest = hmac.new(SECRET.encode(), b"v0:" + stamp.encode() + b":" + body, hashlib.sha256)
    head = (
        f"POST {path} HTTP/1.1\r\nHost: 127.0.0.1\r\n"
        f"Content-Type: {kind}\r\n"
        f"X-Slack-Request-Timestamp: {stamp}\r\nX-Slack-Signature: v0={digest.hexdigest()}\r\n"
        f"Content-Length: {len(body)}\r\n\r\n"
    )
    return head.encode() + body
