"""Transactions, moments, and a database that is busy, strict or gone."""

import contextlib
import socket
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import DBAPIError, IntegrityError, StatementError
from sqlalchemy.orm import Session

from storage import people, schema, surveying
from storage.database import TRIES, Database, sqlalchemy_url, writes
from storage.errors import Away, Full, Refusal
from storage.models import Briefing, State, Workspace
from storage.surveying import survey
from tests import postgres
from tests.factories import NOON, World, altering, at_once, seeing_all

on_postgresql = pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
on_sqlite = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


def teams(database: Database) -> list[str]:
    with seeing_all(database) as session:
        return list(session.scalars(sa.select(Workspace.team).order_by(Workspace.id)))


def found(team: str) -> Workspace:
    return Workspace(team=team, name=team, zone="UTC")


@writes
def add_then_raise(session: Session, team: str, error: Exception) -> None:
    session.add(found(team))
    session.flush()
    raise error


def test_a_moment_without_a_zone_is_refused(database: Database) -> None:
    world = World(database)

    with pytest.raises(StatementError, match="A moment needs its zone"):
        world.briefing(starts_at=datetime(2026, 11, 24, 12, 0))  # noqa: DTZ001 -- the subject


def test_a_moment_comes_back_as_the_same_moment_in_utc(database: Database) -> None:
    world = World(database)
    given = datetime(2026, 11, 24, 12, 0, 0, 123456, tzinfo=ZoneInfo("Asia/Kolkata"))
    world.briefing(starts_at=given)

    with seeing_all(database) as session:
        kept = session.scalar(sa.select(Briefing.starts_at))
        sooner = session.scalar(
            sa.select(sa.func.count()).where(Briefing.starts_at < given + timedelta(seconds=1))
        )

    assert kept == given
    assert kept.tzinfo is UTC
    assert sooner == 1


def test_a_reading_session_cannot_write(database: Database) -> None:
    with pytest.raises(DBAPIError), seeing_all(database) as session:
        session.execute(sa.insert(Workspace).values(team="T1", name="One", zone="UTC"))

    assert teams(database) == []


def test_what_a_rule_refuses_leaves_nothing_behind(database: Database) -> None:
    with pytest.raises(Refusal):
        database.run(add_then_raise, "T1", Refusal("No."))

    assert teams(database) == []


def test_what_breaks_leaves_nothing_behind(database: Database) -> None:
    with pytest.raises(ZeroDivisionError):
        database.run(add_then_raise, "T1", ZeroDivisionError())

    assert teams(database) == []


def test_a_constraint_that_stays_in_the_way_is_told_as_it_is(database: Database) -> None:
    database.run(people.open_workspace, "T1", "One")
    tries = []

    @writes
    def add_again(session: Session) -> None:
        tries.append(1)
        session.add(found("T0"))
        session.add(found("T1"))
        session.flush()

    with pytest.raises(IntegrityError):
        database.run(add_again)

    assert len(tries) == TRIES
    assert teams(database) == ["T1"]


def test_whoever_meets_a_unique_constraint_finds_the_others_row(database: Database) -> None:
    ids = set(at_once(8, lambda _: database.run(people.open_workspace, "T1", "One"), range(16)))

    assert len(ids) == 1
    assert teams(database) == ["T1"]


@on_sqlite
def test_a_writer_waits_for_another_process(database: Database) -> None:
    other = Database(database.url.render_as_string())
    locked, released = threading.Event(), threading.Event()

    def hold() -> None:
        with altering(other) as session:
            session.add(found("T1"))
            session.flush()
            locked.set()
            released.wait(0.3)

    holding = threading.Thread(target=hold)
    holding.start()
    locked.wait(5)
    database.run(people.open_workspace, "T2", "Two")
    holding.join()
    other.close()

    assert teams(database) == ["T1", "T2"]


@on_sqlite
def test_a_lock_that_stays_is_given_up_before_slack_gives_up(database: Database) -> None:
    other = Database(database.url.render_as_string())

    with altering(other) as session:
        session.add(found("T0"))
        session.flush()
        began = time.monotonic()
        with pytest.raises(Away, match="SQLITE_BUSY"):
            database.run(people.open_workspace, "T1", "One")
        took = time.monotonic() - began

    other.close()
    assert took < 3
    assert teams(database) == ["T0"]


@on_postgresql
def test_a_server_that_takes_in_nothing_is_full(database: Database) -> None:
    @writes
    def protected(session: Session) -> None:
        session.execute(sa.text("SET TRANSACTION READ ONLY"))
        session.add(found("T1"))
        session.flush()

    with pytest.raises(Full, match="ReadOnlySqlTransaction"):
        database.run(protected)


@on_sqlite
def test_readers_do_not_wait_for_a_writer(database: Database) -> None:
    with altering(database) as session:
        session.add(found("T1"))
        session.flush()

        assert teams(database) == []


@on_postgresql
def test_two_that_block_each_other_both_get_through(database: Database) -> None:
    ids = [database.run(people.open_workspace, team, team) for team in ("T1", "T2")]
    meeting = threading.Barrier(2)

    @writes
    def rename(session: Session, first: int, second: int) -> None:
        for workspace in (first, second):
            session.execute(
                sa.update(Workspace)
                .where(Workspace.id == workspace)
                .values(name=Workspace.name + "+")
            )
            with contextlib.suppress(threading.BrokenBarrierError):
                meeting.wait(0.2)

    with ThreadPoolExecutor(2) as pool:
        done = [
            pool.submit(lambda: database.run(rename, ids[0], ids[1])),
            pool.submit(lambda: database.run(rename, ids[1], ids[0])),
        ]
        for one in done:
            one.result()

    with seeing_all(database) as session:
        assert set(session.scalars(sa.select(Workspace.name))) == {"T1++", "T2++"}


