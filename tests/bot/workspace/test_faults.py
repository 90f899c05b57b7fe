import asyncio
import time
from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Any

import aiohttp
import pytest
from slack_sdk.errors import SlackApiError

from bot.workspace import Fault
from tests.bot.workspace.crier import QUIET, Town

Refusal = Callable[[Awaitable[Any]], Awaitable[Any]]


async def post(town: Town, text: str = "Hi", channel: str = "C0SQUARE") -> Any:
    return await town.client.chat_postMessage(channel=channel, text=text, **QUIET)


async def test_too_many_requests_say_when_to_come_back(quiet: Town, refusal: Refusal) -> None:
    quiet.workspace.faults.add("chat.postMessage", Fault.rate_limited(retry_after=3))

    answer = await refusal(post(quiet))

    assert (answer.status_code, answer["error"]) == (429, "ratelimited")
    assert answer.headers["Retry-After"] == "3"
    assert quiet.workspace.sent[-1].status == 429
    await post(quiet)
    assert len(quiet.workspace.messages(quiet.square)) == 1


async def test_a_server_error_and_a_named_error_do_nothing(quiet: Town, refusal: Refusal) -> None:
    quiet.workspace.faults.add("*", Fault.server_error(503), times=2)
    quiet.workspace.faults.add("chat.postMessage", Fault.error("is_archived"))

    broken = [await refusal(post(quiet)) for _ in range(2)]
    archived = await refusal(post(quiet))

    assert [answer.status_code for answer in broken] == [503, 503]
    assert archived["error"] == "is_archived"
    assert quiet.workspace.messages(quiet.square) == []


async def test_a_hang_answers_late(quiet: Town) -> None:
    quiet.workspace.faults.add("chat.postMessage", Fault.hang(0.05))
    started = time.perf_counter()

    answer = await post(quiet)

    assert time.perf_counter() - started >= 0.05
    assert answer["ok"]


async def test_a_hang_beyond_the_clients_patience_still_posts(quiet: Town) -> None:
    quiet.workspace.faults.add("chat.postMessage", Fault.hang(0.2))
    client = quiet.client
    client.timeout = 0.05  # type: ignore[assignment]

    with pytest.raises(TimeoutError):
        await client.chat_postMessage(channel="C0SQUARE", text="Hi", **QUIET)

    assert len(quiet.workspace.messages(quiet.square)) == 1


async def test_a_dropped_line_leaves_the_message_and_no_answer(quiet: Town) -> None:
    quiet.workspace.faults.add("chat.postMessage", Fault.drop_after_accept())

    with pytest.raises(aiohttp.ServerDisconnectedError):
        await post(quiet)

    assert len(quiet.workspace.messages(quiet.square)) == 1
    assert quiet.workspace.sent[-1].status is None
    assert quiet.workspace.sent[-1].ok


async def test_the_stock_clients_own_retry_posts_twice_after_a_dropped_line(quiet: Town) -> None:
    from slack_sdk.http_retry.builtin_async_handlers import (  # noqa: PLC0415
        AsyncConnectionErrorRetryHandler,
    )

    quiet.workspace.faults.add("chat.postMessage", Fault.drop_after_accept())
    client = quiet.client
    client.retry_handlers.append(AsyncConnectionErrorRetryHandler(max_retry_count=1))

    await client.chat_postMessage(channel="C0SQUARE", text="Hi", **QUIET)

    assert len(quiet.workspace.messages(quiet.square)) == 2


async def test_a_fault_waits_for_the_method_it_was_planned_for(quiet: Town) -> None:
    quiet.workspace.faults.add("chat.update", Fault.server_error())

    assert (await post(quiet))["ok"]
    assert len(quiet.workspace.faults.planned) == 1


async def test_faults_can_be_taken_back(quiet: Town) -> None:
    quiet.workspace.faults.add("chat.postMessage", Fault.server_error(), times=9)
    quiet.workspace.faults.clear()

    assert (await post(quiet))["ok"]


async def test_limits_are_off_until_they_are_switched_on(quiet: Town) -> None:
    for _ in range(3):
        await post(quiet)


async def test_one_message_a_second_by_channel(quiet: Town, refusal: Refusal) -> None:
    quiet.workspace.limits.enabled = True

    await post(quiet)
    answer = await refusal(post(quiet))
    await post(quiet, channel="C0ATTIC")
    quiet.clock.advance(timedelta(seconds=1))
    await post(quiet)

    assert (answer.status_code, answer.headers["Retry-After"]) == (429, "1")
    assert quiet.workspace.sent[1].status == 429


async def test_so_many_calls_a_minute_by_method(quiet: Town, refusal: Refusal) -> None:
    quiet.workspace.limits.enabled = True

    for _ in range(20):
        await quiet.client.users_list()
    quiet.clock.advance(timedelta(seconds=40))
    answer = await refusal(quiet.client.users_list())
    assert (await quiet.client.users_info(user="U0ANA"))["ok"], "each method has its own count"
    quiet.clock.advance(timedelta(seconds=20))

    assert (answer["error"], answer.headers["Retry-After"]) == ("ratelimited", "20")
    assert (await quiet.client.users_list())["ok"]


@pytest.mark.parametrize(
    ("content_type", "body", "error"),
    [
        ("application/json", b"{bad", "invalid_json"),
        ("application/json", b"[]", "json_not_object"),
        ("text/plain", b"channel=C0SQUARE", "invalid_post_type"),
        ("application/x-www-form-urlencoded", b"channel=C0SQUARE&metadata={bad&text=x"
         b"&unfurl_links=0&unfurl_media=0", "invalid_metadata_format"),
    ],
)  # fmt: skip
async def test_a_body_that_cannot_be_read_is_refused(
    quiet: Town, content_type: str, body: bytes, error: str
) -> None:
    headers = {
        "Content-Type": content_type,
        "Authorization": f"Bearer {quiet.workspace.bot_token}",
    }
    async with (
        aiohttp.ClientSession() as session,
        session.post(
            f"{quiet.workspace.url}/api/chat.postMessage", data=body, headers=headers
        ) as response,
    ):
        answer = await response.json()

    assert (answer["ok"], answer["error"]) == (False, error)
    assert quiet.workspace.sent[-1].body == body


async def test_a_fault_in_one_call_leaves_others_alone(quiet: Town) -> None:
    quiet.workspace.faults.add("chat.postMessage", Fault.hang(0.1))

    slow = asyncio.create_task(post(quiet))
    await asyncio.sleep(0.01)
    started = time.perf_counter()
    await quiet.client.users_info(user="U0ANA")

    assert time.perf_counter() - started < 0.1
    assert (await slow)["ok"]


async def test_an_error_of_slacks_reaches_the_bot_as_the_stock_clients_exception(
    quiet: Town,
) -> None:
    quiet.workspace.faults.add("chat.postMessage", Fault.error("account_inactive"))

    with pytest.raises(SlackApiError, match="account_inactive"):
        await post(quiet)


async def test_a_block_that_is_taken_away_is_refused_and_nothing_else(
    quiet: Town, refusal: Refusal
) -> None:
    rule = {"type": "divider"}
    quiet.workspace.faults.add("chat.postMessage", Fault.unsupported("divider"), times=2)

    answer = await refusal(
        quiet.client.chat_postMessage(channel="C0SQUARE", text="Hi", blocks=[rule], **QUIET)
    )
    await post(quiet)

    assert answer["error"] == "invalid_blocks"
    assert "unsupported type: divider" in answer["response_metadata"]["messages"][0]
    assert len(quiet.workspace.messages(quiet.square)) == 1
