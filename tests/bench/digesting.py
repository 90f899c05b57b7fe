"""Everybody's own digest, beside SQL alone and the same bytes of JSON.

`python -m tests.bench digests 50000` takes as many people, in portions of 5,000. Beside it stand
the bare SQL (`tests/bench/bare.py`) and, as the floor, our own statements through the driver
alone with nothing made of their rows; both write the same messages as JSON.
"""

import contextlib
import gc
import json
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from commands import own_digest
from commands.blocks import Message
from commands.digests import Pen
from storage import own_digests, schema
from storage.asker import Asker
from storage.database import Database
from storage.own_digests import Told
from tests import postgres
from tests.bench import bare, coalition
from tests.bench.rounds import ratios
from tests.bench.rows import Figure, Row
from tests.bench.stage import NAMES, Stage
from tests.factories import noted

ROUNDS, AT_MOST = 5, 2.0
PORTION = 5_000


@dataclass(frozen=True)
class Compared:
    """How long each side took in each round, in seconds; how many statements ours are.

    *few* is how many they are for a hundredth of the people; *size* the bytes of a digest.
    """

    took: Mapping[str, Sequence[float]]
    statements: int
    few: int
    size: float

    def median(self, side: str) -> float:
        """Give the median of *side*, in seconds."""
        return statistics.median(self.took[side])

    @property
    def ratio(self) -> float:
        """How many times the time of the bare SQL ours takes."""
        return self.median("ours") / self.median("bare SQL")


def main(people: int = PORTION) -> None:
    """Measure on both databases; raises AssertionError where it takes too long."""
    with tempfile.TemporaryDirectory(prefix="convene-bench-") as folder, postgres.serving() as at:
        for kind, url in (
            ("SQLite", f"sqlite:///{folder}/digests.sqlite3"),
            ("PostgreSQL", postgres.fresh(at, "convene_digests")),
        ):
            found = _measured(url, people, ROUNDS)
            print(f"{kind}, {people:,} people: {_summed(found)}")
            assert found.ratio <= AT_MOST, f"{found.ratio:.2f} times the bare SQL"
            print(f"{kind}: {_memory(url, people)}", flush=True)


async def measure(stage: Stage) -> list[Figure]:
    """Measure on each database, for the table."""
    figures, people = [], stage.given.digests
    for kind in stage.given.databases:
        found = _measured(stage.database(kind, name="digests"), people, stage.given.rounds)
        stage.say(f"{NAMES[kind]}, {people:,} digests: {_summed(found)}")
        seen = {side: round(found.median(side), 3) for side in found.took}
        what = f"{people:,} digests, {NAMES[kind]}:"
        against = f"{what} composed and written, against the bare SQL and JSON of the same bytes"
        more = f"{what} statements more than for a hundredth of the people"
        figures += [
            Figure(
                Row(f"digests-{kind}", against, AT_MOST, 1.3, is_most=True),
                ratios(found.took["ours"], found.took["bare SQL"]),
                {"s": seen, "bytes": round(found.size)},
            ),
            Figure(
                Row(f"digest-statements-{kind}", more, 0, 0, is_most=True),
                [found.statements - found.few],
                {"statements": found.statements},
            ),
        ]
    return figures


def _measured(url: str, people: int, rounds: int) -> Compared:
    database, portions = Database(url), _portions(people)
    schema.upgrade(database)
    database.run(coalition.fill, people)
    with database.writer.connect() as connection:
        connection.execute(sa.text("ANALYZE"))
        connection.commit()
    with noted(database.reader) as few:
        _told(database, portions[0][: max(1, len(portions[0]) // 100)])
    with noted(database.reader) as statements:
        told = _told(database, portions[0])
    _check_same_rights(database, portions[0], told)
    messages = list(_drawn(told))
    size = sum(len(json.dumps(message)) for message in messages) / len(messages)
    sides: dict[str, Callable[[range], None]] = {
        "ours": lambda portion: _written(_drawn(_told(database, portion))),
        "bare SQL": lambda portion: _bare(database, portion, messages),
        "floor": lambda _portion: _floor(database, list(statements), messages),
    }
    del told
    gc.collect()
    gc.freeze()  # what the measurement itself holds weighs on neither side
    took = {side: list[float]() for side in sides}
    for turn in range(rounds):
        for side in list(sides)[:: -1 if turn % 2 else 1]:
            begun = time.perf_counter()
            for portion in portions:
                sides[side](portion)
            took[side].append(time.perf_counter() - begun)
    gc.unfreeze()
    database.close()
    return Compared(took, len(statements), len(few), size)


def _summed(found: Compared) -> str:
    floor, rounds = found.median("ours") / found.median("floor"), len(found.took["ours"])
    return (
        f"{found.statements} statements for each {PORTION:,}, digests of {found.size:,.0f} bytes; "
        + ", ".join(f"{side} {found.median(side):.2f} s" for side in found.took)
        + f"; {found.ratio:.2f} times the bare SQL, {floor:.2f} times the floor "
        f"(medians of {rounds} interleaved rounds)"
    )


def _memory(url: str, people: int) -> str:
    """Ask a process that does nothing else how much memory it took."""
    own = [sys.executable, "-m", "tests.bench.digesting", url, str(people)]
    return subprocess.run(own, check=True, capture_output=True, text=True).stdout.strip()  # noqa: S603 -- our own words


def weigh(url: str, people: int) -> None:
    """Compose everybody's digest, and print the most memory that has taken so far, twice."""
    database, first = Database(url), 0
    for portion in _portions(people):
        _written(_drawn(_told(database, portion)))
        first = first or _peak()
    print(f"memory {first} MiB after the first {PORTION:,}, {_peak()} MiB after {people:,}")


def _portions(people: int) -> list[range]:
    return [range(at, min(at + PORTION, people + 1)) for at in range(1, people + 1, PORTION)]


def _told(database: Database, portion: range) -> list[tuple[Asker, Told]]:
    return database.run(own_digests.told, 1, coalition.NOW, portion)


def _drawn(told: list[tuple[Asker, Told]]) -> Iterator[Message]:
    pen = Pen()
    for asker, found in told:
        if message := own_digest.drawn(pen, found, asker, coalition.NOW):
            yield message


def _written(messages: Iterator[Message]) -> None:
    for message in messages:
        json.dumps(message)


def _bare(database: Database, portion: range, messages: list[Message]) -> None:
    bare.counted(database, portion)
    _written(iter(messages))


def _floor(database: Database, statements: list[tuple[str, Any]], messages: list[Message]) -> None:
    with contextlib.closing(database.reader.raw_connection()) as connection:
        cursor = connection.cursor()
        for statement, given in statements:
            cursor.execute(statement, given)
            cursor.fetchall()
    _written(iter(messages))


def _check_same_rights(database: Database, portion: range, told: list[tuple[Asker, Told]]) -> None:
    moved, rows = [found.moved for _, found in told], bare.counted(database, portion)
    assert rows["resources"] == sum(len(each.resources) for each in moved)
    assert rows["updates"] == sum(len(each.progressed.updates) for each in moved)


def _peak() -> int:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024


if __name__ == "__main__":
    weigh(sys.argv[1], int(sys.argv[2]))
