"""Standing orders: one digest for each date, whatever happened in between."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from storage import deliveries, subscriptions
from storage.database import Database
from storage.models import Audience, Delivery, Subscription, Tlp
from tests.factories import NOON, World, altering, seeing_all

DAY, WEEK = timedelta(days=1), timedelta(days=7)


@pytest.fixture
def world(database: Database) -> World:
    return World(database)


def order(world: World, **given: Any) -> Subscription:
    values = {
        "channel": "C1",
        "weekday": 0,
        "at": "09:00",
        "zone": "Europe/Brussels",
        "next_at": datetime(2026, 11, 23, 8, tzinfo=UTC),
        **given,
    }
    made: Subscription = world.add(Subscription(**values))
    return made


def plan(world: World, at: datetime) -> int:
    return world.database.run(subscriptions.plan, at)


def change(world: World, **values: Any) -> None:
    with altering(world.database) as session:
        session.execute(sa.update(Subscription).values(**values))


def owed(world: World) -> list[Delivery]:
    with seeing_all(world.database) as session:
        return list(session.scalars(sa.select(Delivery).order_by(Delivery.id)))


def next_at(world: World) -> datetime | None:
    with seeing_all(world.database) as session:
        return session.scalar(sa.select(Subscription.next_at))


def test_a_digest_is_owed_once_when_its_time_has_come(world: World) -> None:
    made = order(world)
    due = made.next_at

    told = [plan(world, due + timedelta(minutes=minutes)) for minutes in (-1, 0, 1, 60)]

    assert told == [0, 1, 0, 0]
    only = owed(world)[0]
    assert (only.key, only.kind, only.recipient) == (
        f"digest:{made.id}:2026-11-23",
        "weekly_digest",
        "C1",
    )
    assert (only.due_at, only.expires_at, only.details) == (
        due,
        due + WEEK,
        {"subscription": made.id},
    )


def test_after_a_month_off_only_the_latest_is_owed(world: World) -> None:
    made = order(world)

    told = plan(world, made.next_at + 4 * WEEK + DAY)

    assert told == 1
    assert [row.due_at for row in owed(world)] == [made.next_at + 4 * WEEK]
    assert next_at(world) == made.next_at + 5 * WEEK


def test_it_goes_out_at_the_same_time_of_day_through_both_changes(world: World) -> None:
    spring, autumn = datetime(2026, 3, 23, 8, tzinfo=UTC), datetime(2026, 10, 19, 7, tzinfo=UTC)
    order(world, next_at=spring)
    order(world, channel="C2", next_at=autumn)

    for weeks in range(32):
        plan(world, spring + weeks * WEEK)

    hours: dict[str, list[tuple[int, int]]] = {"C1": [], "C2": []}
    for row in owed(world):
        hours[row.recipient].append((row.due_at.month, row.due_at.hour))
    assert {hour for month, hour in hours["C1"] if 4 <= month <= 9} == {7}
    assert hours["C1"][:2] == [(3, 8), (3, 7)]
    assert hours["C2"] == [(10, 7), (10, 8)]


def test_an_order_moved_on_its_day_is_not_sent_a_second_time(world: World) -> None:
    made = order(world)
    plan(world, made.next_at)
    change(world, at="15:00", next_at=made.next_at + timedelta(hours=6))

    again = plan(world, made.next_at + timedelta(hours=6))

    assert (again, len(owed(world))) == (0, 1)
    assert next_at(world) == made.next_at + timedelta(hours=6) + WEEK


def test_an_order_moved_to_another_day_is_sent_there(world: World) -> None:
    made = order(world)
    plan(world, made.next_at)
    change(world, weekday=3, next_at=made.next_at + 3 * DAY)

    assert plan(world, made.next_at + 3 * DAY) == 1
    assert [row.key[-5:] for row in owed(world)] == ["11-23", "11-26"]


def test_what_is_off_is_neither_owed_nor_written(world: World) -> None:
    made = order(world, is_on=False)

    assert plan(world, NOON) == 0
    assert world.database.run(subscriptions.order, made.id, NOON) is None
    assert world.database.run(subscriptions.order, 4711, NOON) is None


def test_a_digest_tells_what_is_new_since_the_last_that_went_out(world: World) -> None:
    made = order(world)
    fresh = world.database.run(subscriptions.order, made.id, NOON)
    plan(world, NOON)
    claimed = world.database.run(deliveries.claim, NOON)[0]
    pending = world.database.run(subscriptions.order, made.id, NOON)
    world.database.run(deliveries.sent, claimed, NOON, "C1", "1.2")

    written = world.database.run(subscriptions.order, made.id, NOON + WEEK)

    assert fresh is not None
    assert fresh == pending
    assert fresh.since == NOON - WEEK
    assert written is not None
    assert (written.since, written.channel, written.readers.zone) == (NOON, "C1", "Europe/Brussels")


def test_what_happens_while_a_digest_is_being_sent_is_told_by_the_next(world: World) -> None:
    made = order(world)
    plan(world, NOON)
    claimed = world.database.run(deliveries.claim, NOON)[0]
    world.database.run(deliveries.sent, claimed, NOON + timedelta(seconds=10), "C1", "1.2")

    following = world.database.run(subscriptions.order, made.id, NOON + WEEK)

    assert following is not None
    assert following.since == NOON


def test_orders_with_similar_numbers_are_not_confused(world: World) -> None:
    made = [order(world, channel=f"C{number}") for number in range(12)]
    plan(world, NOON)
    for claimed in world.database.run(deliveries.claim, NOON):
        if claimed.details["subscription"] == made[10].id:
            world.database.run(deliveries.sent, claimed, NOON, "C1", "1.2")

    since = [world.database.run(subscriptions.order, one.id, NOON + 2 * WEEK) for one in made]

    assert [found.since == NOON for found in since if found] == [n == 10 for n in range(12)]


def test_it_is_written_for_its_readers(world: World) -> None:
    group = world.group()
    made = order(world, audience=Audience.GROUP, audience_group_id=group.id, tlp=Tlp.AMBER)

    found = world.database.run(subscriptions.order, made.id, NOON)

    assert found is not None
    assert found.readers.groups == {group.id}
    assert Audience.MEMBERS not in found.readers.audiences
