"""Answers recorded for somebody: as if it were theirs, told to them, and theirs to change."""

from datetime import timedelta

import pytest
import sqlalchemy as sa

from storage import recording, rsvps
from storage.asker import Asker
from storage.database import Database
from storage.errors import Guarded, Refusal
from storage.models import (
    Answer,
    Audience,
    AuditEntry,
    Briefing,
    Delivery,
    Rsvp,
    Standing,
    State,
    Tlp,
)
from storage.recording import Recorded
from tests.factories import NOON, World, every_row, seeing_all

GOING, MAYBE, DECLINED = Answer.GOING, Answer.MAYBE, Answer.DECLINED


@pytest.fixture
def world(database: Database) -> World:
    return World(database)


def record(
    world: World,
    asker: Asker,
    person: Asker,
    briefing: Briefing,
    said: Answer = GOING,
    note: str | None = None,
) -> Recorded:
    called = f"E{briefing.id}"
    return world.database.run(recording.record, asker, NOON, person.slack_user, called, said, note)


def row(world: World) -> Rsvp:
    with seeing_all(world.database) as session:
        return session.scalars(sa.select(Rsvp)).one()


def owed(world: World) -> list[tuple[str, str, str]]:
    with seeing_all(world.database) as session:
        return [(d.kind, d.recipient, d.key) for d in session.scalars(sa.select(Delivery))]


def test_it_is_their_answer_and_says_who_recorded_it(world: World) -> None:
    dana, ana, briefing = world.staff("Dana"), world.member("Ana"), world.briefing(capacity=1)

    told = record(world, dana, ana, briefing, note="by phone")

    assert (told.name, told.outcome.standing, told.outcome.changed) == ("Ana", Standing.GOING, True)
    own = row(world)
    assert (own.person_id, own.organisation_id) == (ana.person, ana.organisation)
    assert (own.recorded_by_id, own.note) == (dana.person, "by phone")
    assert owed(world) == [
        ("answer_recorded", ana.slack_user, f"recorded:{briefing.id}:{ana.person}:1")
    ]
    with seeing_all(world.database) as session:
        (entry,) = session.scalars(sa.select(AuditEntry)).all()
    assert (entry.actor_id, entry.verb, entry.before, entry.after) == (
        dana.person,
        "rsvp",
        {"person": ana.person},
        {"person": ana.person, "standing": "going"},
    )


def test_an_answer_of_their_own_takes_its_place(world: World) -> None:
    dana, ana, briefing = world.staff(), world.member(), world.briefing()
    for answer in (GOING, MAYBE):  # the same again, and another
        record(world, dana, ana, briefing)
        world.database.run(rsvps.answer, ana, NOON, briefing.id, answer)

        assert row(world).recorded_by_id is None


def test_to_record_what_was_said_before_changes_and_tells_nothing(world: World) -> None:
    dana, ana, briefing = world.staff(), world.member(), world.briefing()
    world.database.run(rsvps.answer, ana, NOON, briefing.id, GOING)

    told = record(world, dana, ana, briefing)

    assert (told.outcome.changed, row(world).recorded_by_id, owed(world)) == (False, None, [])


def test_staff_take_no_seat_that_is_not_free(world: World) -> None:
    dana, ana, briefing = world.staff(), world.member(), world.briefing(capacity=1)
    world.database.run(rsvps.answer, world.member(), NOON, briefing.id, GOING)

    assert record(world, dana, ana, briefing).outcome.position == 1


def test_what_staff_record_for_themselves_is_their_own_answer(world: World) -> None:
    dana = world.staff()

    record(world, dana, dana, world.briefing())

    assert (row(world).recorded_by_id, owed(world)) == (None, [])


@pytest.mark.parametrize("who", ["member", "external", "unknown"])
def test_nobody_but_staff_records_answers_of_others(world: World, who: str) -> None:
    asker, ana, briefing = getattr(world, who)(), world.member(), world.briefing()
    before = every_row(world.database)

    with pytest.raises(Refusal, match="by the secretariat"):
        record(world, asker, ana, briefing)

    assert every_row(world.database) == before


def test_what_they_could_not_answer_themselves_is_refused(world: World) -> None:
    dana = world.staff()
    circle = {"audience": Audience.COMMUNITY, "tlp": Tlp.GREEN}
    over = {"starts_at": NOON - timedelta(hours=2), "ends_at": NOON}
    before = every_row(world.database)
    for person, given, sentence in (
        (world.unknown(), circle, "Link this person"),
        (world.external("Eve"), {}, "Eve may not see"),
        (world.member("Ana"), {"state": State.DRAFT}, "Ana may not see"),
        (world.member(), {"closes_at": NOON}, "Registration closed"),
        (world.member(), over, "ended"),
    ):
        briefing = world.briefing(**given)
        before = every_row(world.database)

        with pytest.raises(Refusal, match=sentence):
            record(world, dana, person, briefing)

        assert every_row(world.database) == before


def test_a_note_of_others_is_guarded_too(world: World) -> None:
    signal = "d41d8cd98f00b204e9800998ecf8427e"

    with pytest.raises(Guarded):
        record(world, world.staff(), world.member(), world.briefing(), GOING, signal)


def test_people_of_another_workspace_are_not_known(world: World) -> None:
    other = World(world.database, "T0OTHER").member()

    with pytest.raises(Refusal, match="not known here"):
        record(world, world.staff(), other, world.briefing())


def test_another_note_is_a_change_of_which_they_hear(world: World) -> None:
    dana, ana, briefing = world.staff(), world.member(), world.briefing()
    world.database.run(rsvps.answer, ana, NOON, briefing.id, GOING, "no meat")

    told = [record(world, dana, ana, briefing, note="arrives late").outcome for _ in range(2)]

    assert [one.changed for one in told] == [True, False]
    own = row(world)
    assert (own.note, own.recorded_by_id, own.answered_at) == ("arrives late", dana.person, NOON)
    assert [key for _, _, key in owed(world)] == [f"recorded:{briefing.id}:{ana.person}:2"]
    with seeing_all(world.database) as session:
        entry = session.scalars(sa.select(AuditEntry).order_by(AuditEntry.id.desc())).first()
    assert entry is not None
    noted = {"person": ana.person, "standing": "going", "note": True}
    assert (entry.actor_id, entry.before, entry.after) == (dana.person, noted, noted)
