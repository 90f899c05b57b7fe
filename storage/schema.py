"""The schema's version: what a database has, what this code needs, and how to get there."""

import functools
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import sqlalchemy as sa
from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from alembic.util import CommandError
from sqlalchemy.exc import DatabaseError

from storage.database import Database, Session, writes
from storage.errors import Away


class NewerSchema(Exception):  # noqa: N818 -- a state of the world, not a mistake
    """The database is at a revision this version has never heard of. Nothing was changed."""


LOCK = 0x636F6E76656E65  # "convene": one migration at a time, whichever replica came first


@functools.cache
def needed() -> str:
    """Name the revision this code was written for."""
    head = ScriptDirectory.from_config(_config()).get_current_head()
    if head is None:
        raise RuntimeError("This installation has no migrations.")
    return head


def present(database: Database) -> str | None:
    """Name the revision *database* is at; None for an empty one. Raises Away."""
    with _reached(), database.reader.connect() as connection:
        return MigrationContext.configure(connection).get_current_revision()


def upgrade(database: Database) -> str:
    """Bring *database* to the revision this code needs, in one transaction, and name it.

    Raises Away when it cannot be reached, NewerSchema when another version made it.
    """
    with _reached():
        database.writer.connect().close()
    with database.patient() as connection:
        if not database.is_sqlite:
            connection.execute(sa.text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": LOCK})
        config = _config()
        config.attributes["connection"] = connection
        try:
            command.upgrade(config, "head")
        except CommandError as error:
            raise NewerSchema(str(error)) from error
    return needed()


@writes
def answers(session: Session) -> bool:
    """Ask the database whether it lets anybody write. Raises Away when it does not."""
    return session.scalar(sa.select(sa.literal(1))) == 1


@contextmanager
def _reached() -> Iterator[None]:
    # Also for what is no database at all: a file of another kind, a folder that is not there.
    try:
        yield
    except DatabaseError as error:
        raise Away(type(error).__name__) from error


def _config() -> Config:
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).with_name("migrations")))
    config.set_main_option("path_separator", "os")
    return config
