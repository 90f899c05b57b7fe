"""The queue for a full briefing: who is next, how many wait, and where somebody stands."""

from datetime import timedelta

import pytest

from storage import queues
from storage.database import Database
from storage.models import Briefing, Person, Rsvp, Standing
from tests.factories import NOON, World


@pytest.fixture
def world(database: Database) -> World:
    return World(database)


def waiting(world: World, briefing: Briefing, *minutes: int) -> list[Rsvp]:
    """Let one person for each of *minutes* wait since then."""
    rows = []
    for minute in minutes:
        person: Person = world.person()
        waited = {"waitlisted_at": NOON + timedelta(minutes=minute), "answered_at": NOON}
        row = Rsvp(
            briefing_id=briefing.id, person_id=person.id, standing=Standing.WAITLISTED, **waited
        )
        rows.append(world.add(row))
    return rows


def places(world: World, rows: list[Rsvp]) -> list[int | None]:
    return [world.database.run(queues.place, row, NOON) for row in rows]


def test_whoever_has_waited_longer_stands_before(world: World) -> None:
    rows = waiting(world, world.briefing(capacity=1), 30, 10, 20)

    assert places(world, rows) == [3, 1, 2]


def test_at_the_same_moment_whoever_came_first_stands_before(world: World) -> None:
    rows = waiting(world, world.briefing(capacity=1), 10, 10, 10)

    assert places(world, rows) == [1, 2, 3]


def test_another_briefings_queue_does_not_count(world: World) -> None:
    briefing, other = world.briefing(capacity=1), world.briefing(capacity=1)
    waiting(world, other, 1, 2)
    (row,) = waiting(world, briefing, 3)

    assert places(world, [row]) == [1]
    assert world.database.run(queues.length, briefing, NOON) == 1


def test_nobody_waits_for_what_has_room(world: World) -> None:
    briefing = world.briefing()

    assert world.database.run(queues.length, briefing, NOON) == 0
    assert world.database.run(queues.head, briefing, NOON) is None


def test_whoever_has_a_seat_or_did_not_answer_has_no_place(world: World) -> None:
    going = Rsvp(
        briefing_id=world.briefing(capacity=1).id,
        person_id=world.person().id,
        standing=Standing.GOING,
        answered_at=NOON,
    )

    assert places(world, [world.add(going)]) == [None]
    assert world.database.run(queues.place, None, NOON) is None


def test_the_queues_of_all_that_is_to_come_are_counted_at_once(world: World) -> None:
    first, second = world.briefing(capacity=1), world.briefing(capacity=1)
    over = world.briefing(capacity=1, starts_at=NOON - timedelta(hours=1), ends_at=NOON)
    for briefing, minutes in ((first, (1, 2)), (second, (3,)), (over, (4,))):
        waiting(world, briefing, *minutes)

    counted = world.database.run(queues.lengths, world.id, NOON)

    assert (counted[first.id], counted[second.id], over.id in counted) == (2, 1, False)
    assert not any(world.database.run(queues.lengths, world.id + 1, NOON).values())
