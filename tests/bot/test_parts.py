"""Many processes on one PostgreSQL: some answer people, some send, and none leads."""

import asyncio
import contextlib
import time
from collections.abc import AsyncIterator

import pytest

from bot import running
from bot.delivery import SWEEP
from bot.running import NotShared, Part, Running
from bot.workspace.faults import Fault
from tests.bot.office import POST, SECOND, Away, Office, opened, until
from tests.bot.test_running import asked, settings_for

SHARED = pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)


@contextlib.asynccontextmanager
async def sharing(office: Office, url: str, *parts: Part) -> AsyncIterator[list[Running]]:
    """Run *parts* of the bot on the office's database and workspace, where it is noon for good."""
    async with contextlib.AsyncExitStack() as stack:
        bots = []
        for part in parts:
            settings = settings_for(office.workspace, url)
            bot = running.running(settings, office.workspace.clock, part=part)
            bots.append(await stack.enter_async_context(bot))
            await ready(bots[-1])
        yield bots


async def ready(bot: Running) -> None:
    async with asyncio.timeout(30):
        while (await asked(bot, "readyz"))[0] != 200:  # noqa: ASYNC110 -- it is asked over HTTP
            await asyncio.sleep(0.05)


@SHARED
async def test_what_is_owed_goes_by_a_worker_at_once(database_url: str) -> None:
    async with (
        opened(database_url) as office,
        sharing(office, database_url, Part.WEB, Part.WORKER, Part.WORKER),
    ):
        ana = office.promoted("Ana")
        begun = time.monotonic()
        await until(lambda: office.texts(ana))
        took = time.monotonic() - begun

        await until(lambda: office.states == ["sent"])
        assert len(office.texts(ana)) == 1
        assert took < 2  # on a busy machine; the sweep would come after thirty


@SHARED
async def test_without_any_worker_the_rest_sweeps_up_after_half_a_minute(
    database_url: str,
) -> None:
    async with opened(database_url) as office, sharing(office, database_url, Part.WEB) as (web,):
        ana = office.promoted("Ana")
        office.workspace.clock.advance(SWEEP - SECOND)
        await web.scheduler.beat()
        early = office.states
        office.workspace.clock.advance(SECOND)
        await web.scheduler.beat()

        assert (early, office.states) == (["pending"], ["sent"])
        assert len(office.texts(ana)) == 1


@SHARED
async def test_people_are_answered_by_the_web_alone(database_url: str) -> None:
    async with (
        opened(database_url) as office,
        sharing(office, database_url, Part.WEB, Part.WORKER) as (web, worker),
    ):
        ana = office.member("Ana")
        office.workspace.deliver_to(f"http://127.0.0.1:{web.port}/slack/events")
        answer = await office.workspace.command(ana.slack_user, ana.slack_user, "/briefings")

        assert answer.acked
        assert (await asked(web, "slack/events"))[0] == 405
        assert (await asked(worker, "slack/events"))[0] == 404


@SHARED
async def test_a_worker_whose_database_was_away_works_on(
    database_url: str, postgres_template: str
) -> None:
    async with (
        opened(database_url) as office,
        sharing(office, database_url, Part.WORKER) as (worker,),
    ):
        with Away(database_url, postgres_template):
            away = await asked(worker, "readyz")
        await ready(worker)
        ana = office.promoted("Ana")
        await until(lambda: office.texts(ana))

        assert away == (503, "no database")


@SHARED
async def test_a_worker_that_is_told_to_end_finishes_what_is_under_way(database_url: str) -> None:
    async with opened(database_url) as office:
        async with sharing(office, database_url, Part.WORKER):
            office.workspace.faults.add(POST, Fault.hang(seconds=1))
            ana = office.promoted("Ana")
            await until(office.calls)

        assert office.states == ["sent"]
        assert len(office.texts(ana)) == 1


@SHARED
async def test_when_everything_hangs_a_worker_still_ends_within_ten_seconds(
    database_url: str,
) -> None:
    async with opened(database_url) as office:
        async with sharing(office, database_url, Part.WORKER):
            office.workspace.faults.add(POST, Fault.hang(seconds=30))
            office.promoted("Ana")
            await until(office.calls)
            begun = time.monotonic()

        assert time.monotonic() - begun < 10
        assert office.states == ["sending"]


@SHARED
async def test_a_worker_whose_database_is_away_ends_within_ten_seconds_too(
    database_url: str, postgres_template: str
) -> None:
    async with opened(database_url) as office:
        with contextlib.ExitStack() as away:
            async with sharing(office, database_url, Part.WORKER):
                office.workspace.faults.add(POST, Fault.hang(seconds=30))
                office.promoted("Ana")
                await until(office.calls)
                away.enter_context(Away(database_url, postgres_template))
                begun = time.monotonic()

            assert time.monotonic() - begun < 10


@pytest.mark.parametrize("part", [Part.WEB, Part.WORKER])
@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
async def test_on_sqlite_nothing_is_shared(database_url: str, part: Part) -> None:
    async with opened(database_url) as office:
        with pytest.raises(NotShared, match="has to name a PostgreSQL"):
            async with sharing(office, database_url, part):
                pytest.fail("It started.")
