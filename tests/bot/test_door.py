"""The door: what Slack signed gets in, and everything else gets a short refusal and one line."""

import asyncio
import hashlib
import hmac
import json
import logging
import time
from urllib.parse import urlencode

import aiohttp
import pytest

from bot.door import BODY_LIMIT
from tests.bot.conftest import Story

FORM = "application/x-www-form-urlencoded"


def headers(
    story: Story, body: bytes, *, at: float | None = None, kind: str = FORM
) -> dict[str, str]:
    stamp = str(int(at if at is not None else time.time()))
    secret = story.workspace.signing_secret.encode()
    digest = hmac.new(secret, b"v0:" + stamp.encode() + b":" + body, hashlib.sha256).hexdigest()
    return {
        "content-type": kind,
        "x-slack-request-timestamp": stamp,
        "x-slack-signature": f"v0={digest}",
    }


async def knock(story: Story, body: bytes, given: dict[str, str]) -> int:
    url = f"http://127.0.0.1:{story.bot.port}/slack/events"
    async with (
        aiohttp.ClientSession() as session,
        session.post(url, data=body, headers=given) as response,
    ):
        assert len(await response.read()) < 100 or response.status == 200
        return response.status


COMMAND = urlencode(
    {
        "command": "/briefings",
        "text": "",
        "team_id": "T0CONVENE",
        "user_id": "U0ANH",
        "api_app_id": "A0CONVENE",
    }
).encode()


pytestmark = pytest.mark.parametrize("story", ["http"], indirect=True)


async def test_what_slack_signed_gets_in(story: Story) -> None:
    assert await knock(story, COMMAND, headers(story, COMMAND)) == 200


@pytest.mark.parametrize(
    "spoilt",
    [
        {"x-slack-signature": ""},
        {"x-slack-signature": "v0="},
        {"x-slack-signature": "v1=" + "0" * 64},
        {"x-slack-signature": "v0=" + "0" * 64},
        {"x-slack-signature": "v0=é"},
        {"x-slack-request-timestamp": ""},
        {"x-slack-request-timestamp": "NaN"},
        {"x-slack-request-timestamp": "1e9"},
        {"x-slack-request-timestamp": "9" * 5000},
        {"x-slack-request-timestamp": "-1"},
        {"x-slack-request-timestamp": "²"},
    ],
)
async def test_a_spoilt_signature_is_turned_away(
    story: Story, spoilt: dict[str, str], caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)

    status = await knock(story, COMMAND, headers(story, COMMAND) | spoilt)

    assert status == 401
    lines = [record for record in caplog.records if record.name == "bot.door"]
    assert len(lines) == 1
    assert len(lines[0].getMessage()) < 100
    assert not any(record.exc_info for record in caplog.records)


@pytest.mark.parametrize("seconds", [-301, 301, -10_000])
async def test_a_request_older_or_newer_than_five_minutes_is_turned_away(
    story: Story, seconds: int
) -> None:
    assert await knock(story, COMMAND, headers(story, COMMAND, at=time.time() + seconds)) == 401


async def test_a_body_swapped_for_another_is_turned_away(story: Story) -> None:
    assert await knock(story, COMMAND + b"&text=x", headers(story, COMMAND)) == 401


async def test_an_unsigned_megabyte_is_turned_away_unread(story: Story) -> None:
    assert await knock(story, b"x" * 1_000_000, {"content-type": FORM}) == 413


