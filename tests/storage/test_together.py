"""Several calls in one transaction: one commit, and nobody's fault but one's own."""

from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy import event
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from storage import ledger, together
from storage.asker import Asker
from storage.database import Call, Database, writes
from storage.errors import Refusal, Replayed, Unconfirmed
from storage.models import Workspace
from storage.scoping import lift
from tests.factories import NOON, World, seeing_all
from tests.storage.test_ledger import found, names
from tests.storage.test_unconfirmed import Line


@writes
def add(session: Session, team: str) -> int:
    one = Workspace(team=team, name=team, zone="UTC")
    session.add(one)
    session.flush()
    return one.id


@writes
def add_then_refuse(session: Session, team: str) -> int:
    add(session, team)
    raise Refusal(f"Not {team}.")


@writes
def known(session: Session, team: str) -> int:
    return session.scalars(sa.select(Workspace.id).where(Workspace.team == team)).one()


def call(verb: Any, *args: Any) -> Call:
    return Call(verb, args, {})


def teams(database: Database) -> list[str]:
    with seeing_all(database) as session:
        return list(session.scalars(sa.select(Workspace.team).order_by(Workspace.team)))


@pytest.fixture
def commits(database: Database) -> list[object]:
    made: list[object] = []
    event.listen(database.writer, "commit", made.append)
    return made


def test_several_are_one_transaction_and_each_has_its_own_result(
    database: Database, commits: list[object]
) -> None:
    outcomes = together.run(database, [call(add, team) for team in "ABC"])

    assert teams(database) == ["A", "B", "C"]
    assert len(commits) == 1
    assert len({one for one, _ in outcomes}) == 3
    assert [error for _, error in outcomes] == [None] * 3


def test_each_finds_what_those_before_it_did(database: Database) -> None:
    (added, _), (seen, error) = together.run(database, [call(add, "A"), call(known, "A")])

    assert (seen, error) == (added, None)


def test_one_that_is_refused_takes_nobody_along_and_leaves_nothing(database: Database) -> None:
    calls = [call(add, "A"), call(add_then_refuse, "B"), call(add, "C")]

    first, second, third = together.run(database, calls)

    assert teams(database) == ["A", "C"]
    assert first[1] is third[1] is None
    assert isinstance(second[1], Refusal)
    assert second[1].sentence == "Not B."


def test_one_that_breaks_a_rule_of_the_schema_takes_nobody_along(database: Database) -> None:
    calls = [call(add, "A"), call(add, "A"), call(add, "C")]

    outcomes = together.run(database, calls)

    assert teams(database) == ["A", "C"]
    assert [type(error) for _, error in outcomes] == [type(None), IntegrityError, type(None)]


def test_a_request_that_comes_twice_at_once_is_done_once(database: Database) -> None:
    world = World(database)
    once = call(ledger.once, Asker(world.id), NOON, "a", found, "Acme")

    first, second = together.run(database, [once, once])

    assert database.run(names) == ["Acme"]
    assert (first, type(second[1])) == (("Acme", None), Replayed)


def test_what_one_may_read_without_asking_the_next_may_not(database: Database) -> None:
    lent: list[object] = []

    @writes
    def look(session: Session) -> None:
        lent.append(session.info.get("unscoped"))
        lift(session, "a test")

    together.run(database, [call(look), call(look)])

    assert lent == [None, None]


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
def test_several_that_were_committed_unheard_are_not_said_to_be_undone(
    database: Database, database_url: str
) -> None:
    world = World(database)
    calls = [
        call(ledger.once, Asker(world.id), NOON, key, found, name)
        for key, name in (("a", "Acme"), ("b", "Bolt"))
    ]
    with Line(database_url, "after").open() as url:
        broken = Database(url)
        outcomes = together.run(broken, calls)
        broken.close()

    assert sorted(database.run(names)) == ["Acme", "Bolt"]
    assert [type(error) for _, error in outcomes] == [Unconfirmed, Unconfirmed]
