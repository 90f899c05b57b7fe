"""Orders for channels: once for a date whatever is changed, and only by who keeps them."""

from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from storage import deliveries, ordering, orders, subscriptions, unposted
from storage.asker import Asker
from storage.database import Database
from storage.editions import COMMON, Section
from storage.errors import Refusal
from storage.models import (
    Audience,
    AuditEntry,
    Delivery,
    DeliveryState,
    GroupSeat,
    Person,
    Subscription,
    WorkingGroup,
)
from storage.ordering import Draft
from storage.wall_time import WORKDAYS
from tests.factories import NOON, World, every_row, seeing_all
from tests.figures import figure

DAY, MINUTE = timedelta(days=1), timedelta(minutes=1)
HERE = "C0GROUP"
numbers = count(1)
weekdays = st.sampled_from([None, WORKDAYS, *range(7)])


@pytest.fixture
def world(database: Database) -> World:
    return World(database)


def draft(**given: Any) -> Draft:
    values = {"weekday": 4, "at": "10:00", "zone": "UTC", "audience": Audience.STAFF, **given}
    return Draft(**values)


def save(
    world: World, asker: Asker, channel: str = HERE, now: datetime = NOON, **given: Any
) -> Any:
    return world.database.run(ordering.save, asker, now, channel, draft(**given))


def chaired(world: World, channel: str = HERE) -> tuple[Asker, WorkingGroup]:
    """Make a group with a channel, and whoever chairs it."""
    person = world.person()
    group = world.group("", chairs=(person,), channel=channel)
    return world.asker(person), group


def owed(world: World) -> list[Delivery]:
    with seeing_all(world.database) as session:
        return list(session.query(Delivery).order_by(Delivery.id))


def only(world: World) -> Subscription:
    with seeing_all(world.database) as session:
        return session.query(Subscription).one()


def test_what_is_ordered_is_kept_and_told_by_the_clock_of_its_zone(world: World) -> None:
    staff = world.staff()

    line = save(world, staff, zone="Asia/Tokyo", sections=(Section.DONE, Section.COMING))

    assert (line.weekday, line.at, line.is_on) == (4, "10:00", True)
    assert line.next_at == datetime(2026, 11, 27, 1, tzinfo=UTC)
    assert only(world).sections == ["coming", "done"]
    with seeing_all(world.database) as session:
        (entry,) = session.query(AuditEntry).all()
    assert (entry.verb, entry.subject) == ("order", f"subscription {line.id}")
    assert entry.after["audience"] == "staff"


def test_all_sections_are_none_for_those_to_come(world: World) -> None:
    save(world, world.staff(), sections=COMMON)

    assert only(world).sections == []


def test_a_chair_orders_in_the_channel_of_their_group_alone(world: World) -> None:
    chair, group = chaired(world)
    _, other = chaired(world, "C0OTHER")
    mine: dict[str, Any] = {"audience": Audience.GROUP, "group": group.id}

    made = save(world, chair, **mine)

    assert (made.audience, made.group) == (Audience.GROUP, group.title)
    for channel, wanted in (
        ("C0OTHER", mine),
        ("C0OTHER", {**mine, "group": other.id}),
        (HERE, {**mine, "group": other.id}),
        (HERE, {"audience": Audience.MEMBERS}),
        (HERE, {"audience": Audience.PUBLIC}),
        (HERE, {"audience": Audience.PUBLIC, "group": group.id}),
        ("", mine),
        ("D0ALONE", mine),
    ):
        with pytest.raises(Refusal):
            save(world, chair, channel, **wanted)
    assert len(every_row(world.database)[Subscription.__tablename__]) == 1


@pytest.mark.parametrize("make", [World.member, World.external, World.unknown])
def test_whoever_neither_chairs_nor_is_staff_is_refused_alike(world: World, make: Any) -> None:
    save(world, world.staff())
    asker, number = make(world), only(world).id

    for verb, *given_ in (
        (ordering.form, HERE),
        (ordering.form_of, number),
        (ordering.save, HERE, draft()),
        (orders.listed,),
        (orders.preview, number),
        (orders.send_now, number),
        (orders.call_off, number),
    ):
        with pytest.raises(Refusal) as refused:
            world.database.run(verb, asker, NOON, *given_)
        assert refused.value.sentence == orders.NOT_YOURS


def test_what_another_keeps_reads_to_a_chair_like_what_is_not_there(world: World) -> None:
    chair, _ = chaired(world)
    save(world, world.staff(), "C0STAFF")

    for number in (only(world).id, 4711):
        with pytest.raises(Refusal, match="not there any more"):
            world.database.run(orders.preview, chair, NOON, number)