async def test_a_body_sent_in_pieces_is_measured_as_it_comes(story: Story) -> None:
    async def pieces() -> object:
        for _ in range(2 + BODY_LIMIT // 65536):
            yield b"x" * 65536

    url = f"http://127.0.0.1:{story.bot.port}/slack/events"
    async with (
        aiohttp.ClientSession() as session,
        session.post(url, data=pieces(), headers={"content-type": FORM}) as response,
    ):
        assert response.status == 413


JSON = "application/json"
# The six that make Bolt raise before it looks at the signature, and six more of their kind.
ODD = {
    "a payload that is no JSON": (b"payload=AAAA", FORM, 400),
    "bad JSON": (b"{bad", JSON, 400),
    "a list": (b"[1]", JSON, 400),
    "100,000 lists in each other": (b"[" * 100_000, JSON, 400),
    "100,000 objects in each other": (b'{"a":' * 100_000, JSON, 400),
    "not UTF-8": (b"\xff\xfe", JSON, 400),
    "not UTF-8 in a form": (b"text=\xff\xfe", FORM, 400),
    "a payload that is a list": (b"payload=[]", FORM, 400),
    "a payload of nothing": (b"payload=", FORM, 400),
    "null": (b"null", JSON, 400),
    "more than a hundred fields": (b"a=1&" * 200, FORM, 400),
    "nothing": (b"", FORM, 403),
}


@pytest.mark.parametrize(("body", "kind", "status"), ODD.values(), ids=ODD)
async def test_an_odd_body_is_refused_signed_and_unread_where_it_is_not(
    story: Story, body: bytes, kind: str, status: int, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)

    signed = await knock(story, body, headers(story, body, kind=kind))
    unsigned = await knock(story, body, {"content-type": kind})
    forged = await knock(story, body, headers(story, body + b"1", kind=kind))

    assert (signed, unsigned, forged) == (status, 401, 401)
    lines = [record for record in caplog.records if record.name == "bot.door"]
    assert len(lines) == 3
    assert all(len(line.getMessage()) < 100 for line in lines)
    assert not any(record.exc_info for record in caplog.records)


async def test_slack_may_verify_the_address(story: Story) -> None:
    body = json.dumps({"type": "url_verification", "challenge": "abc"}).encode()

    assert await knock(story, body, headers(story, body, kind="application/json")) == 200


@pytest.mark.parametrize(
    "body",
    [
        {
            "type": "event_callback",
            "api_app_id": "A0CONVENE",
            "team_id": "T0CONVENE",
            "event": {"type": "unheard_of"},
        },
        {"type": "app_rate_limited", "team_id": "T0CONVENE"},
    ],
)
async def test_what_nobody_listens_for_is_acknowledged(
    story: Story, body: dict[str, object]
) -> None:
    raw = json.dumps(body).encode()

    assert await knock(story, raw, headers(story, raw, kind="application/json")) == 200


async def test_a_button_of_long_ago_is_acknowledged(story: Story) -> None:
    payload = {
        "type": "block_actions",
        "api_app_id": "A0CONVENE",
        "team": {"id": "T0CONVENE"},
        "user": {"id": "U0ANH", "team_id": "T0CONVENE"},
        "response_url": "http://127.0.0.1:1/x",
        "actions": [{"action_id": "gone.away", "block_id": "b", "type": "button", "value": "1"}],
    }
    body = urlencode({"payload": json.dumps(payload)}).encode()

    assert await knock(story, body, headers(story, body)) == 200


async def test_only_posts_are_taken(story: Story) -> None:
    url = f"http://127.0.0.1:{story.bot.port}/slack/events"
    async with aiohttp.ClientSession() as session, session.get(url) as response:
        assert response.status == 405


async def test_health_says_ok_and_readiness_says_ready(story: Story) -> None:
    async with aiohttp.ClientSession() as session:
        for path, said in (("healthz", "ok"), ("readyz", "ready")):
            url = f"http://127.0.0.1:{story.bot.port}/{path}"
            async with session.get(url) as response:
                assert (response.status, await response.text()) == (200, said)


async def test_a_connection_that_breaks_off_leaves_no_trace(
    story: Story, caplog: pytest.LogCaptureFixture
) -> None:
    _, writer = await asyncio.open_connection("127.0.0.1", story.bot.port)
    writer.write(b"POST /slack/events HTTP/1.1\r\nHost: x\r\nContent-Length: 1000\r\n\r\nabc")
    await writer.drain()
    writer.close()
    await asyncio.sleep(0.1)

    assert not any(record.exc_info for record in caplog.records)
