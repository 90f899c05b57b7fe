"""A bot in a process of its own: its wall clock is set, and it is told to end in the middle."""

import asyncio
import contextlib
import os
import platform
import signal
import socket
import sqlite3
import sys
import time
from collections.abc import AsyncIterator, Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import aiohttp
import libfaketime
import pytest

from bot import settings
from bot.workspace.clock import Clock
from bot.workspace.faults import Fault
from storage.deliveries import LEASE
from storage.models import Audience, InitiativeUpdate, Subscription
from tests.bot.office import POST, Office, opened, until
from tests.factories import MARKS, NOON
from tests.figures import figure
from tests.test_house import ROOT

HOUR, WEEK = timedelta(hours=1), timedelta(days=7)
STEPS = {"an hour back": -HOUR, "an hour on": HOUR, "five seconds back": timedelta(seconds=-5)}
SECRET = "0123456789abcdef0123456789abcdef"  # looks like one of Slack's
TOLD = 5  # seconds, at most, from the step to a beat
PEOPLE = figure(25, 40)  # more than are told at once
ENDS = 10  # seconds, at most, from SIGTERM to the end
PAUSE = figure(3, 90)  # seconds: with all figures longer than a lease


@contextlib.asynccontextmanager
async def apart(office: Office, url: str, **more: str) -> AsyncIterator[asyncio.subprocess.Process]:
    """Run the bot as people do, in a process of its own."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    names = {setting.name for setting in settings.SETTINGS}
    plain = {k: v for k, v in os.environ.items() if k not in names and not k.startswith("COV_")}
    told = {
        "PYTHONPATH": str(ROOT),
        "SLACK_BOT_TOKEN": office.workspace.bot_token,
        "SLACK_SIGNING_SECRET": SECRET,
        "SLACK_API_URL": f"{office.workspace.url}/api/",
        "DATABASE_URL": url,
        "LISTEN": f"127.0.0.1:{port}",
    }
    workspace = office.workspace
    workspace.installation = replace(workspace.installation, signing_secret=SECRET)
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "bot", "run", env={**plain, **told, **more}
    )
    try:
        office.workspace.deliver_to(f"http://127.0.0.1:{port}/slack/events")
        await ready(port)
        yield process
    finally:
        with contextlib.suppress(ProcessLookupError):
            process.kill()
        await process.wait()


async def ready(port: int) -> None:
    """Wait until it is ready."""
    async with asyncio.timeout(30), aiohttp.ClientSession() as session:
        while True:
            with contextlib.suppress(aiohttp.ClientError):
                async with session.get(f"http://127.0.0.1:{port}/readyz") as answer:
                    if answer.status == 200:
                        return
            await asyncio.sleep(0.1)


def stepped(file: Path, by: timedelta) -> None:
    """Let the wall clock of whoever looks into *file* show noon and *by* at this moment."""
    offset = NOON + by - datetime.now(UTC)
    new = file.with_suffix(".new")
    new.write_text(f"{offset.total_seconds():+.6f}\n", encoding="ascii")
    new.replace(file)


def weekly(office: Office, next_at: datetime) -> Callable[[], int]:
    """Order a channel's digest for *next_at*; give what counts those that stand there."""
    marks = {"audience": Audience.PUBLIC, "tlp": MARKS[Audience.PUBLIC]}
    channel = office.workspace.add_channel(f"n{next_at:%H%M}", members=[office.member().slack_user])
    when = {"weekday": 0, "at": f"{next_at:%H:%M}", "zone": "UTC", "next_at": next_at}
    office.world.add(Subscription(channel=channel.id, **when, **marks))
    return lambda: len(office.texts(channel))


