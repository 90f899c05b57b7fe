import asyncio
import hashlib
import hmac
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any
from urllib.parse import parse_qs

import pytest
from aiohttp import web

from bot.workspace import Clock, Exchange
from bot.workspace.checks import Refused
from tests.bot.workspace.crier import (
    MANIFEST,
    NOON,
    QUIET,
    Json,
    Town,
    actions,
    build,
    button,
    listening,
    modal,
    section,
)

JOINED: Json = {"type": "team_join", "user": {"id": "U0NEW"}}


@dataclass
class Ear:
    """A bare HTTP bot: it keeps what came and answers as it is told, one answer after another."""

    came: list[tuple[Any, bytes]] = field(default_factory=list)
    answers: list[Callable[[], web.Response]] = field(default_factory=list)
    slow: float = 0

    async def hear(self, request: web.Request) -> web.Response:
        self.came.append((request.headers.copy(), await request.read()))
        await asyncio.sleep(self.slow)
        return self.answers.pop(0)() if self.answers else web.Response()


@pytest.fixture
async def ear() -> AsyncIterator[tuple[Town, Ear]]:
    async with heard(build()) as both:
        yield both


@asynccontextmanager
async def heard(town: Town) -> AsyncIterator[tuple[Town, Ear]]:
    ear = Ear()
    app = web.Application()
    app.router.add_post("/events", ear.hear)
    async with town.workspace.serving(), listening(app) as url:
        town.workspace.deliver_to(f"{url}/events")
        yield town, ear


def answering(*statuses: int, **headers: str) -> list[Callable[[], web.Response]]:
    return [lambda s=status: web.Response(status=s, headers=headers) for status in statuses]  # type: ignore[misc]


async def test_a_delivery_is_signed_over_its_raw_bytes(ear: tuple[Town, Ear]) -> None:
    town, bot = ear
    await town.workspace.command(town.ana, town.square, "/cry é & payload=1")

    headers, body = bot.came[0]
    timestamp = headers["x-slack-request-timestamp"]
    base = f"v0:{timestamp}:".encode() + body
    secret = town.workspace.signing_secret.encode()
    expected = f"v0={hmac.new(secret, base, hashlib.sha256).hexdigest()}"
    assert headers["x-slack-signature"] == expected
    assert abs(int(timestamp) - time.time()) < 5, "by real time, wherever the clock stands"
    assert headers["Content-Type"] == "application/x-www-form-urlencoded"
    assert parse_qs(body.decode())["text"] == ["é &amp; payload=1"]


async def test_interactions_are_forms_and_events_are_json(ear: tuple[Town, Ear]) -> None:
    town, bot = ear
    await town.client.chat_postMessage(
        channel="C0SQUARE", text="x", blocks=[actions(button("ok"))], **QUIET
    )
    await town.workspace.click(town.ana, town.workspace.messages(town.square)[0], "ok")
    await town.workspace.event(JOINED)

    assert bot.came[0][1].startswith(b"payload=%7B")
    assert bot.came[1][0]["Content-Type"] == "application/json"


async def test_an_event_comes_in_slacks_envelope(town: Town) -> None:
    exchange = await town.workspace.event(JOINED)

    told = town.bot.heard[0]
    assert exchange.acked
    assert told["type"] == "event_callback"
    assert told["event"].items() >= JOINED.items()
    assert told["event"]["event_ts"]
    assert told["event_id"].startswith("Ev")
    assert told["event_time"] == int(NOON.timestamp())
    assert (told["team_id"], told["context_team_id"]) == ("T0CONVENE", "T0CONVENE")
    assert told["context_enterprise_id"] is None
    assert told["is_ext_shared_channel"] is False
    assert told["authorizations"][0]["user_id"] == "U0CONVENE"
    # Socket Mode counts from nought, HTTP says nothing of a first attempt.
    assert told["headers"].get("x-slack-retry-num", ["0"]) == ["0"]


async def test_only_what_the_manifest_asks_for_is_delivered(town: Town) -> None:
    exchange = await town.workspace.event({"type": "user_change", "user": {}})

    assert exchange == Exchange(error="not_subscribed")
    assert town.bot.heard == []


async def test_opening_home_is_told_with_the_view_once_there_is_one(town: Town) -> None:
    await town.workspace.open_home(town.ana)
    shown = {"type": "home", "blocks": [{"type": "divider"}]}
    await town.client.views_publish(user_id="U0ANA", view=shown)
    await town.workspace.open_home(town.ana)

    first, second = (told["event"] for told in town.bot.heard)
    assert (first["type"], first["tab"], first["user"]) == ("app_home_opened", "home", "U0ANA")
    assert first["channel"] == town.workspace.dm(town.ana).id
    assert "view" not in first
    assert second["view"]["blocks"][0]["type"] == "divider"
    gone = town.workspace.add_user("Gone", deleted=True)
    with pytest.raises(Refused, match="account_inactive"):
        await town.workspace.open_home(gone)