@on_postgresql
def test_a_connection_that_was_cut_is_made_again(database: Database) -> None:
    database.run(people.open_workspace, "T1", "One")
    with database.writer.connect() as mine:
        mine.execute(
            sa.text(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
                "WHERE datname = current_database() AND pid <> pg_backend_pid()"
            )
        )

    assert database.run(schema.answers)


@contextlib.contextmanager
def listening(*, answering: bool) -> Iterator[int]:
    """Lend a port where a server takes the call and says nothing, or where nobody is."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        port: int = server.getsockname()[1]
        if answering:
            yield port
    if not answering:
        yield port


@pytest.mark.parametrize("answering", [False, True], ids=["nobody there", "silent"])
@pytest.mark.parametrize("verb", [schema.answers, people.open_workspace])
def test_a_server_that_cannot_be_reached_is_away_soon(answering: bool, verb: object) -> None:
    with listening(answering=answering) as port:
        database = Database(f"postgresql://nobody@127.0.0.1:{port}/nothing")
        given = ("T1", "One") if verb is people.open_workspace else ()
        began = time.monotonic()

        with pytest.raises(Away) as away:
            database.run(verb, *given)  # type: ignore[arg-type]

    assert time.monotonic() - began < 5
    assert "nobody@" not in str(away.value)


@pytest.mark.usefixtures("postgres_template")  # which prepares what the import needs
def test_a_server_that_stops_is_away_and_comes_back() -> None:
    with postgres.own() as server:
        database = Database(server.url)
        schema.upgrade(database)
        database.run(people.open_workspace, "T1", "One")
        server.stop()
        began = time.monotonic()

        with pytest.raises(Away):
            database.run(people.open_workspace, "T2", "Two")
        with pytest.raises(Away):
            database.run(schema.answers)

        assert time.monotonic() - began < 5
        server.start()
        assert teams(database) == ["T1"]
        database.close()


def test_members_of_an_enum_are_written_into_a_condition_each_its_own(database: Database) -> None:
    world = World(database)
    made = {state: world.briefing(state=state).id for state in State}

    def with_(*states: State) -> list[int]:
        alike = Briefing.state == states[0] if len(states) == 1 else Briefing.state.in_(states)
        statement = sa.select(Briefing.id).where(alike).order_by(Briefing.id)
        assert not statement.compile().params
        with seeing_all(database) as session:
            return list(session.scalars(statement))

    assert {state: with_(state) for state in State} == {s: [made[s]] for s in State}
    assert with_(State.DRAFT, State.CANCELLED) == sorted([made[State.DRAFT], made[State.CANCELLED]])


@on_sqlite
def test_sqlite_takes_the_better_index_once_it_has_looked(database: Database) -> None:
    world = World(database)
    ana, *others = (world.person() for _ in range(30))
    world.group("Standards", ana, *others)
    seats = "EXPLAIN QUERY PLAN SELECT * FROM group_seats WHERE workspace_id = ? AND person_id = ?"

    def taken() -> str:
        database.reader.dispose()
        with database.reader.connect() as connection:
            plan = connection.exec_driver_sql(seats, (world.id, ana.id))
            return str(plan.mappings().one()["detail"])

    before = taken()
    database.run(survey, NOON)

    assert "INDEX ix_group_seats_workspace_id " in before
    assert "INDEX ix_group_seats_person_id " in taken()


@on_sqlite
def test_sqlite_is_told_how_much_a_workspace_has(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(surveying, "SAMPLE", 10)
    world = World(database)
    for number in range(40):
        world.briefing(starts_at=NOON + timedelta(days=number))

    database.run(survey, NOON)

    with database.reader.connect() as connection:
        found = connection.exec_driver_sql("SELECT idx, stat FROM sqlite_stat1")
        told = {row.idx: [int(many) for many in row.stat.split()] for row in found}
    rows, of_one, *exact = told["ix_briefings_soonest"]
    assert rows == of_one > 11
    assert set(exact) == {1}
    rows, of_one, short, _ = told["ix_briefings_workspace_id_is_long_starts_at"]
    assert (of_one, short) == (rows, max(11, rows // surveying.STATES))
    assert told["ix_briefings_host_id"][1] == 11


def test_an_unreadable_address_is_not_repeated() -> None:
    with pytest.raises(ValueError, match="no address") as error:
        sqlalchemy_url("postgresql://ana:tr0ub4dor@host:port/name")

    assert "tr0ub4dor" not in repr(error.value) + repr(error.value.__cause__)


@pytest.mark.parametrize("scheme", ["postgres", "postgresql", "postgresql+psycopg"])
def test_every_spelling_of_postgresql_is_understood(scheme: str) -> None:
    assert sqlalchemy_url(f"{scheme}://ana@host/name").drivername == "postgresql+psycopg"


def test_a_foreign_key_counts_on_both(database: Database) -> None:
    world = World(database)

    with pytest.raises(IntegrityError):
        world.briefing(host_id=4711)


def test_ids_are_never_used_twice(database: Database) -> None:
    world = World(database)
    last = world.briefing()
    with altering(database) as session:
        session.execute(sa.delete(Briefing))

    assert world.briefing().id > last.id
    assert world.briefing(starts_at=NOON).id > last.id
