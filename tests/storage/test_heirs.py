"""Handing on what a leaver held: to whom, what they may hold, and what becomes of the rest."""

import tomllib
from datetime import date, timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from bot import demo
from storage import facts, offboarding, wall_time
from storage.asker import Asker
from storage.database import Database
from storage.errors import Refusal
from storage.heirs import Handed
from storage.models import (
    ActionItem,
    Audience,
    AuditEntry,
    Delivery,
    GroupSeat,
    Initiative,
    Person,
    Role,
    WorkingGroup,
)
from storage.offboarding import Leaving
from tests.factories import NOON, World, altering, seeing_all


@pytest.fixture
def world(database: Database) -> World:
    return World(database)


def foresee(world: World, asker: Asker, leaver: Person, heir: Person) -> Leaving:
    asked = (leaver.slack_user, "", heir.slack_user)
    return world.database.run(offboarding.foreseen, asker, NOON, *asked)


def carry_out(world: World, asker: Asker, target: str) -> Leaving:
    return world.database.run(offboarding.carry_out, asker, NOON, target)


def rows(world: World, model: type[Any]) -> list[Any]:
    with seeing_all(world.database) as session:
        return list(session.scalars(sa.select(model).order_by(model.id)))


def test_what_the_heir_may_see_goes_to_them_and_the_rest_as_ever(world: World) -> None:
    ana, bo, dana = world.person("Ana"), world.person("Bo", zone="Asia/Tokyo"), world.staff()
    day, staff = date(2026, 12, 1), {"audience": Audience.STAFF}
    given = world.action(world.asker(ana), due_on=day)
    kept = world.action(world.asker(ana), **staff)
    led, vacant = world.initiative(lead_id=ana.id), world.initiative(lead_id=ana.id, **staff)
    chaired, hidden = world.group("", chairs=(ana,)), world.group("", chairs=(ana,), **staff)
    sits = world.group("", ana, bo)

    asked = foresee(world, dana, ana, bo)
    done = carry_out(world, dana, asked.target)

    assert asked.target == f"person {ana.id} to {bo.id}"
    assert asked.handed == done.handed
    assert isinstance(done.handed, Handed)
    assert (done.handed.items, done.handed.leads, done.handed.chairs) == (
        (f"A{given.id}",),
        (f"I{led.id}",),
        (f"G{chaired.id}",),
    )
    assert done.handed.refused == (f"A{kept.id}", f"I{vacant.id}", f"G{hidden.id}")
    assert {row.id: row.owner_id for row in rows(world, ActionItem)} == {
        given.id: bo.id,
        kept.id: dana.person,
    }
    assert rows(world, ActionItem)[0].due_at == wall_time.end_of(day, "Asia/Tokyo")
    assert {row.id: row.lead_id for row in rows(world, Initiative)} == {
        led.id: bo.id,
        vacant.id: None,
    }
    assert {(row.group_id, row.person_id, row.is_chair) for row in rows(world, GroupSeat)} == {
        (chaired.id, bo.id, True),
        (sits.id, bo.id, False),
    }
    handed_on = [entry for entry in rows(world, AuditEntry) if entry.verb == "hand on"]
    assert {(entry.subject, entry.after["person"]) for entry in handed_on} == {
        (f"action {given.id}", bo.id),
        (f"action {kept.id}", dana.person),
        (f"initiative {led.id}", bo.id),
        (f"group {chaired.id}", bo.id),
    }
    (told,) = [row for row in rows(world, Delivery) if row.kind == "handed_on"]
    assert told.recipient == bo.slack_user
    assert told.details["numbers"] == [f"A{given.id}", f"I{led.id}", f"G{chaired.id}"]


def test_whoever_sits_there_already_becomes_its_chair(world: World) -> None:
    ana, bo, dana = world.person(), world.person(), world.staff()
    group = world.group("", bo, chairs=(ana,), audience=Audience.STAFF)

    carry_out(world, dana, foresee(world, dana, ana, bo).target)

    (seat,) = rows(world, GroupSeat)
    assert (seat.group_id, seat.person_id, seat.is_chair) == (group.id, bo.id, True)


def test_a_whole_organisation_is_handed_on_too(world: World) -> None:
    home = world.organisation("Adobe")
    two = [world.person(organisation_id=home.id) for _ in range(2)]
    bo, dana = world.person(), world.staff()
    for one in two:
        world.action(world.asker(one))

    asked = world.database.run(offboarding.foreseen, dana, NOON, "", "adobe", bo.slack_user)
    carry_out(world, dana, asked.target)

    assert {row.owner_id for row in rows(world, ActionItem)} == {bo.id}


def test_nothing_is_handed_to_whoever_can_hold_nothing(world: World) -> None:
    ana, dana = world.person("Ana"), world.staff()
    elsewhere = World(world.database, "T0OTHER").person()
    for heir, why in (
        (world.person(role=Role.UNKNOWN), "is not linked"),
        (world.person(is_active=False), "is not linked"),
        (world.person(is_bot=True), "is not linked"),
        (ana, "is among those who leave"),
        (elsewhere, "the bot has met"),
    ):
        with pytest.raises(Refusal, match=why):
            foresee(world, dana, ana, heir)
        with pytest.raises(Refusal, match=why):
            carry_out(world, dana, f"person {ana.id} to {heir.id}")
    for odd in ("", "x", "-1", "9" * 30):
        with pytest.raises(Refusal, match="the bot has met"):
            carry_out(world, dana, f"person {ana.id} to {odd}")
    with pytest.raises(Refusal, match="for the secretariat"):
        foresee(world, world.member(), ana, world.person())

    assert [row.role for row in rows(world, Person) if row.id == ana.id] == [Role.MEMBER]


def test_what_the_heir_may_see_is_asked_again_at_the_button(world: World) -> None:
    ana, bo, dana = world.person(), world.person(), world.staff()
    item = world.action(world.asker(ana))
    asked = foresee(world, dana, ana, bo)
    with altering(world.database) as session:
        session.execute(sa.update(Person).where(Person.id == bo.id).values(role=Role.EXTERNAL))

    done = carry_out(world, dana, asked.target)

    assert asked.handed is not None
    assert done.handed is not None
    assert (asked.handed.refused, done.handed.refused) == ((), (f"A{item.id}",))
    assert [row.owner_id for row in rows(world, ActionItem)] == [dana.person]


def test_loading_the_file_again_takes_nothing_from_the_heir(database: Database) -> None:
    told = tomllib.loads(demo.COALITION.read_text(encoding="utf-8"))
    space = World.__new__(World)
    space.database, space.team = database, "T0CONVENE"
    space.id = database.run(facts.load, told, "T0CONVENE", NOON).workspace
    known = {person.slack_user: person for person in rows(space, Person)}
    root, ana, bo = (known[user] for user in ("U0ANA", "U0YUSUF", "U0RAFAEL"))
    carry_out(space, space.asker(root), f"person {ana.id} to {bo.id}")
    before = theirs(space, bo)

    database.run(facts.load, told, "T0CONVENE", NOON + timedelta(days=1))

    assert before == theirs(space, bo)
    assert "Lantern" in str(before)


def theirs(world: World, bo: Person) -> dict[str, list[str]]:
    groups = {row.id: row.title for row in rows(world, WorkingGroup)}
    return {
        "items": [row.title for row in rows(world, ActionItem) if row.owner_id == bo.id],
        "leads": [row.title for row in rows(world, Initiative) if row.lead_id == bo.id],
        "chairs": [
            groups[row.group_id]
            for row in rows(world, GroupSeat)
            if row.person_id == bo.id and row.is_chair
        ],
    }
