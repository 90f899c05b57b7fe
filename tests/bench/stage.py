"""Where it is measured: the machine, the databases with what is in them, and how much of it."""

import asyncio
import contextlib
import os
import platform
import sqlite3
import tempfile
import time
from collections.abc import Iterator
from contextlib import AsyncExitStack, ExitStack
from dataclasses import dataclass
from pathlib import Path

import psycopg

from storage import schema
from storage.database import Database
from tests import postgres
from tests.bench import seeding
from tests.bench.load import Heard, once
from tests.bench.processes import CORES, REST, SIDE, Served, keep_to
from tests.bench.seeding import Size

AT_REST, PATIENCE = 0.05, 120  # of a core; seconds until it has to be so
NAMES = {"sqlite": "SQLite", "postgresql": "PostgreSQL"}


@dataclass(frozen=True)
class Given:
    """What a run is told: how long it measures, and how much there is.

    *seconds* are those of one round; *items* the rows of a list; *sizes* how many briefings, and
    as many people; *soak* the minutes under load in which memory is watched.
    """

    databases: tuple[str, ...] = ("sqlite", "postgresql")
    rounds: int = 5
    seconds: float = 4.0
    connections: int = 24
    items: int = 10
    briefings: int = 10_000
    people: int = 5_000
    sizes: tuple[int, ...] = (1_000, 10_000, 100_000)
    digests: int = 5_000
    soak: float = 5.0

    @property
    def size(self) -> Size:
        """How much there is where size is not what is measured."""
        return Size(self.briefings, self.people, self.briefings)


class Stage:
    """Lends databases, each made once, and says how it goes."""

    def __init__(self, given: Given, stack: ExitStack | AsyncExitStack) -> None:
        self.given, self._stack = given, stack
        self._made: dict[tuple[str, Size | None, str], str] = {}
        self._server = ""
        folder = stack.enter_context(tempfile.TemporaryDirectory(prefix="convene-bench-"))
        self._folder = Path(folder)

    def database(self, kind: str, size: Size | None = None, name: str = "") -> str:
        """Give the URL of a database of *kind* with as much in it as *size* says, or nothing.

        Whoever changes much in it asks by a *name* for one of their own.
        """
        key = kind, size, name
        if key not in self._made:
            self._made[key] = url = self._empty(kind, f"bench_{len(self._made)}")
            begun, database = time.monotonic(), Database(url)
            schema.upgrade(database)
            if size is not None:
                seeding.fill(database, size)
                took = time.monotonic() - begun
                self.say(f"{NAMES[kind]}, {size.briefings:,} briefings: made in {took:.0f} s")
            database.close()
        return self._made[key]

    def say(self, line: str) -> None:
        """Tell whoever waits."""
        print(f"  {line}", flush=True)

    def _empty(self, kind: str, name: str) -> str:
        if kind == "sqlite":
            return f"sqlite:///{self._folder}/{name}.sqlite3"
        if not self._server:
            self._server = self._stack.enter_context(postgres.serving())
        return postgres.fresh(self._server, name)


@contextlib.contextmanager
def stage(given: Given) -> Iterator[Stage]:
    """Set the stage: whoever asks keeps off the core of the side that is measured."""
    keep_to(REST)
    try:
        with ExitStack() as stack:
            yield Stage(given, stack)
    finally:
        keep_to(CORES)


@contextlib.contextmanager
def wide() -> Iterator[None]:
    """Keep nothing to one core while the block runs."""
    keep_to(CORES)
    try:
        yield
    finally:
        keep_to(REST)


def machine() -> str:
    """Say in one line on what it is measured, and how busy that is."""
    load = os.getloadavg()[0] if hasattr(os, "getloadavg") else 0.0
    pinned = f"side on core {SIDE[0]}, the rest on {REST}" if len(CORES) > 1 else "nothing pinned"
    return (
        f"{time.strftime('%Y-%m-%d %H:%M')}, {_processor()}, {len(CORES) or os.cpu_count()} cores "
        f"({pinned}), {platform.system()} {platform.release()}, Python "
        f"{platform.python_version()}, SQLite {sqlite3.sqlite_version}, psycopg "
        f"{psycopg.__version__}, load before {load:.1f}"
    )


async def settled(side: Served, requests: list[bytes]) -> None:
    """Let a side that has just begun answer each of *requests* once, and come to rest.

    To a bot that begins with so much stored all of it is new: for some seconds it plans and sends
    what it owes of the last days.
    """
    for request in requests:
        await once(side.port, request)
    for _ in range(PATIENCE):
        used = side.spent()
        await asyncio.sleep(1)
        if side.spent() - used < AT_REST:
            return
    raise TimeoutError("A side does not come to rest.")


def check(heard: Heard, side: str) -> Heard:
    """Give *heard* where all is as it should be. Raises AssertionError."""
    assert not heard.wrong, f"{side}: of {heard.sent} answers these were wrong: {heard.kinds}"
    return heard


def _processor() -> str:
    with contextlib.suppress(OSError):
        for line in Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines():
            if line.startswith("model name"):
                return line.partition(": ")[2]
    return platform.machine()
