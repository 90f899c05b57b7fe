"""Units of work run away from the loop, and on SQLite one writes at a time."""

import asyncio
import threading
import time
from collections.abc import Callable, Iterator
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy import event
from sqlalchemy.orm import Session

from bot import threads
from bot import units as lending
from bot.threads import MOST
from bot.units import Lent, Units
from storage.asker import Asker
from storage.database import PATIENCE, READERS, WRITERS, Database, writes
from storage.errors import Away, Refusal
from storage.models import Workspace
from tests.factories import NOON


class Watch:
    """Counts how many are inside at once."""

    def __init__(self) -> None:
        self.inside = self.most = 0
        self.threads: set[str] = set()
        self._lock = threading.Lock()

    def stay(self) -> None:
        """Be inside for a moment."""
        with self._lock:
            self.inside += 1
            self.most = max(self.most, self.inside)
            self.threads.add(threading.current_thread().name)
        time.sleep(0.03)
        with self._lock:
            self.inside -= 1


@pytest.fixture
def units(database: Database) -> Iterator[Units]:
    lent = Units(database)
    yield lent
    lent.close()


@writes
def write(session: Session, watch: Watch, team: str) -> int:
    watch.stay()
    return add(session, team)


@writes
def add(session: Session, team: str) -> int:
    workspace = Workspace(team=team, name=team, zone="UTC")
    session.add(workspace)
    session.flush()
    return workspace.id


def read(session: Session, watch: Watch) -> int:
    watch.stay()
    return session.scalar(sa.select(sa.func.count()).select_from(Workspace)) or 0


@writes
def refuse(session: Session) -> None:
    session.add(Workspace(team="T1", name="One", zone="UTC"))
    session.flush()
    raise Refusal("No.")


async def test_a_unit_runs_in_a_thread_and_the_loop_goes_on(units: Units) -> None:
    watch, ticks = Watch(), 0
    running = asyncio.ensure_future(units.run(read, watch))

    while not running.done():
        ticks += 1
        await asyncio.sleep(0.001)

    assert await running == 0
    assert ticks > 3
    assert threading.current_thread().name not in watch.threads


async def test_on_sqlite_one_writes_at_a_time(units: Units) -> None:
    watch = Watch()

    ids = await asyncio.gather(*(units.run(write, watch, f"T{number}") for number in range(6)))

    assert len(set(ids)) == 6
    assert (watch.most == 1) is units.database.is_sqlite


async def test_many_read_at_once_while_one_writes(units: Units) -> None:
    watch = Watch()

    await asyncio.gather(
        units.run(write, Watch(), "T1"), *(units.run(read, watch) for _ in range(12))
    )

    assert watch.most == READERS // 2


async def test_what_a_rule_refuses_rises_and_leaves_nothing(units: Units) -> None:
    with pytest.raises(Refusal):
        await units.run(refuse)

    assert await units.run(read, Watch()) == 0


async def test_whoever_asks_and_when_is_filled_in(units: Units) -> None:
    def told(
        session: Session, asker: Asker, now: object, greeting: str, *, name: str
    ) -> tuple[object, ...]:
        return asker, now, greeting, name

    ana = Asker(1, 7)

    lent = Lent(units, ana, NOON, "T1:trigger:1", time.monotonic())

    assert await lent(told, "Hello", name="Ana") == (ana, NOON, "Hello", "Ana")


async def test_closing_waits_for_what_runs(database: Database) -> None:
    units, watch = Units(database), Watch()
    running = asyncio.ensure_future(units.run(write, watch, "T1"))
    await asyncio.sleep(0.01)

    await asyncio.to_thread(units.close)

    assert isinstance(await running, int)
    with pytest.raises(RuntimeError):
        await units.run(read, watch)


async def test_what_has_no_turn_in_time_is_not_begun(
    units: Units, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lending, "PATIENCE", 0.2)
    begun, ends = threading.Event(), threading.Event()
    done: list[str] = []

    @writes
    def stay(_session: Session) -> None:
        begun.set()
        ends.wait(5)

    @writes
    def note(_session: Session, what: str) -> None:
        done.append(what)

    staying = [asyncio.create_task(units.run(stay)) for _ in range(WRITERS)]
    await asyncio.to_thread(begun.wait, 5)
    with pytest.raises(Away, match="TooManyWait"):
        await units.run_soon(note, "too late")
    ends.set()
    await asyncio.gather(*staying)
    await units.run_soon(note, "in time")

    assert done == ["in time"]


