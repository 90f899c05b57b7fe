"""Ten requests in ten seconds: the one beyond is told so, and nothing typed is lost."""

import asyncio
import shutil
import time
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from itertools import pairwise
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from bot import demo, pace, running
from bot.pace import SLOWLY, Pace, Paces
from bot.running import PACE
from bot.settings import Settings
from bot.workspace import Clock
from commands import blocks
from tests.bot.conftest import MONDAY, Story
from tests.factories import every_row

MARCUS = "U0MARCUS"
GOING = "briefings.going"
OTHERS = ("U0DANA", "U0PRIYA", "U0MAEVE", "U0ANH")


class Watch:
    """A clock that stands until it is set."""

    now = 0.0

    def __call__(self) -> float:
        return self.now


def test_ten_at_once_are_fine_and_the_next_is_told_once() -> None:
    paces = Paces(Watch(), PACE)

    asked = [paces.of("T1", "U1") for _ in range(13)]

    assert asked == [Pace.FINE] * 10 + [Pace.SAY] + [Pace.QUIET] * 2


def test_the_bucket_fills_by_one_a_second_and_a_full_one_is_a_new_burst() -> None:
    watch = Watch()
    paces = Paces(watch, PACE)
    for _ in range(11):
        paces.of("T1", "U1")

    watch.now = 1
    assert [paces.of("T1", "U1") for _ in range(2)] == [Pace.FINE, Pace.QUIET]
    watch.now = 12
    assert [paces.of("T1", "U1") for _ in range(11)] == [Pace.FINE] * 10 + [Pace.SAY]


def test_whoever_does_not_stop_is_told_again_after_ten_seconds() -> None:
    watch = Watch()
    paces = Paces(watch, PACE)
    met = []

    for tick in range(400):
        watch.now = tick / 10
        met.append(paces.of("T1", "U1"))

    said = [tick for tick, pace in enumerate(met) if pace is Pace.SAY]
    assert [later - earlier for earlier, later in pairwise(said)] == [100, 100, 100]
    assert met.count(Pace.FINE) == PACE + 39
    lost = [tick for tick, pace in enumerate(met) if pace is Pace.QUIET]
    assert all(any(0 < tick - told < 100 for told in said) for tick in lost)


def test_what_is_not_heard_is_not_told_and_the_next_command_is() -> None:
    paces = Paces(Watch(), PACE)
    for _ in range(PACE):
        paces.of("T1", "U1")

    asked = [paces.of("T1", "U1", hears=hears) for hears in (False, False, True, True)]

    assert asked == [Pace.QUIET, Pace.QUIET, Pace.SAY, Pace.QUIET]


def test_everybody_has_a_bucket_of_their_own_in_each_team() -> None:
    paces = Paces(Watch(), 1)

    assert [paces.of(*who) for who in (("T1", "U1"), ("T1", "U2"), ("T2", "U1"))] == [Pace.FINE] * 3


def test_only_so_many_people_are_remembered(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pace, "MOST", 2)
    paces = Paces(Watch(), 1)

    assert [paces.of("T1", user) for user in ("U1", "U2", "U3", "U1")] == [Pace.FINE] * 4


@pytest.fixture
def watch(monkeypatch: pytest.MonkeyPatch) -> Watch:
    """Give the clock by which the bot measures pace."""
    made = Watch()
    monkeypatch.setattr(running, "time", SimpleNamespace(monotonic=made, time=time.time))
    return made


@pytest.fixture(params=["http", "socket"])
async def paced(
    request: pytest.FixtureRequest,
    sqlite_url: str,
    coalition_template: Path,
    coalition: dict[str, Any],
    watch: Watch,
) -> AsyncIterator[Story]:
    """Give a story at the real pace, while no time passes but what a test lets pass."""
    shutil.copy(coalition_template, sqlite_url.removeprefix("sqlite:///"))
    async with AsyncExitStack() as stack:
        workspace = demo.populated(coalition, Clock(frozen_at=MONDAY))
        await stack.enter_async_context(workspace.serving())
        settings = Settings("", "", "", "", sqlite_url, ("127.0.0.1", 0))
        app_token = workspace.app_token if request.param == "socket" else ""
        bot = demo.running_in(workspace, settings, None, app_token=app_token)
        yield Story(workspace, await stack.enter_async_context(bot))


