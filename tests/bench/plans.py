"""How much of what is stored a statement reads, by the database's own account."""

import re
import sqlite3
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from types import FrameType
from typing import Any

import psycopg
import sqlalchemy as sa

from storage.database import Database

STORAGE = Path(__file__).parents[2] / "storage"
NO_VERB = {"database.py", "ledger.py", "scoping.py", "together.py"}
_VALUE = re.compile(r"\$\d+")
_LIST = re.compile(r"\((?:\?(?:::[\w ]+)?(?:, )?)+\)")
READABLE = ("SELECT", "WITH", "UPDATE", "DELETE")
# Of few rows all are read faster than an index; here it is asked whether there is one that serves.
WHOLE = ("seqscan", "hashjoin", "mergejoin")
STEP = 10  # of SQLite's machine, after which it is asked how it goes


@dataclass(frozen=True)
class Asked:
    """A statement as it was sent, and the storage functions that sent it, outermost first."""

    statement: str
    given: Any
    by: str


@contextmanager
def heard(database: Database) -> Iterator[dict[str, Asked]]:
    """Note each kind of statement that is sent while the block runs, once."""
    known: dict[str, Asked] = {}

    def note(_con: Any, _cur: Any, statement: str, given: Any, *_more: Any) -> None:
        if statement.startswith(READABLE):
            one = Asked(statement, given[0] if isinstance(given, list) else given, _verbs())
            kind = _LIST.sub("(…)", _VALUE.sub("?", statement))
            known.setdefault(f"{one.by} {kind}", one)

    engines = (database.reader, database.writer)
    for engine in engines:
        sa.event.listen(engine, "before_cursor_execute", note)
    try:
        yield known
    finally:
        for engine in engines:
            sa.event.remove(engine, "before_cursor_execute", note)


def work(database: Database, asked: Asked) -> int:
    """Say how much *asked* does, and undo it: rows read, or on SQLite steps of its machine."""
    return _steps(database, asked) if database.is_sqlite else _rows(database, asked)


def plan(database: Database, asked: Asked) -> str:
    """Give the database's plan for *asked*, for a person to read."""
    how = "EXPLAIN QUERY PLAN " if database.is_sqlite else "EXPLAIN "
    with closing(database.reader.raw_connection()) as connection:
        cursor = connection.cursor()
        cursor.execute(how + asked.statement, asked.given)
        return "\n".join(str(row[-1]) for row in cursor.fetchall())


def _steps(database: Database, asked: Asked) -> int:
    taken = 0

    def count() -> int:
        nonlocal taken
        taken += 1
        return 0

    connection = sqlite3.connect(str(database.url.database), isolation_level=None)
    with closing(connection):
        connection.execute("BEGIN")
        connection.set_progress_handler(count, STEP)
        # What was true then may be refused now: it has read by then what it reads.
        with suppress(sqlite3.IntegrityError):
            connection.execute(asked.statement, asked.given).fetchall()
        connection.execute("ROLLBACK")
    return taken * STEP


def _rows(database: Database, asked: Asked) -> int:
    with closing(database.writer.raw_connection()) as connection:
        cursor = connection.cursor()
        for way in WHOLE:
            cursor.execute(f"SET LOCAL enable_{way} = off")
        how = "EXPLAIN (ANALYZE, FORMAT JSON, TIMING OFF) "
        try:
            cursor.execute(how + asked.statement, asked.given)
            ((told,),) = cursor.fetchall()
        except psycopg.IntegrityError:
            return 0  # what was true then is refused now
        finally:
            connection.rollback()
    return _read(told[0]["Plan"])


def _read(node: dict[str, Any]) -> int:
    rows = 0
    if "Relation Name" in node and "Scan" in node["Node Type"]:
        left_out = sum(value for name, value in node.items() if name.startswith("Rows Removed"))
        rows = (node["Actual Rows"] + left_out) * node["Actual Loops"]
    return int(rows) + sum(_read(each) for each in node.get("Plans", ()))


def _verbs() -> str:
    found: list[str] = []
    frame: FrameType | None = sys._getframe(1)
    while frame is not None:
        if room := _room(frame.f_code.co_filename):
            found.append(f"{room}.{frame.f_code.co_name}")
        frame = frame.f_back
    if found and found[0].startswith("titles."):
        return found[0]  # whoever names a thing by its title
    return " > ".join(dict.fromkeys([found[-1], found[0]])) if found else ""


@cache
def _room(name: str) -> str:
    file = Path(name)
    has_verbs = file.is_relative_to(STORAGE) and file.name not in NO_VERB
    return file.stem if has_verbs else ""
