"""The heartbeat: one beat at a time, none lost to another's failure, none broken off."""

import asyncio
import contextlib
import logging
from collections.abc import AsyncIterator
from datetime import timedelta

import pytest
import sqlalchemy as sa
import time_machine
from sqlalchemy.orm import Session

from bot import scheduler as timetable
from bot.scheduler import Scheduler
from bot.workspace.faults import Fault
from storage.database import writes
from storage.deliveries import LEASE
from tests.bot.office import POST, SECOND, Away, Office, opened, until
from tests.factories import NOON

HOUR = timedelta(hours=1)


@pytest.fixture
async def office(sqlite_url: str) -> AsyncIterator[Office]:
    async with opened(sqlite_url) as made:
        yield made


@contextlib.asynccontextmanager
async def beating(office: Office, *, is_started: bool = True) -> AsyncIterator[Scheduler]:
    made = scheduler_of(office)
    if is_started:
        made.start()
    yield made
    if is_started:
        await made.stop(5)


def scheduler_of(office: Office) -> Scheduler:
    return Scheduler(office.units, office.sender, office.auditor, office.workspace.clock)


@pytest.fixture
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let it beat often, so that nobody has to wait for it."""
    monkeypatch.setattr(timetable, "BEAT", 0.05)
    monkeypatch.setattr(timetable, "LATE", 0.2)


@writes
def drop_subscriptions(session: Session) -> None:
    session.execute(sa.text("DROP TABLE subscriptions"))


async def test_it_beats_by_itself_until_it_is_stopped(office: Office, quick: None) -> None:
    ana = office.promoted("Ana")

    async with beating(office) as scheduler:
        await until(lambda: office.texts(ana))
        was_beating = scheduler.is_beating
    ben = office.promoted("Ben")
    await asyncio.sleep(0.2)
    await scheduler.beat()

    assert (was_beating, scheduler.is_beating) == (True, False)
    assert office.texts(ben) == []


async def test_one_beat_plans_and_sends_what_is_due(office: Office) -> None:
    ana = office.member()
    briefing = office.world.briefing(starts_at=NOON + timedelta(days=2))
    office.going(ana, briefing)
    office.workspace.clock.advance(timedelta(days=1, minutes=1))

    await scheduler_of(office).beat()
    await scheduler_of(office).beat()

    (text,) = office.texts(ana)
    assert text.startswith("Coming up")


async def test_a_step_that_fails_stops_neither_the_others_nor_the_next_beat(
    database_url: str, caplog: pytest.LogCaptureFixture
) -> None:
    async with opened(database_url) as office:
        office.world.database.run(drop_subscriptions)
        scheduler = scheduler_of(office)
        ana = office.promoted("Ana")
        await scheduler.beat()
        ben = office.promoted("Ben")
        await scheduler.beat()

        assert (len(office.texts(ana)), len(office.texts(ben))) == (1, 1)
        failures = [r for r in caplog.records if r.name == "bot.scheduler"]
        assert len(failures) == 2


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
async def test_while_the_database_is_away_it_beats_on_and_says_so_in_a_line(
    database_url: str, postgres_template: str, caplog: pytest.LogCaptureFixture
) -> None:
    async with opened(database_url) as office:
        scheduler = scheduler_of(office)
        ana = office.promoted("Ana")
        with Away(database_url, postgres_template):
            await scheduler.beat()
        lines = [record for record in caplog.records if record.name == "bot.scheduler"]
        await scheduler.beat()

        assert len(office.texts(ana)) == 1
        assert len(lines) == 14
        assert not any(line.exc_info for line in lines)
        assert scheduler.is_beating


async def test_two_beats_at_once_come_one_after_the_other(office: Office) -> None:
    ana = office.promoted("Ana")
    office.workspace.faults.add(POST, Fault.hang(seconds=0.3))
    scheduler = scheduler_of(office)
    first = asyncio.create_task(scheduler.beat())
    await until(office.calls)
    ben = office.promoted("Ben")
    office.workspace.clock.advance(LEASE + SECOND)
    second = asyncio.create_task(scheduler.beat())

    await first
    states = office.states
    await second

    # The second did not see the first one's delivery as abandoned.
    assert states[0] == "sent"
    assert (len(office.texts(ana)), len(office.texts(ben)), office.calls()) == (1, 1, 2)


async def test_two_beats_that_do_not_wait_for_each_other_look_for_what_is_under_way(
    office: Office,
) -> None:
    """The control: without the order, the test above would fail."""
    office.promoted("Ana")
    office.workspace.faults.add(POST, Fault.hang(seconds=0.3))
    first = asyncio.create_task(scheduler_of(office).beat())
    await until(office.calls)
    office.workspace.clock.advance(LEASE + SECOND)

    await scheduler_of(office).beat()

    assert office.calls("conversations.history") == 1
    await first


async def test_stopping_waits_for_the_post_that_is_under_way(office: Office, quick: None) -> None:
    ana = office.promoted("Ana")
    office.workspace.faults.add(POST, Fault.hang(seconds=0.4))
    scheduler = scheduler_of(office)
    scheduler.start()
    await until(office.calls)
    ben = office.promoted("Ben")

    await scheduler.stop(5)

    assert office.states == ["sent", "pending"]
    assert (len(office.texts(ana)), office.texts(ben)) == (1, [])


async def test_stopping_waits_no_longer_than_it_may(
    office: Office, quick: None, caplog: pytest.LogCaptureFixture
) -> None:
    ana = office.promoted("Ana")
    office.workspace.faults.add(POST, Fault.hang(seconds=3))
    scheduler = scheduler_of(office)
    scheduler.start()
    await until(office.calls)

    async with asyncio.timeout(1):
        await scheduler.stop(0.2)

    assert office.states == ["sending"]
    assert not any(record.levelno >= logging.ERROR for record in caplog.records)
    await office.pump_after(LEASE + SECOND)
    assert len(office.texts(ana)) == 1


async def test_a_clock_set_back_by_an_hour_costs_no_beat(office: Office, quick: None) -> None:
    async with beating(office):
        await asyncio.sleep(0.1)
        with time_machine.travel(-HOUR, tick=True):
            await asyncio.sleep(0.1)  # a beat may be under way
            ana = office.promoted("Ana")
            await until(lambda: office.texts(ana), 3)


async def test_without_its_watchdog_it_would_rest_for_the_hour(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The control: the watchdog is what the test above proves."""
    monkeypatch.setattr(timetable, "BEAT", 0.05)
    monkeypatch.setattr(timetable, "LATE", 60)
    async with beating(office) as scheduler:
        await asyncio.sleep(0.1)
        with time_machine.travel(-HOUR, tick=True):
            await asyncio.sleep(0.1)
            await scheduler.beat()  # waits for the one that may be under way
            ana = office.promoted("Ana")
            await asyncio.sleep(0.5)

            assert office.texts(ana) == []


async def test_it_is_alive_as_long_as_it_beats(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(timetable, "DEAD", 0.1)
    scheduler = scheduler_of(office)
    await scheduler.beat()
    alive = scheduler.is_beating

    await asyncio.sleep(0.15)

    assert (alive, scheduler.is_beating) == (True, False)


async def test_slack_may_be_slow_without_the_bot_being_dead(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(timetable, "DEAD", 0.1)
    office.promoted("Ana")
    office.workspace.faults.add(POST, Fault.hang(seconds=0.4))
    scheduler = scheduler_of(office)
    beat = asyncio.create_task(scheduler.beat())
    await until(office.calls)

    await asyncio.sleep(0.2)
    slow = scheduler.is_beating
    monkeypatch.setattr(timetable, "STUCK", 0.1)
    stuck = scheduler.is_beating
    await beat

    assert (slow, stuck, scheduler.is_beating) == (True, False, True)
