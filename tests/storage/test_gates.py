"""Three recipients told to wait within ten seconds: everybody in their workspace waits."""

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta

import pytest

from storage import deliveries
from storage.database import Database
from storage.deliveries import Claim
from storage.gates import MANY, WITHIN
from tests.factories import NOON, World
from tests.storage.test_deliveries import SECOND, claim, owe, owed, rows, sent

LONG = timedelta(seconds=30)
LONGEST = timedelta(seconds=120)


@pytest.fixture
def world(database: Database) -> World:
    return World(database)


def limited(world: World, claimed: Claim, at: datetime = NOON, wait: timedelta = LONG) -> bool:
    return world.database.run(deliveries.limited, claimed, at, wait)


def told(world: World, count: int) -> list[Claim]:
    """Owe something to so many recipients, and claim it."""
    owed(world, *(f"C{number}" for number in range(count)))
    return claim(world)


def goes(world: World, at: datetime, key: str = "new") -> bool:
    """Say whether somebody new would be told now; that is then settled."""
    world.database.run(owe, world, key, f"C-{key}", due_at=NOON)
    claims = [claimed for claimed in claim(world, at) if claimed.key == key]
    return bool(claims and sent(world, claims[0], at))


def test_three_told_to_wait_let_everybody_wait_for_the_longest(world: World) -> None:
    first, second, third = told(world, 3)

    limited(world, first)
    limited(world, second, wait=LONGEST)
    before = goes(world, NOON, "before")
    limited(world, third, NOON + SECOND)

    assert before
    assert not goes(world, NOON + LONGEST - SECOND)
    assert goes(world, NOON + LONGEST, "after")
    assert [row.attempts for row in rows(world)[:3]] == [1, 1, 1]  # taken again, and not counted


def test_two_let_nobody_else_wait(world: World) -> None:
    for claimed in told(world, MANY - 1):
        limited(world, claimed)

    assert goes(world, NOON)


def test_one_told_often_lets_nobody_else_wait(world: World) -> None:
    (claimed,) = told(world, 1)
    for number in range(MANY):
        at = NOON + number * SECOND
        limited(world, claimed, at, wait=SECOND)
        (claimed,) = claim(world, at + SECOND)

    assert goes(world, NOON + MANY * SECOND)


@pytest.mark.parametrize(("apart", "is_shut"), [(WITHIN - SECOND, True), (WITHIN, False)])
def test_only_what_slack_says_at_about_the_same_time_counts(
    world: World, apart: timedelta, is_shut: bool
) -> None:
    for claimed in told(world, MANY - 1):
        limited(world, claimed)
    world.database.run(owe, world, "third", "C9")

    (third,) = claim(world, NOON + apart)
    limited(world, third, NOON + apart)

    assert goes(world, NOON + apart) is not is_shut


def test_what_has_gone_meanwhile_does_not_count(world: World) -> None:
    first, second, third = told(world, 3)
    limited(world, first, wait=SECOND)
    (again,) = claim(world, NOON + SECOND)
    sent(world, again, NOON + SECOND)

    limited(world, second, NOON + SECOND)
    limited(world, third, NOON + SECOND)

    assert goes(world, NOON + SECOND)


def test_a_shorter_wait_later_opens_nothing(world: World) -> None:
    claims = told(world, 2 * MANY)
    for claimed in claims[:MANY]:
        limited(world, claimed, wait=LONGEST)
    for claimed in claims[MANY:]:
        limited(world, claimed, NOON + SECOND, wait=SECOND)

    assert not goes(world, NOON + LONGEST - SECOND)


def test_another_workspace_does_not_wait(world: World) -> None:
    neighbour = World(world.database, "T0OTHER")
    for claimed in told(world, MANY):
        limited(world, claimed)

    assert goes(neighbour, NOON)


def test_who_lost_the_lease_shuts_nothing(world: World) -> None:
    claims = told(world, MANY)
    after = NOON + deliveries.LEASE
    claim(world, after)

    assert not any(limited(world, claimed, after) for claimed in claims)
    assert goes(world, after)


def test_three_replicas_told_at_the_same_moment_see_each_other(world: World) -> None:
    claims = told(world, MANY)
    meeting = threading.Barrier(MANY)

    def at_once(claimed: Claim) -> bool:
        meeting.wait(5)
        return limited(world, claimed)

    with ThreadPoolExecutor(MANY) as pool:
        assert all(pool.map(at_once, claims))

    assert not goes(world, NOON)
