"""Thousands of transactions, some undone, on a database that cuts connections: each counts once."""

import asyncio
import contextlib
import threading
from collections import Counter
from collections.abc import AsyncIterator, Iterator
from concurrent.futures import ThreadPoolExecutor

import psycopg
import pytest

from bot import posting
from storage import deliveries
from storage.asker import Asker
from storage.database import Session, writes
from storage.errors import Away
from storage.models import Briefing
from tests.bot.office import SECOND, Office, opened
from tests.factories import NOON
from tests.figures import figure

COMMITS, UNDONE = figure(60, 5_000), figure(10, 500)
PEOPLE = figure(20, 100)
MESSAGES = figure(120, 1_000)  # while connections are cut
CUTS = figure(10, 200)  # at least


class UndoneError(Exception):
    """Whatever went wrong in a transaction."""


@pytest.fixture
async def office(database_url: str) -> AsyncIterator[Office]:
    async with opened(database_url) as made:
        yield made


@writes
def _owed(session: Session, who: Asker, briefing: Briefing, key: str, *, is_undone: bool) -> None:
    deliveries.owe(
        session,
        who.workspace,
        NOON,
        key=key,
        kind="promoted",
        recipient=who.slack_user,
        details={"briefing": briefing.id, "person": who.person},
    )
    if is_undone:
        raise UndoneError


class Owing:
    """Owes news of seats, from many threads at once; every third is owed twice."""

    def __init__(self, office: Office, commits: int, undone: int) -> None:
        self._office, self._undone = office, undone
        self._people = [office.member(f"Person {number}") for number in range(PEOPLE)]
        self._briefing = office.world.briefing(capacity=None)
        for person in self._people:
            office.going(person, self._briefing)
        self.kept = {f"kept {number}" for number in range(commits)}

    def all(self) -> None:
        """Owe everything."""
        keys = [*self.kept, *(f"undone {number}" for number in range(self._undone))]
        with ThreadPoolExecutor(8) as pool:
            list(pool.map(self._one, sorted(keys), range(len(keys))))

    def _one(self, key: str, number: int) -> None:
        given = (self._people[number % PEOPLE], self._briefing, key)
        for _ in range(1 + (number % 3 == 0)):
            while True:
                with contextlib.suppress(Away):
                    with contextlib.suppress(UndoneError):
                        is_undone = key not in self.kept
                        self._office.world.database.run(_owed, *given, is_undone=is_undone)
                    break

    def standing(self) -> Counter[str]:
        """Count the messages that stand there, by their key."""
        return Counter(
            message.metadata["event_payload"]["key"]
            for person in self._people
            for message in self._office.workspace.messages(person.slack_user)
            if message.metadata
        )


async def settled(office: Office) -> None:
    """Send until nothing is left, however often the database is away."""
    while {"pending", "sending"} & set(await asyncio.to_thread(states, office)):
        with contextlib.suppress(Away):
            await office.sender.pump()
        office.workspace.clock.advance(2 * SECOND)


def states(office: Office) -> list[str]:
    while True:
        with contextlib.suppress(Away):
            return office.states


@pytest.mark.timeout(900)
async def test_what_was_committed_is_said_once_and_what_was_undone_never(office: Office) -> None:
    owing = Owing(office, COMMITS, UNDONE)

    await asyncio.to_thread(owing.all)
    await settled(office)

    assert owing.standing() == Counter({posting.opaque(key): 1 for key in owing.kept})
    assert len(office.states) == COMMITS


@contextlib.contextmanager
def cutting(url: str, admin: str) -> Iterator[list[int]]:
    """Cut a connection to the database at *url* again and again; give what counts them."""
    name, cut, is_over = url.partition("?")[0].rpartition("/")[2], [0], threading.Event()

    def run() -> None:
        with psycopg.connect(admin, autocommit=True) as connection:
            while not is_over.wait(0.1):
                found = connection.execute(
                    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
                    "WHERE datname = %s ORDER BY random() LIMIT 1",
                    (name,),
                ).fetchall()
                cut[0] += len(found)

    cutter = threading.Thread(target=run)
    cutter.start()
    yield cut
    is_over.set()
    cutter.join()


@pytest.mark.timeout(900)
@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
async def test_connections_that_are_cut_all_the_time_cost_no_message_and_double_none(
    office: Office, database_url: str, postgres_template: str, capsys: pytest.CaptureFixture[str]
) -> None:
    owing = Owing(office, MESSAGES, UNDONE)
    with cutting(database_url, postgres_template) as cut:
        await asyncio.to_thread(owing.all)
        await settled(office)

    with capsys.disabled():
        print(f"\ncuts: {MESSAGES} messages, {cut[0]} connections cut")  # noqa: T201 -- measured
    assert owing.standing() == Counter({posting.opaque(key): 1 for key in owing.kept})
    assert cut[0] >= CUTS
