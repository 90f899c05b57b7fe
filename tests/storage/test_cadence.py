"""Asking for updates: the lead, the alternate, staff, a week apart, once each, then nobody."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from storage import cadence
from storage.asker import Asker
from storage.database import Database
from storage.models import Delivery, DeliveryState, Health, Initiative, Preference
from tests.factories import NOON, World, altering, seeing_all

DAY, HOUR = timedelta(days=1), timedelta(hours=1)
TOMORROW = datetime(2026, 11, 24, 8, 0, tzinfo=UTC)  # 9:00 in Brussels


@pytest.fixture
def world(database: Database) -> World:
    return World(database)


def silent(world: World, lead: Asker | None, days: int = 22, **given: Any) -> Initiative:
    values = {"cadence_days": 21, "moved_at": NOON - days * DAY, **given}
    return world.initiative(lead_id=lead.person if lead else None, **values)


def plan(world: World, now: datetime = NOON, *, is_sent: bool = True) -> int:
    new = world.database.run(cadence.plan, now)
    if is_sent:
        gone = sa.update(Delivery).where(Delivery.state == DeliveryState.PENDING)
        with altering(world.database) as session:
            session.execute(gone.values(state=DeliveryState.SENT, sent_at=now))
    return new


def owed(world: World) -> list[tuple[str, str, datetime]]:
    with seeing_all(world.database) as session:
        rows = session.scalars(sa.select(Delivery).order_by(Delivery.id))
        return [(row.kind, row.recipient, row.due_at) for row in rows]


def test_the_lead_is_asked_once_in_the_morning_when_an_update_is_due(world: World) -> None:
    ana = world.member("Ana")
    world.staff()
    silent(world, ana, days=22)
    silent(world, ana, days=20)

    counts = [plan(world), plan(world), plan(world, NOON + 2 * HOUR)]

    assert counts == [1, 0, 0]
    assert owed(world) == [("update_due", ana.slack_user, TOMORROW)]


def test_staff_hear_of_it_a_week_later_and_then_nobody(world: World) -> None:
    ana, dana = world.member("Ana"), world.staff("Dana")
    silent(world, ana)

    counts = [plan(world, NOON + number * DAY) for number in range(40)]

    assert sum(counts) == 2
    assert [(kind, to) for kind, to, _ in owed(world)] == [
        ("update_due", ana.slack_user),
        ("update_overdue", dana.slack_user),
    ]
    assert counts.index(1, 1) == 7


def test_the_alternate_is_asked_a_week_after_the_lead_and_staff_a_week_after_that(
    world: World,
) -> None:
    ana, bo, dana = world.member("Ana"), world.member("Bo"), world.staff("Dana")
    silent(world, ana, alternate_id=bo.person)

    counts = [plan(world, NOON + number * DAY) for number in range(40)]

    assert [number for number, count in enumerate(counts) if count] == [0, 7, 14]
    assert [(kind, to) for kind, to, _ in owed(world)] == [
        ("update_due", ana.slack_user),
        ("update_due", bo.slack_user),
        ("update_overdue", dana.slack_user),
    ]


def test_where_the_lead_has_left_the_alternate_is_asked_at_once(world: World) -> None:
    bo, gone = world.member("Bo"), world.asker(world.person("Gone", is_active=False))
    silent(world, gone, alternate_id=bo.person)

    assert plan(world) == 1
    assert [(kind, to) for kind, to, _ in owed(world)] == [("update_due", bo.slack_user)]


def test_a_lead_who_is_asked_late_has_a_week_too(world: World) -> None:
    ana = world.member("Ana")
    world.staff("Dana")
    silent(world, ana, days=100)

    counts = [plan(world, NOON + number * DAY) for number in range(9)]

    assert counts == [1, 0, 0, 0, 0, 0, 0, 1, 0]


def test_the_week_begins_when_the_question_has_gone(world: World) -> None:
    ana, _dana = world.member("Ana"), world.staff("Dana")
    silent(world, ana)
    plan(world, is_sent=False)

    waiting = plan(world, NOON + 30 * DAY)
    after = [plan(world, NOON + (30 + number) * DAY) for number in (6, 7)]

    assert (waiting, after) == (0, [0, 1])


@pytest.mark.parametrize("is_led", [True, False])
def test_where_nobody_is_there_to_lead_staff_hear_of_it_at_once(world: World, is_led: bool) -> None:
    dana = world.staff("Dana")
    gone = world.asker(world.person("Gone", is_active=False))
    silent(world, gone if is_led else None)

    assert plan(world) == 1
    assert [(kind, to) for kind, to, _ in owed(world)] == [("update_overdue", dana.slack_user)]


def test_an_update_begins_the_count_anew(world: World) -> None:
    ana = world.member("Ana")
    found = silent(world, ana)
    plan(world)
    with altering(world.database) as session:
        moved = sa.update(Initiative).where(Initiative.id == found.id).values(moved_at=NOON)
        session.execute(moved)

    quiet = plan(world, NOON + 20 * DAY)
    again = plan(world, NOON + 22 * DAY)

    assert (quiet, again) == (0, 1)


@pytest.mark.parametrize("health", [Health.PAUSED, Health.DONE])
def test_what_rests_or_is_done_is_left_alone(world: World, health: Health) -> None:
    silent(world, world.member(), days=100, health=health)

    assert plan(world) == 0


def test_what_has_moved_meanwhile_is_not_asked_about(world: World) -> None:
    ana, bo = world.member("Ana"), world.member("Bo")
    found = silent(world, ana, alternate_id=bo.person)
    asked = {"initiative": found.id, "moved": int(found.moved_at.timestamp())}

    before = world.database.run(cadence.silence, world.id, NOON, asked)
    elsewhere = world.database.run(cadence.silence, world.id + 1, NOON, asked)
    with altering(world.database) as session:
        values = {"moved_at": NOON - 21 * DAY - HOUR}
        session.execute(sa.update(Initiative).where(Initiative.id == found.id).values(values))

    assert before is not None
    assert (before.lead, before.alternate, before.days) == ("Ana", "Bo", 22)
    assert (elsewhere, world.database.run(cadence.silence, world.id, NOON, asked)) == (None, None)


def test_while_the_lead_is_on_leave_staff_hear_of_it_at_once(world: World) -> None:
    ana, dana = world.member("Ana"), world.staff("Dana")
    silent(world, ana)
    world.add(Preference(person_id=ana.person, back_at=NOON + 2 * DAY))

    away = plan(world)
    told = [(kind, to) for kind, to, _ in owed(world)]
    back = [plan(world, NOON + number * DAY) for number in (1, 2, 3, 12)]

    assert (away, told) == (1, [("update_overdue", dana.slack_user)])
    assert back == [0, 1, 0, 0]
    assert owed(world)[-1][:2] == ("update_due", ana.slack_user)
