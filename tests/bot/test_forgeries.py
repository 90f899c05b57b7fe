"""Forged and malformed requests in great number: none reaches a handler, none leaves a trace."""

import hashlib
import hmac
import json
import logging
import resource
import time
from collections import Counter
from collections.abc import Awaitable, Callable, Iterator
from typing import Any
from urllib.parse import urlencode

import aiohttp
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from slack_bolt.app.async_app import AsyncApp
from slack_bolt.authorization import AuthorizeResult
from slack_bolt.request.async_request import AsyncBoltRequest
from slack_sdk.web.async_client import AsyncWebClient
from starlette.types import Message

from bot.door import Door, building
from bot.installed import Alone, Tenant
from bot.logs import Formatter
from bot.workspace.deliveries import Parcel
from tests.bot.conftest import Story
from tests.bot.test_door import FORM, headers
from tests.figures import figure

SECRET = "0123456789abcdef0123456789abcdef"
NOW = 1_800_000_000
APP, TEAM = "A0CONVENE", "T0CONVENE"
Headers = list[tuple[bytes, bytes]]
COMMAND = {"command": "/briefings", "text": "", "team_id": TEAM, "user_id": "U1", "api_app_id": APP}


class Reached:
    """An app that counts what gets to it, in the place of a handler."""

    def __init__(self) -> None:
        self.times = 0

    def app(self) -> AsyncApp:
        """Make it."""

        async def authorize() -> AuthorizeResult:
            return AuthorizeResult(enterprise_id=None, team_id=TEAM, bot_token="xoxb-1")

        made = AsyncApp(authorize=authorize, request_verification_enabled=False)

        @made.middleware
        async def count(req: AsyncBoltRequest, next: Callable[[], Awaitable[None]]) -> None:
            self.times += 1
            await next()

        return made


async def ready() -> str | None:
    return None


class Knocker:
    """Calls the door's ASGI app in this process."""

    def __init__(self, reached: Reached) -> None:
        ours = Alone(Tenant(1, AsyncWebClient(retry_handlers=[]), APP), {TEAM})
        self.asgi = building(ready, [Door(reached.app(), SECRET, lambda: NOW, ours).route()])
        self.took: list[float] = []

    async def __call__(self, body: bytes, told: Headers) -> int:
        """Send one request; give the status."""
        sent: list[Message] = []

        async def receive() -> Message:
            return {"type": "http.request", "body": body, "more_body": False}

        async def send(message: Message) -> None:
            sent.append(message)

        scope = {
            "type": "http", "http_version": "1.1", "method": "POST", "path": "/slack/events",
            "raw_path": b"/slack/events", "query_string": b"", "root_path": "", "scheme": "http",
            "headers": told, "server": ("127.0.0.1", 80), "client": ("127.0.0.1", 1),
        }  # fmt: skip
        begun = time.perf_counter()
        await self.asgi(scope, receive, send)
        self.took.append(time.perf_counter() - begun)
        return int(sent[0]["status"])


def sealed(body: bytes, signature: bytes | None, stamp: bytes | None = b"%d" % NOW) -> Headers:
    told = [(b"content-type", FORM.encode())]
    if stamp is not None:
        told.append((b"x-slack-request-timestamp", stamp))
    if signature is not None:
        told.append((b"x-slack-signature", signature))
    return told


def signed(body: bytes, secret: str = SECRET, stamp: int = NOW) -> bytes:
    given = hmac.new(secret.encode(), b"v0:%d:" % stamp + body, hashlib.sha256)
    return b"v0=" + given.hexdigest().encode()


def forgeries(number: int) -> Iterator[tuple[bytes, Headers]]:
    """Make one of each kind."""
    body = urlencode({**COMMAND, "text": str(number), "trigger_id": str(number)}).encode()
    good = signed(body)
    yield body, sealed(body, signed(body, f"{number:032x}"))
    yield body, sealed(body, good[: 3 + number % 64])
    yield body, sealed(body, good.upper())
    yield body, sealed(body, b"v1=" + good[3:])
    yield body, sealed(body, b"")
    yield body, sealed(body, "v0=é²".encode() + good[5:])
    yield body, sealed(body, None)
    yield body, sealed(body, good, None)
    yield body + b"&x=1", sealed(body, good)
    yield body, sealed(body, signed(body, stamp=NOW - 301), b"%d" % (NOW - 301))
    yield body, sealed(body, signed(body, stamp=NOW + 301), b"%d" % (NOW + 301))
    for other in ({"api_app_id": "A0OTHER"}, {"team_id": "T0OTHER"}):
        strange = urlencode({**COMMAND, **other, "text": str(number)}).encode()
        yield strange, sealed(strange, signed(strange))


KINDS = len(list(forgeries(0)))


