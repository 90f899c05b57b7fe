"""Who asks: what Slack says of people, and what only staff can say."""

from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from storage import comings, people
from storage.asker import Asker
from storage.database import Database
from storage.models import Audience, NamedReader, Person, Role
from storage.people import Profile
from tests.factories import NOON, World, seeing_all


@pytest.fixture
def world(database: Database) -> World:
    return World(database)


def meet(world: World, **given: Any) -> Asker:
    values = {"team": world.team, "user": "U1", "name": "Ana", "zone": "Europe/Lisbon", **given}
    world.database.run(people.meet, world.id, Profile(**values), NOON)
    found = world.database.run(people.asker, world.id, NOON, values["team"], values["user"])
    assert found is not None
    return found


def known(world: World) -> list[Person]:
    with seeing_all(world.database) as session:
        return list(session.scalars(sa.select(Person).order_by(Person.id)))


def test_somebody_new_starts_without_any_role(world: World) -> None:
    asker = meet(world)

    assert (asker.role, asker.audiences, asker.is_linked, asker.is_staff) == (
        Role.UNKNOWN,
        (Audience.PUBLIC,),
        False,
        False,
    )
    assert (asker.name, asker.zone, asker.slack_user) == ("Ana", "Europe/Lisbon", "U1")


def test_somebody_nobody_has_met_is_nobody(world: World) -> None:
    assert world.database.run(people.asker, world.id, NOON, world.team, "U404") is None
    assert world.database.run(people.asker_of, world.id, NOON, 4711) is None


def test_meeting_again_changes_what_slack_says_and_no_role(world: World) -> None:
    person = world.person("Ana", role=Role.STAFF, slack_user="U1")

    again = meet(world, name="Ana Silva", zone="Asia/Tokyo")

    assert (again.person, again.role) == (person.id, Role.STAFF)
    assert (again.name, again.zone) == ("Ana Silva", "Asia/Tokyo")
    assert known(world)[0].met_at == person.met_at


def test_one_id_in_two_organisations_is_two_people(world: World) -> None:
    first, second = meet(world), meet(world, team="T0PARTNER")

    assert first.person != second.person


@pytest.mark.parametrize("zone", [None, "", "Mars/Olympus", "Europe", "../etc/passwd"])
def test_a_zone_that_is_none_changes_nothing(world: World, zone: str | None) -> None:
    assert meet(world, zone=zone).zone == "UTC"
    meet(world)
    assert meet(world, zone=zone).zone == "Europe/Lisbon"


def test_somebody_deactivated_sees_nothing_and_holds_no_seat(world: World) -> None:
    person = world.person(role=Role.STAFF, slack_user="U1")
    group = world.group("", chairs=(person,))
    before = world.asker(person)

    after = meet(world, is_active=False)

    mine = frozenset({group.id})
    assert (before.role, before.groups, before.chairs) == (Role.STAFF, mine, mine)
    assert (after.role, after.audiences, after.groups, after.chairs) == (
        Role.UNKNOWN,
        (),
        frozenset(),
        frozenset(),
    )
    assert world.database.run(people.asker_of, world.id, NOON, person.id) == after
    assert meet(world, is_active=True).role is Role.STAFF


def test_a_bot_sees_nothing(world: World) -> None:
    assert meet(world, is_bot=True).audiences == ()


@pytest.mark.parametrize("flag", ["is_guest", "is_stranger"])
@pytest.mark.parametrize("role", [role for role in Role if role is not Role.UNKNOWN])
def test_slacks_flags_cap_a_role_that_staff_have_not_confirmed(
    world: World, flag: str, role: Role
) -> None:
    world.person(role=role, slack_user="U1", linked_at=None)

    assert meet(world, **{flag: True}).role is Role.EXTERNAL
    assert meet(world).role is role


def test_somebody_of_another_organisation_is_capped_alike(world: World) -> None:
    world.person(role=Role.MEMBER, slack_user="U1", slack_team="T0PARTNER", linked_at=None)

    assert meet(world, team="T0PARTNER").role is Role.EXTERNAL


def test_flags_give_nobody_a_role(world: World) -> None:
    assert meet(world, is_guest=True, is_stranger=True).role is Role.UNKNOWN


@pytest.mark.parametrize(
    ("days", "role"), [(0, Role.MEMBER), (179, Role.MEMBER), (180, Role.EXTERNAL)]
)
def test_a_confirmed_link_holds_half_a_year(world: World, days: int, role: Role) -> None:
    linked_at = NOON - timedelta(days=days)
    person = world.person(slack_user="U1", is_guest=True, linked_at=linked_at)

    assert world.asker(person).role is role


