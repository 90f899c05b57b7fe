"""What has been due longest is claimed first, from every lane that is free, however much is due."""

from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor, wait
from datetime import datetime, timedelta
from itertools import count
from typing import Any

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from storage import deliveries, lanes
from storage.database import Database
from storage.models import Delivery, DeliveryState, Lane
from storage.surveying import survey
from tests.bench import plans
from tests.factories import NOON, World, altering
from tests.figures import figure
from tests.storage.test_deliveries import SECOND, claim, owed

MINUTE = timedelta(minutes=1)
PENDING, SENDING, SENT = DeliveryState.PENDING, DeliveryState.SENDING, DeliveryState.SENT
numbers = count(1)
LONG = lanes.PAGE + lanes.PAGE // 2


@pytest.fixture
def world(database: Database) -> World:
    return World(database)


def stored(world: World, model: type[Delivery | Lane], given: Iterable[dict[str, Any]]) -> None:
    """Store rows of *model*, and no others."""
    rows = [{"workspace_id": world.id, **each} for each in given]
    with altering(world.database) as session:
        session.execute(sa.delete(model))
        if rows:
            session.execute(sa.insert(model), rows)


def owing(number: int, recipient: str, due_at: datetime, state: DeliveryState = PENDING) -> Any:
    told = {"key": f"k{number}", "kind": "reminder", "details": {}, "created_at": NOON}
    return {**told, "id": number, "recipient": recipient, "due_at": due_at, "state": state}


def keys(world: World, at: datetime = NOON) -> list[str]:
    return [claimed.key for claimed in claim(world, at)]


def test_a_long_lane_hides_no_other(world: World) -> None:
    owed(world, *["C1"] * LONG, *["C2"] * LONG, "D1")

    assert keys(world) == ["k0", f"k{LONG}", f"k{2 * LONG}"]
    assert keys(world) == []


def test_a_long_lane_that_somebody_is_taking_hides_no_other(world: World) -> None:
    owed(world, "C1")
    assert keys(world) == ["k0"]
    free_at = NOON + deliveries.LEASE
    stored(world, Delivery, (owing(n, "C1" if n < LONG else "D1", NOON) for n in range(LONG + 1)))

    with ThreadPoolExecutor(1) as pool:
        with altering(world.database) as session:
            assert lanes.take(session, world.id, "C1", free_at, free_at + MINUTE)
            session.flush()
            theirs = pool.submit(keys, world, free_at)
            wait([theirs], 0.3)
        assert theirs.result() == [f"k{LONG}"]


def test_what_is_beside_a_delivery_is_claimed_in_its_lane_alone(world: World) -> None:
    stored(
        world,
        Delivery,
        [
            owing(1, "C1", NOON - SECOND),
            owing(2, "C2", NOON),
            owing(3, "C2", NOON + MINUTE),
            owing(4, "C3", NOON + MINUTE),
        ],
    )

    def beside(number: int) -> list[int]:
        return [one.id for one in world.database.run(deliveries.claim, NOON, beside=number)]

    assert [beside(number) for number in (5, 4, 3, 2)] == [[], [], [2], []]
    assert keys(world) == ["k1"]
    assert keys(world, NOON + MINUTE) == ["k4"]  # its lane was left as free as it was


recipients = st.sampled_from(["C1", "C2", "C3", "D1", "D2"])
dues = st.lists(
    st.tuples(recipients, st.integers(-3, 1), st.sampled_from([PENDING, PENDING, SENDING, SENT])),
    max_size=20,
)
# Until when each lane waits, in minutes; "" is the gate.
waits = st.dictionaries(st.sampled_from(["C1", "C2", "D1", ""]), st.integers(-1, 1))


@given(dues=dues, waits=waits, page=st.integers(1, 5), at_once=st.integers(1, 4))
@settings(max_examples=figure(ci=60, full=1000), suppress_health_check=list(HealthCheck))
def test_each_free_lane_gives_its_head_in_the_order_in_which_they_have_waited(
    database: Database,
    dues: list[tuple[str, int, DeliveryState]],
    waits: dict[str, int],
    page: int,
    at_once: int,
) -> None:
    world = World(database, f"T0LANES{next(numbers)}")
    rows = [owing(n, to, NOON + due * MINUTE, state) for n, (to, due, state) in enumerate(dues, 1)]
    stored(world, Delivery, rows)
    stored(world, Lane, ({"recipient": r, "free_at": NOON + m * MINUTE} for r, m in waits.items()))

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(lanes, "PAGE", page)
        patch.setattr(deliveries, "AT_ONCE", at_once)
        portions = [keys(world) for _ in range(6)]

    expected = _expected(rows, waits)
    assert [key for portion in portions for key in portion] == expected
    assert [len(portion) for portion in portions if portion] == [
        len(expected[n : n + at_once]) for n in range(0, len(expected), at_once)
    ]


def _expected(rows: list[dict[str, Any]], waits: dict[str, int]) -> list[str]:
    queues: dict[str, list[dict[str, Any]]] = {}
    for row in sorted(rows, key=lambda row: (row["due_at"], row["id"])):
        is_shut = max(waits.get(row["recipient"], 0), waits.get("", 0)) > 0
        if row["state"] is not SENT and row["due_at"] <= NOON and not is_shut:
            queues.setdefault(row["recipient"], []).append(row)
    return [min(queue, key=lambda row: row["state"] is PENDING)["key"] for queue in queues.values()]


def test_however_much_is_due_no_more_is_looked_at(world: World) -> None:
    few, many = (_looked_at(world, number) for number in (200, 3000))

    assert many < 1.5 * few


def _looked_at(world: World, many: int) -> int:
    """Say how much all statements of a claim read, when so many are due to as many."""
    rows = [owing(n, f"U{n}", NOON) | {"expires_at": NOON + MINUTE} for n in range(many)]
    stored(world, Delivery, rows)
    stored(world, Lane, ({"recipient": row["recipient"], "free_at": NOON} for row in rows))
    _look(world.database)
    with plans.heard(world.database) as asked:
        assert len(claim(world)) == deliveries.AT_ONCE
    return sum(plans.work(world.database, one) for one in asked.values())


def _look(database: Database) -> None:
    """Let a database look at what it has, as it does in time."""
    if database.is_sqlite:
        database.run(survey, NOON)
    else:
        with database.writer.begin() as connection:
            connection.exec_driver_sql("ANALYZE")
