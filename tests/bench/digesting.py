"""Everybody's own digest at once, beside the bare SQL: the same statements and the same JSON.

`python -m tests.bench digests 50000` takes as many people, in portions of 5,000. The bare side
sends the same statements through the driver alone, and writes the same messages as JSON.
"""

import contextlib
import json
import resource
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator
from typing import Any

import sqlalchemy as sa

from commands import own_digest
from commands.blocks import Message
from commands.digests import Pen
from storage import own_digests, schema
from storage.database import Database
from tests import postgres
from tests.bench import coalition
from tests.factories import noted

ROUNDS, AT_MOST = 5, 2.0
PORTION = 5_000
Statement = tuple[str, Any]


def main(people: int = PORTION) -> None:
    """Measure on both databases; raises AssertionError where it takes too long."""
    with tempfile.TemporaryDirectory(prefix="convene-bench-") as folder, postgres.serving() as at:
        for kind, url in (
            ("SQLite", f"sqlite:///{folder}/digests.sqlite3"),
            ("PostgreSQL", postgres.fresh(at, "convene_digests")),
        ):
            database = Database(url)
            schema.upgrade(database)
            database.run(coalition.fill, people)
            with database.writer.connect() as connection:
                connection.execution_options(isolation_level="AUTOCOMMIT")
                connection.execute(sa.text("ANALYZE"))
            _measure(kind, database, people)
            database.close()


def _measure(kind: str, database: Database, people: int) -> None:
    portions = [range(at, min(at + PORTION, people + 1)) for at in range(1, people + 1, PORTION)]
    with noted(database.reader) as asked:
        messages = list(_messages(database, portions[0]))
    statements = list(asked)
    written = sum(map(len, map(json.dumps, messages))) / len(messages)
    took: dict[str, list[float]] = {"ours": [], "bare": []}
    sides: dict[str, Callable[[], None]] = {
        "ours": lambda: _ours(database, portions),
        "bare": lambda: _bare(database, portions, statements, messages),
    }
    peak = _peak()
    for turn in range(ROUNDS):
        for side in ("ours", "bare") if turn % 2 else ("bare", "ours"):
            begun = time.perf_counter()
            sides[side]()
            took[side].append(time.perf_counter() - begun)
    ours, bare = (statistics.median(took[side]) for side in ("ours", "bare"))
    print(
        f"{kind}, {people:,} digests of {written:,.0f} bytes, {len(statements)} statements for "
        f"each {PORTION:,}: ours {ours:.2f} s, bare {bare:.2f} s, ratio {ours / bare:.2f} "
        f"(medians of {ROUNDS} interleaved rounds); memory {peak} MiB after the first "
        f"{PORTION:,}, {_peak()} MiB at the end"
    )
    assert ours / bare <= AT_MOST, f"more than {AT_MOST} times the bare SQL"


def _ours(database: Database, portions: list[range]) -> None:
    for portion in portions:
        for message in _messages(database, portion):
            json.dumps(message)


def _messages(database: Database, portion: range) -> Iterator[Message]:
    told = database.run(own_digests.told, 1, coalition.NOW, portion)
    pen = Pen()
    for asker, found in told:
        if message := own_digest.drawn(pen, found, asker, coalition.NOW):
            yield message


def _bare(
    database: Database,
    portions: list[range],
    statements: list[Statement],
    messages: list[Message],
) -> None:
    for _ in portions:
        with contextlib.closing(database.reader.raw_connection()) as connection:
            cursor = connection.cursor()
            for statement, parameters in statements:
                cursor.execute(statement, parameters)
                cursor.fetchall()
        for message in messages:
            json.dumps(message)


def _peak() -> int:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
