"""Comings and goings: who is met, and what staff and chairs hear of, once."""

from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from storage import comings, offboarding, people, proposals, roles
from storage.asker import Asker
from storage.database import Database
from storage.models import Delivery, Person, Role
from storage.people import Profile
from tests.factories import NOON, World, seeing_all


@pytest.fixture
def world(database: Database) -> World:
    return World(database)


def tells(world: World, verb: Any, user: str, minutes: int = 0, **given: Any) -> None:
    profile = Profile(world.team, user, "Noa", None, **given)
    world.database.run(verb, Asker(world.id), NOON + timedelta(minutes=minutes), profile)


def owed(world: World, kind: str) -> list[str]:
    with seeing_all(world.database) as session:
        about = sa.select(Delivery.recipient).where(Delivery.kind == kind).order_by(Delivery.id)
        return list(session.scalars(about))


def met(world: World) -> dict[str, str]:
    with seeing_all(world.database) as session:
        return dict(session.execute(sa.select(Person.slack_user, Person.name)).all())


def test_staff_are_told_once_of_whoever_comes_and_is_not_linked(world: World) -> None:
    dana, eve = world.staff("Dana"), world.asker(world.person("Eve", role=Role.ADMIN))
    world.person("Gone", role=Role.STAFF, is_active=False)

    tells(world, comings.joined, "U0NOA")
    tells(world, comings.joined, "U0NOA", 1)
    tells(world, comings.noted, "U0NOA", 2)

    assert met(world)["U0NOA"] == "Noa"
    assert owed(world, "to_link") == [dana.slack_user, eve.slack_user]


def test_a_bot_that_comes_a_leaver_and_somebody_only_heard_of_are_not_met(world: World) -> None:
    world.staff()

    tells(world, comings.joined, "U0BOT", is_bot=True)
    tells(world, comings.joined, "U0GONE", is_active=False)
    tells(world, comings.noted, "U0NOA")

    assert not {"U0BOT", "U0GONE", "U0NOA"} & set(met(world))
    assert owed(world, "to_link") == []


def test_a_change_tells_of_whoever_was_never_linked_and_of_nobody_else(world: World) -> None:
    dana = world.staff("Dana")
    unknown, linked, ended = world.person(role=Role.UNKNOWN), world.person(), world.person()
    world.database.run(roles.unlink, dana, NOON, ended.slack_user)

    for person in (unknown, linked, ended):
        tells(world, comings.noted, person.slack_user)

    with seeing_all(world.database) as session:
        details = session.scalars(sa.select(Delivery.details).where(Delivery.kind == "to_link"))
        assert [about["person"] for about in details] == [unknown.id]


def test_staff_are_told_once_each_time_somebody_linked_leaves(world: World) -> None:
    dana, ana, unknown = world.staff("Dana"), world.person("Ana"), world.person(role=Role.UNKNOWN)

    for person in (ana, unknown):
        tells(world, comings.noted, person.slack_user, is_active=False)
    tells(world, comings.noted, ana.slack_user, 1, is_active=False)
    first = owed(world, "to_offboard")
    tells(world, comings.noted, ana.slack_user, 2)
    tells(world, comings.noted, ana.slack_user, 3, is_active=False)

    assert first == [dana.slack_user]
    assert owed(world, "to_offboard") == [dana.slack_user] * 2


def test_what_a_leaver_holds_is_told_until_they_are_back_or_offboarded(world: World) -> None:
    dana, ana = world.staff(), world.person("Ana")
    world.group("", ana)
    world.action(world.asker(ana))
    told = (dana, NOON, ana.id)
    there = world.database.run(offboarding.left_behind, *told)
    tells(world, comings.noted, ana.slack_user, is_active=False)

    left = world.database.run(offboarding.left_behind, *told)
    world.database.run(offboarding.carry_out, dana, NOON, f"person {ana.id}")

    assert there is None
    assert left is not None
    assert (left[0], left[1].seats, left[1].actions) == (ana.slack_user, 1, 1)
    assert world.database.run(offboarding.left_behind, *told) is None


def test_whoever_waits_is_drawn_alone_for_a_message(world: World) -> None:
    dana, noa = world.staff(), world.person("Noa", role=Role.UNKNOWN)
    other = World(world.database, "T0OTHER").person(role=Role.UNKNOWN)

    line = world.database.run(proposals.of, dana, NOON, noa.id)

    assert line is not None
    assert line.name == "Noa"
    assert world.database.run(proposals.of, dana, NOON, dana.person) is None
    assert world.database.run(proposals.of, dana, NOON, other.id) is None


def test_the_chairs_of_a_leaver_hear_of_it_once_and_nobody_else(world: World) -> None:
    ana, chair, member, dana = (*(world.person() for _ in range(3)), world.staff())
    world.group("", ana, member, chairs=(chair,))
    world.group("", chairs=(chair, ana))
    world.group("", member)
    gone = world.person(is_active=False)
    world.group("", ana, chairs=(gone,))

    for _ in range(2):
        world.database.run(offboarding.carry_out, dana, NOON, f"person {ana.id}")

    assert owed(world, "group_left") == [chair.slack_user] * 2
    with seeing_all(world.database) as session:
        details = session.scalars(sa.select(Delivery.details).where(Delivery.kind == "group_left"))
        assert {about["person"] for about in details} == {ana.id}


def test_a_chair_who_leaves_at_once_with_a_seat_of_theirs_hears_nothing(world: World) -> None:
    home = world.organisation("Adobe")
    ana, chair = (world.person(organisation_id=home.id) for _ in range(2))
    world.group("", ana, chairs=(chair,))

    world.database.run(offboarding.carry_out, world.staff(), NOON, f"organisation {home.id}")

    with seeing_all(world.database) as session:
        states = session.scalars(
            sa.select(Delivery.state).where(Delivery.recipient == chair.slack_user)
        )
        assert {state.value for state in states} <= {"skipped"}


def test_flags_of_somebody_new_are_kept(world: World) -> None:
    tells(world, comings.joined, "U0NOA", is_guest=True, domain="adobe.com")

    found = world.database.run(people.asker, world.id, NOON, world.team, "U0NOA")
    assert found is not None
    assert found.role is Role.UNKNOWN