def test_who_chairs_no_more_keeps_nothing(world: World) -> None:
    chair, group = chaired(world)
    save(world, chair, audience=Audience.GROUP, group=group.id)
    with world.database.writing() as session:
        session.query(GroupSeat).update({"is_chair": False})

    with pytest.raises(Refusal, match=r"secretariat and the chairs"):
        world.database.run(orders.listed, _again(world, chair), NOON)


def _again(world: World, asker: Asker) -> Asker:
    with seeing_all(world.database) as session:
        return world.asker(session.get_one(Person, asker.person))


def test_called_off_it_rests_and_ordered_again_it_is_the_same_order(world: World) -> None:
    staff = world.staff()
    save(world, staff)
    number = only(world).id

    left = world.database.run(orders.call_off, staff, NOON, number)
    planned = world.database.run(subscriptions.plan, NOON + 8 * DAY)
    with pytest.raises(Refusal, match="not there any more"):
        world.database.run(orders.pause, staff, NOON, number, is_on=True)
    again = save(world, staff, now=NOON + 8 * DAY)

    assert (left, planned) == ((), 0)
    assert (again.id, again.is_on) == (number, True)
    assert again.next_at > NOON + 8 * DAY


@pytest.mark.parametrize("weekday", [None, WORKDAYS, 4])
def test_sent_now_it_is_not_sent_twice_for_its_time(world: World, weekday: int | None) -> None:
    staff = world.staff()
    save(world, staff, weekday=weekday)
    number = only(world).id

    world.database.run(orders.send_now, staff, NOON, number)
    with pytest.raises(Refusal, match="has been sent early"):
        world.database.run(orders.send_now, staff, NOON + MINUTE, number)

    assert len(owed(world)) == 1


moves = st.lists(
    st.tuples(
        st.sampled_from(["plan", "send", "change", "pause", "resume", "call_off"]),
        weekdays,
        st.sampled_from(["08:00", "10:00", "18:30"]),
        st.integers(0, 60 * 40),
    ),
    max_size=14,
)


@given(moves=moves)
@settings(
    max_examples=figure(ci=25, full=400),
    deadline=None,
    suppress_health_check=list(HealthCheck),
)
def test_whatever_is_done_to_an_order_no_date_is_told_twice_nor_is_one_early_twice(
    database: Database, moves: list[tuple[str, int | None, str, int]]
) -> None:
    world = World(database, f"T0ORDER{next(numbers)}")
    staff, now = world.staff(), NOON
    save(world, staff)
    number = _number(world)

    for what, weekday, at, minutes in moves:
        now += minutes * MINUTE
        before = _keys(world)
        try:
            _do(world, staff, now, number, what, weekday, at)
        except Refusal:
            assert _keys(world) == before
        early = [key for key in _keys(world) if key[-10:] > str(now.date())]
        assert len(early) <= 1

    keys = _keys(world)
    assert len(keys) == len(set(keys))


def _do(
    world: World,
    staff: Asker,
    now: datetime,
    number: int,
    what: str,
    weekday: int | None,
    at: str,
) -> None:
    run = world.database.run
    if what == "plan":
        run(subscriptions.plan, now)
    elif what == "change":
        save(world, staff, now=now, weekday=weekday, at=at)
    elif what == "send":
        run(orders.send_now, staff, now, number)
    elif what == "call_off":
        run(orders.call_off, staff, now, number)
    else:
        run(orders.pause, staff, now, number, is_on=what == "resume")


def _number(world: World) -> int:
    with seeing_all(world.database) as session:
        return session.query(Subscription).filter_by(workspace_id=world.id).one().id


def _keys(world: World) -> list[str]:
    with seeing_all(world.database) as session:
        return [row.key for row in session.query(Delivery).filter_by(workspace_id=world.id)]


def test_an_order_says_when_it_last_went_and_why_it_did_not(world: World) -> None:
    staff = world.staff()
    save(world, staff, weekday=None)
    for days, ends in ((1, "sent"), (2, "dead")):
        now = NOON + days * DAY
        world.database.run(subscriptions.plan, now)
        (claimed,) = [
            one for one in world.database.run(deliveries.claim, now) if one.is_for_channel
        ]
        if ends == "sent":
            world.database.run(deliveries.sent, claimed, now, HERE, "1.2")
        else:
            why = "The channel is archived."
            world.database.run(unposted.closed, claimed, now, DeliveryState.DEAD, why)

    (line,) = world.database.run(orders.listed, staff, NOON + 3 * DAY)

    assert line.sent_at == NOON + DAY
    assert line.failed_at == (NOON + 2 * DAY).replace(hour=10)
    assert line.why == "The channel is archived."
