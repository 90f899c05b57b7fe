from collections.abc import Awaitable, Callable
from typing import Any

import aiohttp

from bot.workspace import Fault
from tests.bot.workspace.crier import QUIET, Town

Refusal = Callable[[Awaitable[Any]], Awaitable[Any]]


async def fetched(url: str) -> tuple[int, bytes, Any]:
    async with aiohttp.ClientSession() as session, session.get(url) as response:
        return response.status, await response.read(), response.headers


async def test_a_file_is_uploaded_in_the_three_calls_of_the_stock_client(quiet: Town) -> None:
    answer = await quiet.client.files_upload_v2(
        channel="C0SQUARE",
        filename="briefing.ics",
        title="Briefing",
        content="BEGIN:VCALENDAR",
        alt_txt="A calendar entry",
        initial_comment="For your calendar",
    )

    [message] = quiet.workspace.messages(quiet.square)
    assert message.text == "For your calendar"
    assert message.files == [answer["file"]["id"]]
    assert answer["file"]["channels"] == ["C0SQUARE"]
    assert [sent.method for sent in quiet.workspace.sent] == [
        "files.getUploadURLExternal",
        "upload",
        "files.completeUploadExternal",
    ]
    assert quiet.workspace.sent[1].body == b"BEGIN:VCALENDAR"
    status, content, headers = await fetched(answer["file"]["url_private"])
    assert (status, content) == (200, b"BEGIN:VCALENDAR")
    assert headers["Content-Disposition"] == "attachment"
    told = await quiet.client.conversations_history(channel="C0SQUARE")
    assert told["messages"][0]["files"][0]["title"] == "Briefing"


async def test_pictures_are_shown_and_other_files_saved(quiet: Town) -> None:
    answer = await quiet.client.files_upload_v2(filename="dot.png", content=b"\x89PNG")

    _, _, headers = await fetched(answer["file"]["url_private"])

    assert headers["Content-Type"] == "image/png"
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert answer["file"]["channels"] == [], "without a channel only the bot has it"
    assert (await fetched(f"{quiet.workspace.url}/files/F0/none.png"))[0] == 404


async def test_a_file_may_go_to_several_channels_and_into_a_thread(quiet: Town) -> None:
    opening = await quiet.client.chat_postMessage(channel="C0SQUARE", text="Here", **QUIET)

    await quiet.client.files_upload_v2(
        channels=["C0SQUARE", "C0ATTIC"], filename="a.txt", content="a"
    )
    await quiet.client.files_upload_v2(
        channel="C0SQUARE", thread_ts=opening["ts"], filename="a.txt", content="a"
    )

    assert len(quiet.workspace.messages(quiet.attic)) == 1
    assert quiet.workspace.messages(quiet.square)[-1].thread_ts == opening["ts"]


async def test_what_cannot_be_uploaded(quiet: Town, refusal: Refusal) -> None:
    client = quiet.client
    announced = await client.files_getUploadURLExternal(filename="a.txt", length=5)
    quiet.workspace.add_channel("away", id="C0AWAY", bot_is_member=False)
    quiet.workspace.add_channel("old", id="C0OLD", is_archived=True)

    async def post(url: str, body: bytes) -> tuple[int, str]:
        async with aiohttp.ClientSession() as session, session.post(url, data=body) as response:
            return response.status, await response.text()

    async def complete(channel: str | None = None) -> str:
        call = client.files_completeUploadExternal(
            files=[{"id": announced["file_id"], "title": None}], channel_id=channel
        )
        return str((await refusal(call))["error"])

    assert await complete() == "file_not_found"
    assert await post(announced["upload_url"], b"too long") == (400, "length_mismatch")
    assert (await post(f"{quiet.workspace.url}/upload/v1/F0", b"x"))[0] == 400
    assert await post(announced["upload_url"], b"right") == (200, "OK - 5")
    assert await complete("C0NOWHERE") == "channel_not_found"
    assert await complete("C0AWAY") == "not_in_channel"
    assert await complete("C0OLD") == "is_archived"


async def test_an_upload_can_be_told_to_fail(quiet: Town) -> None:
    announced = await quiet.client.files_getUploadURLExternal(filename="a.txt", length=1)
    quiet.workspace.faults.add("upload", Fault.server_error(503))

    async with (
        aiohttp.ClientSession() as session,
        session.post(announced["upload_url"], data=b"x") as response,
    ):
        assert response.status == 503
