"""What every test can ask for: a migrated database of either kind, and a moment to stand in."""

import gc
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import psycopg
import pytest
from hypothesis import settings

from storage import schema
from storage.database import WRITERS, Database
from tests import postgres
from tests.postgres import Stock

# A shared machine is slow at times; no property here is about time.
settings.register_profile("convene", deadline=None)
settings.load_profile("convene")

TEMPLATE = "convene_template"
NOON = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)  # a Monday


def pytest_collection_finish() -> None:
    """Let garbage be looked for in what tests make, not again and again in the tests themselves."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(10_000)


@pytest.fixture
def now() -> datetime:
    """Give the moment at which most tests happen."""
    return NOON


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Make one migrated SQLite file; every test gets a copy."""
    path = tmp_path_factory.mktemp("sqlite") / "template.sqlite3"
    _migrate(f"sqlite:///{path}")
    return path


@pytest.fixture(scope="session")
def postgres_template() -> Iterator[str]:
    """Start a real PostgreSQL with one migrated database; give the URL of the server."""
    with postgres.serving() as server:
        if not os.environ.get("TEST_DATABASE_URL"):
            _hurry(server)
        yield from _with_template(server)


@pytest.fixture(scope="session")
def postgres_stock(postgres_template: str) -> Iterator[Stock]:
    """Keep the databases that tests borrow."""
    stock = Stock(postgres_template, TEMPLATE)
    yield stock
    stock.clear()


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """Give the URL of a fresh, migrated database: each test runs on both kinds."""
    with lent(request, tmp_path) as url:
        yield url


@pytest.fixture
def sqlite_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """Give the URL of a fresh, migrated SQLite file, for tests that are not about storage."""
    return _sqlite_copy(request, tmp_path)


@pytest.fixture
def database(database_url: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[Database]:
    """Give a fresh, migrated database: each test runs on both kinds.

    As many write to it at once as several replicas would.
    """
    monkeypatch.setattr("storage.database.WRITERS", 4 * WRITERS)
    opened = Database(database_url)
    yield opened
    opened.close()


@contextmanager
def lent(request: pytest.FixtureRequest, folder: Path) -> Iterator[str]:
    """Lend a fresh, migrated database of the kind that is asked for; a file stands in *folder*."""
    if request.param == "sqlite":
        yield _sqlite_copy(request, folder)
    else:
        yield from _postgres_copy(request)


def _sqlite_copy(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    copy = tmp_path / "convene.sqlite3"
    shutil.copy(request.getfixturevalue("sqlite_template"), copy)
    return f"sqlite:///{copy}"


def _postgres_copy(request: pytest.FixtureRequest) -> Iterator[str]:
    stock: Stock = request.getfixturevalue("postgres_stock")
    name = stock.lend()
    yield postgres.named(request.getfixturevalue("postgres_template"), name)
    stock.take_back(name)


def _hurry(server: str) -> None:
    # No test pulls the plug of the machine: what a killed process had committed is there.
    with psycopg.connect(server, autocommit=True) as admin:
        admin.execute("ALTER SYSTEM SET fsync = off")
        admin.execute("SELECT pg_reload_conf()")


def _with_template(server: str) -> Iterator[str]:
    with psycopg.connect(server, autocommit=True) as admin:
        admin.execute(f"DROP DATABASE IF EXISTS {TEMPLATE}")
        admin.execute(f"CREATE DATABASE {TEMPLATE}")
    _migrate(postgres.named(server, TEMPLATE))
    yield server


def _migrate(url: str) -> None:
    fresh = Database(url)
    schema.upgrade(fresh)
    fresh.close()
