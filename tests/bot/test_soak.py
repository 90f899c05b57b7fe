"""Hundreds of messages through faults, kills and frozen processes: each stands there once."""

import asyncio
import os
import random
import signal
import time
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from multiprocessing.process import BaseProcess

import pytest
import sqlalchemy as sa

from bot import posting
from bot.workspace.clock import Clock
from bot.workspace.faults import Fault, Faults
from storage import deliveries
from storage.asker import Asker
from storage.database import Session, writes
from storage.errors import Away
from storage.models import Briefing, Delivery, DeliveryState
from tests.bot.office import POST, Office, opened
from tests.bot.soaking import CALL, Work, worker
from tests.bot.test_crashes import COLUMNS
from tests.factories import NOON, seeing_all
from tests.figures import figure

MESSAGES, PROCESSES = figure(300, 5_000), figure(2, 4)
SECONDS = figure(12, 200)  # in which they come to be owed
PEOPLE = 30
TOGETHER = "briefing_changed"  # of a kind that goes in one message with others
WAS = [NOON.isoformat(), NOON.isoformat(), "minute", "published"]
HISTORY = "conversations.history"
CHANCE = random.Random()  # noqa: S311 -- of kills and faults
OPEN = (DeliveryState.PENDING, DeliveryState.SENDING)
MIX = (  # chance in a hundred, and what then happens to a post
    (3, Fault.rate_limited(1)),
    (2, Fault.server_error(500)),
    (2, Fault.server_error(500, is_done=True)),
    (1, Fault.error("internal_error")),
    (1, Fault.error("fatal_error", is_done=True)),
    (2, Fault.hang(CALL + 1)),
    (2, Fault.drop_after_accept()),
    (1, Fault.late(1)),
)


class Weather(Faults):
    """Faults by chance, of posts and of reading them."""

    def take(self, method: str) -> Fault | None:
        """Draw the fault that the call now coming is to meet."""
        if method == HISTORY:
            return Fault.server_error(503) if CHANCE.random() < 0.05 else None
        left = CHANCE.random() * 100 if method == POST else 100
        for chance, fault in MIX:
            left -= chance
            if left < 0:
                return fault
        return None


