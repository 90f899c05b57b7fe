"""What organisers hear of briefings that lack something: whom, when, once, and in one message."""

from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from storage import nudges
from storage.asker import Asker
from storage.database import Database
from storage.models import (
    Audience,
    Briefing,
    Delivery,
    Kind,
    Notice,
    Person,
    Precision,
    Role,
    Rsvp,
    Standing,
    State,
    Tlp,
)
from storage.nudges import Left, Nudge
from tests.factories import NOON, World, altering, seeing_all

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
ENDED: dict[str, Any] = {"starts_at": NOON - 6 * HOUR, "ends_at": NOON - 5 * HOUR}


@pytest.fixture
def world(database: Database) -> World:
    return World(database)


@pytest.fixture
def staff(world: World) -> Asker:
    return world.asker(world.person("Dana", role=Role.STAFF, zone="UTC"))


def ahead(world: World, days: float = 3, **given: Any) -> Briefing:
    return world.briefing(starts_at=NOON + days * DAY, **given)


def sits(world: World, briefing: Briefing, came: bool | None = None) -> None:
    world.add(
        Rsvp(
            briefing_id=briefing.id,
            person_id=world.member().person,
            standing=Standing.GOING,
            came=came,
            answered_at=NOON - DAY,
        )
    )


def plan(world: World, days: float = 0) -> int:
    return world.database.run(nudges.plan, NOON + days * DAY)


def owed(world: World) -> list[Delivery]:
    with seeing_all(world.database) as session:
        kind = sa.select(Delivery).where(Delivery.kind == nudges.KIND)
        return list(session.scalars(kind.order_by(Delivery.id)))


def missing(world: World, asker: Asker, days: float = 0) -> Nudge:
    told = owed(world)[-1].details
    now = NOON + days * DAY
    return world.database.run(nudges.missing, asker, now, told["before"], told["after"])


def alter(world: World, briefing: Briefing, **values: Any) -> None:
    with altering(world.database) as session:
        session.execute(sa.update(Briefing).where(Briefing.id == briefing.id).values(**values))


def test_what_has_no_agenda_is_told_once_at_nine_where_the_reader_is(
    world: World, staff: Asker
) -> None:
    briefing = ahead(world)

    assert [plan(world), plan(world), plan(world, 1), plan(world, 2)] == [1, 0, 0, 0]
    (row,) = owed(world)
    assert (row.recipient, row.due_at) == (staff.slack_user, NOON + 21 * HOUR)
    assert row.details == {"person": staff.person, "before": [briefing.id], "after": []}
    assert [one.id for one in missing(world, staff, 1).agenda] == [briefing.id]


@pytest.mark.parametrize(
    "given",
    [
        {"agenda": ["Law"]},
        {"state": State.DRAFT},
        {"state": State.CANCELLED},
        {"kind": Kind.EXTERNAL},
        {"precision": Precision.MONTH},
        {"audience": Audience.STAFF, "tlp": Tlp.RED},
        {"days": 4.1},
        {"days": -0.01},
    ],
)
def test_of_what_needs_no_agenda_nobody_hears(
    world: World, staff: Asker, given: dict[str, Any]
) -> None:
    ahead(world, **given)

    assert plan(world) == 0


def test_of_what_took_place_they_hear_once_what_is_left_to_do(world: World, staff: Asker) -> None:
    briefing = world.briefing(**ENDED, notices=[Notice.RECORDING], agenda=["Law"])
    sits(world, briefing)

    assert [plan(world), plan(world), plan(world, 1)] == [1, 0, 0]
    (left,) = missing(world, staff).left
    assert (left.briefing.id, left.check_in, left.recording) == (briefing.id, True, True)


@pytest.mark.parametrize(
    ("given", "seats", "came", "left"),
    [
        ({"notices": [Notice.RECORDING]}, 0, None, (False, True)),
        ({"notices": [Notice.RECORDING], "recording_link": "https://e.org/v"}, 0, None, None),
        ({}, 1, None, (True, False)),
        ({}, 1, False, None),
        ({}, 0, None, None),
        ({"notices": [Notice.CHATHAM_HOUSE]}, 0, None, None),
        ({"kind": Kind.EXTERNAL, "notices": [Notice.RECORDING]}, 0, None, None),
        ({"ends_at": NOON - 3 * HOUR, "notices": [Notice.RECORDING]}, 0, None, None),
        (
            {
                "starts_at": NOON - 4 * DAY,
                "ends_at": NOON - 3 * DAY,
                "notices": [Notice.RECORDING],
            },
            *(0, None, None),
        ),
    ],
)
def test_only_what_is_left_is_told(
    world: World,
    staff: Asker,
    given: dict[str, Any],
    seats: int,
    came: bool | None,
    left: tuple[bool, bool] | None,
) -> None:
    briefing = world.briefing(**{**ENDED, **given})
    for _ in range(seats):
        sits(world, briefing, came)

    assert plan(world) == (left is not None)
    if left is not None:
        (told,) = missing(world, staff).left
        assert (told.check_in, told.recording) == left


