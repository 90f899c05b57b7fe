"""Turnouts: who came, who did not and of whom nothing is noted, for staff alone."""

from datetime import timedelta

import pytest
import sqlalchemy as sa

from storage import checking_in, rsvps, turnouts
from storage.asker import Asker
from storage.database import Database
from storage.errors import Refusal
from storage.models import (
    Answer,
    AuditEntry,
    Briefing,
    Delivery,
    OrganisationKind,
    Person,
    Role,
    Rsvp,
    Tlp,
)
from tests.factories import NOON, World, altering, seeing_all

DAY = timedelta(days=1)


@pytest.fixture
def world(database: Database) -> World:
    return World(database)


def attended(world: World, **given: object) -> tuple[Briefing, dict[str, Asker]]:
    """Make a briefing to which Ana and Ben went and Cy may have gone; Eve said maybe."""
    briefing = world.briefing("Forum", **{"starts_at": NOON - timedelta(minutes=10), **given})
    adobe = world.organisation("Adobe").id
    hotline = world.organisation("Hotline", kind=OrganisationKind.HOTLINE).id
    people = {
        "Ana": world.member("Ana", organisation_id=adobe),
        "Ben": world.member("Ben", organisation_id=adobe),
        "Cy": world.asker(world.person("Cy", role=Role.EXTERNAL, organisation_id=hotline)),
        "Eve": world.member("Eve", organisation_id=adobe),
    }
    with altering(world.database) as session:
        session.add_all(
            Rsvp(
                workspace_id=world.id,
                briefing_id=briefing.id,
                person_id=asker.person,
                organisation_id=asker.organisation,
                standing="maybe" if name == "Eve" else "going",
                answered_at=NOON,
                came={"Ana": True, "Ben": False}.get(name),
            )
            for name, asker in people.items()
        )
    return briefing, people


def names(world: World, asker: Asker) -> list[list[str]]:
    found = world.database.run(turnouts.turnout, asker, NOON, "Forum")
    return [[line.name for line in found.of(came)] for came in (True, False, None)]


def test_staff_read_who_came_who_did_not_and_of_whom_nothing_is_noted(world: World) -> None:
    attended(world)

    assert names(world, world.staff()) == [["Ana"], ["Ben"], ["Cy"]]


def test_nobody_else_reads_who_did_not_come(world: World) -> None:
    briefing, people = attended(world)

    for asker in (people["Ben"], world.member(), world.external()):
        with pytest.raises(Refusal):
            world.database.run(turnouts.turnout, asker, NOON, "Forum")
        with pytest.raises(Refusal):
            world.database.run(turnouts.ask, asker, NOON, briefing.id)
        assert world.database.run(turnouts.seen, asker, NOON, briefing.id) is None


def test_whoever_came_without_a_seat_is_there_too(world: World) -> None:
    _, people = attended(world)
    dana = world.staff()

    world.database.run(checking_in.add, dana, NOON, "Forum", [people["Eve"].slack_user])

    assert names(world, dana) == [["Ana", "Eve"], ["Ben"], ["Cy"]]


def test_the_file_is_owed_once_a_minute_and_the_record_says_who_took_it(world: World) -> None:
    briefing, _ = attended(world)
    dana = world.staff()

    for now in (NOON, NOON, NOON + timedelta(minutes=1)):
        world.database.run(turnouts.ask, dana, now, briefing.id)

    with seeing_all(world.database) as session:
        owed = session.scalars(sa.select(Delivery.kind)).all()
        taken = session.execute(sa.select(AuditEntry.verb, AuditEntry.actor_id)).all()
    assert owed == ["attendance_file"] * 2
    assert [tuple(row) for row in taken] == [("export", dana.person)] * 2


def test_what_its_label_lets_nobody_take_away_is_in_no_file(world: World) -> None:
    briefing, _ = attended(world, tlp=Tlp.AMBER_STRICT)
    dana = world.staff()

    assert not world.database.run(turnouts.turnout, dana, NOON, "Forum").may_export
    with pytest.raises(Refusal, match=r"TLP:AMBER\+STRICT"):
        world.database.run(turnouts.ask, dana, NOON, briefing.id)
    assert world.database.run(turnouts.seen, dana, NOON, briefing.id) is None


def test_whoever_is_staff_no_more_gets_no_file(world: World) -> None:
    briefing, _ = attended(world)
    dana = world.staff()
    assert world.database.run(turnouts.seen, dana, NOON, briefing.id) is not None

    with altering(world.database) as session:
        lowered = sa.update(Person).where(Person.id == dana.person)
        session.execute(lowered.values(role=Role.MEMBER))
        person = session.get_one(Person, dana.person)

    assert world.database.run(turnouts.seen, world.asker(person), NOON, briefing.id) is None


def test_an_answer_to_another_briefing_is_not_among_them(world: World) -> None:
    attended(world)
    other = world.briefing("Other")
    world.database.run(rsvps.answer, world.member("Gus"), NOON, other.id, Answer.GOING)

    assert names(world, world.staff()) == [["Ana"], ["Ben"], ["Cy"]]