@dataclass
class Soak:
    """What is owed to whom, and how often a process was killed or frozen."""

    office: Office
    people: list[Asker]
    briefings: list[Briefing]
    is_audited: bool = True
    kind: str = "promoted"
    owed: set[str] = field(default_factory=set)
    undone: set[str] = field(default_factory=set)
    lost: int = 0  # jobs
    kills: int = 0
    pauses: int = 0

    def owe(self, number: int) -> None:
        """Owe one message; every third twice, and every eleventh in a transaction undone."""
        person = self.people[number % len(self.people)]
        briefing = self.briefings[number // len(self.people)]
        key = f"rsvp:{briefing.id}:{person.person}:1"
        (self.undone if number % 11 == 10 else self.owed).add(key)
        for _ in range(1 + (number % 3 == 0)):
            with suppress(UndoneError):
                self._insist(person, briefing.id, key)

    def _insist(self, person: Asker, briefing: int, key: str) -> None:
        """Do it again while the database is away: on SQLite a frozen process may hold its lock."""
        while True:
            with suppress(Away):
                database = self.office.world.database
                database.run(_owe, person, briefing, key, kind=self.kind, undone=key in self.undone)
                return

    def lose(self) -> None:
        """Delete every job that no worker has taken yet."""
        self.lost += self.office.world.database.run(_lose)

    def open(self) -> int:
        """Count what is not settled, or has yet to be audited."""
        waits = [Delivery.audit_at.is_not(None)] if self.is_audited else []
        return self._count(sa.or_(Delivery.state.in_(OPEN), *waits))

    def unsure(self) -> int:
        """Count what was in doubt at some time."""
        return self._count(Delivery.unsure_since.is_not(None))

    def standing(self) -> Counter[str]:
        """Count how often each thing stands there, by its key."""
        return Counter(key for keys in self.messages() for key in keys)

    def messages(self) -> list[list[str]]:
        """List the keys of what stands in each message."""
        return [
            message.metadata["event_payload"]["key"].split()
            for person in self.people
            for message in self.office.workspace.messages(person.slack_user)
            if message.metadata
        ]

    def _count(self, condition: sa.ColumnElement[bool]) -> int:
        with seeing_all(self.office.world.database) as session:
            return session.scalar(sa.select(sa.func.count(Delivery.id)).where(condition)) or 0


class UndoneError(Exception):
    """Whatever went wrong in a transaction."""


@writes
def _owe(
    session: Session, asker: Asker, briefing: int, key: str, *, kind: str, undone: bool
) -> None:
    deliveries.owe(
        session,
        asker.workspace,
        NOON,
        key=key,
        kind=kind,
        recipient=asker.slack_user,
        details={"briefing": briefing, "person": asker.person, "was": WAS, "parts": ["time"]},
    )
    if undone:
        raise UndoneError


@writes
def _lose(session: Session) -> int:
    done = session.execute(sa.text("DELETE FROM procrastinate_jobs WHERE status = 'todo'"))
    return int(done.rowcount)  # type: ignore[attr-defined]


@asynccontextmanager
async def soaked(
    url: str,
    *,
    looks: bool = True,
    is_driven: bool = False,
    loses: bool = False,
    messages: int = MESSAGES,
    kind: str = "promoted",
) -> AsyncIterator[Soak]:
    """Owe everything while processes send it, are killed and frozen; end when all is settled.

    Whatever *loses* has its jobs deleted all the time.
    """
    since = time.monotonic()
    async with opened(url, clock=Clock(NOON), faults=Weather()) as office:
        people = [office.member(f"Person {number}") for number in range(PEOPLE)]
        briefings = [office.world.briefing() for _ in range(messages // PEOPLE + 1)]
        for person in people:
            for briefing in briefings:
                office.going(person, briefing)
        soak = Soak(office, people, briefings, is_audited=looks, kind=kind)
        work = Work(
            url, f"{office.workspace.url}/api/", office.workspace.bot_token, office.world.id,
            NOON, since, looks, is_driven,
        )  # fmt: skip
        workers = [worker(work) for _ in range(PROCESSES)]
        harm = asyncio.create_task(_harm(soak, workers, work))
        try:
            for number in range(messages):
                await asyncio.to_thread(soak.owe, number)
                if loses:
                    await asyncio.to_thread(soak.lose)
                await asyncio.sleep(SECONDS / MESSAGES)
        finally:
            harm.cancel()
            await asyncio.wait([harm])
        async with asyncio.timeout(600):
            while await asyncio.to_thread(soak.open):  # noqa: ASYNC110 -- it is in the database
                await asyncio.sleep(0.5)
        yield soak
        for process in workers:
            process.kill()


async def _harm(soak: Soak, workers: list[BaseProcess], work: Work) -> None:
    async with asyncio.TaskGroup() as frozen:
        while True:
            await asyncio.sleep(CHANCE.uniform(0.4, 1.6))
            number = CHANCE.randrange(len(workers))
            if CHANCE.random() < 0.25:
                soak.pauses += 1
                frozen.create_task(_freeze(workers[number].pid or 0))
            else:
                workers[number].kill()
                soak.kills += 1
                workers[number] = worker(work)


async def _freeze(pid: int) -> None:
    with suppress(ProcessLookupError):  # it may be killed meanwhile
        os.kill(pid, signal.SIGSTOP)
        try:
            await asyncio.sleep(CHANCE.uniform(1, 9))
        finally:
            os.kill(pid, signal.SIGCONT)


def each_once(soak: Soak, capsys: pytest.CaptureFixture[str]) -> int:
    """Check that every message stands there once; say how many were in doubt."""
    standing, unsure = soak.standing(), soak.unsure()
    with capsys.disabled():
        print(  # noqa: T201 -- a measured figure
            f"\nsoak: {len(soak.owed)} owed, {unsure} in doubt, "
            f"{soak.kills} kills, {soak.pauses} pauses, {soak.lost} jobs lost"
        )

    assert {posting.opaque(key) for key in soak.owed} == set(standing)
    assert {key: times for key, times in standing.items() if times > 1} == {}
    return unsure


@pytest.mark.timeout(1200)
@pytest.mark.parametrize(
    ("database_url", "is_driven"), COLUMNS.values(), ids=COLUMNS, indirect=["database_url"]
)
async def test_nothing_is_lost_and_nothing_stands_twice(
    database_url: str, is_driven: bool, capsys: pytest.CaptureFixture[str]
) -> None:
    async with soaked(database_url, is_driven=is_driven) as soak:
        unsure = each_once(soak, capsys)

        assert unsure >= figure(10, 500)
        assert (soak.kills >= figure(3, 100), soak.pauses >= figure(0, 30)) == (True, True)


@pytest.mark.timeout(1200)
async def test_what_goes_together_is_not_lost_and_stands_there_once(
    database_url: str, capsys: pytest.CaptureFixture[str]
) -> None:
    async with soaked(database_url, kind=TOGETHER) as soak:
        each_once(soak, capsys)

        bundles = [keys for keys in soak.messages() if len(keys) > 1]
        assert len(bundles) >= figure(3, 50)


@pytest.mark.timeout(1200)
@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
async def test_what_the_engine_loses_is_swept_up(
    database_url: str, capsys: pytest.CaptureFixture[str]
) -> None:
    messages = figure(60, 1_800)
    async with soaked(database_url, is_driven=True, loses=True, messages=messages) as soak:
        each_once(soak, capsys)

        assert soak.lost >= figure(10, 1_000)


@pytest.mark.timeout(1200)
async def test_without_looking_much_stands_twice(sqlite_url: str) -> None:
    """The control: the soak above can see what it looks for."""
    async with soaked(sqlite_url, looks=False) as soak:
        assert max(soak.standing().values()) > 1
