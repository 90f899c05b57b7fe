"""What a person hears when something raises: a sentence, and never what is behind it."""

import json
import logging
import re
from datetime import timedelta
from typing import Any

import aiohttp
import pytest
from slack_sdk.errors import SlackApiError

from bot import errors, refusals
from bot.workspace.checks import check_reply
from storage.errors import Away, Choice, Full, Refusal
from tests.bot.office import answering
from tests.factories import NOON

LATE = ["expired_trigger_id", "trigger_expired", "trigger_exchanged"]


async def refusal_of(client: Any) -> SlackApiError:
    """Call in vain; give what the SDK makes of it."""
    with pytest.raises(SlackApiError) as caught:
        await client.auth_test()
    return caught.value


def test_a_refusal_is_told_as_it_is_with_its_moments_where_the_reader_is() -> None:
    refusal = Refusal("This began at $start.", start=NOON)

    message = errors.explain(refusal, "Asia/Tokyo", NOON)

    check_reply({"response_type": "ephemeral", **message})
    assert "21:00" in message["text"]


def test_a_refusal_may_offer_choices() -> None:
    refusal = Refusal("That could be any of these.", (Choice("E1", "One"), Choice("E2", "Two")))

    text = errors.explain(refusal, "UTC", NOON)["text"]

    assert "E1" in text
    assert "Two" in text


def test_a_database_that_is_away_is_said_and_logged_in_a_line(
    caplog: pytest.LogCaptureFixture,
) -> None:
    message = errors.explain(Away("OperationalError"), "UTC", NOON)

    assert message["text"] == errors.AWAY
    (line,) = caplog.records
    assert (line.levelno, line.exc_info) == (logging.ERROR, None)


def test_a_database_that_is_full_is_said_and_logged_as_that(
    caplog: pytest.LogCaptureFixture,
) -> None:
    message = errors.explain(Full("SQLITE_FULL"), "UTC", NOON)

    assert message["text"] == errors.FULL
    assert caplog.messages == ["database.full why=SQLITE_FULL"]


@pytest.mark.parametrize("name", LATE)
async def test_a_form_that_came_too_late_is_said(name: str) -> None:
    told = json.dumps({"ok": False, "error": name})
    async with answering(200, told, "application/json") as client:
        error = await refusal_of(client)

    assert errors.explain(error, "UTC", NOON)["text"] == errors.LATE


@pytest.mark.parametrize(
    "error",
    [
        ValueError("hush"),
        KeyError("xoxb-hush"),
        TimeoutError("hush"),
        aiohttp.ClientError("hush"),
        RecursionError("hush"),
    ],
)
def test_what_nobody_foresaw_is_a_reference_here_and_a_traceback_there(
    error: Exception, caplog: pytest.LogCaptureFixture
) -> None:
    text = errors.explain(error, "UTC", NOON)["text"]

    (reference,) = re.findall(r"reference: ([0-9A-F]{4})", text)
    assert "hush" not in text
    (line,) = caplog.records
    assert f"ref={reference}" in line.getMessage()
    assert line.exc_info


async def test_an_answer_of_slack_that_nobody_can_read_is_told_like_anything_else() -> None:
    async with answering(200, "<html>", "application/json") as client:
        error = await refusal_of(client)

    assert "reference" in errors.explain(error, "UTC", NOON)["text"]


@pytest.mark.parametrize(
    ("status", "body", "kind", "name"),
    [
        (200, '{"ok": false, "error": "is_archived"}', "application/json", "is_archived"),
        (200, "<html>", "application/json", ""),
        (503, "<html>", "text/html", ""),
        (503, "away", "text/plain", ""),
        (503, "[1]", "application/json", ""),
        (429, "", "text/plain", ""),
    ],
)
async def test_a_refusal_is_read_whatever_its_body(
    status: int, body: str, kind: str, name: str
) -> None:
    async with answering(status, body, kind) as client:
        error = await refusal_of(client)

    assert (refusals.name(error), refusals.status(error)) == (name, status)
    assert refusals.wait(error) == (refusals.UNSAID if status == 429 else None)


@pytest.mark.parametrize(
    ("status", "told", "seconds"), [(200, {}, 30), (429, {"Retry-After": "4"}, 4)]
)
async def test_a_wait_is_as_long_as_slack_says(
    status: int, told: dict[str, str], seconds: int
) -> None:
    body = '{"ok": false, "error": "ratelimited"}'
    async with answering(status, body, "application/json", **told) as client:
        error = await refusal_of(client)

    assert refusals.wait(error) == timedelta(seconds=seconds)