async def test_what_people_say_reaches_a_bot_that_is_there_and_asked(town: Town) -> None:
    away = town.workspace.add_channel("away", members=[town.ana], bot_is_member=False)
    said = await town.workspace.say(town.ana, town.ana, "help")
    await town.workspace.say(town.ana, town.square, "just talk")
    mention = await town.workspace.say(town.ana, town.square, "@Crier help <b>", said.ts)
    await town.workspace.say(town.ana, away, "@Crier are you there")

    direct, mentioned = (told["event"] for told in town.bot.heard)
    assert (direct["type"], direct["channel_type"], direct["text"]) == ("message", "im", "help")
    assert mentioned["type"] == "app_mention"
    assert mentioned["text"] == "<@U0CONVENE|crier> help &lt;b&gt;"
    assert mentioned["channel"] == "C0SQUARE"
    assert mention.thread_ts == said.ts
    assert [each.text for each in town.workspace.messages(away)] == [
        "<@U0CONVENE|crier> are you there"
    ]


async def test_nobody_says_anything_where_it_cannot_be_said(quiet: Town) -> None:
    old = quiet.workspace.add_channel("old", members=[quiet.ana], is_archived=True)

    with pytest.raises(Refused, match="is_archived"):
        await quiet.workspace.say(quiet.ana, old, "hello")
    with pytest.raises(Refused, match="not_in_channel"):
        await quiet.workspace.say(quiet.ben, old, "hello")
    for tab, error in (
        ({"messages_tab_enabled": False}, "messages_tab_disabled"),
        ({"messages_tab_read_only_enabled": True}, "messages_tab_read_only"),
    ):
        silent = build(manifest=MANIFEST | {"features": MANIFEST["features"] | {"app_home": tab}})
        with pytest.raises(Refused, match=error):
            await silent.workspace.say(silent.ana, silent.ana, "hello")


async def test_an_event_is_retried_at_once_then_after_one_and_five_minutes(
    ear: tuple[Town, Ear],
) -> None:
    town, bot = ear
    bot.answers = answering(500, 404, 500, 500)

    exchange = await town.workspace.event(JOINED)
    assert (exchange.status, exchange.error, exchange.acked) == (500, "http_error", False)
    await tried(town, 2)
    town.clock.advance(timedelta(seconds=59))
    await asyncio.sleep(0.02)
    assert len(bot.came) == 2
    town.clock.advance(timedelta(seconds=1))
    await tried(town, 3)
    town.clock.advance(timedelta(minutes=5))
    await tried(town, 4)
    town.clock.advance(timedelta(hours=1))
    await asyncio.sleep(0.02)

    assert len(bot.came) == 4
    retries = [headers.get("x-slack-retry-num") for headers, _ in bot.came]
    assert retries == [None, "1", "2", "3"]
    assert {headers.get("x-slack-retry-reason") for headers, _ in bot.came[1:]} == {"http_error"}
    assert len({body for _, body in bot.came}) == 1, "the same event_id each time"
    assert not town.workspace.courier.background


async def tried(town: Town, times: int) -> None:
    async with asyncio.timeout(2):
        while len(town.workspace.deliveries) < times:  # noqa: ASYNC110 - a log has no event
            await asyncio.sleep(0.005)


async def test_a_retry_that_is_taken_ends_the_retries(ear: tuple[Town, Ear]) -> None:
    town, bot = ear
    bot.answers = answering(503)

    await town.workspace.event(JOINED)
    await tried(town, 2)
    town.clock.advance(timedelta(hours=1))
    await asyncio.sleep(0.02)

    assert len(bot.came) == 2


async def test_a_bot_may_ask_for_no_retry(ear: tuple[Town, Ear]) -> None:
    town, bot = ear
    bot.answers = answering(500, **{"x-slack-no-retry": "1"})

    exchange = await town.workspace.event(JOINED)
    await asyncio.sleep(0.02)

    assert not exchange.may_retry
    assert len(bot.came) == 1


async def test_a_bot_that_is_too_slow_is_told_why_it_is_asked_again() -> None:
    async with heard(build(ack_timeout=0.05)) as (town, bot):
        bot.slow = 0.1
        exchange = await town.workspace.event(JOINED)
        await tried(town, 2)

    assert exchange.error == "operation_timeout"
    assert bot.came[1][0]["x-slack-retry-reason"] == "http_timeout"


async def test_a_bot_that_is_away_or_sends_round_in_circles(ear: tuple[Town, Ear]) -> None:
    town, bot = ear
    circle = {"Location": "/events"}
    bot.answers = [lambda: web.Response(status=307, headers=circle)] * 9
    redirected = await town.workspace.command(town.ana, town.square, "/cry")
    town.workspace.deliver_to("http://127.0.0.1:9/nobody")
    away = await town.workspace.command(town.ana, town.square, "/cry")

    assert redirected.reason == "too_many_redirects"
    assert (away.error, away.reason) == ("dispatch_failed", "connection_failed")
    seen = town.workspace.messages(town.square, seen_by=town.ana)
    assert seen[-1].text == '/cry failed with the error "dispatch_failed"'


