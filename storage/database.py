"""Engines, sessions, transactions, and Moment: the one way a point in time is stored."""

import functools
import importlib
import random
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Concatenate, ParamSpec, TypeVar

import sqlalchemy as sa
from sqlalchemy import event
from sqlalchemy.engine import URL, Connection, Engine, make_url
from sqlalchemy.exc import ArgumentError, DBAPIError, IntegrityError, OperationalError
from sqlalchemy.orm import Session as Session
from sqlalchemy.orm import sessionmaker
from sqlalchemy.types import TypeDecorator

from storage.errors import Away, Full, Replayed, Unconfirmed
from storage.kept import Lender
from storage.scoping import refuse_unscoped

P = ParamSpec("P")
R = TypeVar("R")
F = TypeVar("F", bound=Callable[..., Any])

READERS, WRITERS = 4, 2  # threads, which compute in turns: more would do no more, only later
TRIES = 4
MIGRATED = 30  # seconds another process may take to bring the schema up to date
PATIENCE = 2.0  # seconds after which a failure is final: a connection may take three to be refused
KNOWN = 3600  # seconds after which a reader of SQLite begins anew, with what was seen since
LOCKED = 0.5  # seconds for which one try waits for SQLite's lock: whoever asks waits three at most
# The disk may not be written to, fails, or is full: SQLite's codes (READONLY, IOERR, FULL), and
# PostgreSQL's.
FULL = {8, 10, 13, "53100", "25006"}


class Moment(TypeDecorator[datetime]):
    """An aware moment, kept in UTC. A naive one is refused: it names no point in time."""

    impl = sa.DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Any) -> datetime | None:
        """Give the driver UTC."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("A moment needs its zone.")
        return value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Any) -> datetime | None:
        """Hand out UTC; SQLite has dropped the zone on the way."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


@dataclass(frozen=True)
class Call:
    """A *verb* with all it needs; it is not tried again after *until* on the monotonic clock.

    Without that it is tried for PATIENCE from when it begins.
    """

    verb: Callable[..., Any]
    args: Sequence[Any]
    kwargs: Mapping[str, Any]
    until: float | None = None


def writes(verb: F) -> F:
    """Mark *verb* as one that changes rows: it runs alone on SQLite, in a transaction anywhere."""
    verb.writes = True  # type: ignore[attr-defined]
    return verb


def gathers(verb: F) -> F:
    """Mark a writing *verb* that first waits for the row which its first argument names.

    Those that come for the same row meanwhile are run together (see storage/together.py).
    """
    verb.gathers = True  # type: ignore[attr-defined]
    return verb


def inserted_once(session: Session, model: Any, *unique: str) -> Any:
    """Give the statement that adds a row of *model* unless one has the same in *unique*.

    It returns the id of a row that is new, and nothing else: psycopg gives no row count for this.
    """
    return _inserted_once(session.get_bind().dialect.name, model, unique)


@functools.cache
def _inserted_once(kind: str, model: Any, unique: tuple[str, ...]) -> Any:
    # Imported here: the dialect of the database that is not used shall not weigh in memory.
    dialect = importlib.import_module(f"sqlalchemy.dialects.{kind}")
    table = model.__table__
    return dialect.insert(table).on_conflict_do_nothing(index_elements=unique).returning(table.c.id)


