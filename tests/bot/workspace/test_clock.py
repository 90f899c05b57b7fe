import asyncio
from datetime import UTC, datetime, timedelta, timezone

import pytest

from bot.workspace import Clock
from tests.bot.workspace.crier import NOON


def test_a_clock_starts_where_it_is_told_and_runs_on() -> None:
    clock = Clock(NOON)

    assert timedelta() <= clock() - NOON < timedelta(seconds=5)


def test_a_clock_told_nothing_shows_the_real_time() -> None:
    assert abs(Clock()() - datetime.now(UTC)) < timedelta(seconds=5)


def test_a_frozen_clock_moves_only_when_it_is_advanced() -> None:
    clock = Clock(frozen_at=NOON.astimezone(timezone(timedelta(hours=5))))

    clock.advance(timedelta(days=1))

    assert clock() == NOON + timedelta(days=1)
    assert clock().tzinfo is UTC


def test_a_clock_refuses_what_makes_no_sense() -> None:
    with pytest.raises(ValueError, match="time zone"):
        Clock(NOON.replace(tzinfo=None))
    with pytest.raises(ValueError, match="not both"):
        Clock(NOON, frozen_at=NOON)
    with pytest.raises(ValueError, match="forward"):
        Clock(NOON).advance(-timedelta(seconds=1))


async def test_a_sleeper_wakes_when_the_clock_is_advanced_far_enough() -> None:
    clock = Clock(frozen_at=NOON)
    sleeper = asyncio.create_task(clock.sleep_until(NOON + timedelta(hours=2)))
    await asyncio.sleep(0)

    clock.advance(timedelta(hours=1))
    await asyncio.sleep(0.01)
    assert not sleeper.done()
    clock.advance(timedelta(hours=1))

    await asyncio.wait_for(sleeper, 1)


async def test_a_sleeper_by_a_running_clock_wakes_by_itself() -> None:
    clock = Clock(NOON)

    await asyncio.wait_for(clock.sleep_until(clock() + timedelta(milliseconds=20)), 1)
