"""A connection that breaks in the middle of COMMIT: whoever asked is never told what is not so."""

import contextlib
import socket
import threading
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import pytest
import sqlalchemy as sa
from psycopg.conninfo import conninfo_to_dict
from sqlalchemy.exc import DBAPIError

import storage.postgresql
from storage import ledger
from storage.asker import Asker
from storage.database import Database
from storage.errors import Away, Unconfirmed
from storage.models import LedgerEntry
from tests.factories import NOON, World
from tests.storage.test_ledger import found, names

pytestmark = pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)


@dataclass
class Line:
    """A line to a PostgreSQL server that can be told to break at the next COMMIT.

    *breaks* is "before" it or "after", when the server has done it; with *is_cut* nobody gets
    through afterwards.
    """

    server: str
    breaks: str = ""
    is_cut: bool = False
    _broken: threading.Event = field(default_factory=threading.Event)

    @contextlib.contextmanager
    def open(self) -> Iterator[str]:
        """Give the URL by which the server is reached over it."""
        given = conninfo_to_dict(self.server)
        with socket.create_server(("127.0.0.1", 0)) as entrance:
            port = entrance.getsockname()[1]
            threading.Thread(target=self._accept, args=(entrance, given), daemon=True).start()
            yield f"postgresql://{given['user']}:@127.0.0.1:{port}/{given['dbname']}"

    def _accept(self, entrance: socket.socket, given: Mapping[str, Any]) -> None:
        with contextlib.suppress(OSError):
            while True:
                client, _ = entrance.accept()
                if self._broken.is_set() and self.is_cut:
                    client.close()
                else:
                    threading.Thread(target=self._talk, args=(client, given), daemon=True).start()

    def _talk(self, client: socket.socket, given: Mapping[str, Any]) -> None:
        with client, _reached(given) as server:
            threading.Thread(target=_pass_on, args=(server, client), daemon=True).start()
            while said := client.recv(65536):
                if b"COMMIT" in said and self.breaks and not self._broken.is_set():
                    self._broken.set()
                    client.shutdown(socket.SHUT_RDWR)
                    if self.breaks == "after":
                        server.sendall(said)
                    else:
                        server.shutdown(socket.SHUT_RDWR)
                    return
                server.sendall(said)


def _reached(given: Mapping[str, Any]) -> socket.socket:
    host, port = str(given["host"]), given.get("port") or 5432
    if not host.startswith("/"):
        return socket.create_connection((host, int(port)))
    server = socket.socket(socket.AF_UNIX)
    server.connect(f"{host}/.s.PGSQL.{port}")
    return server


def _pass_on(server: socket.socket, client: socket.socket) -> None:
    with contextlib.suppress(OSError):
        while said := server.recv(65536):
            client.sendall(said)


def asked(url: str, world: World) -> str:
    """Ask over the line for something that is done once in a request."""
    database = Database(url)
    try:
        return database.run(ledger.once, Asker(world.id), NOON, "a", found, "Acme")
    finally:
        database.close()


@pytest.mark.parametrize("is_cut", [False, True], ids=["and back", "and gone"])
def test_what_was_committed_unheard_is_not_said_to_be_undone(
    database: Database, database_url: str, *, is_cut: bool
) -> None:
    world = World(database)
    with Line(database_url, "after", is_cut).open() as url, pytest.raises(Unconfirmed):
        asked(url, world)

    assert database.run(names) == ["Acme"]


def test_what_was_not_committed_is_done_once_the_line_is_back(
    database: Database, database_url: str
) -> None:
    world = World(database)
    with Line(database_url, "before").open() as url:
        assert asked(url, world) == "Acme"

    assert database.run(names) == ["Acme"]


def test_what_never_came_to_its_end_is_said_to_be_undone(
    database: Database, database_url: str
) -> None:
    world, line = World(database), Line(database_url, "before", is_cut=True)
    with line.open() as url:
        line._broken.set()
        with pytest.raises(Away) as away:
            asked(url, world)

    assert not isinstance(away.value, Unconfirmed)
    assert database.run(names) == []


def test_whoever_is_frozen_in_a_transaction_keeps_nobody_waiting_for_good(
    database: Database, database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    world = World(database)
    held = storage.postgresql.HELD.replace("session_timeout=10s", "session_timeout=5s")
    monkeypatch.setattr(storage.postgresql, "HELD", held)
    frozen = Database(database_url)
    with frozen.writer.connect() as connection:
        connection.execute(sa.insert(LedgerEntry).values(workspace_id=world.id, key="a", at=NOON))
        with pytest.raises(Away):
            asked(database_url, world)
        time.sleep(3.5)

        assert asked(database_url, world) == "Acme"
        with pytest.raises(DBAPIError):
            connection.commit()
    frozen.close()

    assert database.run(names) == ["Acme"]