@pytest.mark.parametrize(
    ("shown", "domain"),
    [
        ({"profile": {"email": "Ana@Adobe.COM"}, "is_email_confirmed": True}, "adobe.com"),
        ({"profile": {"email": "Ana@adobe.com"}}, None),
        ({"profile": {"email": "ana"}, "is_email_confirmed": True}, None),
        ({"is_email_confirmed": True}, None),
    ],
)
def test_only_a_confirmed_address_has_a_domain(shown: dict[str, Any], domain: str | None) -> None:
    assert people.profile({"id": "U1", **shown}, "T1").domain == domain


def test_items_that_name_a_person_are_theirs_to_see(world: World) -> None:
    person, unlinked = world.person(), world.person(role=Role.UNKNOWN)
    for one in (person, unlinked):
        world.add(NamedReader(item_table="briefings", item_id=7, person_id=one.id))

    assert world.asker(person).named == {("briefings", 7)}
    assert world.asker(unlinked).named == frozenset()


def test_somebody_not_linked_holds_no_seat_either(world: World) -> None:
    person = world.person(role=Role.UNKNOWN)
    world.group("", person)

    assert world.asker(person).groups == frozenset()


def test_seats_are_told_from_chairs(world: World) -> None:
    person = world.person()
    sits, chairs = world.group("", person), world.group("", chairs=(person,))

    asker = world.asker(person)

    assert asker.groups == {sits.id, chairs.id}
    assert asker.chairs == {chairs.id}


def test_an_event_changes_only_those_the_bot_has_met(world: World) -> None:
    ana = meet(world)

    for user in ("U1", "U2"):
        profile = Profile(world.team, user, "New name", None)
        world.database.run(comings.noted, ana, NOON, profile)

    assert [(person.slack_user, person.name) for person in known(world)] == [("U1", "New name")]


def test_the_same_person_elsewhere_is_left_alone(world: World) -> None:
    elsewhere = World(world.database, "T0OTHER")
    other = elsewhere.person("Other", slack_user="U1")

    meet(world, name="Ana", team=elsewhere.team)

    assert {person.name for person in known(world)} == {"Ana", "Other"}
    assert world.database.run(people.asker_of, world.id, NOON, other.id) is None


def test_a_workspace_is_opened_once(world: World) -> None:
    ids = {world.database.run(people.open_workspace, team, "") for team in ("T9", "T9")}

    assert len(ids) == 1


@pytest.mark.parametrize(
    ("user", "profile"),
    [
        (
            {"id": "U1", "team_id": "T1", "profile": {"real_name": "Ana"}, "tz": "Europe/Lisbon"},
            Profile("T1", "U1", "Ana", "Europe/Lisbon"),
        ),
        (
            {"id": "U1", "real_name": "Ana", "name": "ana", "deleted": True},
            Profile("T2", "U1", "Ana", None, is_active=False),
        ),
        (
            {"id": "U1", "name": "ana", "is_bot": True},
            Profile("T2", "U1", "ana", None, is_bot=True),
        ),
    ],
)
def test_a_profile_is_read_as_slack_writes_it(user: dict[str, Any], profile: Profile) -> None:
    assert people.profile(user, "T2") == profile


def test_slacks_flags_raise_nobody(world: World) -> None:
    user = {"id": "U1", "team_id": world.team, "name": "ana", "is_admin": True, "is_owner": True}
    world.database.run(people.meet, world.id, people.profile(user), NOON)

    assert known(world)[0].role is Role.UNKNOWN


def test_many_are_resolved_at_once_as_each_alone(world: World) -> None:
    chair, seated, named = (world.person(name) for name in ("Ana", "Bo", "Cy"))
    others = [world.person(role=role) for role in (Role.STAFF, Role.EXTERNAL, Role.UNKNOWN)]
    # Another team has a user of the same id: nobody is taken for somebody else.
    twin = world.person(slack_team="T0OTHER", slack_user=seated.slack_user, role=Role.EXTERNAL)
    elsewhere = World(world.database, "T0ELSE").person(slack_user=chair.slack_user)
    world.group("One", seated, chairs=(chair,))
    world.group("Two", chair, named)
    for number in (7, 8):
        world.add(NamedReader(item_table="briefings", item_id=number, person_id=named.id))
    everybody = [chair, seated, named, twin, *others]
    who = {(one.slack_team, one.slack_user) for one in everybody} | {(world.team, "U404")}

    known = world.database.run(people.known_by, world.id, who)
    found = {one: people.as_asker(world.id, NOON, row) for one, row in known.items()}

    assert found == {(one.slack_team, one.slack_user): world.asker(one) for one in everybody}
    assert found[world.team, named.slack_user].named == {("briefings", 7), ("briefings", 8)}
    assert elsewhere.id not in {asker.person for asker in found.values()}
    assert world.database.run(people.known_by, world.id, []) == {}