def staying() -> tuple[Callable[..., None], threading.Semaphore, threading.Event]:
    """Make a verb that stays until the event, and counts who has entered it."""
    entered, ends = threading.Semaphore(0), threading.Event()

    @writes
    def stay(_session: Session) -> None:
        entered.release()
        ends.wait(5)

    return stay, entered, ends


async def test_whoever_waits_reads_behind_nobody_who_does_not_or_writes(units: Units) -> None:
    stay, entered, ends = staying()

    def linger(session: Session) -> None:
        stay(session)

    writing = 1 if units.database.is_sqlite else WRITERS
    busy = [linger] * (READERS // 2) + [stay] * writing
    running = [asyncio.create_task(units.run(one)) for one in busy]
    for _ in running:
        await asyncio.to_thread(entered.acquire, timeout=5)
    patient = asyncio.create_task(units.run(read, Watch()))
    found = await asyncio.gather(*(units.run_soon(read, Watch()) for _ in range(6)))
    is_waiting = not patient.done()
    ends.set()

    await asyncio.gather(*running)
    assert (found, await patient, is_waiting) == ([0] * 6, 0, True)


async def in_turn(units: Units, turn: int, verb: Callable[..., Any], *args: Any) -> Any:
    return await units.run_by(time.monotonic() + 5, turn, verb, *args)


async def test_those_of_one_turn_are_one_transaction_each_with_its_own_answer(
    units: Units,
) -> None:
    stay, entered, ends = staying()
    commits: list[object] = []
    event.listen(units.database.writer, "commit", commits.append)

    first = asyncio.create_task(in_turn(units, 1, stay))
    await asyncio.to_thread(entered.acquire, timeout=5)
    rest = [asyncio.create_task(in_turn(units, 1, add, f"S{number}")) for number in range(MOST)]
    refused = asyncio.create_task(in_turn(units, 1, refuse))
    await asyncio.sleep(0.02)
    ends.set()

    await first
    assert len(set(await asyncio.gather(*rest))) == MOST
    with pytest.raises(Refusal):
        await refused
    assert len(commits) == 1
    assert await units.run(read, Watch()) == MOST


async def test_another_turn_need_not_wait_where_many_write(units: Units) -> None:
    all_, own = Watch(), (Watch(), Watch())

    @writes
    def stay(_session: Session, turn: int) -> None:
        own[turn].stay()
        all_.stay()

    await asyncio.gather(*(in_turn(units, number % 2, stay, number % 2) for number in range(6)))

    assert all_.most == (1 if units.database.is_sqlite else 2)
    assert [one.most for one in own] == [1, 1]


async def test_whoever_gives_up_waiting_keeps_nobody_of_their_turn(units: Units) -> None:
    stay, entered, ends = staying()

    first = asyncio.create_task(in_turn(units, 1, stay))
    await asyncio.to_thread(entered.acquire, timeout=5)
    gone = asyncio.create_task(in_turn(units, 1, write, Watch(), "T1"))
    last = asyncio.create_task(in_turn(units, 1, write, Watch(), "T2"))
    await asyncio.sleep(0.02)
    gone.cancel()
    ends.set()

    await first
    assert isinstance(await last, int)


async def test_whoever_comes_after_too_many_hears_so_at_once(
    units: Units, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(threads, "LONG", 3)
    stay, entered, ends = staying()

    busy = 1 if units.database.is_sqlite else WRITERS
    running = [asyncio.create_task(units.run(stay)) for _ in range(busy)]
    for _ in running:
        await asyncio.to_thread(entered.acquire, timeout=5)
    waiting = [asyncio.create_task(units.run_soon(add, f"T{number}")) for number in range(9)]
    await asyncio.sleep(0)
    asked = time.monotonic()
    with pytest.raises(Away, match="TooManyWait"):
        await units.run_soon(add, "Late")
    refused_after = time.monotonic() - asked
    patient = asyncio.create_task(units.run(add, "Patient"))
    ends.set()

    await asyncio.gather(*running)
    told = await asyncio.gather(*waiting, return_exceptions=True)
    assert refused_after < PATIENCE / 2
    assert sum(isinstance(one, int) for one in told) == 4
    assert isinstance(await patient, int)
