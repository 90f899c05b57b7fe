"""What was changed is owed to those it concerns: once, together, and not for what is over."""

from datetime import timedelta
from typing import Any

import pytest

from storage import changes, recording, rsvps
from storage.asker import Asker
from storage.database import Database, Session, writes
from storage.models import Answer, Briefing, Delivery, DeliveryState, Person, Rsvp, State
from tests.factories import NOON, World, altering, seeing_all

HOUR, DAY, MINUTE = timedelta(hours=1), timedelta(days=1), timedelta(minutes=1)


@pytest.fixture
def world(database: Database) -> World:
    return World(database)


@writes
def _changed(session: Session, briefing: int, now: Any, values: dict[str, Any]) -> int:
    found = session.get_one(Briefing, briefing, execution_options={"unscoped": "a test's own"})
    before = changes.noted(found)
    for name, value in values.items():
        setattr(found, name, value)
    return changes.announce(session, now, found, before)


def change(world: World, briefing: Briefing, now: Any = NOON, **values: Any) -> int:
    return world.database.run(_changed, briefing.id, now, values)


def answered(world: World, briefing: Briefing, answer: Answer = Answer.GOING) -> Asker:
    asker = world.member()
    world.database.run(rsvps.answer, asker, NOON, briefing.id, answer)
    return asker


def owed(world: World) -> list[Delivery]:
    with seeing_all(world.database) as session:
        found = session.query(Delivery).filter_by(kind=changes.KIND)
        return list(found.order_by(Delivery.id))


def moved(briefing: Briefing, by: timedelta) -> dict[str, Any]:
    return {"starts_at": briefing.starts_at + by, "ends_at": briefing.ends_at + by}


def test_those_who_go_may_go_or_wait_hear_of_it_and_nobody_else(world: World) -> None:
    briefing = world.briefing(capacity=1)
    going, waits = answered(world, briefing), answered(world, briefing)
    maybe = answered(world, briefing, Answer.MAYBE)
    answered(world, briefing, Answer.DECLINED)
    gone = answered(world, briefing, Answer.MAYBE)
    with altering(world.database) as session:
        session.query(Person).filter_by(id=gone.person).update({"is_active": False})

    assert change(world, briefing, **moved(briefing, HOUR)) == 3

    rows = owed(world)
    assert [row.recipient for row in rows] == [one.slack_user for one in (going, waits, maybe)]
    assert {row.due_at for row in rows} == {NOON + changes.HOLD}
    times = [briefing.starts_at.isoformat(), briefing.ends_at.isoformat()]
    assert rows[0].details["was"] == [*times, "minute", "published"]


@pytest.mark.parametrize(
    ("values", "parts"),
    [
        ({"venue": "Hall 2"}, ["place"]),
        ({"city": "Lyon", "join_link": "https://meet.example/x"}, ["link", "place"]),
        ({"state": State.CANCELLED}, ["state"]),
        ({"title": "Another name"}, None),
        ({"summary": "More"}, None),
        ({}, None),
    ],
)
def test_a_time_a_place_a_link_counts_and_a_title_does_not(
    world: World, values: dict[str, Any], parts: list[str] | None
) -> None:
    briefing = world.briefing()
    answered(world, briefing)

    change(world, briefing, **values)

    assert [row.details["parts"] for row in owed(world)] == ([parts] if parts else [])


def test_what_changes_before_it_is_told_is_told_at_once(world: World) -> None:
    briefing = world.briefing()
    answered(world, briefing)
    first = change(world, briefing, **moved(briefing, HOUR))
    second = change(world, briefing, NOON + 5 * MINUTE, venue="Hall 2", **moved(briefing, 2 * HOUR))
    with altering(world.database) as session:
        session.query(Delivery).update({"state": DeliveryState.SENT})
    third = change(world, briefing, NOON + HOUR, venue="Hall 3")

    one, other = owed(world)
    assert (first, second, third) == (1, 1, 1)
    assert one.details["was"][0] == briefing.starts_at.isoformat()
    assert one.details["parts"] == ["place", "time"]
    assert one.due_at == NOON + changes.HOLD
    assert other.details["was"][0] == (briefing.starts_at + 2 * HOUR).isoformat()


def test_called_off_after_an_edit_it_is_told_ten_minutes_after_that(world: World) -> None:
    briefing = world.briefing()
    answered(world, briefing)
    change(world, briefing, **moved(briefing, HOUR))

    told = change(world, briefing, NOON + 9 * MINUTE, state=State.CANCELLED)

    (news,) = owed(world)
    assert (told, news.details["parts"]) == (1, ["state", "time"])
    assert news.due_at == NOON + 9 * MINUTE + changes.HOLD