async def busy(story: Story, times: int) -> None:
    """Let Marcus ask so often."""
    for _ in range(times):
        assert await story.says(MARCUS, "/actions") != SLOWLY


def stored(story: Story) -> dict[str, list[Any]]:
    """Read all that is stored."""
    return every_row(story.bot.units.database)


async def test_the_eleventh_command_is_told_so_and_others_go_on(paced: Story) -> None:
    await busy(paced, PACE)

    assert await paced.says(MARCUS, "/actions") == SLOWLY
    assert await paced.says("U0DANA", "/actions") != SLOWLY
    seen = len(paced.workspace.messages("C0ANNOUNCE", seen_by=MARCUS))
    await paced.says(MARCUS, "/actions")
    assert len(paced.workspace.messages("C0ANNOUNCE", seen_by=MARCUS)) == seen


async def test_a_click_too_many_is_told_so_and_changes_nothing(paced: Story, watch: Watch) -> None:
    await paced.says(MARCUS, "/briefings show E14")
    card = paced.last(MARCUS)
    await busy(paced, PACE - 1)
    before = stored(paced)
    for _ in range(2):
        await paced.workspace.click(MARCUS, card, GOING)
        await paced.settled()
    told, held = paced.last(MARCUS).text, stored(paced)

    watch.now += 10
    await paced.workspace.click(MARCUS, card, GOING)
    await paced.settled()

    assert (told, held) == (SLOWLY, before)
    assert paced.last(MARCUS).text.startswith("You are going to *E14")


async def test_a_click_too_many_in_the_home_is_told_there(paced: Story) -> None:
    await paced.workspace.open_home(MARCUS)
    await busy(paced, PACE - 1)
    before = stored(paced)

    await paced.workspace.click_home(MARCUS, GOING, "14")
    await paced.settled()

    view = paced.workspace.home(MARCUS)
    assert view is not None
    assert blocks.text_of(view.blocks).startswith(SLOWLY)
    assert stored(paced) == before


async def test_a_form_too_many_stays_open_with_all_that_was_typed(
    paced: Story, watch: Watch
) -> None:
    await paced.workspace.command(MARCUS, "C0ANNOUNCE", "/initiatives update I3")
    await busy(paced, PACE - 1)
    before, told = stored(paced), []
    for _ in range(3):
        await paced.workspace.submit(MARCUS, {"text": "They answered."})
        told.append(dict(paced.workspace.modals(MARCUS)[-1].errors))
    held = stored(paced)

    watch.now += 10
    await paced.workspace.submit(MARCUS)

    assert told == [{"health": SLOWLY}] * 3, "each time, or Slack would close it"
    assert held == before
    assert "They answered." in str(stored(paced)["initiative_updates"])


async def test_a_flood_of_events_is_not_answered_and_holds_nobody_up(paced: Story) -> None:
    opening = {"type": "app_home_opened", "user": MARCUS, "tab": "home", "channel": "D0"}
    calls = len(paced.workspace.sent)
    flood = [asyncio.create_task(paced.workspace.event(opening)) for _ in range(200)]

    said = [await paced.says(user, "/actions") for user in OTHERS]
    exchanges = await asyncio.gather(*flood)
    await paced.settled()

    assert {exchange.status for exchange in exchanges} == {200}
    assert all(text and text != SLOWLY for text in said)
    sent = [each.method for each in paced.workspace.sent[calls:] if each.method != "ack"]
    assert sent == ["views.publish"] * PACE
    assert await paced.says(MARCUS, "/actions") == SLOWLY


async def test_what_slack_tells_of_somebody_is_never_too_much(paced: Story) -> None:
    for number in range(2 * PACE):
        user = {"id": MARCUS, "team_id": "T0CONVENE", "name": f"Marcus {number}"}
        await paced.workspace.event({"type": "user_change", "user": user})

    assert f"You are *Marcus {2 * PACE - 1}" in await paced.says(MARCUS, "/members me")


async def test_what_is_typed_too_fast_is_not_even_read(
    paced: Story, caplog: pytest.LogCaptureFixture
) -> None:
    signal = f"/actions add {'0123456789abcdef' * 4}"
    flood = [paced.workspace.command(MARCUS, "C0ANNOUNCE", signal) for _ in range(60)]

    exchanges = await asyncio.gather(*flood)

    assert {exchange.error for exchange in exchanges} == {None}
    read = [line for line in caplog.messages if line.startswith("guard.refused")]
    assert len(read) == PACE
