"""What reads the same is made once, and is what it would be if it were made anew."""

from datetime import timedelta
from itertools import cycle
from typing import Any

import pytest
import sqlalchemy as sa

from storage.database import Database
from storage.models import Briefing, Kind, Place, Precision, State
from storage.reread import MOST, Reread
from storage.scoping import columns, lift, unscoped
from tests.factories import NOON, World

_READ = sa.select(
    Briefing.id,
    Briefing.title,
    Briefing.kind,
    Briefing.state,
    Briefing.starts_at,
    Briefing.precision,
    Briefing.place,
    Briefing.city,
    Briefing.capacity,
    Briefing.needs_approval,
)
_EVERY = unscoped(_READ.order_by(Briefing.id), "a test")


@pytest.fixture
def world(database: Database) -> World:
    return World(database)


def briefings(world: World, **given: Any) -> None:
    places, precisions, states = cycle(Place), cycle(Precision), cycle(State)
    for number, kind in enumerate(Kind):
        traits: dict[str, Any] = {"place": next(places), "precision": next(precisions)}
        traits |= {
            "state": next(states),
            "city": "Wien" if number % 2 else None,
            "needs_approval": bool(number % 2),
        }
        world.briefing(kind=kind, starts_at=NOON + timedelta(hours=number), **{**traits, **given})


def read(world: World, reread: Reread[Any]) -> list[Any]:
    raw = unscoped(reread.raw.order_by(Briefing.id), "a test")
    with world.database.reading() as session:
        dialect = session.get_bind().dialect
        return [reread.made(dialect, *row) for row in columns(session, raw, {})]


def test_it_is_what_sqlalchemy_makes_of_it(world: World) -> None:
    briefings(world)
    with world.database.reading() as session:
        wanted = [tuple(row) for row in columns(session, _EVERY, {})]

    made = read(world, Reread(_READ, lambda *values: values))

    assert made == wanted
    assert [[type(value) for value in row] for row in made] == [
        [type(value) for value in row] for row in wanted
    ]


def test_what_reads_the_same_is_made_once(world: World) -> None:
    briefings(world)
    reread = Reread(_READ, lambda *values: list(values))
    first, again = read(world, reread), read(world, reread)

    assert all(one is other for one, other in zip(first, again, strict=True))


def test_what_has_changed_is_made_anew(world: World) -> None:
    briefings(world, title="Old")
    reread = Reread(_READ, lambda *values: values)
    before = read(world, reread)
    with world.database.writing() as session:
        lift(session, "a test")
        session.get_one(Briefing, before[0][0]).title = "New"
    after = read(world, reread)

    assert (before[0][1], after[0][1]) == ("Old", "New")
    assert after[1:] == before[1:]


def test_so_many_are_kept_and_no_more() -> None:
    reread = Reread(sa.select(Briefing.id), lambda number: number)
    dialect = sa.create_mock_engine("sqlite://", lambda *_: None).dialect
    for number in range(MOST + 100):
        reread.made(dialect, number)

    assert reread.made.cache_info().currsize == MOST
