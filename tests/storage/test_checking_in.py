"""Checking in: who of those who go came, noted by staff, within its time, again and again."""

from datetime import datetime, timedelta

import pytest
import sqlalchemy as sa

from storage import checking_in, rsvps
from storage.asker import Asker
from storage.checking_in import EARLY, LATE, MOST, Noted, Sheet
from storage.database import Database
from storage.errors import Refusal
from storage.models import Answer, AuditEntry, Briefing, Kind, Rsvp, Standing, State
from tests.factories import NOON, World, altering, every_row, seeing_all

DAY = timedelta(days=1)
SECOND = timedelta(seconds=1)


@pytest.fixture
def world(database: Database) -> World:
    return World(database)


def taking_place(world: World, **given: object) -> Briefing:
    return world.briefing("Forum", **{"starts_at": NOON - timedelta(minutes=10), **given})


def say(world: World, briefing: Briefing, said: Answer, *names: str) -> list[Asker]:
    askers = [world.member(name) for name in names]
    for asker in askers:
        world.database.run(rsvps.answer, asker, NOON - DAY, briefing.id, said)
    return askers


def sheet(world: World, asker: Asker, called: str = "Forum", now: datetime = NOON) -> Sheet:
    return world.database.run(checking_in.sheet, asker, now, called)


def save(world: World, asker: Asker, found: Sheet, *came: str, now: datetime = NOON) -> Noted:
    shown = [guest.rsvp_id for guest in found.guests]
    checked = {guest.rsvp_id for guest in found.guests if guest.name in came}
    return world.database.run(checking_in.save, asker, now, found.briefing.id, shown, checked)


def stands(world: World) -> dict[str, bool | None]:
    with seeing_all(world.database) as session:
        rows = session.scalars(sa.select(Rsvp).options(sa.orm.selectinload(Rsvp.person)))
        return {row.person.name: row.came for row in rows}


def test_whoever_is_checked_came_and_the_others_who_had_a_seat_did_not(world: World) -> None:
    briefing, dana = taking_place(world), world.staff("Dana")
    say(world, briefing, Answer.GOING, "Ana", "Ben", "Cy")
    say(world, briefing, Answer.MAYBE, "Eve")

    noted = save(world, dana, sheet(world, dana), "Ana", "Cy")

    assert (noted.came, noted.missed, noted.changed) == (2, 1, True)
    assert stands(world) == {"Ana": True, "Ben": False, "Cy": True, "Eve": None}


def test_the_form_lists_by_organisation_who_has_a_seat_and_what_is_noted(world: World) -> None:
    briefing, dana = taking_place(world), world.staff("Dana")
    adobe, roblox = world.organisation("Adobe"), world.organisation("Roblox")
    for name, home in (("Ana", roblox), ("Ben", adobe), ("Cy", adobe)):
        asker = world.member(name, organisation_id=home.id)
        world.database.run(rsvps.answer, asker, NOON - DAY, briefing.id, Answer.GOING)
    save(world, dana, sheet(world, dana), "Cy")

    found = sheet(world, dana, now=NOON + SECOND)

    assert [(guest.name, guest.organisation, guest.came) for guest in found.guests] == [
        ("Ben", "Adobe", False),
        ("Cy", "Adobe", True),
        ("Ana", "Roblox", False),
    ]
    assert found.last is not None
    assert (found.last.name, found.last.at, found.left_out) == ("Dana", NOON, 0)


def test_it_is_opened_again_and_the_record_says_who_changed_what(world: World) -> None:
    briefing, dana, dov = taking_place(world), world.staff("Dana"), world.staff("Dov")
    say(world, briefing, Answer.GOING, "Ana", "Ben")
    save(world, dana, sheet(world, dana), "Ana")

    again = save(world, dov, sheet(world, dov), "Ben", now=NOON + DAY)
    same = save(world, dana, sheet(world, dana), "Ben", now=NOON + 2 * DAY)

    assert (again.changed, same.changed, same.came) == (True, False, 1)
    assert stands(world) == {"Ana": False, "Ben": True}
    with seeing_all(world.database) as session:
        written = sa.select(AuditEntry).where(AuditEntry.verb == checking_in.VERB)
        entries = session.scalars(written.order_by(AuditEntry.id)).all()
    assert [entry.actor_id for entry in entries] == [dana.person, dov.person]
    assert entries[1].subject == f"briefing {briefing.id}"
    assert list(entries[1].before.values()) == [True, False]
    assert list(entries[1].after.values()) == [False, True]


@pytest.mark.parametrize(
    ("after_start", "after_end", "why"),
    [
        (-EARLY - SECOND, None, "Check-in opens"),
        (-EARLY, None, None),
        (None, LATE - SECOND, None),
        (None, LATE, "Check-in closed"),
    ],
)
def test_it_may_be_done_from_an_hour_before_until_thirty_days_after(
    world: World,
    after_start: timedelta | None,
    after_end: timedelta | None,
    why: str | None,
) -> None:
    briefing, dana = taking_place(world), world.staff()
    say(world, briefing, Answer.GOING, "Ana")
    at = briefing.starts_at if after_start is not None else briefing.ends_at
    now = at + (after_start or after_end or timedelta())

    if why is None:
        assert save(world, dana, sheet(world, dana, now=now), "Ana", now=now).came == 1
        return
    for called in ("Forum", f"E{briefing.id}"):
        with pytest.raises(Refusal, match=why):
            sheet(world, dana, called, now)
    with pytest.raises(Refusal, match=why):
        world.database.run(checking_in.save, dana, now, briefing.id, [1], {1})


