"""What happens once the answer is out is neither lost nor waited for in vain."""

import asyncio
import gc
import logging

import pytest

from bot.afterwards import Afterwards


async def test_what_runs_is_waited_for() -> None:
    after, done = Afterwards(), []

    async def tell(what: str, *, twice: bool) -> None:
        await asyncio.sleep(0.01)
        done.append(what * 2 if twice else what)

    for what in "ab":
        after(tell, what, twice=True)
    before = list(done)

    assert await after.drained(5)
    assert before == []
    assert sorted(done) == ["aa", "bb"]


async def test_what_it_begins_is_waited_for_too() -> None:
    after, done = Afterwards(), []

    async def count(left: int) -> None:
        await asyncio.sleep(0)
        done.append(left)
        if left:
            after(count, left - 1)

    after(count, 5)

    assert await after.drained(5)
    assert done == [5, 4, 3, 2, 1, 0]


async def test_what_takes_too_long_is_ended_and_said() -> None:
    after, ended = Afterwards(), []

    async def hang() -> None:
        try:
            await asyncio.sleep(60)
        finally:
            ended.append(True)

    after(hang)
    await asyncio.sleep(0)

    assert not await after.drained(0.01)
    assert ended == [True]
    assert await after.drained(0)


async def test_a_failure_is_logged_and_stops_nothing_else(
    caplog: pytest.LogCaptureFixture,
) -> None:
    after, done = Afterwards(), []

    async def fail() -> None:
        raise ZeroDivisionError

    async def go_on() -> None:
        done.append(True)

    with caplog.at_level(logging.ERROR):
        after(fail)
        after(go_on)
        assert await after.drained(5)

    assert done == [True]
    assert [record.message for record in caplog.records] == ["afterwards.failed"]
    assert caplog.records[0].exc_info is not None


async def test_nothing_to_wait_for_is_done_at_once() -> None:
    assert await Afterwards().drained(0)


async def test_a_task_nobody_else_holds_is_not_forgotten() -> None:
    after, done = Afterwards(), asyncio.Event()

    async def finish() -> None:
        await asyncio.sleep(0.01)
        done.set()

    after(finish)
    gc.collect()

    await asyncio.wait_for(done.wait(), 5)
