"""A statement put into words says what it said before, whatever it is asked with."""

import gc
import weakref
from collections.abc import Iterator
from typing import Any

import pytest
import sqlalchemy as sa
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import bindparam, event
from sqlalchemy.exc import StatementError

from storage.database import Database
from storage.models import Person, Role, Workspace
from storage.scoping import columns
from storage.spelling import LONGEST, MOST, Spelling
from tests.factories import World

_PEOPLE = (
    sa.select(Person.id, Person.name, Person.role, Person.linked_at, Person.workspace_id)
    .join(Workspace)
    .where(
        Person.workspace_id == bindparam("workspace"),
        Person.id.in_(bindparam("people", expanding=True)),
        Person.id.not_in([-1, -2]),
        sa.or_(Person.role.in_((Role.MEMBER, Role.STAFF)), Person.role == bindparam("role")),
        Person.name.contains("%", autoescape=True) | (Person.zone != "a:b:workspace"),
    )
    .order_by(Person.id)
    .limit(bindparam("most", type_=sa.Integer, literal_execute=True))
)


@pytest.fixture
def world(database: Database) -> World:
    return World(database)


@pytest.fixture
def said(database: Database) -> Iterator[list[tuple[str, Any]]]:
    heard: list[tuple[str, Any]] = []

    def hear(_c: Any, _cursor: Any, statement: str, values: Any, *_: Any) -> None:
        heard.append((statement, values))

    event.listen(database.reader, "before_cursor_execute", hear)
    yield heard
    event.remove(database.reader, "before_cursor_execute", hear)


def asked(world: World, people: list[int], most: int = 50) -> dict[str, Any]:
    return {"workspace": world.id, "people": people, "role": Role.EXTERNAL, "most": most}


def rows(database: Database, statement: Any, values: Any) -> list[tuple[Any, ...]]:
    with database.reading() as session:
        return [tuple(row) for row in columns(session, statement, values)]


def plainly(database: Database, values: Any) -> list[tuple[Any, ...]]:
    with database.reading() as session:
        return [tuple(row) for row in session.connection().execute(_PEOPLE, values)]


def test_it_finds_what_it_found_however_long_its_lists_are(world: World) -> None:
    made = [world.person(role=role) for role in (*Role, *Role)]
    ids = [person.id for person in made]

    @given(st.lists(st.sampled_from([*ids, 0]), max_size=LONGEST + 5), st.integers(0, 9))
    def check(people: list[int], most: int) -> None:
        values = asked(world, people, most)
        assert rows(world.database, _PEOPLE, values) == plainly(world.database, values)

    check()


def test_its_columns_keep_their_names_and_types(world: World) -> None:
    person = world.person("Ana 50%", role=Role.STAFF)

    with world.database.reading() as session:
        for _ in range(3):
            row: Any = columns(session, _PEOPLE, asked(world, [person.id])).one()
            assert (row.id, row.name, row.role) == (person.id, "Ana 50%", Role.STAFF)
            assert type(row.role) is Role
            assert row.linked_at == person.linked_at


def test_lists_of_a_similar_length_have_the_same_words(
    world: World, said: list[tuple[str, Any]]
) -> None:
    often = _PEOPLE.where(Person.is_active)
    for people in ([1], [1], [1, 2, 3], [4, 5, 6, 7], [4, 5, 6, 7, 8]):
        rows(world.database, often, asked(world, people))
    _, _, three, four, five = (statement for statement, _ in said)

    assert three == four != five


def test_it_does_not_remember_words_without_end(database: Database) -> None:
    spelling = Spelling(_PEOPLE)

    for most in range(MOST * 2 + 1):
        values = {"workspace": 1, "people": [1], "role": Role.STAFF, "most": most}
        spelling.of(_PEOPLE, database.reader.dialect, values)

    assert len(spelling._words) <= MOST


def test_a_statement_that_nobody_holds_is_forgotten(world: World) -> None:
    held = _PEOPLE.where(Person.is_active)
    for _ in range(3):
        rows(world.database, held, asked(world, [1]))
    known = weakref.ref(held)
    del held
    world.database.reader.clear_compiled_cache()  # SQLAlchemy's own, of the last five hundred
    gc.collect()

    assert known() is None


def test_a_value_that_is_missing_is_missed(world: World) -> None:
    values = asked(world, [1])
    for _ in range(3):
        rows(world.database, _PEOPLE, values)
    del values["role"]

    with pytest.raises(StatementError):
        rows(world.database, _PEOPLE, values)
