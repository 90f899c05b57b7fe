"""Connections that stay taken from their pool: one for each reading, and none that is broken."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from threading import Barrier

import pytest
import sqlalchemy as sa
from sqlalchemy import event

from storage import kept
from storage.database import READERS, Database, Session
from storage.errors import Refusal

Taken = list[object]
on_postgresql = pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)


@pytest.fixture
def taken(database: Database) -> Iterator[Taken]:
    """Note each connection that is taken from the pool."""
    found: Taken = []

    def note(connection: object, *_: object) -> None:
        found.append(connection)

    event.listen(database.reader, "checkout", note)
    yield found
    event.remove(database.reader, "checkout", note)


def one(session: Session) -> int:
    return session.scalars(sa.select(sa.literal(1))).one()


def refused(session: Session) -> None:
    one(session)
    raise Refusal("Not yours.")


def test_one_reading_after_the_other_takes_one_connection(database: Database, taken: Taken) -> None:
    assert [database.run(one) for _ in range(5)] == [1] * 5

    assert len(taken) == 1


def test_readings_at_the_same_time_have_their_own(database: Database, taken: Taken) -> None:
    with ExitStack() as stack:
        lent = [stack.enter_context(database.reading()).connection() for _ in range(READERS)]

        assert len(set(map(id, lent))) == READERS
    database.run(one)

    assert len(taken) == READERS


def test_whoever_comes_when_all_are_lent_waits_for_one(database: Database, taken: Taken) -> None:
    all_read = Barrier(READERS)

    def slow(session: Session, number: int) -> int:
        if number < READERS:
            all_read.wait(10)
        return one(session)

    with ThreadPoolExecutor(3 * READERS) as pool:
        found = list(pool.map(lambda number: database.run(slow, number), range(3 * READERS)))

    assert found == [1] * 3 * READERS
    assert len(taken) == READERS


def test_one_that_cannot_be_taken_takes_nobodys_place(database: Database) -> None:
    def refuse(*_: object) -> None:
        raise Refusal("No.")

    event.listen(database.reader, "checkout", refuse)
    for _ in range(READERS + 1):
        with pytest.raises(Refusal):
            database.run(one)
    event.remove(database.reader, "checkout", refuse)

    assert database.run(one) == 1


def test_after_a_while_it_goes_back_to_the_pool(
    database: Database, taken: Taken, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(kept, "LONG", -1.0)

    assert [database.run(one) for _ in range(3)] == [1] * 3
    assert len(taken) == 3


def test_where_something_is_raised_none_is_kept(database: Database, taken: Taken) -> None:
    database.run(one)
    with pytest.raises(Refusal):
        database.run(refused)

    assert database.run(one) == 1
    assert len(taken) == 2


@on_postgresql
def test_all_that_broke_meanwhile_cost_one_reading_one_more_try(database: Database) -> None:
    with ExitStack() as stack:
        for _ in range(READERS):
            stack.enter_context(database.reading()).connection()
    with database.writer.begin() as connection:
        connection.execute(
            sa.text(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
                "WHERE datname = current_database() AND pid <> pg_backend_pid()"
            )
        )
    tries: list[int] = []

    def counted(session: Session) -> int:
        tries.append(1)
        return one(session)

    assert database.run(counted) == 1
    assert len(tries) == 2
