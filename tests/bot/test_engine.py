"""Procrastinate's jobs: one wakes the sender at once, and comes again until all is settled."""

import asyncio
import contextlib
import logging
import time
from collections.abc import AsyncIterator
from itertools import pairwise

import pytest
import sqlalchemy as sa

from bot import engine
from bot.engine import Engine
from bot.workspace import Clock
from bot.workspace.faults import Fault
from storage.deliveries import PACE
from tests.bot.office import POST, Office, opened, until
from tests.bot.test_bundles import reminded, told
from tests.factories import NOON, altering, seeing_all

HALF_A_MINUTE = 30
pytestmark = pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)


@pytest.fixture
async def office(database_url: str) -> AsyncIterator[Office]:
    async with opened(database_url, clock=Clock(NOON)) as made:
        yield made


def engine_of(office: Office) -> Engine:
    return Engine(office.world.database, office.sender, 1)


@contextlib.asynccontextmanager
async def engaged(office: Office) -> AsyncIterator[Engine]:
    """Let a worker's engine run; nothing else sends."""
    made = engine_of(office)
    made.start()
    try:
        await until(lambda: made.is_running)
        yield made
    finally:
        await made.stop()


def queued(office: Office) -> list[float | None]:
    """List in how many seconds each job comes, None for now."""
    with seeing_all(office.world.database) as session:
        waits = "SELECT extract(epoch FROM scheduled_at - now()) FROM procrastinate_jobs"
        return [None if wait is None else float(wait) for wait in session.scalars(sa.text(waits))]


async def test_a_job_is_gone_once_its_delivery_is_settled(office: Office) -> None:
    async with engaged(office):
        ana = office.promoted()
        owed = queued(office)
        await until(lambda: not queued(office))

    assert (owed, office.states, len(office.texts(ana))) == ([None], ["sent"], 1)


async def test_told_to_wait_a_job_comes_again_by_then(office: Office) -> None:
    office.workspace.faults.add(POST, Fault.rate_limited(retry_after=2))
    async with engaged(office):
        ana = office.promoted()
        await until(office.calls)
        begun = time.monotonic()
        await until(lambda: office.texts(ana), 10)

    assert 1.5 < time.monotonic() - begun < HALF_A_MINUTE
    assert office.calls() == 2


async def test_several_for_one_person_go_one_by_one_at_the_persons_pace(office: Office) -> None:
    ana = office.promoted()
    for number in range(2):
        briefing = office.world.briefing(f"Forum {number}")
        office.going(ana, briefing)
        office.owe(ana, briefing)

    async with engaged(office):
        await until(lambda: not queued(office), HALF_A_MINUTE)

    went = [row.sent_at for row in office.rows() if row.sent_at is not None]
    assert len(office.texts(ana)) == len(went) == 3
    assert all(second - first >= PACE for first, second in pairwise(went))


async def test_a_job_that_fails_says_where_and_comes_again_after_half_a_minute(
    office: Office, caplog: pytest.LogCaptureFixture
) -> None:
    with altering(office.world.database) as session:
        session.execute(sa.text("ALTER TABLE lanes RENAME TO elsewhere"))
    async with engaged(office):
        office.promoted()
        await until(lambda: None not in queued(office), 10)

    (wait,) = queued(office)
    assert wait is not None
    assert 20 < wait <= HALF_A_MINUTE
    (line,) = [record for record in caplog.records if record.name == "bot.engine"]
    assert (line.getMessage(), bool(line.exc_info)) == ("engine.failed why=ProgrammingError", True)


async def renamed(office: Office, table: str, name: str) -> None:
    """Rename a table, once the engine lets go of it; it lives in this thread."""

    def rename() -> None:
        with altering(office.world.database) as session:
            session.execute(sa.text(f"ALTER TABLE {table} RENAME TO {name}"))

    await asyncio.to_thread(rename)


async def test_an_engine_that_dies_is_started_again_and_says_so_in_a_line(
    office: Office, caplog: pytest.LogCaptureFixture
) -> None:
    async with engaged(office) as made:
        await renamed(office, "procrastinate_jobs", "elsewhere")
        await until(lambda: not made.is_running, 10)
        await renamed(office, "elsewhere", "procrastinate_jobs")
        await until(lambda: made.is_running, 10)
        ana = office.promoted()
        await until(lambda: office.texts(ana), 10)

    lines = [record for record in caplog.records if record.name == "bot.engine"]
    assert {record.levelno for record in lines} == {logging.ERROR}
    assert not any(record.exc_info for record in lines)


async def test_jobs_of_a_worker_that_is_gone_are_done_by_one_of_the_others(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(engine, "STALLED", 0)
    ana = office.promoted()
    with altering(office.world.database) as session:
        session.execute(sa.text("UPDATE procrastinate_jobs SET status = 'doing'"))

    async with engaged(office) as one, engaged(office) as other:
        await asyncio.gather(one.rescue(), other.rescue())
        await until(lambda: office.texts(ana))
        await until(lambda: not queued(office))

    assert len(office.texts(ana)) == 1


async def test_an_engine_that_does_not_run_rescues_nothing(office: Office) -> None:
    office.promoted()

    await engine_of(office).rescue()
    await engine_of(office).stop()

    assert queued(office) == [None]


async def test_what_goes_in_one_message_leaves_the_other_jobs_nothing_to_do(
    office: Office,
) -> None:
    ana, _ = reminded(office, "One", "Two", "Three")
    owed = len(queued(office))

    async with engaged(office):
        await until(lambda: not queued(office), HALF_A_MINUTE)

    assert (owed, office.calls(), office.states) == (3, 1, ["sent"] * 3)
    assert told(office, ana) == [["One", "Two", "Three"]]
