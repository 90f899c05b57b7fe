"""Roles: who may change them, what that costs, and who always stays."""

from concurrent.futures import ThreadPoolExecutor, wait

import pytest
import sqlalchemy as sa

from storage import people, roles, rsvps
from storage.asker import Asker
from storage.database import Database
from storage.errors import Refusal
from storage.models import (
    FITS,
    Answer,
    Audience,
    AuditEntry,
    Briefing,
    Delivery,
    OrganisationKind,
    Person,
    Role,
    Rsvp,
    Standing,
)
from tests.factories import NOON, World, altering, seeing_all


@pytest.fixture
def world(database: Database) -> World:
    return World(database)


def person(world: World, role: Role = Role.MEMBER, name: str = "") -> Person:
    kind = OrganisationKind.SECRETARIAT if role in (Role.STAFF, Role.ADMIN) else None
    home = world.organisation("", kind or OrganisationKind.MEMBER)
    return world.person(name, role, organisation_id=home.id)


def change(world: World, asker: Asker, who: Person, role: str) -> roles.Change:
    return world.database.run(roles.change, asker, NOON, who.slack_user, role)


def unlink(world: World, asker: Asker, who: Person) -> roles.Change:
    return world.database.run(roles.unlink, asker, NOON, who.slack_user)


def role_of(world: World, who: Person) -> Role:
    found = world.database.run(people.asker_of, who.workspace_id, NOON, who.id)
    assert found is not None
    return found.role


def last_entry(world: World) -> AuditEntry:
    with seeing_all(world.database) as session:
        return session.scalars(sa.select(AuditEntry).order_by(AuditEntry.id.desc())).all()[0]


def go(world: World, who: Person, briefing: Briefing) -> None:
    asker = world.asker(who)
    world.database.run(rsvps.answer, asker, NOON, briefing.id, Answer.GOING)


def test_staff_make_a_member_external_and_the_person_is_told(world: World) -> None:
    ana, dana = person(world), world.staff()

    outcome = change(world, dana, ana, "external")

    assert (outcome.changed, role_of(world, ana)) == (True, Role.EXTERNAL)
    entry = last_entry(world)
    assert (entry.verb, entry.subject, entry.actor_id) == ("role", f"person {ana.id}", dana.person)
    assert entry.before == {"organisation": ana.organisation_id, "role": "member"}
    assert entry.after == {"organisation": ana.organisation_id, "role": "external"}
    with seeing_all(world.database) as session:
        assert session.scalars(sa.select(Delivery.kind)).all() == ["linked"]


def test_whoever_is_unlinked_sees_what_is_public_and_it_is_on_record(world: World) -> None:
    ana, dana = person(world), world.staff()
    group = world.group("", ana)

    outcome, again = unlink(world, dana, ana), unlink(world, dana, ana)

    found = world.database.run(people.asker_of, world.id, NOON, ana.id)
    assert found is not None
    assert (outcome.changed, again.changed, again.waits) == (True, False, False)
    assert (found.role, found.organisation, found.groups) == (Role.UNKNOWN, None, frozenset())
    entry = last_entry(world)
    assert (entry.verb, entry.before, entry.after) == (
        "unlink",
        {"organisation": ana.organisation_id, "role": "member"},
        {"organisation": None, "role": "unknown"},
    )
    assert group.id


def test_what_costs_a_seat_waits_for_a_second_word(world: World) -> None:
    ana, nia, dana = person(world), person(world), world.staff()
    community = {"audience": Audience.COMMUNITY, "tlp": FITS[Audience.COMMUNITY][0]}
    briefing, wider = world.briefing(capacity=1), world.briefing(**community)
    for who, item in ((ana, briefing), (nia, briefing), (ana, wider)):
        go(world, who, item)

    asked, foreseen = change(world, dana, ana, "external"), unlink(world, dana, ana)
    before = role_of(world, ana)
    done = world.database.run(roles.carry_out, dana, NOON, ana.id, "external")

    assert (asked.waits, asked.changed, asked.seats, asked.target) == (
        True,
        False,
        1,
        f"{ana.id} external",
    )
    assert (foreseen.waits, foreseen.seats, foreseen.target) == (True, 2, f"{ana.id} unknown")
    assert (before, done.changed, done.seats) == (Role.MEMBER, True, 1)
    with seeing_all(world.database) as session:
        stands = session.execute(sa.select(Rsvp.person_id, Rsvp.briefing_id, Rsvp.standing))
        assert {(row[0], row[1]): row[2] for row in stands} == {
            (ana.id, briefing.id): Standing.DECLINED,
            (nia.id, briefing.id): Standing.GOING,
            (ana.id, wider.id): Standing.GOING,
        }