def test_nobody_but_staff_notes_who_came(world: World) -> None:
    briefing = taking_place(world)
    (ana,) = say(world, briefing, Answer.GOING, "Ana")
    before = every_row(world.database)

    for asker in (ana, world.member()):
        for ask in (
            lambda: sheet(world, asker),  # noqa: B023 -- called at once
            lambda: world.database.run(checking_in.save, asker, NOON, briefing.id, [1], {1}),  # noqa: B023
            lambda: world.database.run(checking_in.add, asker, NOON, "Forum", [ana.slack_user]),  # noqa: B023
        ):
            with pytest.raises(Refusal, match="for the secretariat"):
                ask()

    after = every_row(world.database)
    assert (after["rsvps"], after["audit_entries"]) == (before["rsvps"], before["audit_entries"])


@pytest.mark.parametrize(
    ("given", "why"),
    [
        ({"kind": Kind.EXTERNAL}, "Others hold this event"),
        ({"state": State.DRAFT}, "is a draft"),
        ({"state": State.CANCELLED}, "was cancelled"),
        ({}, "Nobody has a seat"),
    ],
)
def test_where_nobody_can_be_checked_in_it_says_why(
    world: World, given: dict[str, object], why: str
) -> None:
    taking_place(world, **given)

    with pytest.raises(Refusal, match=why):
        sheet(world, world.staff())


def test_ids_that_were_not_on_the_form_change_nothing(world: World) -> None:
    briefing, dana = taking_place(world), world.staff()
    other = world.briefing("Other", starts_at=NOON - timedelta(minutes=10))
    say(world, briefing, Answer.GOING, "Ana", "Ben")
    say(world, other, Answer.GOING, "Cy")
    (ben,) = (guest for guest in sheet(world, dana).guests if guest.name == "Ben")
    (cy,) = sheet(world, dana, "Other").guests
    run, forged = world.database.run, [0, cy.rsvp_id, 999_999_999]

    with pytest.raises(Refusal, match="Open it again"):
        run(checking_in.save, dana, NOON, briefing.id, forged, set(forged))
    noted = run(checking_in.save, dana, NOON, briefing.id, [ben.rsvp_id, *forged], set(forged))

    assert (noted.came, noted.missed) == (0, 1)
    assert stands(world) == {"Ana": None, "Ben": False, "Cy": None}


def test_whoever_takes_a_seat_after_the_form_was_opened_has_missed_nothing(world: World) -> None:
    briefing, dana = taking_place(world), world.staff()
    say(world, briefing, Answer.GOING, "Ana")
    found = sheet(world, dana)
    world.database.run(rsvps.answer, world.member("Ben"), NOON, briefing.id, Answer.GOING)

    save(world, dana, found, "Ana")

    assert stands(world) == {"Ana": True, "Ben": None}


def test_those_for_whom_the_form_has_no_room_are_counted_and_left_alone(world: World) -> None:
    briefing, dana = taking_place(world, taken=MOST + 3), world.staff()
    person = world.person("Ana")
    with altering(world.database) as session:
        for number in range(MOST + 3):
            someone = world_person(world, number) if number else person.id
            session.add(
                Rsvp(
                    workspace_id=world.id,
                    briefing_id=briefing.id,
                    person_id=someone,
                    standing=Standing.GOING,
                    answered_at=NOON,
                )
            )

    found = sheet(world, dana)
    noted = save(world, dana, found)

    assert (len(found.guests), found.left_out) == (MOST, 3)
    assert (noted.came, noted.missed) == (0, MOST)
    assert list(stands(world).values()).count(None) == 3


def world_person(world: World, number: int) -> int:
    return world.person(f"Person {number:03}", organisation_id=None).id


def test_by_name_whoever_answered_at_all_may_be_noted_to_have_come(world: World) -> None:
    briefing, dana = taking_place(world), world.staff()
    (ana,) = say(world, briefing, Answer.GOING, "Ana")
    (eve,) = say(world, briefing, Answer.DECLINED, "Eve")
    stranger = world.member("Cy")
    users = [ana.slack_user, eve.slack_user, stranger.slack_user, "U0NOBODY"]

    noted = world.database.run(checking_in.add, dana, NOON, "Forum", users)

    assert (noted.came, noted.missed, noted.changed) == (2, 0, True)
    assert noted.unanswered == ("Cy", checking_in.STRANGER)
    assert stands(world) == {"Ana": True, "Eve": True}


def test_who_came_without_a_seat_stands_on_the_form_and_can_be_taken_back(world: World) -> None:
    briefing, dana = taking_place(world), world.staff()
    (eve,) = say(world, briefing, Answer.DECLINED, "Eve")
    world.database.run(checking_in.add, dana, NOON, "Forum", [eve.slack_user])

    noted = save(world, dana, sheet(world, dana))

    assert (noted.came, noted.missed, noted.changed) == (0, 0, True)
    assert stands(world) == {"Eve": None}


def test_of_two_with_like_titles_the_one_that_takes_place_is_meant(world: World) -> None:
    world.briefing("Forum in Paris", starts_at=NOON + 9 * DAY)
    meant = world.briefing("Forum in London", starts_at=NOON)
    say(world, meant, Answer.GOING, "Ana")

    assert sheet(world, world.staff(), "forum").briefing.id == meant.id
