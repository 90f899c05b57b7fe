"""Whoever asks very often is asked to wait, kindly and once; nobody else notices."""

from collections.abc import AsyncIterator
from typing import Any

import pytest

from bot import demo
from bot.pace import BURST, KNOWN, Pace
from bot.people import Identity
from bot.settings import Settings
from bot.workspace import Clock, Workspace
from tests.bot.conftest import MONDAY, Story
from tests.bot.test_canaries import FORMS, presses, submits

ANA, BO = Identity("T1", "U1", ""), Identity("T1", "U2", "")
PRIYA, MARCUS = "U0PRIYA", "U0MARCUS"
SLOWER = "That was a lot at once. Wait ten seconds, then go on; nothing was lost."


class Watch:
    def __init__(self) -> None:
        self.seconds = 0.0

    def __call__(self) -> float:
        return self.seconds


def test_ten_at_once_then_one_a_second() -> None:
    watch = Watch()
    pace = Pace(clock=watch)

    first = [pace.allows(ANA) for _ in range(BURST + 2)]
    other = pace.allows(BO)
    watch.seconds = 1.0
    then = [pace.allows(ANA) for _ in range(2)]
    watch.seconds = 100.0
    rested = [pace.allows(ANA) for _ in range(BURST + 1)]

    assert first == [True] * BURST + [False] * 2
    assert (other, then) == (True, [True, False])
    assert rested == [True] * BURST + [False]


def test_each_burst_is_told_once() -> None:
    watch = Watch()
    pace = Pace(burst=1, clock=watch)

    told = []
    for seconds in (0.0, 0.0, 0.0, 5.0, 5.0, 5.0):
        watch.seconds = seconds
        told.append(None if pace.allows(ANA) else pace.tells(ANA))

    assert told == [None, True, False, None, True, False]


def test_only_so_many_people_are_remembered() -> None:
    pace = Pace(burst=1)
    for number in range(KNOWN + 100):
        pace.allows(Identity("T1", f"U{number}", ""))

    assert len(pace._buckets) == KNOWN


@pytest.fixture
async def slow(sqlite_url: str, coalition: dict[str, Any]) -> AsyncIterator[Story]:
    """Give the demo's coalition at the pace that real people get, with a watch that stands."""
    workspace = demo.populated(coalition, Clock(frozen_at=MONDAY))
    async with workspace.serving():
        settings = Settings("", "", "", "", sqlite_url, ("127.0.0.1", 0))
        pace = Pace(clock=Watch())
        async with demo.running_in(workspace, settings, coalition, pace=pace) as bot:
            yield Story(workspace, bot)


async def test_a_flood_gets_one_kind_sentence_and_others_their_answers(slow: Story) -> None:
    answers = [await slow.says(PRIYA, "/briefings mine") for _ in range(BURST + 2)]
    other = await slow.says(MARCUS, "/briefings mine")

    assert SLOWER not in answers[:BURST]
    assert answers[BURST:] == [SLOWER] * 2
    assert other != SLOWER


async def test_clicks_are_told_once_and_a_form_loses_nothing(slow: Story) -> None:
    for _ in range(BURST):
        await presses(slow, PRIYA, "briefings.show", "1")
    await slow.settled()
    before = published(slow.workspace)
    for _ in range(3):
        await presses(slow, PRIYA, "briefings.show", "1")
    await slow.settled()
    form, fields = next(iter(FORMS.items()))
    exchange = await submits(slow, PRIYA, form, fields, "1")

    assert published(slow.workspace) - before == 1
    assert exchange.body["response_action"] == "errors"
    assert list(exchange.body["errors"].values()) == [SLOWER]


def published(workspace: Workspace) -> int:
    return sum(sent.method == "views.publish" for sent in workspace.sent)