def test_whoever_gave_it_up_is_not_counted_among_those_who_hear(world: World) -> None:
    briefing = world.briefing()
    asker = answered(world, briefing)
    change(world, briefing, **moved(briefing, HOUR))
    world.database.run(rsvps.answer, asker, NOON, briefing.id, Answer.DECLINED)

    assert change(world, briefing, NOON + MINUTE, state=State.CANCELLED) == 0


def test_of_what_is_over_or_a_draft_nobody_hears(world: World) -> None:
    over, draft = world.briefing(), world.briefing()
    for briefing in (over, draft):
        answered(world, briefing)
    change(world, draft, state=State.DRAFT)
    later = over.ends_at + HOUR

    told = [
        change(world, over, later, venue="Hall 2"),
        change(world, draft, NOON, venue="Hall 2"),
        change(world, draft, NOON, state=State.PUBLISHED),
    ]

    assert (told, owed(world)) == ([0, 0, 0], [])


def unconfirmed(world: World) -> set[int]:
    with seeing_all(world.database) as session:
        return {row.person_id for row in session.query(Rsvp).filter_by(reconfirm=True)}


def hear(world: World, *askers: Asker) -> None:
    """Let all that is owed go, or what is owed to *askers*."""
    with altering(world.database) as session:
        owed = session.query(Delivery).filter_by(kind=changes.KIND)
        if askers:
            owed = owed.filter(Delivery.recipient.in_([asker.slack_user for asker in askers]))
        owed.update({"state": DeliveryState.SENT})


@pytest.mark.parametrize("part", ["time", "place"])
def test_taken_back_before_anybody_heard_nobody_is_to_confirm(world: World, part: str) -> None:
    briefing = world.briefing(venue="Hall 1")
    ana, ben, staff = answered(world, briefing), answered(world, briefing), world.staff()
    world.organisation("Hotline")
    contact = ("Cleo Example", "Hotline", f"E{briefing.id}", Answer.GOING)
    world.database.run(recording.record_contact, staff, NOON, *contact)
    another = moved(briefing, HOUR) if part == "time" else {"venue": "Hall 2"}
    first = {name: getattr(briefing, name) for name in another}

    change(world, briefing, **another)
    meanwhile = unconfirmed(world)
    world.database.run(rsvps.answer, ben, NOON + MINUTE, briefing.id, Answer.GOING)
    change(world, briefing, NOON + 2 * MINUTE, **another, join_link="https://meet.example/x")
    change(world, briefing, NOON + 3 * MINUTE, **first)

    assert len(meanwhile) == 3
    assert ana.person in meanwhile
    assert unconfirmed(world) == set()
    assert {tuple(row.details["parts"]) for row in owed(world)} <= {("link", "time"), ("link",)}


def test_who_was_to_confirm_an_earlier_change_still_is(world: World) -> None:
    briefing = world.briefing()
    ana, ben = answered(world, briefing), answered(world, briefing)
    change(world, briefing, **moved(briefing, HOUR))
    hear(world)
    world.database.run(rsvps.answer, ben, NOON + HOUR, briefing.id, Answer.GOING)

    change(world, briefing, NOON + HOUR, **moved(briefing, 2 * HOUR))
    between = unconfirmed(world)
    change(world, briefing, NOON + HOUR + MINUTE, **moved(briefing, HOUR))

    assert between == {ana.person, ben.person}
    assert unconfirmed(world) == {ana.person}


def test_who_has_heard_of_what_is_taken_back_is_to_confirm_that(world: World) -> None:
    briefing = world.briefing()
    ana, _ = answered(world, briefing), answered(world, briefing)
    change(world, briefing, **moved(briefing, HOUR))
    hear(world, ana)
    world.database.run(rsvps.answer, ana, NOON + MINUTE, briefing.id, Answer.GOING)

    change(world, briefing, NOON + 2 * MINUTE, **moved(briefing, 0 * HOUR))

    assert unconfirmed(world) == {ana.person}


def test_changed_again_and_not_back_all_are_to_confirm(world: World) -> None:
    briefing = world.briefing()
    ana, ben = answered(world, briefing), answered(world, briefing)
    change(world, briefing, **moved(briefing, HOUR))
    change(world, briefing, NOON + MINUTE, **moved(briefing, 0 * HOUR))

    change(world, briefing, NOON + 2 * MINUTE, **moved(briefing, 2 * HOUR))

    assert unconfirmed(world) == {ana.person, ben.person}
