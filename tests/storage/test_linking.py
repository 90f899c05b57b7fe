"""Who speaks for whom, and what becomes of what they held when they leave."""

import tomllib
from datetime import date, timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from bot import demo
from storage import facts, linking, offboarding, people, proposals, rsvps, wall_time
from storage.asker import Asker
from storage.database import Database
from storage.errors import Refusal
from storage.models import (
    ActionItem,
    ActionState,
    Answer,
    AuditEntry,
    Briefing,
    Delivery,
    GroupSeat,
    Initiative,
    OrganisationAlias,
    OrganisationDomain,
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


def admin(world: World) -> Asker:
    return world.asker(world.person("Root", role=Role.ADMIN))


def link(world: World, asker: Asker, user: str, name: str, role: str = "") -> linking.Outcome:
    return world.database.run(linking.link, asker, NOON, user, name, role)


def rows(world: World, model: type[Any]) -> list[Any]:
    with seeing_all(world.database) as session:
        return list(session.scalars(sa.select(model).order_by(model.id)))


def as_now(world: World, person: Person) -> Asker:
    return world.asker(person)


@pytest.mark.parametrize(
    ("kind", "role"),
    [(OrganisationKind.MEMBER, Role.MEMBER), (OrganisationKind.HOTLINE, Role.EXTERNAL)],
)
def test_the_kind_of_organisation_gives_the_role(
    world: World, kind: OrganisationKind, role: Role
) -> None:
    home, person = world.organisation("Adobe", kind), world.person(role=Role.UNKNOWN)

    outcome = link(world, world.staff(), person.slack_user, "adobe")

    found = as_now(world, person)
    assert (outcome.changed, found.role, found.organisation) == (True, role, home.id)
    assert [row.kind for row in rows(world, Delivery)] == ["linked"]
    (entry,) = rows(world, AuditEntry)
    assert (entry.verb, entry.subject) == ("link", f"person {person.id}")
    assert entry.before == {"organisation": None, "role": "unknown"}
    assert entry.after == {"organisation": home.id, "role": role.value}


def test_the_same_again_changes_nothing_and_a_later_day_confirms(world: World) -> None:
    world.organisation("Adobe")
    person, dana = world.person(role=Role.UNKNOWN), world.staff()
    link(world, dana, person.slack_user, "Adobe")

    again = link(world, dana, person.slack_user, "Adobe")
    later = NOON + timedelta(days=100)
    confirmed = world.database.run(linking.link, dana, later, person.slack_user, "Adobe")

    assert (again.changed, confirmed.changed) == (False, True)
    assert rows(world, Person)[0].linked_at == later
    assert len(rows(world, Delivery)) == 1


def test_only_staff_link_and_only_an_admin_makes_staff(world: World) -> None:
    world.organisation("Office", OrganisationKind.SECRETARIAT)
    world.organisation("Adobe")
    person = world.person(role=Role.UNKNOWN)

    for asker in (world.member(), world.external(), world.unknown()):
        with pytest.raises(Refusal, match="for the secretariat"):
            link(world, asker, person.slack_user, "Adobe")
        with pytest.raises(Refusal, match="for the secretariat"):
            world.database.run(proposals.waiting, asker, NOON)
    with pytest.raises(Refusal, match="Only an admin says"):
        link(world, world.staff(), person.slack_user, "Office")
    link(world, admin(world), person.slack_user, "Office")

    assert as_now(world, person).role is Role.STAFF


def test_no_role_is_given_that_does_not_go_with_the_organisation(world: World) -> None:
    world.organisation("Office", OrganisationKind.SECRETARIAT)
    world.organisation("Adobe")
    world.organisation("Hotline", OrganisationKind.HOTLINE)
    person, root = world.person(role=Role.UNKNOWN), admin(world)

    for name, role in (
        ("Adobe", "staff"),
        ("Adobe", "admin"),
        ("Office", "member"),
        ("Hotline", "member"),
        ("Adobe", "unknown"),
        ("Adobe", "king"),
    ):
        with pytest.raises(Refusal):
            link(world, root, person.slack_user, name, role)
    assert link(world, root, person.slack_user, "Adobe", "external").role is Role.EXTERNAL
    assert link(world, root, person.slack_user, "Office", "admin").role is Role.ADMIN


def test_the_last_admin_stays_one(world: World) -> None:
    world.organisation("Office", OrganisationKind.SECRETARIAT)
    root = admin(world)

    with pytest.raises(Refusal, match="is the only admin"):
        link(world, root, root.slack_user, "Office", "staff")


@pytest.mark.parametrize(
    ("said", "found"),
    [
        ("adobe", "Adobe"),
        ("ADOBE systems", "Adobe"),
        ("sna", "Snap Inc."),
        ("Mars", None),
        ("", None),
    ],
)
def test_an_organisation_goes_by_its_names(world: World, said: str, found: str | None) -> None:
    adobe, person = world.organisation("Adobe"), world.person(role=Role.UNKNOWN)
    world.add(OrganisationAlias(organisation_id=adobe.id, name="Adobe Systems"))
    world.organisation("Snap Inc.")

    if found is None:
        with pytest.raises(Refusal, match="Nothing was changed"):
            link(world, world.staff(), person.slack_user, said)
    else:
        assert link(world, world.staff(), person.slack_user, said).organisation.name == found


def test_nobody_is_linked_whom_the_bot_has_not_met_here(world: World) -> None:
    world.organisation("Adobe")
    elsewhere = World(world.database, "T0OTHER").person()

    for user in ("U404", elsewhere.slack_user, ""):
        with pytest.raises(Refusal, match="has not met"):
            link(world, world.staff(), user, "Adobe")


def test_who_waits_is_listed_with_what_their_address_proposes(world: World) -> None:
    adobe = world.organisation("Adobe")
    world.add(OrganisationDomain(organisation_id=adobe.id, domain="adobe.com"))
    world.person("Gone", role=Role.UNKNOWN, is_active=False)
    world.person("Robot", role=Role.UNKNOWN, is_bot=True)
    world.person("Guest", is_guest=True, linked_at=NOON - timedelta(days=180))
    world.person("Fresh guest", is_guest=True, linked_at=NOON - timedelta(days=149))
    ana = world.person("Ana", role=Role.UNKNOWN, domain="adobe.com")
    world.person("Bo", role=Role.UNKNOWN, domain="example.org")

    page = world.database.run(proposals.waiting, world.staff(), NOON)

    assert [(line.name, line.proposal) for line in page.rows] == [
        ("Ana", "Adobe"),
        ("Bo", None),
        ("Guest", None),
    ]
    world.database.run(proposals.confirm, world.staff(), NOON, ana.id, adobe.id)
    assert as_now(world, ana).role is Role.MEMBER


def test_the_first_admin_comes_from_the_settings_once(world: World) -> None:
    first, second = world.person(role=Role.UNKNOWN), world.person(role=Role.UNKNOWN)
    guest = world.person(role=Role.UNKNOWN, is_guest=True)
    foreign = world.person(role=Role.UNKNOWN, slack_team="T0OTHER")

    made = [
        world.database.run(linking.bootstrap, world.id, NOON, person.slack_team, person.slack_user)
        for person in (guest, foreign, first, second, first)
    ]

    assert made == [False, False, True, False, False]
    assert as_now(world, first).role is Role.ADMIN
    assert [entry.verb for entry in rows(world, AuditEntry)] == ["bootstrap"]


def go(world: World, person: Person, briefing: Briefing, said: Answer = Answer.GOING) -> None:
    world.database.run(rsvps.answer, world.asker(person), NOON, briefing.id, said)


def test_whoever_leaves_frees_and_hands_on_what_they_held(world: World) -> None:
    leaver, next_one, dana = world.person("Lee"), world.person("Nia"), world.staff("Dana")
    full, past = world.briefing(capacity=1), world.briefing(starts_at=NOON - timedelta(days=9))
    go(world, leaver, full)
    go(world, next_one, full)
    world.add(
        Rsvp(
            briefing_id=past.id,
            person_id=leaver.id,
            organisation_id=leaver.organisation_id,
            standing=Standing.GOING,
            answered_at=NOON,
        )
    )
    world.group("", leaver)
    item = world.action(world.asker(leaver))
    world.initiative(lead_id=leaver.id)
    world.initiative(alternate_id=leaver.id)
    asked = world.database.run(offboarding.foreseen, dana, NOON, leaver.slack_user, "")

    done = world.database.run(offboarding.carry_out, dana, NOON, asked.target)
    again = world.database.run(offboarding.carry_out, dana, NOON, asked.target)

    assert (asked.answers, asked.seats, asked.actions, asked.leads) == (1, 1, 1, 1)
    assert (done, again.is_nothing) == (asked, True)
    assert as_now(world, leaver).role is Role.UNKNOWN
    stands = {(row.briefing_id, row.person_id): row.standing for row in rows(world, Rsvp)}
    assert stands[full.id, leaver.id] is Standing.DECLINED
    assert stands[full.id, next_one.id] is Standing.GOING
    assert stands[past.id, leaver.id] is Standing.GOING
    assert rows(world, Briefing)[0].taken == 1
    assert rows(world, GroupSeat) == []
    assert [row.owner_id for row in rows(world, ActionItem) if row.id == item.id] == [dana.person]
    assert [(row.lead_id, row.alternate_id) for row in rows(world, Initiative)] == [
        (None, None)
    ] * 2
    assert "promoted" in {row.kind for row in rows(world, Delivery)}


def test_a_whole_organisation_leaves_at_once(world: World) -> None:
    home = world.organisation("Adobe")
    two = [world.person(organisation_id=home.id) for _ in range(2)]
    other, dana = world.person(), world.staff()

    asked = world.database.run(offboarding.foreseen, dana, NOON, "", "adobe")
    world.database.run(offboarding.carry_out, dana, NOON, asked.target)

    assert len(asked.people) == 2
    assert {as_now(world, person).role for person in two} == {Role.UNKNOWN}
    assert as_now(world, other).role is Role.MEMBER


def test_nobody_is_offboarded_by_whoever_may_not(world: World) -> None:
    person, root, dana = world.person(), admin(world), world.staff()
    elsewhere = World(world.database, "T0OTHER").person()

    for asker, target in (
        (world.member(), f"person {person.id}"),
        (dana, f"person {root.person}"),
        (dana, f"person {elsewhere.id}"),
        (root, f"person {root.person}"),
        (dana, "person"),
        (dana, "group 1"),
        (dana, "person 999999"),
        (dana, f"organisation {elsewhere.organisation_id}"),
    ):
        with pytest.raises(Refusal):
            world.database.run(offboarding.carry_out, asker, NOON, target)
    assert as_now(world, person).role is Role.MEMBER
    found = world.database.run(people.asker_of, elsewhere.workspace_id, NOON, elsewhere.id)
    assert found is not None
    assert found.role is Role.MEMBER


@pytest.mark.parametrize("target", ["person " + "9" * 30, "organisation " + "9" * 30, "person x"])
def test_what_no_number_can_be_is_nobody(world: World, target: str) -> None:
    with pytest.raises(Refusal, match="not here any more"):
        world.database.run(offboarding.carry_out, world.staff(), NOON, target)


@pytest.mark.parametrize(
    "given", [{"is_active": False}, {"is_bot": True}, {"erased_at": NOON}, {"domain": "other.org"}]
)
def test_a_button_links_nobody_whom_it_no_longer_proposes(
    world: World, given: dict[str, Any]
) -> None:
    adobe = world.organisation("Adobe")
    world.add(OrganisationDomain(organisation_id=adobe.id, domain="adobe.com"))
    person = world.person(role=Role.UNKNOWN, **{"domain": "adobe.com", **given})

    with pytest.raises(Refusal):
        world.database.run(proposals.confirm, world.staff(), NOON, person.id, adobe.id)

    assert [row.role for row in rows(world, Person) if row.id == person.id] == [Role.UNKNOWN]


def test_an_old_button_does_not_undo_a_newer_link(world: World) -> None:
    adobe, discord = world.organisation("Adobe"), world.organisation("Discord")
    world.add(OrganisationDomain(organisation_id=adobe.id, domain="adobe.com"))
    ana, dana = world.person(role=Role.UNKNOWN, domain="adobe.com"), world.staff()
    link(world, dana, ana.slack_user, "Discord")

    with pytest.raises(Refusal, match="is not any more"):
        world.database.run(proposals.confirm, dana, NOON, ana.id, adobe.id)

    assert as_now(world, ana).organisation == discord.id


def test_somebody_of_another_team_is_told_when_and_listed_then(world: World) -> None:
    fresh, old = NOON - timedelta(days=10), NOON - timedelta(days=181)
    soon = world.person("Soon", slack_team="T0OTHER", linked_at=fresh)
    world.person("Lapsed", slack_team="T0OTHER", linked_at=old)

    told = world.database.run(linking.standing, as_now(world, soon), NOON)
    page = world.database.run(proposals.waiting, world.staff(), NOON)

    assert told.until == fresh + timedelta(days=180)
    assert [line.name for line in page.rows] == ["Lapsed"]


def test_the_settings_make_no_second_first_admin(world: World) -> None:
    person = world.person(role=Role.UNKNOWN)
    given = (world.id, NOON, person.slack_team, person.slack_user)
    world.database.run(linking.bootstrap, *given)
    with altering(world.database) as session:
        session.execute(sa.update(Person).values(role=Role.UNKNOWN))

    assert not world.database.run(linking.bootstrap, *given)


def test_what_somebody_without_rights_still_holds_can_be_freed(world: World) -> None:
    person, dana = world.person(), world.staff()
    world.group("", person)
    with altering(world.database) as session:
        session.execute(sa.update(Person).where(Person.id == person.id).values(role=Role.UNKNOWN))

    asked = world.database.run(offboarding.foreseen, dana, NOON, person.slack_user, "")
    world.database.run(offboarding.carry_out, dana, NOON, asked.target)

    assert (asked.people, asked.seats) == ((), 1)
    assert rows(world, GroupSeat) == []


def test_a_day_that_is_handed_on_ends_where_its_new_owner_is(world: World) -> None:
    leaver, dana = world.person(zone="Asia/Tokyo"), world.staff()
    world.action(world.asker(leaver), due_on=date(2026, 12, 1))
    world.database.run(offboarding.carry_out, dana, NOON, f"person {leaver.id}")

    (item,) = rows(world, ActionItem)
    assert item.due_at == wall_time.end_of(date(2026, 12, 1), dana.zone)


def test_loading_the_file_again_gives_leavers_nothing_back(database: Database) -> None:
    told = tomllib.loads(demo.COALITION.read_text(encoding="utf-8"))
    loaded = database.run(facts.load, told, "T0CONVENE", NOON)
    space = World.__new__(World)
    space.database, space.id, space.team = database, loaded.workspace, "T0CONVENE"
    known = rows(space, Person)
    root = space.asker(next(person for person in known if person.role is Role.ADMIN))
    gone = {person.id for person in known if person.role in {Role.MEMBER, Role.EXTERNAL}}
    for number in sorted(gone):
        database.run(offboarding.carry_out, root, NOON, f"person {number}")

    database.run(facts.load, told, "T0CONVENE", NOON + timedelta(days=1))

    live = {ActionState.OPEN, ActionState.PROPOSED}
    assert not [row for row in rows(space, GroupSeat) if row.person_id in gone]
    assert not [row for row in rows(space, Initiative) if row.lead_id in gone]
    assert not [r for r in rows(space, ActionItem) if r.owner_id in gone and r.state in live]