def test_several_are_one_message_for_each_who_organises(world: World, staff: Asker) -> None:
    other = world.staff("Ana")
    first, second = ahead(world), ahead(world, 2)
    over = world.briefing(**ENDED, notices=[Notice.RECORDING])

    assert plan(world) == 3

    told = {row.recipient: row.details for row in owed(world)}
    assert told == {
        one.slack_user: {
            "person": one.person,
            "before": [second.id, first.id],
            "after": [over.id],
        }
        for one in (staff, other)
    }


def test_chairs_hear_of_their_group_and_staff_of_the_rest(world: World, staff: Asker) -> None:
    chair = world.person("Chair", zone="UTC")
    group, headless = world.group("", chairs=(chair,)), world.group("", world.person())
    marks: dict[str, Any] = {"audience": Audience.GROUP}
    theirs = ahead(world, audience_group_id=group.id, **marks)
    nobodys = ahead(world, audience_group_id=headless.id, **marks)
    ours = ahead(world)

    plan(world)

    told = {row.recipient: row.details["before"] for row in owed(world)}
    assert told == {chair.slack_user: [theirs.id], staff.slack_user: [nobodys.id, ours.id]}


@pytest.mark.parametrize("values", [{"is_active": False}, {"is_bot": True}])
def test_a_chair_who_is_gone_leaves_it_to_staff(
    world: World, staff: Asker, values: dict[str, Any]
) -> None:
    chair = world.person("Chair")
    group = world.group("", chairs=(chair,))
    ahead(world, audience=Audience.GROUP, audience_group_id=group.id)
    with altering(world.database) as session:
        session.execute(sa.update(Person).where(Person.id == chair.id).values(**values))

    plan(world)

    assert [row.recipient for row in owed(world)] == [staff.slack_user]


def test_who_came_is_no_business_of_a_chair(world: World) -> None:
    chair = world.person("Chair")
    group = world.group("", chairs=(chair,))
    marks: dict[str, Any] = {"audience": Audience.GROUP, "audience_group_id": group.id}
    briefing = world.briefing(**ENDED, **marks, notices=[Notice.RECORDING])
    sits(world, briefing)
    plan(world)

    (left,) = missing(world, world.asker(chair)).left

    assert (left.check_in, left.recording) == (False, True)


def test_what_comes_up_later_that_day_is_told_the_next(world: World, staff: Asker) -> None:
    ahead(world)
    plan(world)
    late = ahead(world, 2)

    assert [plan(world, 0.2), plan(world, 1)] == [0, 1]
    assert owed(world)[-1].details["before"] == [late.id]


@pytest.mark.parametrize(
    "values",
    [
        {"agenda": ["Law"]},
        {"state": State.CANCELLED},
        {"starts_at": NOON, "ends_at": NOON + HOUR},
    ],
)
def test_what_was_seen_to_meanwhile_is_not_told(
    world: World, staff: Asker, values: dict[str, Any]
) -> None:
    briefing = ahead(world)
    plan(world)
    alter(world, briefing, **values)

    assert missing(world, staff, 1) == Nudge((), ())


def test_a_recording_that_was_linked_meanwhile_is_not_told(world: World, staff: Asker) -> None:
    briefing = world.briefing(**ENDED, notices=[Notice.RECORDING])
    plan(world)
    before = missing(world, staff).left
    alter(world, briefing, recording_link="https://e.org/v")

    assert [type(left) for left in before] == [Left]
    assert missing(world, staff).left == ()


def test_whoever_organises_it_no_more_is_told_nothing(world: World) -> None:
    chair = world.person("Chair")
    group = world.group("", chairs=(chair,))
    ahead(world, audience=Audience.GROUP, audience_group_id=group.id)
    plan(world)

    assert missing(world, world.member()) == Nudge((), ())
    assert len(missing(world, world.asker(chair)).agenda) == 1


def test_each_workspace_hears_of_its_own(world: World, staff: Asker) -> None:
    other = World(world.database, "T0OTHER")
    theirs = other.staff()
    ahead(world)
    elsewhere = ahead(other)

    assert plan(world) == 2

    told = {row.recipient: row.details["before"] for row in owed(world)}
    assert told[theirs.slack_user] == [elsewhere.id]
    assert missing(world, staff) == Nudge((), ())
