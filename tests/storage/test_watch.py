"""What SQLite tells of its file: that nothing was written since, and never so by mistake."""

import contextlib
import sqlite3
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from sqlalchemy.exc import OperationalError

from storage.database import Database
from storage.models import Person
from tests.factories import World


@pytest.fixture
def lite(sqlite_url: str) -> Iterator[Database]:
    made = Database(sqlite_url)
    yield made
    made.close()


@pytest.fixture
def other(lite: Database) -> Iterator[sqlite3.Connection]:
    """Open the same file as another process would."""
    made = sqlite3.connect(lite.url.database or "", timeout=0, isolation_level=None)
    with contextlib.closing(made):
        yield made


def spent(run: Callable[[], object]) -> float:
    begun = time.monotonic()
    run()
    return time.monotonic() - begun


def test_it_is_the_same_until_something_is_written(lite: Database) -> None:
    world = World(lite)
    before = lite.version()
    with lite.reading() as session:
        session.get(Person, 1)

    assert before is not None
    assert lite.version() == before
    world.person()
    assert lite.version() != before


def test_it_tells_of_what_another_process_writes(lite: Database, other: sqlite3.Connection) -> None:
    before = lite.version()
    other.execute("BEGIN")
    other.execute("CREATE TABLE of_another (id INTEGER)")

    assert lite.version() == before
    other.execute("COMMIT")
    assert lite.version() != before


def test_it_holds_on_to_no_state_of_the_file(lite: Database, other: sqlite3.Connection) -> None:
    world = World(lite)
    lite.version()
    world.person()
    is_busy, *_ = other.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()

    assert not is_busy


def test_it_waits_for_nobody(lite: Database, other: sqlite3.Connection) -> None:
    other.execute("PRAGMA locking_mode=EXCLUSIVE")
    other.execute("BEGIN EXCLUSIVE")
    told: list[int | None] = []
    took = spent(lambda: told.append(lite.version()))
    waited = spent(lambda: _refused(lite))

    assert told == [None]
    assert took < waited / 2
    other.execute("COMMIT")
    other.close()
    assert lite.version() is not None


def _refused(lite: Database) -> None:
    with lite.reader.connect() as reader, pytest.raises(OperationalError):
        reader.exec_driver_sql("SELECT * FROM people")


def test_where_nobody_can_tell_it_says_nothing(tmp_path: Path) -> None:
    nowhere = Database(f"sqlite:///{tmp_path}/none/such.sqlite3")

    assert nowhere.version() is None
    nowhere.close()


def test_sqlite_alone_tells(database: Database) -> None:
    assert (database.version() is not None) == database.is_sqlite
