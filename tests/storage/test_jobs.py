"""On PostgreSQL each delivery has a job from the moment it is owed, and only as long."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import procrastinate.schema
import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from storage import deliveries, jobs, schema
from storage.database import Database, writes
from storage.gates import MANY
from storage.models import Delivery, DeliveryState
from tests.factories import NOON, World, altering, seeing_all
from tests.storage.test_deliveries import claim, owe, owed, sent

MINUTE = timedelta(minutes=1)
pytestmark = pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)


@pytest.fixture
def world(database: Database) -> World:
    return World(database)


def queued(world: World) -> list[Any]:
    """List what Procrastinate has: the delivery, the lock, and in how many seconds it is due."""
    told = sa.text(
        "SELECT args ->> 'delivery' AS delivery, lock,"
        " extract(epoch FROM scheduled_at - now()) AS wait FROM procrastinate_jobs ORDER BY id"
    )
    with seeing_all(world.database) as session:
        return list(session.execute(told))


def test_each_delivery_has_one_job_whose_lock_is_its_lane(world: World) -> None:
    neighbour = World(world.database, "T0OTHER")
    owed(world, "C1", "C1", "C2")
    owed(world, "C1")
    world.database.run(owe, neighbour, "k", "C1")

    first, second, other, theirs = queued(world)

    assert [job.delivery for job in (first, second, other, theirs)] == ["1", "2", "3", "5"]
    assert first.lock == second.lock
    assert len({first.lock, other.lock, theirs.lock}) == 3
    assert "C1" not in first.lock
    assert {job.wait for job in queued(world)} == {None}


def test_a_transaction_that_is_undone_leaves_no_job(world: World) -> None:
    @writes
    def fail(session: Session) -> None:
        owe(session, world)
        assert session.scalar(sa.text("SELECT count(*) FROM procrastinate_jobs")) == 1
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        world.database.run(fail)

    assert queued(world) == []


def test_what_is_due_later_holds_up_nobody_until_then(world: World) -> None:
    world.database.run(owe, world, due_at=NOON + 10 * MINUTE)

    (job,) = queued(world)

    assert job.lock is None
    assert 590 < job.wait <= 600


def test_what_staff_say_is_not_there_gets_a_job_again(world: World) -> None:
    owed(world, "C1", due_at=NOON - MINUTE)
    held = (claim(world)[0], NOON, DeliveryState.HELD, "in doubt")
    assert world.database.run(deliveries.closed, *held)
    with altering(world.database) as session:
        session.execute(sa.update(Delivery).values(state=DeliveryState.PENDING))

    assert [(job.delivery, job.wait) for job in queued(world)] == [("1", None)] * 2


def test_a_job_is_purged_once_its_delivery_is_settled(world: World) -> None:
    owed(world, "C1", "C2")
    sent(world, claim(world)[0])

    purged = [world.database.run(jobs.purge, NOON) for _ in range(2)]

    assert purged == [1, 0]
    assert [job.delivery for job in queued(world)] == ["2"]


def test_procrastinates_own_tables_are_those_of_the_version_installed(database_url: str) -> None:
    ours = Path(schema.__file__).parent / "migrations" / "procrastinate.sql"
    theirs = procrastinate.schema.SchemaManager.get_schema()

    assert ours.read_text(encoding="utf-8").endswith(theirs)


def test_while_all_of_a_workspace_waits_its_jobs_do(world: World) -> None:
    owed(world, *(f"C{number}" for number in range(MANY + 1)))
    *asked, other = claim(world)
    before = world.database.run(jobs.awaited, other.id)
    for claimed in asked:
        world.database.run(deliveries.limited, claimed, NOON, MINUTE)

    assert before == NOON + deliveries.LEASE
    world.database.run(deliveries.absent, other, NOON)
    assert world.database.run(jobs.awaited, other.id) == NOON + MINUTE