@pytest.mark.skipif(
    (sys.platform, platform.machine()) != ("linux", "x86_64"), reason="libfaketime is built for it"
)
@pytest.mark.parametrize("step", list(STEPS)[: figure(1, len(STEPS))])
async def test_a_wall_clock_that_is_set_costs_no_beat_and_no_digest(
    step: str, sqlite_url: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "now"
    stepped(file, timedelta())
    _, faking = libfaketime.get_reload_information()
    told = {**faking, "FAKETIME_TIMESTAMP_FILE": str(file)}
    async with opened(sqlite_url, clock=Clock(NOON)) as office:
        marks = {"audience": Audience.PUBLIC, "tlp": MARKS[Audience.PUBLIC]}
        office.world.briefing("Round table", **marks)
        due, soon = weekly(office, NOON), weekly(office, NOON + HOUR / 2)
        async with apart(office, sqlite_url, **told):
            await until(due, 20)
            stepped(file, STEPS[step])
            began = time.monotonic()
            early = NOON - 2 * HOUR
            ana, briefing = office.member("Ana"), office.world.briefing()
            office.going(ana, briefing)
            office.owe(ana, briefing, due_at=early)
            await until(lambda: office.texts(ana), 30)
            took = time.monotonic() - began
            await asyncio.sleep(1.5)  # a beat
            before = (due(), soon())
            stepped(file, HOUR)
            await until(soon, 20)
            await asyncio.sleep(1.5)  # a beat
            after = (due(), soon())

        with capsys.disabled():
            print(f"\nclock: {step}, a beat within {took:.1f} s")  # noqa: T201 -- measured
        assert took < TOLD
        assert (before, after) == ((1, int(step == "an hour on")), (1, 1))
        assert {order.next_at for order in office.all_of(Subscription)} == {
            NOON + WEEK,
            NOON + HOUR / 2 + WEEK,
        }


@contextlib.asynccontextmanager
async def ending(process: asyncio.subprocess.Process) -> AsyncIterator[None]:
    """Tell it to end, do what is in the block, and wait for its end: soon, and in peace."""
    began = time.monotonic()
    process.send_signal(signal.SIGTERM)
    yield
    code = await asyncio.wait_for(process.wait(), ENDS)
    assert (code, time.monotonic() - began < ENDS) == (0, True)


async def test_told_to_end_in_a_fan_out_it_finishes_what_it_began_and_the_next_does_the_rest(
    sqlite_url: str,
) -> None:
    async with opened(sqlite_url, clock=Clock()) as office:
        briefing = office.world.briefing(starts_at=datetime.now(UTC) + WEEK)
        people = [office.promoted(f"Person {number}", briefing) for number in range(PEOPLE)]
        office.workspace.faults.add(POST, Fault.hang(0.5), times=PEOPLE)
        async with apart(office, sqlite_url) as process:
            await until(office.calls, 20)
            async with ending(process):
                pass
        left = office.states
        async with apart(office, sqlite_url):
            await until(lambda: set(office.states) == {"sent"}, 30)

        assert set(left) == {"sent", "pending"}
        assert [len(office.texts(person)) for person in people] == [1] * PEOPLE
        assert office.calls() == PEOPLE


async def test_one_of_two_processes_frozen_in_a_fan_out_says_nothing_that_the_other_has_said(
    database_url: str,
) -> None:
    async with opened(database_url, clock=Clock()) as office:
        briefing = office.world.briefing(starts_at=datetime.now(UTC) + WEEK)
        people = [office.promoted(f"Person {number}", briefing) for number in range(PEOPLE)]
        office.workspace.faults.add(POST, Fault.hang(0.5), times=PEOPLE)
        async with apart(office, database_url) as first:
            await until(office.calls, 20)
            first.send_signal(signal.SIGSTOP)
            async with apart(office, database_url):
                await asyncio.sleep(PAUSE)
                meanwhile = office.states
                first.send_signal(signal.SIGCONT)
                await until(lambda: set(office.states) == {"sent"}, 30)
                await asyncio.sleep(1.5)  # a beat

        assert [len(office.texts(person)) for person in people] == [1] * PEOPLE
        assert office.calls() == PEOPLE
        if timedelta(seconds=PAUSE) > LEASE:
            assert set(meanwhile) == {"sent"}


async def test_told_to_end_while_it_takes_a_form_it_takes_it(sqlite_url: str) -> None:
    async with opened(sqlite_url, clock=Clock()) as office:
        ana = office.member("Ana")
        user, found = ana.slack_user, office.world.initiative(lead_id=ana.person)
        async with apart(office, sqlite_url) as process:
            await office.workspace.command(user, user, f"/initiatives update I{found.id}")
            said = {"health": "on_track", "text": "All four have answered."}
            with locked(sqlite_url) as release:
                taking = asyncio.create_task(office.workspace.submit(user, said))
                await asyncio.sleep(0.3)  # it waits for the lock now
                async with ending(process):
                    await asyncio.sleep(0.3)
                    release()
        taken = await taking

        assert taken.acked
        assert [update.text for update in office.all_of(InitiativeUpdate)] == [said["text"]]


@contextlib.contextmanager
def locked(url: str) -> Iterator[Callable[[], None]]:
    """Hold SQLite's lock until what is given is called."""
    with contextlib.closing(sqlite3.connect(url.removeprefix("sqlite:///"))) as other:
        other.execute("BEGIN IMMEDIATE")
        yield other.rollback
