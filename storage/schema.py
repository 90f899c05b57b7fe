"""The schema's version: what a database has, what this code needs, and how to get there."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import sqlalchemy as sa
from sqlalchemy.exc import DatabaseError

from storage.database import Database, Session, writes
from storage.errors import Away

if TYPE_CHECKING:  # 11 MB, and only a database that is not up to date needs it
    from alembic.config import Config


class NewerSchema(Exception):  # noqa: N818 -- a state of the world, not a mistake
    """The database is at a revision this version has never heard of. Nothing was changed."""


LOCK = 0x636F6E76656E65  # "convene": one migration at a time, whichever replica came first


MIGRATIONS = Path(__file__).with_name("migrations")
_KEPT = sa.table("alembic_version", sa.column("version_num"))


def needed() -> str:
    """Name the revision this code was written for: the last of the numbers of its migrations."""
    return max(file.name[:4] for file in (MIGRATIONS / "versions").glob("[0-9]*.py"))


def present(database: Database) -> str | None:
    """Name the revision *database* is at; None for an empty one. Raises Away."""
    with _reached(), database.reader.connect() as connection:
        is_there = sa.inspect(connection).has_table(_KEPT.name)
        return connection.scalar(sa.select(*_KEPT.c)) if is_there else None


def upgrade(database: Database) -> str:
    """Bring *database* to the revision this code needs, in one transaction, and name it.

    Raises Away when it cannot be reached, NewerSchema when another version made it.
    """
    from alembic import command  # noqa: PLC0415
    from alembic.util import CommandError  # noqa: PLC0415

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


def _config() -> "Config":
    from alembic.config import Config  # noqa: PLC0415

    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    config.set_main_option("path_separator", "os")
    return config