class Database:
    """One database: an engine that only reads and an engine that writes.

    On SQLite there are several readers and one writer, which takes its lock at BEGIN: a
    transaction that reads first and locks later loses its write under load. On PostgreSQL reads
    run without BEGIN. What has an audience is read for somebody: see storage/scoping.py.
    """

    def __init__(self, url: str) -> None:
        self.url = sqlalchemy_url(url)
        self.is_sqlite = self.url.get_backend_name() == "sqlite"
        if self.is_sqlite:
            from storage.watch import Watch  # noqa: PLC0415 -- its driver weighs a megabyte

            self.reader, self.writer = _sqlite(self.url)
            self._watch: Watch | None = Watch(self.reader)
        else:
            from storage import postgresql  # noqa: PLC0415 -- on SQLite its driver may be missing

            self.reader, self.writer = postgresql.engines(self.url, READERS, WRITERS)
            self._watch = None
        self._kept = Lender(self.reader, READERS)
        self._reading = sessionmaker(expire_on_commit=False, autoflush=False)
        self._writing = sessionmaker(self.writer, expire_on_commit=False)
        for lent in (self._reading, self._writing):
            event.listen(lent, "do_orm_execute", refuse_unscoped)

    @contextmanager
    def reading(self) -> Iterator[Session]:
        """Lend a session that cannot write."""
        with self._kept.connection() as connection:
            session = self._reading(bind=connection)
            try:
                yield session
            finally:
                # Where only columns were read it holds nothing, and closing it takes long.
                if session.in_transaction():
                    session.close()

    @contextmanager
    def writing(self) -> Iterator[Session]:
        """Lend a session in one transaction: committed on return, rolled back on raise."""
        with self._writing.begin() as session:
            yield session

    @contextmanager
    def patient(self) -> Iterator[Connection]:
        """Lend a connection in one transaction, which waits while another process migrates.

        On SQLite a table may be made anew in it: nothing that refers to its rows goes with them.
        """
        engine = _sqlite_migrating(self.url) if self.is_sqlite else self.writer
        try:
            with engine.begin() as connection:
                if not self.is_sqlite:
                    connection.exec_driver_sql("SET LOCAL lock_timeout = 0")
                yield connection
        finally:
            if engine is not self.writer:
                engine.dispose()

    def run(
        self, verb: Callable[Concatenate[Session, P], R], *args: P.args, **kwargs: P.kwargs
    ) -> R:
        """Run *verb* as one unit of work, again when another transaction got in its way.

        Raises Away when the database cannot be reached, Full when it takes in nothing, Unconfirmed
        when it did not say whether it kept the change; whatever *verb* raises rises.
        """
        result: R = self.do(Call(verb, args, kwargs))
        return result

    def do(self, call: Call, *, is_unsure: bool = False) -> Any:
        """Do what `run` does; with *is_unsure* it was tried before and may have been kept then."""
        lend = self.writing if getattr(call.verb, "writes", False) else self.reading
        until = call.until or time.monotonic() + PATIENCE
        for left in reversed(range(TRIES)):
            is_done = False
            try:
                with lend() as session:
                    result = call.verb(session, *call.args, **call.kwargs)
                    is_done = True
                return result
            except DBAPIError as error:
                if not _worth_another_try(error):
                    raise
                is_unsure |= is_done and error.connection_invalidated
                if not left or time.monotonic() > until:
                    raise _final(error, is_unsure=is_unsure) from error
            except Replayed as replayed:
                if is_unsure:
                    raise Unconfirmed("Replayed") from replayed
                raise
            time.sleep(random.uniform(0.005, 0.05) * (TRIES - left))  # noqa: S311 -- jitter only
        raise AssertionError("unreachable")

    def version(self) -> int | None:
        """Give a number that is another one after each commit; None where nobody can tell.

        One thread may ask, at almost no cost: see storage/watch.py. On PostgreSQL nobody can tell.
        """
        return self._watch.version() if self._watch is not None else None

    def close(self) -> None:
        """Close every connection."""
        if self._watch is not None:
            self._watch.close()
        self._kept.close()
        self.reader.dispose()
        self.writer.dispose()


def sqlalchemy_url(url: str) -> URL:
    """Read *url*, with psycopg 3 as PostgreSQL's driver whichever spelling was given.

    Raises ValueError, which does not repeat the password in it.
    """
    try:
        parsed = make_url(url)
    except (ArgumentError, ValueError):
        raise ValueError("This is no address of a database.") from None
    if parsed.get_backend_name() in {"postgresql", "postgres"}:
        return parsed.set(drivername="postgresql+psycopg")
    return parsed


def _worth_another_try(error: DBAPIError) -> bool:
    # Two clicks of one person at once meet at a UNIQUE constraint: the second, tried again, finds
    # the first one's row.
    kinds = (IntegrityError, OperationalError)
    return isinstance(error, kinds) or error.connection_invalidated or _is_full(error)


def _final(error: DBAPIError, *, is_unsure: bool) -> Exception:
    if isinstance(error, IntegrityError):
        return error
    why = getattr(error.orig, "sqlite_errorname", type(error.orig).__name__)
    if is_unsure:
        return Unconfirmed(why)
    return Full(why) if _is_full(error) else Away(why)


def _is_full(error: DBAPIError) -> bool:
    # Of SQLite's code the last byte is the kind, the others say more.
    code = getattr(error.orig, "sqlite_errorcode", 0) & 0xFF
    return bool({code, getattr(error.orig, "sqlstate", "")} & FULL)


def _sqlite(url: URL) -> tuple[Engine, Engine]:
    reader = sa.create_engine(
        url,
        pool_size=READERS,
        pool_recycle=KNOWN,
        isolation_level="AUTOCOMMIT",
        skip_autocommit_rollback=True,
        connect_args={"timeout": LOCKED, "check_same_thread": False},
    )
    event.listen(reader, "connect", _sqlite_reader)
    return reader, _sqlite_writing(url, LOCKED)


def _sqlite_writing(url: URL, patience: float) -> Engine:
    given = {"timeout": patience, "check_same_thread": False}
    writer = sa.create_engine(url, pool_size=1, max_overflow=0, connect_args=given)
    event.listen(writer, "connect", _sqlite_writer)
    event.listen(writer, "begin", _begin_immediate)
    return writer


def _sqlite_migrating(url: URL) -> Engine:
    writer = _sqlite_writing(url, MIGRATED)
    event.listen(writer, "connect", _sqlite_unbound)
    return writer


def _sqlite_reader(connection: Any, _record: Any) -> None:
    connection.isolation_level = None
    connection.execute("PRAGMA query_only=ON")


def _sqlite_writer(connection: Any, _record: Any) -> None:
    connection.isolation_level = None
    connection.execute("PRAGMA journal_mode=WAL")
    # FULL: with NORMAL a power cut can lose a committed intent, and the message would go twice.
    connection.execute("PRAGMA synchronous=FULL")
    connection.execute("PRAGMA foreign_keys=ON")


def _sqlite_unbound(connection: Any, _record: Any) -> None:
    # As SQLite's own procedure has it (lang_altertable, 7): to drop a table deletes its rows.
    connection.execute("PRAGMA foreign_keys=OFF")


def _begin_immediate(connection: Connection) -> None:
    connection.exec_driver_sql("BEGIN IMMEDIATE")
