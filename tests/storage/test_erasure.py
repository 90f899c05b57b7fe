"""Who may erase whom, and that nothing of an erased person is left in the database."""

from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from storage import deliveries, erasure, people, personal, rsvps
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
    DeliveryState,
    GroupSeat,
    Initiative,
    Person,
    Role,
    Rsvp,
    Standing,
)
from tests.factories import NOON, World, at_once, every_row, seeing_all

CANARIES = ("cnry-name", "cnry-title", "cnry-user", "cnry-domain", "cnry-note", "cnry-done")


@pytest.fixture
def world(database: Database) -> World:
    return World(database)


def rows(world: World, *statement: Any) -> list[Any]:
    with seeing_all(world.database) as session:
        return list(session.scalars(*statement))


def test_nothing_that_says_who_they_were_is_left(world: World) -> None:
    person = world.person(
        "cnry-name", slack_user="cnry-user", title="cnry-title", domain="cnry-domain"
    )
    asker = world.asker(person)
    past = world.briefing()
    world.database.run(rsvps.answer, asker, NOON, past.id, Answer.GOING, "cnry-note")
    world.action(asker, note="cnry-done")
    with world.database.writing() as session:
        deliveries.owe(
            session, world.id, NOON, key="x", kind="promoted", recipient="cnry-user", details={}
        )
    assert all(canary in str(every_row(world.database)) for canary in CANARIES)

    world.database.run(erasure.erase, asker, NOON + timedelta(days=9), person.id)

    assert [canary for canary in CANARIES if canary in str(every_row(world.database))] == []
    assert [one.state for one in rows(world, sa.select(Delivery))] == [DeliveryState.SKIPPED]
    kept = rows(world, sa.select(Rsvp))
    assert [(one.organisation_id, one.standing) for one in kept] == [
        (asker.organisation, Standing.GOING)
    ]


def test_their_seats_go_to_whoever_waits(world: World) -> None:
    going, waiting = world.person(), world.member()
    briefing = world.briefing(capacity=1)
    world.group("Hashing", going)
    world.initiative(lead_id=going.id)
    world.initiative(alternate_id=going.id)
    for asker in (world.asker(going), waiting):
        world.database.run(rsvps.answer, asker, NOON, briefing.id, Answer.GOING)

    world.database.run(erasure.erase, world.asker(going), NOON, going.id)

    left = {one.person_id: one.standing for one in rows(world, sa.select(Rsvp))}
    assert left == {going.id: Standing.DECLINED, waiting.person: Standing.GOING}
    assert rows(world, sa.select(Briefing.taken)) == [1]
    assert rows(world, sa.select(GroupSeat)) == []
    assert rows(world, sa.select(Initiative.lead_id)) == [None, None]
    assert rows(world, sa.select(Initiative.alternate_id)) == [None, None]
    assert rows(world, sa.select(Person.name).where(Person.id == going.id)) == [personal.NAME]


def test_open_items_go_back_to_whoever_gave_them_or_to_the_secretariat(world: World) -> None:
    person, giver, gone = world.person(), world.member(), world.person(is_active=False)
    robot = world.person(role=Role.STAFF, is_bot=True)
    staff, asker = world.staff(), world.asker(person)
    unlinked = world.unknown()
    given = world.action(asker, creator_id=giver.person, due_on=NOON.date())
    own, orphan = world.action(asker), world.action(asker, creator_id=gone.id)
    unlinked_gave = world.action(asker, creator_id=unlinked.person)
    done = world.action(asker, state=ActionState.DONE, done_at=NOON)

    world.database.run(erasure.erase, asker, NOON, person.id)

    owners = {one.id: one.owner_id for one in rows(world, sa.select(ActionItem))}
    assert owners == {
        given.id: giver.person,
        own.id: staff.person,
        orphan.id: staff.person,
        unlinked_gave.id: staff.person,
        done.id: person.id,
    }
    assert robot.id < staff.person


def test_the_last_admin_names_another_first(world: World) -> None:
    admin, _gone = world.person(role=Role.ADMIN), world.person(role=Role.ADMIN, is_active=False)
    with pytest.raises(Refusal, match="Make a colleague admin first"):
        world.database.run(erasure.erase, world.asker(admin), NOON, admin.id)

    world.person(role=Role.ADMIN)

    world.database.run(erasure.erase, world.asker(admin), NOON, admin.id)


def test_of_two_admins_who_go_at_once_one_stays(world: World) -> None:
    admins = [world.person(role=Role.ADMIN) for _ in range(2)]
    askers = [world.asker(admin) for admin in admins]

    def go(asker: Asker) -> bool:
        try:
            world.database.run(erasure.erase, asker, NOON, asker.person)
        except Refusal:
            return False
        return True

    gone = at_once(2, go, askers)

    assert sorted(gone) == [False, True]
    active = sa.select(Person.role).where(Person.is_active, Person.role == Role.ADMIN)
    assert rows(world, active) == [Role.ADMIN]


def test_only_an_admin_erases_others_and_only_those_who_left(world: World) -> None:
    here, gone = world.person(), world.person(is_active=False)
    elsewhere = World(world.database, "T0OTHER").person(is_active=False)
    admin = world.asker(world.person(role=Role.ADMIN))
    sentences = []
    for asker, person in (
        (world.member(), gone.id),
        (world.staff(), gone.id),
        (admin, elsewhere.id),
        (admin, 10_000),
        (admin, here.id),
    ):
        with pytest.raises(Refusal) as refused:
            world.database.run(erasure.erase, asker, NOON, person)
        sentences.append(str(refused.value))

    world.database.run(erasure.erase, admin, NOON, gone.id)

    assert len(set(sentences[:4])) == 1
    assert "only they can" in sentences[4]
    assert [one.verb for one in rows(world, sa.select(AuditEntry))] == ["erase"]


def test_whoever_comes_back_is_somebody_new(world: World) -> None:
    person = world.person(slack_user="U0BACK")
    world.database.run(erasure.erase, world.asker(person), NOON, person.id)

    with world.database.reading() as session:
        assert people.asker(session, world.id, NOON, world.team, "U0BACK") is None