def test_a_button_unlinks_too(world: World) -> None:
    ana = person(world)

    world.database.run(roles.carry_out, world.staff(), NOON, ana.id, "unknown")

    assert role_of(world, ana) is Role.UNKNOWN


def test_nobody_changes_a_role_who_may_not(world: World) -> None:
    ana, root, dana = person(world), person(world, Role.ADMIN), person(world, Role.STAFF)
    staff, admin = world.asker(dana), world.asker(root)
    elsewhere = World(world.database, "T0OTHER").person()

    for asker in (world.member(), world.external(), world.unknown(), world.asker(ana)):
        for who in (ana, elsewhere):
            with pytest.raises(Refusal, match="for the secretariat"):
                change(world, asker, who, "external")
            with pytest.raises(Refusal, match="for the secretariat"):
                unlink(world, asker, who)
            with pytest.raises(Refusal, match="for the secretariat"):
                world.database.run(roles.carry_out, asker, NOON, who.id, "unknown")
    for who, role in ((root, "staff"), (dana, "admin")):
        with pytest.raises(Refusal, match="Only an admin says"):
            change(world, staff, who, role)
    for who in (root, dana):
        with pytest.raises(Refusal, match="Only an admin says"):
            unlink(world, staff, who)
    with pytest.raises(Refusal, match="has not met"):
        change(world, admin, elsewhere, "external")
    with pytest.raises(Refusal, match="not here any more"):
        world.database.run(roles.carry_out, admin, NOON, elsewhere.id, "unknown")
    assert role_of(world, elsewhere) is Role.MEMBER
    assert [role_of(world, who) for who in (ana, root, dana)] == [
        Role.MEMBER,
        Role.ADMIN,
        Role.STAFF,
    ]


def test_an_admin_makes_and_unmakes_staff_and_admins_but_not_the_last(world: World) -> None:
    root, dana = person(world, Role.ADMIN), person(world, Role.STAFF)
    admin = world.asker(root)

    with pytest.raises(Refusal, match="is the only admin"):
        change(world, admin, root, "staff")
    with pytest.raises(Refusal, match="cannot unlink yourself"):
        unlink(world, admin, root)
    change(world, admin, dana, "admin")
    change(world, world.asker(dana), root, "staff")
    with pytest.raises(Refusal, match="is the only admin"):
        change(world, world.asker(dana), dana, "staff")
    unlink(world, world.asker(dana), root)

    assert [role_of(world, who) for who in (root, dana)] == [Role.UNKNOWN, Role.ADMIN]


def test_two_admins_who_lower_each_other_at_once_leave_one(world: World) -> None:
    two = [person(world, Role.ADMIN) for _ in range(2)]
    first, second = (world.asker(who) for who in two)

    with ThreadPoolExecutor(1) as pool:
        with altering(world.database) as session:
            roles.change(session, first, NOON, two[1].slack_user, "staff")
            other = pool.submit(change, world, second, two[0], "staff")
            wait([other], 0.3)
        with pytest.raises(Refusal, match="is the only admin"):
            other.result()

    assert [role_of(world, who) for who in two] == [Role.ADMIN, Role.STAFF]


@pytest.mark.parametrize("role", ["staff", "admin", "unknown", "king", ""])
def test_a_role_goes_with_the_organisation(world: World, role: str) -> None:
    ana, root = person(world), world.asker(person(world, Role.ADMIN))

    with pytest.raises(Refusal):
        change(world, root, ana, role or "staff")
    assert role_of(world, ana) is Role.MEMBER


def test_whoever_speaks_for_nobody_is_linked_first(world: World) -> None:
    with pytest.raises(Refusal, match="Say first for whom they speak"):
        change(world, world.staff(), world.person("Noa", role=Role.UNKNOWN), "member")
