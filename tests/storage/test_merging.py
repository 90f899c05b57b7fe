"""A contact who has come to Slack: what was recorded for them is theirs, and counted once."""

from datetime import timedelta

import pytest

from storage import merging, personal, reminders
from storage.asker import Asker
from storage.database import Database
from storage.errors import Refusal
from storage.models import Answer, AuditEntry, Briefing, OrganisationKind, Role, Rsvp
from tests.factories import NOON, World, every_row
from tests.storage.test_contacts import colleague, owed, record, rows, say, stand

DAY = timedelta(days=1)


@pytest.fixture
def world(database: Database) -> World:
    made = World(database)
    made.organisation("Hotline", OrganisationKind.HOTLINE)
    made.organisation("Adobe")
    return made


@pytest.fixture
def dana(world: World) -> Asker:
    return world.staff("Dana")


def merge(world: World, asker: Asker, person: Asker, name: str = "Ana Example") -> merging.Merged:
    return world.database.run(merging.merge, asker, NOON, name, "Adobe", person.slack_user)


def test_what_was_recorded_is_theirs_with_its_seat_and_its_place(world: World, dana: Asker) -> None:
    one, full = world.briefing(), world.briefing(capacity=1)
    say(world, world.member("Lee"), full)
    for briefing in (one, full):
        record(world, dana, briefing)
    say(world, world.member("Mo"), full)
    ana = colleague(world, "Ana Silva")

    told = merge(world, dana, ana)

    assert (told.person.id, told.organisation, told.answers) == (ana.person, "Adobe", 2)
    theirs = [row for row in rows(world, Rsvp) if row.person_id == ana.person]
    assert [(row.standing, row.recorded_by_id) for row in theirs] == [
        ("going", dana.person),
        ("waitlisted", dana.person),
    ]
    assert [briefing.taken for briefing in rows(world, Briefing)] == [1, 1]
    assert say(world, ana, full).position == 1
    assert "Ana Example" not in str(every_row(world.database))
    (entry,) = [one for one in rows(world, AuditEntry) if one.verb == "merge"]
    assert (entry.actor_id, entry.subject) == (dana.person, f"person {ana.person}")


def test_they_hear_of_what_is_to_come_and_are_reminded_from_then_on(
    world: World, dana: Asker
) -> None:
    briefing = world.briefing(starts_at=NOON + 3 * DAY)
    record(world, dana, briefing)
    ana = colleague(world, "Ana Silva")

    merge(world, dana, ana)
    world.database.run(reminders.plan, NOON + 2 * DAY)

    whose = {"briefing": briefing.id, "person": ana.person, "changes": 2}
    assert owed(world, "answer_recorded") == [(ana.slack_user, whose)]
    assert {one for one, _ in owed(world, "reminder")} == {ana.slack_user}


def test_where_both_answered_their_own_word_stays_and_the_seat_goes_on(
    world: World, dana: Asker
) -> None:
    briefing, ana = world.briefing(capacity=1), colleague(world, "Ana Silva")
    record(world, dana, briefing)
    say(world, ana, briefing, Answer.DECLINED)
    say(world, world.member("Mo"), briefing)

    assert merge(world, dana, ana).answers == 0

    assert stand(world) == {personal.NAME: "declined", "Ana Silva": "declined", "Mo": "going"}


def test_what_they_may_not_see_themselves_they_do_not_hold(world: World, dana: Asker) -> None:
    briefing, ana = world.briefing(capacity=1), colleague(world, "Ana Silva", role=Role.EXTERNAL)
    record(world, dana, briefing)
    say(world, world.member("Mo"), briefing)

    merge(world, dana, ana)

    assert stand(world) == {"Ana Silva": "declined", "Mo": "going"}


@pytest.mark.parametrize(
    ("who", "name", "sentence"),
    [
        ("Lee", "Ana Example", "not linked to Adobe yet"),
        ("Ana Silva", "Nobody There", "Nobody without Slack is called"),
    ],
)
def test_whoever_is_not_of_one_organisation_is_not_one_person(
    world: World, dana: Asker, who: str, name: str, sentence: str
) -> None:
    record(world, dana, world.briefing())
    people = {"Lee": world.member("Lee"), "Ana Silva": colleague(world, "Ana Silva")}
    before = every_row(world.database)

    with pytest.raises(Refusal, match=sentence):
        merge(world, dana, people[who], name)
    with pytest.raises(Refusal, match="for the secretariat"):
        merge(world, people[who], people[who])

    assert every_row(world.database) == before
