"""Turning pages: each row once and in order, however many there are, however long they last."""

import random
from datetime import timedelta

import pytest
import sqlalchemy as sa

from storage import briefings, pages
from storage.asker import Asker
from storage.briefings import Line
from storage.database import Database, Session, writes
from storage.models import LONG, Briefing, State
from tests.factories import NOON, World, altering

HOUR = timedelta(hours=1)
LENGTHS = (HOUR, 30 * HOUR, LONG - HOUR, LONG, LONG + HOUR, 10 * LONG, 180 * LONG)


@writes
def fill(session: Session, workspace: int, many: int, seed: int) -> None:
    rng = random.Random(seed)  # noqa: S311 -- the same at every run
    for number in range(many):
        begins = NOON + rng.randint(-4000, 4000) / 4 * HOUR
        session.add(
            Briefing(
                workspace_id=workspace,
                title=f"Briefing {number}",
                state=State.PUBLISHED,
                starts_at=begins,
                ends_at=begins + rng.choice(LENGTHS),
                zone="UTC",
            )
        )


def to_come(database: Database) -> list[int]:
    with altering(database) as session:
        at = {row.id: (row.starts_at, row.id) for row in session.scalars(sa.select(Briefing))}
        ends = {row.id: row.ends_at for row in session.scalars(sa.select(Briefing))}
    return sorted((one for one in at if ends[one] > NOON), key=lambda one: at[one])


def turned(database: Database, asker: Asker) -> list[pages.Page[Line]]:
    found = [database.run(briefings.upcoming, asker, NOON)]
    while found[-1].has_next:
        found.append(database.run(briefings.upcoming, asker, NOON, len(found)))
    return found


@pytest.mark.parametrize("seed", range(3))
def test_each_that_has_not_ended_is_on_one_page_soonest_first(
    database: Database, seed: int
) -> None:
    world = World(database)
    asker = world.member()
    database.run(fill, world.id, 240, seed)

    found = turned(database, asker)

    shown = [line.id for page in found for line in page.rows]
    assert shown == to_come(database)
    assert len(shown) > pages.MOST


def test_what_nobody_has_looked_at_since_an_older_version_is_listed_once(
    database: Database,
) -> None:
    world = World(database)
    asker = world.member()
    database.run(fill, world.id, 60, 1)
    with altering(database) as session:
        every_third = sa.update(Briefing).where(Briefing.id % 3 == 0).values(is_long=True)
        session.execute(every_third)

    shown = [line.id for page in turned(database, asker) for line in page.rows]

    assert shown == to_come(database)


def test_one_that_becomes_longer_or_shorter_stays_in_its_place(database: Database) -> None:
    world = World(database)
    asker = world.member()
    one = world.briefing(starts_at=NOON - 3 * LONG, ends_at=NOON - 3 * LONG + HOUR)
    other = world.briefing(starts_at=NOON - 2 * LONG, ends_at=NOON + LONG)
    with altering(database) as session:
        session.get_one(Briefing, one.id).ends_at = NOON + HOUR
        session.get_one(Briefing, other.id).ends_at = NOON - LONG

    page = database.run(briefings.upcoming, asker, NOON)

    assert [line.id for line in page.rows] == [one.id]


def test_so_many_are_counted_beyond_what_was_turned_and_the_rest_is_more(
    database: Database,
) -> None:
    world = World(database)
    asker = world.member()
    database.run(fill, world.id, 400, 1)
    there = len(to_come(database))
    last = (there - 1) // pages.SIZE

    first = database.run(briefings.upcoming, asker, NOON)
    fifth = database.run(briefings.upcoming, asker, NOON, 4)
    end = database.run(briefings.upcoming, asker, NOON, last)
    beyond = database.run(briefings.upcoming, asker, NOON, last + 7)

    assert (first.total, first.is_cut) == (pages.MOST, True)
    assert (fifth.total, fifth.is_cut) == (4 * pages.SIZE + pages.MOST, True)
    assert (end.total, end.is_cut, end.has_next) == (there, False, False)
    assert beyond == end
