"""A database that is away, locked or full: everybody is told, nothing is lost, nothing doubled."""

import asyncio
import contextlib
import os
import resource
import shutil
import sqlite3
import subprocess
import time
from collections.abc import AsyncIterator, Callable, Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Protocol

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from bot import errors, running
from bot.running import Running
from bot.units import Units
from bot.workspace.places import Channel
from storage import schema
from storage.asker import Asker
from storage.database import Database, writes
from storage.models import ActionItem, Audience, Subscription
from tests import postgres
from tests.bot.conftest import HASTE
from tests.bot.office import SECOND, Away, Office, opened, until
from tests.bot.test_running import asked, settings_for
from tests.factories import MARKS, NOON
from tests.figures import figure

DOWN = figure(4, 60)  # seconds
TOLD, NOTICED, BACK = 3, 5, 5  # seconds, at most
WEEK = timedelta(days=7)


class Outage(Protocol):
    """A database that can go away and come back."""

    @property
    def url(self) -> str:
        """Where it is."""

    def stop(self) -> None:
        """Let it go away."""

    def start(self) -> None:
        """Let it come back."""


@dataclass
class Locked:
    """A SQLite file whose lock another writer takes."""

    url: str
    writers: list[sqlite3.Connection] = field(default_factory=list)

    def stop(self) -> None:
        """Take the lock."""
        writer = sqlite3.connect(self.url.removeprefix("sqlite:///"), isolation_level=None)
        writer.execute("PRAGMA busy_timeout=5000")
        writer.execute("BEGIN IMMEDIATE")
        self.writers.append(writer)

    def start(self) -> None:
        """Let go of it."""
        self.writers.pop().close()


@dataclass
class Barred:
    """A database on a server for all tests, which lets nobody in."""

    url: str
    admin: str

    def stop(self) -> None:
        """Throw everybody out."""
        Away(self.url, self.admin).__enter__()

    def start(self) -> None:
        """Let them in again."""
        Away(self.url, self.admin).__exit__()


@pytest.fixture
def outage(request: pytest.FixtureRequest, database_url: str) -> Iterator[Outage]:
    if database_url.startswith("sqlite"):
        yield Locked(database_url)
        return
    admin = request.getfixturevalue("postgres_template")
    if figure(ci=1, full=0):
        yield Barred(database_url, admin)
        return
    with postgres.own() as server:
        fresh = Database(server.url)
        schema.upgrade(fresh)
        fresh.close()
        yield server


@contextlib.asynccontextmanager
async def at_work(url: str) -> AsyncIterator[tuple[Office, Running]]:
    """Run a whole bot for an office."""
    async with opened(url) as office:
        settings = settings_for(office.workspace, url)
        async with running.running(settings, office.workspace.clock, HASTE) as bot:
            office.workspace.deliver_to(f"http://127.0.0.1:{bot.port}/slack/events")
            yield office, bot


async def says(office: Office, asker: Asker, typed: str) -> tuple[str, float]:
    """Type a command; give the answer and the seconds it took."""
    began = time.monotonic()
    exchange = await office.workspace.command(asker.slack_user, asker.slack_user, typed)
    return str((exchange.body or {}).get("text", "")), time.monotonic() - began


async def seconds_to(bot: Running, status: int, most: float) -> float:
    """Wait until /readyz answers *status*; give the seconds that took."""
    began = time.monotonic()
    async with asyncio.timeout(most + 5):
        while (await asked(bot, "readyz"))[0] != status:  # noqa: ASYNC110 -- asked over HTTP
            await asyncio.sleep(0.1)
    return time.monotonic() - began


@pytest.mark.timeout(240)
async def test_a_database_that_is_away_for_a_while_costs_nothing(
    outage: Outage, capsys: pytest.CaptureFixture[str]
) -> None:
    async with at_work(outage.url) as (office, bot):
        ana, ben, eve = (office.member(name) for name in ("Ana", "Ben", "Eve"))
        news = weekly(office, ana)
        before, _ = await says(office, ana, "/actions add Before the outage")

        outage.stop()
        noticed = await seconds_to(bot, 503, NOTICED)
        office.workspace.clock.advance(2 * 60 * SECOND)  # the digest comes due
        until_then, told = time.monotonic() + DOWN - noticed, []
        while time.monotonic() < until_then:
            during = "/actions add During the outage"
            told += await asyncio.gather(*(says(office, who, during) for who in (ana, ben, eve)))
            assert (await asked(bot, "healthz"))[0] == 200
            await asyncio.sleep(1)
        outage.start()
        back = await seconds_to(bot, 200, BACK)
        await until(lambda: office.texts(news), 10)
        after, _ = await says(office, ana, "/actions add After the outage")
        office.workspace.clock.advance(60 * SECOND)
        await asyncio.sleep(2.2)  # two beats more
        office.world.database.close()  # its connections were cut, too

        slowest = max(seconds for _, seconds in told)
        with capsys.disabled():
            print(  # noqa: T201 -- a measured figure
                f"\noutage: {DOWN} s, {len(told)} told within {slowest:.2f} s, "
                f"503 after {noticed:.2f} s, 200 after {back:.2f} s"
            )
        assert {text for text, _ in told} == {errors.AWAY}
        assert (slowest < TOLD, noticed < NOTICED, back < BACK) == (True, True, True)
        assert ("Before" in before, "After" in after) == (True, True)
        titles = [item.title for item in office.all_of(ActionItem)]
        assert titles == ["Before the outage", "After the outage"]
        assert len(office.texts(news)) == 1
        (order,) = office.all_of(Subscription)
        assert order.next_at == NOON + timedelta(minutes=1) + WEEK


