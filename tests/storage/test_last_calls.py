"""Last calls: who said maybe is asked once before registration closes."""

from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from storage import last_calls, reminders, rsvps
from storage.asker import Asker
from storage.database import Database
from storage.models import Answer, Briefing, Delivery, State
from tests.factories import NOON, World, altering, seeing_all

HOUR, DAY = timedelta(hours=1), timedelta(days=1)


@pytest.fixture
def world(database: Database) -> World:
    return World(database)


def undecided(
    world: World, said: Answer = Answer.MAYBE, zone: str = "UTC", **given: Any
) -> tuple[Asker, Briefing]:
    """Let somebody answer what begins in ten days and closes in five."""
    times = {"starts_at": NOON + 10 * DAY, "closes_at": NOON + 5 * DAY}
    asker, briefing = world.member(zone=zone), world.briefing(**{**times, **given})
    world.database.run(rsvps.answer, asker, NOON, briefing.id, said)
    return asker, briefing


def plan(world: World, after: timedelta = 4 * DAY) -> int:
    return world.database.run(last_calls.plan, NOON + after)


def owed(world: World) -> list[Delivery]:
    with seeing_all(world.database) as session:
        return list(session.scalars(sa.select(Delivery).where(Delivery.kind == last_calls.KIND)))


def test_who_said_maybe_is_asked_a_day_before_it_closes_and_once(world: World) -> None:
    asker, _ = undecided(world)

    assert [plan(world), plan(world), plan(world, 5 * DAY - HOUR)] == [1, 0, 0]
    (row,) = owed(world)
    assert (row.recipient, row.due_at, row.expires_at) == (
        asker.slack_user,
        NOON + 4 * DAY,
        NOON + 5 * DAY,
    )


@pytest.mark.parametrize("said", [Answer.GOING, Answer.DECLINED])
def test_who_said_yes_or_no_is_not_asked(world: World, said: Answer) -> None:
    undecided(world, said)

    assert plan(world) == 0


@pytest.mark.parametrize(
    "given",
    [{"closes_at": None}, {"state": State.CANCELLED}, {"closes_at": NOON + 8 * DAY}],
)
def test_what_is_off_or_does_not_close_soon_asks_nobody(
    world: World, given: dict[str, Any]
) -> None:
    _, briefing = undecided(world)
    with altering(world.database) as session:
        there = session.get_one(Briefing, briefing.id)
        for name, value in given.items():
            setattr(there, name, value)

    assert plan(world) == 0


def test_another_end_of_registration_asks_again(world: World) -> None:
    _, briefing = undecided(world)
    plan(world)
    with altering(world.database) as session:
        session.get_one(Briefing, briefing.id).closes_at = NOON + 6 * DAY

    assert plan(world, 5 * DAY) == 1


def test_nobody_is_asked_at_night(world: World) -> None:
    undecided(world, zone="Asia/Tokyo")  # 12:00 UTC is 21:00 there

    plan(world)

    assert owed(world)[0].due_at == NOON + 4 * DAY - 3 * HOUR


def test_who_said_maybe_within_the_last_day_knows_when_it_closes(world: World) -> None:
    asker, briefing = world.member(zone="UTC"), world.briefing(
        starts_at=NOON + 10 * DAY, closes_at=NOON + 20 * HOUR
    )  # fmt: skip
    world.database.run(rsvps.answer, asker, NOON, briefing.id, Answer.MAYBE)

    assert plan(world, timedelta(0)) == 0


def test_who_was_asked_and_then_goes_is_reminded_also_where_it_closes_as_it_begins(
    world: World,
) -> None:
    asker, briefing = undecided(world, closes_at=NOON + 10 * DAY)
    asked = plan(world, 9 * DAY - HOUR)
    world.database.run(rsvps.answer, asker, NOON + 9 * DAY - HOUR, briefing.id, Answer.GOING)

    assert asked == 1
    assert world.database.run(reminders.plan, NOON + 9 * DAY - HOUR / 2) == 2