async def test_a_command_that_fails_is_never_retried(ear: tuple[Town, Ear]) -> None:
    town, bot = ear
    bot.answers = answering(500)

    exchange = await town.workspace.command(town.ana, town.square, "/cry")
    town.clock.advance(timedelta(hours=1))
    await asyncio.sleep(0.02)

    assert exchange.error == "http_error"
    assert len(bot.came) == 1
    seen = town.workspace.messages(town.square, seen_by=town.ana)
    assert seen[-1].text == '/cry failed with the error "http_service_error"'


async def test_a_submission_that_fails_leaves_the_modal_with_trouble(ear: tuple[Town, Ear]) -> None:
    town, bot = ear
    trigger = town.workspace.world.tickets.trigger("U0ANA", None, "")
    await town.client.views_open(trigger_id=trigger, view=modal(section("Sure?")))
    bot.answers = answering(500)

    failed = await town.workspace.submit(town.ana)
    [view] = town.workspace.modals(town.ana)
    assert (failed.error, view.trouble != "") == ("http_error", True)

    assert (await town.workspace.submit(town.ana)).acked
    assert town.workspace.modals(town.ana) == []


async def test_a_broken_json_answer_is_taken_as_words(ear: tuple[Town, Ear]) -> None:
    town, bot = ear
    bot.answers = [lambda: web.Response(text="{half", content_type="application/json")]

    await town.workspace.command(town.ana, town.square, "/cry")

    assert town.workspace.messages(town.square, seen_by=town.ana)[-1].text == "{half"


@pytest.mark.parametrize("body", ["[1]", '"x"'])
async def test_an_answer_that_is_no_object_is_refused(ear: tuple[Town, Ear], body: str) -> None:
    town, bot = ear
    bot.answers = [lambda: web.Response(text=body, content_type="application/json")]

    await town.workspace.command(town.ana, town.square, "/cry")

    assert town.workspace.sent[-1].method == "ack"


async def test_deliveries_can_be_doubled(town: Town) -> None:
    town.workspace.delivery_faults.duplicate(2)

    await town.workspace.event(JOINED)
    await town.workspace.command(town.ana, town.square, "/cry")
    await town.workspace.command(town.ana, town.square, "/cry once")
    async with asyncio.timeout(2):
        while len(town.bot.heard) < 5:  # noqa: ASYNC110 - the bot is a list here
            await asyncio.sleep(0.005)

    events = [told for told in town.bot.heard if told["kind"] == "event"]
    commands = [told for told in town.bot.heard if told["kind"] == "command"]
    assert len({told["event_id"] for told in events}) == 1
    assert {told["headers"].get("x-slack-retry-num", ["0"])[0] for told in events} == {"0", "1"}
    assert [told["text"] for told in commands].count("") == 2
    assert len({told["trigger_id"] for told in commands}) == 2


async def test_a_delivery_can_be_overtaken(town: Town) -> None:
    town.workspace.delivery_faults.reorder()

    held = asyncio.create_task(town.workspace.event(JOINED))
    await asyncio.sleep(0.01)
    await town.workspace.command(town.ana, town.square, "/cry")
    await held

    assert [told["kind"] for told in town.bot.heard] == ["command", "event"]


async def test_a_held_delivery_with_nothing_behind_it_comes_late(
    ear: tuple[Town, Ear], monkeypatch: pytest.MonkeyPatch
) -> None:
    town, bot = ear
    monkeypatch.setattr("bot.workspace.deliveries.HELD_SECONDS", 0.02)
    town.workspace.delivery_faults.reorder()

    await town.workspace.event(JOINED)

    assert len(bot.came) == 1
    town.workspace.delivery_faults.duplicate()
    town.workspace.delivery_faults.clear()
    await town.workspace.event(JOINED)
    assert len(bot.came) == 2


async def test_what_still_waits_to_be_retried_ends_with_the_workspace() -> None:
    async with heard(build(clock=Clock(NOON))) as (town, bot):
        bot.answers = answering(500, 500)
        await town.workspace.event(JOINED)
        await tried(town, 2)
        assert town.workspace.courier.background

    assert not town.workspace.courier.background


async def test_a_workspace_delivers_only_while_it_is_served() -> None:
    with pytest.raises(RuntimeError, match="Serve the workspace first"):
        build().workspace.deliver_to("http://127.0.0.1:9")


async def test_until_waits_for_what_happens_after_the_answer(http: Town) -> None:
    @http.bot.on("command")
    async def answer(ack: Any, client: Any, **_: Any) -> None:
        await ack()
        asyncio.get_running_loop().call_later(
            0.02, asyncio.ensure_future, client.chat_postMessage(
                channel="C0SQUARE", text="Later", **QUIET
            )
        )  # fmt: skip

    await http.workspace.command(http.ana, http.square, "/cry")
    found = await http.workspace.until(lambda: http.workspace.messages(http.square))

    assert [message.text for message in found] == ["Later"]
    with pytest.raises(TimeoutError):
        await http.workspace.until(lambda: False, timeout=0.02)
