"""Digests that people order for themselves: by their own clock, once a date, and only if wanted."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, time, timedelta

import pytest
import sqlalchemy as sa

from storage import offboarding, own_digests
from storage.asker import Asker
from storage.database import Database
from storage.models import Delivery, DeliveryState, Person
from storage.own_digests import Told
from tests.factories import NOON, World, altering, noted, seeing_all

HOUR, DAY, WEEK = timedelta(hours=1), timedelta(days=1), timedelta(days=7)
NINE = datetime(2026, 11, 24, 8, 0, tzinfo=UTC)  # Tuesday, 9:00 in Brussels


@pytest.fixture
def world(database: Database) -> World:
    return World(database)


def ordered(world: World, weekday: int | None = None, at: time = time(9)) -> Asker:
    ana = world.member("Ana")
    world.database.run(own_digests.order, ana, NOON, weekday, at)
    return ana


def plan(world: World, now: datetime) -> int:
    return world.database.run(own_digests.plan, now)


def told(world: World, asker: Asker, now: datetime) -> Told | None:
    found = world.database.run(own_digests.told, world.id, now, [asker.person])
    return found[0][1] if found else None


def rows(world: World) -> list[Delivery]:
    with seeing_all(world.database) as session:
        return list(session.scalars(sa.select(Delivery).order_by(Delivery.id)))


def test_it_is_owed_once_when_its_hour_has_come_where_its_reader_is(world: World) -> None:
    ana = ordered(world)

    early = plan(world, NINE - HOUR)
    new = [plan(world, NINE), plan(world, NINE), plan(world, NINE + DAY - HOUR)]

    assert (early, new) == (0, [1, 0, 0])
    (row,) = rows(world)
    assert (row.kind, row.recipient, row.due_at) == ("own_digest", ana.slack_user, NINE)
    assert row.expires_at == NINE + DAY
    assert row.key == f"own:{ana.person}:2026-11-24"


def test_a_weekly_one_comes_on_its_day(world: World) -> None:
    ordered(world, weekday=4, at=time(16))

    days = [plan(world, NINE + number * DAY + 12 * HOUR) for number in range(10)]

    assert days == [0, 0, 0, 1, 0, 0, 0, 0, 0, 0]


def test_after_a_month_away_only_the_latest_is_owed(world: World) -> None:
    ordered(world)

    assert plan(world, NINE + 30 * DAY) == 1
    assert [row.due_at for row in rows(world)] == [NINE + 30 * DAY]


def test_whoever_moves_gets_it_by_the_new_clock(world: World) -> None:
    ana = ordered(world)
    plan(world, NINE)
    with altering(world.database) as session:
        session.execute(
            sa.update(Person).where(Person.id == ana.person).values(zone="America/New_York")
        )

    plan(world, NINE + DAY)

    assert plan(world, NINE + 2 * DAY) == 0
    assert plan(world, NINE + 2 * DAY + 6 * HOUR) == 1


def test_a_new_order_takes_the_place_of_the_old_one(world: World) -> None:
    ana = ordered(world)

    found = world.database.run(own_digests.order, ana, NOON, 0, time(8, 30))

    assert found.next_at == datetime(2026, 11, 30, 7, 30, tzinfo=UTC)
    assert world.database.run(own_digests.mine, ana, NOON) == found
    assert plan(world, NINE) == 0


def test_what_had_come_due_before_a_new_order_is_still_owed_once_for_its_date(
    world: World,
) -> None:
    ana = ordered(world)

    world.database.run(own_digests.order, ana, NINE + HOUR, None, time(12))

    assert [row.due_at for row in rows(world)] == [NINE]
    assert (plan(world, NINE + 3 * HOUR), plan(world, NINE + DAY + 3 * HOUR)) == (0, 1)


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
def test_what_is_being_ordered_anew_is_not_planned_meanwhile(world: World) -> None:
    ana = ordered(world, weekday=1)

    with ThreadPoolExecutor(1) as pool, altering(world.database) as session:
        own_digests.order(session, ana, NINE - HOUR, None, time(9))
        assert pool.submit(plan, world, NINE).result() == 0

    assert (plan(world, NINE), plan(world, NINE + DAY)) == (1, 1)


def test_called_off_it_comes_no_more(world: World) -> None:
    ana = ordered(world)

    assert world.database.run(own_digests.cancel, ana, NOON)
    assert not world.database.run(own_digests.cancel, ana, NOON)
    assert world.database.run(own_digests.mine, ana, NOON) is None
    assert plan(world, NINE) == 0
    assert told(world, ana, NOON) is None


def test_whoever_left_gets_none(world: World) -> None:
    ana = ordered(world)
    with altering(world.database) as session:
        session.execute(sa.update(Person).where(Person.id == ana.person).values(is_active=False))

    assert plan(world, NINE) == 0


def test_whoever_is_offboarded_has_ordered_none(world: World) -> None:
    ana = ordered(world)

    world.database.run(offboarding.carry_out, world.staff(), NOON, f"person {ana.person}")

    assert world.database.run(own_digests.mine, ana, NOON) is None


def test_it_tells_what_is_new_since_the_last_that_was_sent(world: World) -> None:
    ana = ordered(world)
    world.resource("Old guide", added_at=NOON - 2 * DAY)
    world.resource("New guide", added_at=NOON + HOUR)

    def new() -> list[str]:
        found = told(world, ana, NINE)
        assert found is not None
        return [line.title for line in found.moved.resources]

    before = new()
    plan(world, NINE)
    with altering(world.database) as session:
        sent = {"state": DeliveryState.SENT, "intent_at": NOON + 2 * HOUR}
        session.execute(sa.update(Delivery).values(sent))

    assert (before, new()) == (["New guide"], [])


def test_what_is_due_for_sixty_is_owed_in_as_many_statements_as_for_three(world: World) -> None:
    def asked(people: int) -> int:
        for _ in range(people):
            world.database.run(own_digests.order, world.member(), NOON, None, time(9))
        with noted(world.database.writer) as statements:
            assert plan(world, NINE) == people
        return len(statements)

    assert asked(3) == asked(60) <= 4
    assert plan(world, NINE) == 0
    assert len({row.recipient for row in rows(world)}) == 63