def weekly(office: Office, reader: Asker) -> Channel:
    """Order a channel's digest, due in a minute, with something to tell."""
    marks = {"audience": Audience.PUBLIC, "tlp": MARKS[Audience.PUBLIC]}
    office.world.briefing("Round table", **marks)
    channel = office.workspace.add_channel("news", members=[reader.slack_user])
    when = {"weekday": 0, "at": "12:01", "zone": "UTC", "next_at": NOON + timedelta(minutes=1)}
    office.world.add(Subscription(channel=channel.id, **when, **marks))
    return channel


@writes
def _limited(session: Session, most: int) -> int:
    pages: int = session.execute(sa.text(f"PRAGMA max_page_count={most}")).scalar_one()
    return pages


def _protect(connection: sqlite3.Connection, _record: object, _lent: object) -> None:
    connection.execute("PRAGMA query_only=1")


def _release(connection: sqlite3.Connection, _record: object, _lent: object) -> None:
    connection.execute("PRAGMA query_only=0")


@contextlib.asynccontextmanager
async def without_room(units: Units, _folder: Path) -> AsyncIterator[None]:
    """Let the file grow no more."""
    await units.run(_limited, 1)  # as many as there are
    yield
    await units.run(_limited, 10**6)


@contextlib.asynccontextmanager
async def read_only(units: Units, _folder: Path) -> AsyncIterator[None]:
    """Let nobody write to the file."""
    writer = units.database.writer
    sa.event.listen(writer, "checkout", _protect)
    yield
    sa.event.remove(writer, "checkout", _protect)
    sa.event.listen(writer, "checkout", _release)


@contextlib.asynccontextmanager
async def filled(_units: Units, folder: Path) -> AsyncIterator[None]:
    """Fill the disk, or let this process write no longer files than there are."""
    with _filler(folder) if os.path.ismount(folder) else _limit(folder):  # noqa: ASYNC240 -- a test
        yield


@contextlib.contextmanager
def _filler(folder: Path) -> Iterator[None]:
    filler = folder / "filler"
    with contextlib.suppress(OSError), filler.open("wb", buffering=0) as file:
        while True:
            file.write(b"0" * 4096)
    yield
    filler.unlink()


@contextlib.contextmanager
def _limit(folder: Path) -> Iterator[None]:
    longest = max(file.stat().st_size for file in folder.iterdir())
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (longest, hard))
    yield
    resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


@pytest.fixture
def disk(tmp_path: Path, sqlite_url: str) -> Iterator[Path]:
    """Give a small disk of its own where one can be made, else a folder, with a database in it."""
    folder = tmp_path / "disk"
    folder.mkdir()
    is_own = _ran("mount", "-t", "tmpfs", "-o", "size=4m", "tmpfs", str(folder))
    shutil.copy(sqlite_url.removeprefix("sqlite:///"), folder / "convene.sqlite3")
    yield folder
    if is_own:
        _ran("umount", str(folder))


def _ran(*command: str) -> bool:
    return not subprocess.run(command, check=False, capture_output=True).returncode  # noqa: S603


@pytest.mark.timeout(60)
async def test_what_slack_tells_meanwhile_is_told_again(outage: Outage) -> None:
    async with at_work(outage.url) as (office, bot):
        ana = office.member("Ana")
        gone = {"id": ana.slack_user, "team_id": "T0CONVENE", "name": "ana", "deleted": True}

        outage.stop()
        await seconds_to(bot, 503, NOTICED)
        told = await office.workspace.event({"type": "user_change", "user": gone})
        outage.start()
        await seconds_to(bot, 200, BACK)
        office.workspace.clock.advance(60 * SECOND)
        await until(lambda: office.workspace.deliveries[-1].exchange.acked, 5)
        after, _ = await says(office, ana, "/actions add Still here")

    assert told.status == 503
    assert after.startswith("Action items are for people the secretariat has linked")


@pytest.mark.parametrize("harm", [without_room, read_only, filled])
async def test_a_disk_that_takes_nothing_more_is_named_and_costs_nothing(
    disk: Path,
    harm: Callable[[Units, Path], contextlib.AbstractAsyncContextManager[None]],
    caplog: pytest.LogCaptureFixture,
) -> None:
    url = f"sqlite:///{disk}/convene.sqlite3"
    async with at_work(url) as (office, bot):
        # Of tomorrow's she would soon be reminded too.
        ana, briefing = office.member("Ana"), office.world.briefing(starts_at=NOON + WEEK)
        office.going(ana, briefing)
        office.owe(ana, briefing, due_at=NOON + SECOND)
        kept = []
        async with harm(bot.units, disk):
            for number in range(400):
                title = f"Call them {number} {'and again ' * 12}".strip()
                answer, _ = await says(office, ana, f"/actions add {title}")
                if title not in answer:
                    break
                kept.append(title)
            office.workspace.clock.advance(60 * SECOND)
            await asyncio.sleep(1.5)  # a beat
            alive = (await asked(bot, "healthz"))[0]
        after, _ = await says(office, ana, "/actions add After")
        await until(lambda: office.states == ["sent"], 10)

        assert (answer, alive) == (errors.FULL, 200)
        assert any("database.full why=SQLITE_" in line for line in caplog.messages)
        assert "After" in after
        assert [item.title for item in office.all_of(ActionItem)] == [*kept, "After"]
        assert len(office.texts(ana)) == 1
    with contextlib.closing(sqlite3.connect(disk / "convene.sqlite3")) as file:
        assert file.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