async def test_no_forged_request_reaches_a_handler(
    caplog: pytest.LogCaptureFixture, capsys: pytest.CaptureFixture[str]
) -> None:
    caplog.set_level(logging.INFO)
    reached, statuses, longest, raised = Reached(), Counter[int](), 0, 0
    knock, formatter = Knocker(reached), Formatter()

    for number in range(figure(6_500, 20_000) // KINDS + 1):
        for body, told in forgeries(number):
            statuses[await knock(body, told)] += 1
            longest = max(longest, sum(len(formatter.format(line)) for line in caplog.records))
            raised += sum(line.exc_info is not None for line in caplog.records)
            caplog.clear()

    p99 = 1000 * sorted(knock.took)[int(len(knock.took) * 0.99)]
    with capsys.disabled():
        print(  # noqa: T201
            f"\nforged: {sum(statuses.values())} {dict(statuses)}, p99 {p99:.2f} ms, "
            f"longest log {longest} bytes"
        )
    assert reached.times == 0
    assert set(statuses) == {401, 403}
    assert raised == 0
    assert longest <= 300


async def test_the_door_lets_in_what_is_not_forged() -> None:
    reached, body = Reached(), urlencode(COMMAND).encode()

    await Knocker(reached)(body, sealed(body, signed(body)))

    assert reached.times == 1, "or the test above would prove nothing"


@pytest.mark.parametrize("story", ["http"], indirect=True)
async def test_over_a_real_connection_it_is_the_same(story: Story) -> None:
    url, met = f"http://127.0.0.1:{story.bot.port}/slack/events", Counter[int]()
    calls = len(story.workspace.sent)

    async with aiohttp.ClientSession() as session:
        for number in range(100):
            body = urlencode({**COMMAND, "text": str(number)}).encode()
            good = headers(story, body)
            other = urlencode({**COMMAND, "team_id": f"T{number}"}).encode()
            for raw, told in (
                (body, {**good, "x-slack-signature": good["x-slack-signature"].upper()}),
                (body + b"1", good),
                (other, headers(story, other)),
            ):
                async with session.post(url, data=raw, headers=told) as response:
                    met[response.status] += 1

    assert met == {401: 200, 403: 100}
    assert len(story.workspace.sent) == calls


@pytest.mark.parametrize("spoilt", [{"api_app_id": "A0OTHER"}, {"team_id": "T0OTHER"}])
async def test_what_is_for_others_is_turned_away_on_both_ways_in(
    story: Story, spoilt: dict[str, str], caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    await story.says("U0MARCUS", "/actions")
    parcel = story.workspace.deliveries[-1].parcel
    is_http = "HttpTransport" in type(story.workspace.courier.transport).__name__

    strange = Parcel("command", {**parcel.payload, **spoilt, "trigger_id": "1.2.3"})
    exchange = await story.workspace.courier.transport.send(strange)

    assert (exchange.status, exchange.body or None) == ((403, None) if is_http else (200, None))
    assert [line for line in caplog.messages if "turned" in line and "not for us" in line]


KEYS = (
    "type", "team", "user", "view", "actions", "event", "command", "text", "payload", "channel",
    "container", "response_url", "callback_id", "state", "enterprise", "authorizations", "message",
)  # fmt: skip
TYPES = (
    "block_actions", "view_submission", "view_closed", "event_callback", "shortcut",
    "message_action", "block_suggestion", "url_verification", "dialog_submission", "x",
)  # fmt: skip
SCRAPS = st.one_of(
    st.none(), st.booleans(), st.integers(), st.text(max_size=20), st.sampled_from([TEAM, "U0ANH"])
)
JSON = st.recursive(
    SCRAPS,
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from((*KEYS, "id", "team_id")), inner, max_size=4)
    ),
    max_leaves=8,
)
BODIES = st.one_of(
    st.binary(max_size=200),
    st.builds(
        lambda kind, told: {**told, "type": kind, "team_id": TEAM, "api_app_id": APP},
        st.sampled_from(TYPES),
        st.dictionaries(st.sampled_from(KEYS), JSON, max_size=6),
    ),
    JSON,
)


@pytest.mark.parametrize("story", ["http"], indirect=True)
async def test_no_signed_body_is_too_odd(story: Story, capsys: pytest.CaptureFixture[str]) -> None:
    bodies: list[Any] = []

    @settings(max_examples=figure(800, 5_000), suppress_health_check=list(HealthCheck))
    @given(BODIES)
    def gather(body: Any) -> None:
        bodies.append(body)

    gather()
    met = Counter[int]()
    url = f"http://127.0.0.1:{story.bot.port}/slack/events"
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    async with aiohttp.ClientSession() as session:
        for number, body in enumerate(bodies):
            raw, kind = body, "application/json"
            if not isinstance(body, bytes):
                raw = json.dumps(body).encode()
                if number % 2:
                    raw, kind = urlencode({"payload": raw}).encode(), FORM
            told = headers(story, raw, kind=kind)
            async with session.post(url, data=raw, headers=told) as response:
                met[response.status] += 1
    grown = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) / 1024

    with capsys.disabled():
        print(f"\nmalformed: {len(bodies)} {dict(met)}, grew by {grown:.1f} MB")  # noqa: T201
    assert not [status for status in met if status >= 500]
    assert grown < 20


@pytest.mark.parametrize("story", ["http"], indirect=True)
async def test_the_longest_command_outside_ascii_is_answered_in_words(story: Story) -> None:
    said = await story.says("U0MARCUS", "/briefings " + "\U0001f600" * 40_000)

    assert said
    assert story.workspace.deliveries[-1].exchange.status == 200
