from datetime import timedelta
from typing import Any

import aiohttp
import pytest
from slack_sdk.webhook.async_client import AsyncWebhookClient

from bot.workspace import Fault
from tests.bot.workspace.crier import QUIET, Json, Town, actions, button, section


async def url_of_command(town: Town) -> str:
    await town.workspace.command(town.ana, town.square, "/cry")
    return str(town.bot.heard[-1]["response_url"])


async def url_of_press(town: Town, *, ephemeral: bool = False) -> str:
    call: Json = {"channel": "C0SQUARE", "text": "Press", "blocks": [actions(button("ok"))]}
    if ephemeral:
        await town.client.chat_postEphemeral(user="U0ANA", **call)
    else:
        await town.client.chat_postMessage(**call, **QUIET)
    message = town.workspace.messages(town.square, seen_by=town.ana)[-1]
    await town.workspace.click(town.ana, message, "ok")
    return str(town.bot.heard[-1]["response_url"])


async def post(url: str, **payload: Any) -> tuple[int, str]:
    answer = await AsyncWebhookClient(url, timeout=5).send_dict(payload)
    return answer.status_code, answer.body


def texts(town: Town, user: Any) -> list[str]:
    return [each.text for each in town.workspace.messages(town.square, seen_by=user)]


async def test_an_answer_is_for_the_person_unless_it_says_in_channel(town: Town) -> None:
    url = await url_of_command(town)

    assert await post(url, text="For you") == (200, "ok")
    assert await post(url, text="For all", response_type="in_channel") == (200, "ok")

    assert texts(town, town.ana) == ["For you", "/cry", "For all"]
    assert texts(town, town.ben) == ["/cry", "For all"]
    first, second = town.workspace.sent[-2:]
    assert (first.method, first.to, second.to) == ("response_url", "Ana Silva", "#square")
    assert first.body == b'{"text": "For you"}'
    assert first.why == "Ana Silva typed /cry"


async def test_a_response_url_works_even_where_the_bot_is_not(http: Town) -> None:
    http.square.members.remove("U0CONVENE")
    url = await url_of_command(http)

    await post(url, text="For all", response_type="in_channel")

    assert texts(http, http.ben) == ["/cry", "For all"]


async def test_a_response_url_is_good_for_five_uses(http: Town) -> None:
    url = await url_of_command(http)

    answers = [await post(url, text=str(number)) for number in range(6)]

    assert [status for status, _ in answers] == [200] * 5 + [404]
    assert "used_url" in answers[-1][1]
    assert texts(http, http.ana) == list("01234")


async def test_a_refused_post_costs_no_use(http: Town) -> None:
    url = await url_of_command(http)

    assert await post(url, blocks=[section("No text")]) == (
        400,
        '{"ok":false,"error":"no_text","response_metadata":{"messages":["[ERROR] this '
        "workspace's own rule: every message carries complete top-level text "
        '[json-pointer:/text]"]}}',
    )
    for _ in range(5):
        assert (await post(url, text="Fine"))[0] == 200


async def test_a_response_url_is_good_for_half_an_hour(http: Town) -> None:
    url = await url_of_command(http)

    http.clock.advance(timedelta(minutes=30))
    in_time = await post(url, text="In time")
    http.clock.advance(timedelta(seconds=1))
    late = await post(url, text="Late")

    assert in_time[0] == 200
    assert late[0] == 404
    assert "expired_url" in late[1]


async def test_an_unknown_response_url_is_not_found(quiet: Town) -> None:
    status, body = await post(f"{quiet.workspace.url}/response/T0CONVENE/made-up", text="Hi")

    assert status == 404
    assert "invalid_url" in body


async def test_a_pressed_message_can_be_replaced_and_deleted(town: Town) -> None:
    url = await url_of_press(town)

    await post(url, replace_original=True, text="Pressed", blocks=[section("*Pressed*")])
    message = town.workspace.messages(town.square)[-1]
    assert message.text == "Pressed"
    assert message.blocks[0]["type"] == "section"
    await post(url, delete_original=True)

    assert town.workspace.messages(town.square) == []
    assert (await post(url, replace_original=True, text="Again"))[0] == 200
    assert texts(town, town.ana) == ["Again"], "what is gone cannot be replaced"
    for _ in range(2):
        assert (await post(url, delete_original=True))[0] == 200
    assert texts(town, town.ana) == []


async def test_an_ephemeral_message_is_replaced_for_its_person_only(town: Town) -> None:
    url = await url_of_press(town, ephemeral=True)

    await post(url, replace_original=True, text="Pressed")
    public = await post(url, replace_original=True, text="All", response_type="in_channel")

    assert texts(town, town.ana) == ["Pressed"]
    assert texts(town, town.ben) == []
    assert public[0] == 400
    assert "cannot become one for the channel" in public[1]


async def test_a_commands_first_answer_is_what_is_replaced(town: Town) -> None:
    @town.bot.on("command")
    async def answer(ack: Any, **_: Any) -> None:
        await ack("Working on it")

    url = await url_of_command(town)
    await post(url, replace_original=True, text="Done")

    assert texts(town, town.ana) == ["Done"]


async def test_what_was_pressed_and_then_deleted_is_not_found_again(http: Town) -> None:
    url = await url_of_press(http)
    message = http.workspace.messages(http.square)[-1]
    await http.client.chat_delete(channel="C0SQUARE", ts=message.ts)

    await post(url, replace_original=True, text="Instead")

    assert texts(http, http.ana) == ["Instead"]


@pytest.mark.parametrize(
    ("content_type", "body", "status"),
    [
        ("application/json", b"{bad", 400),
        ("application/json", b"[1]", 400),
        ("application/json", '{"text":"caf\xe9"}'.encode("latin-1"), 200),
        ("application/x-www-form-urlencoded", b"payload=%7B%22text%22%3A%22Hi%22%7D", 200),
        ("application/x-www-form-urlencoded", b"text=Hi", 400),
    ],
)
async def test_a_post_is_json_however_it_travels(
    http: Town, content_type: str, body: bytes, status: int
) -> None:
    url = await url_of_command(http)

    async with (
        aiohttp.ClientSession() as session,
        session.post(url, data=body, headers={"Content-Type": content_type}) as response,
    ):
        assert response.status == status

    assert http.workspace.sent[-1].body == body


async def test_a_response_url_can_be_told_to_misbehave(http: Town) -> None:
    url = await url_of_command(http)
    http.workspace.faults.add("response_url", Fault.rate_limited(retry_after=7))
    http.workspace.faults.add("response_url", Fault.drop_after_accept())

    limited = await AsyncWebhookClient(url, timeout=5).send(text="One")
    with pytest.raises(aiohttp.ClientError):
        await AsyncWebhookClient(url, timeout=5, retry_handlers=[]).send(text="Two")

    assert (limited.status_code, limited.headers["Retry-After"]) == (429, "7")
    assert texts(http, http.ana) == ["Two"]
    assert http.workspace.sent[-1].status is None


async def test_a_response_url_takes_one_post_a_second_when_limits_are_on(http: Town) -> None:
    url = await url_of_command(http)
    http.workspace.limits.enabled = True

    first, second = await post(url, text="One"), await post(url, text="Two")
    http.clock.advance(timedelta(seconds=1))
    third = await post(url, text="Three")

    assert (first[0], second[0], third[0]) == (200, 429, 200)
