"""Ten requests in ten seconds: the one beyond is told so once, and nothing typed is lost."""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from typing import Any

import pytest

from bot import demo, pace
from bot.pace import SLOWLY, Pace, Paces
from bot.running import PACE
from bot.settings import Settings
from bot.workspace import Clock
from tests.bot.conftest import MONDAY, Story


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


def test_everybody_has_a_bucket_of_their_own_in_each_team() -> None:
    paces = Paces(Watch(), 1)

    assert [paces.of(*who) for who in (("T1", "U1"), ("T1", "U2"), ("T2", "U1"))] == [Pace.FINE] * 3


def test_only_so_many_people_are_remembered(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pace, "MOST", 2)
    paces = Paces(Watch(), 1)

    assert [paces.of("T1", user) for user in ("U1", "U2", "U3", "U1")] == [Pace.FINE] * 4


@pytest.fixture(params=["http", "socket"])
async def paced(
    request: pytest.FixtureRequest, sqlite_url: str, coalition: dict[str, Any]
) -> AsyncIterator[Story]:
    """Give a story at the real pace."""
    async with AsyncExitStack() as stack:
        workspace = demo.populated(coalition, Clock(frozen_at=MONDAY))
        await stack.enter_async_context(workspace.serving())
        settings = Settings("", "", "", "", sqlite_url, ("127.0.0.1", 0))
        app_token = workspace.app_token if request.param == "socket" else ""
        running = demo.running_in(workspace, settings, coalition, app_token=app_token)
        yield Story(workspace, await stack.enter_async_context(running))


async def test_the_eleventh_command_is_told_so_and_others_go_on(paced: Story) -> None:
    said = [await paced.says("U0MARCUS", "/actions") for _ in range(PACE + 1)]

    assert said[-1] == SLOWLY
    assert SLOWLY not in said[:-1]
    assert await paced.says("U0DANA", "/actions") != SLOWLY
    seen = len(paced.workspace.messages("C0ANNOUNCE", seen_by="U0MARCUS"))
    await paced.says("U0MARCUS", "/actions")
    assert len(paced.workspace.messages("C0ANNOUNCE", seen_by="U0MARCUS")) == seen
