"""People without Slack: counted like everybody, told nothing, and staff told in their place."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from bot.digests import KINDS
from storage import (
    attendance,
    calendars,
    capacity,
    changes,
    checking_in,
    deliveries,
    erasure,
    forfeits,
    forgetting,
    heirs,
    last_calls,
    offboarding,
    offers,
    owners,
    people,
    personal,
    publishing,
    recaps,
    recording,
    recordings,
    reminders,
    rsvps,
    turnouts,
)
from storage.asker import Asker
from storage.database import Database, Session, writes
from storage.errors import Guarded, Refusal
from storage.models import (
    CONTACT,
    Answer,
    Audience,
    AuditEntry,
    Briefing,
    Delivery,
    Organisation,
    OrganisationKind,
    Person,
    Role,
    Rsvp,
    State,
    Tlp,
    Workspace,
)
from storage.recording import Recorded
from storage.retention import DEFAULTS
from tests.factories import NOON, World, altering, at_once, every_row, seeing_all

GOING, MAYBE, DECLINED = Answer.GOING, Answer.MAYBE, Answer.DECLINED
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
OPEN = {"audience": Audience.COMMUNITY, "tlp": Tlp.GREEN}


@pytest.fixture
def world(database: Database) -> World:
    made = World(database)
    made.organisation("Hotline", OrganisationKind.HOTLINE)
    made.organisation("Adobe")
    return made


@pytest.fixture
def dana(world: World) -> Asker:
    return world.staff("Dana")


def record(
    world: World,
    asker: Asker,
    briefing: Briefing,
    name: str = "Ana Example",
    home: str = "Adobe",
    said: Answer = GOING,
    now: datetime = NOON,
) -> Recorded:
    called = f"E{briefing.id}"
    return world.database.run(recording.record_contact, asker, now, name, home, called, said)


def say(world: World, asker: Asker, briefing: Briefing, said: Answer = GOING) -> rsvps.Outcome:
    return world.database.run(rsvps.answer, asker, NOON, briefing.id, said)


def rows(world: World, model: Any) -> list[Any]:
    with seeing_all(world.database) as session:
        return list(session.scalars(sa.select(model).order_by(model.id)))


def those_without_slack(world: World) -> list[Person]:
    return [one for one in rows(world, Person) if one.is_contact]


def stand(world: World) -> dict[str, str]:
    with seeing_all(world.database) as session:
        found = session.execute(sa.select(Person.name, Rsvp.standing).join(Rsvp.person))
        return {name: standing.value for name, standing in found}


def owed(world: World, kind: str = "contact_seated") -> list[tuple[str, dict[str, Any]]]:
    return [(row.recipient, row.details) for row in rows(world, Delivery) if row.kind == kind]


def colleague(world: World, name: str, home: str = "Adobe", **given: Any) -> Asker:
    (number,) = [one.id for one in rows(world, Organisation) if one.name == home]
    return world.member(name, organisation_id=number, **given)


@writes
def _moved(session: Session, briefing: int, values: dict[str, Any]) -> int:
    found = session.get_one(Briefing, briefing, execution_options={"unscoped": "a test's own"})
    before = changes.noted(found)
    for name, value in values.items():
        setattr(found, name, value)
    return changes.announce(session, NOON, found, before)


def move(world: World, briefing: Briefing, by: timedelta = HOUR) -> int:
    later = {"starts_at": briefing.starts_at + by, "ends_at": briefing.ends_at + by}
    return world.database.run(_moved, briefing.id, later)


def test_they_are_counted_under_their_organisation_and_marked_for_staff(
    world: World, dana: Asker
) -> None:
    briefing = world.briefing(capacity=9, **OPEN)
    told = record(world, dana, briefing)
    record(world, dana, briefing, "Bo", "Hotline", MAYBE)
    absent = world.database.run(attendance.missing, dana, NOON, f"E{briefing.id}")
    ana = colleague(world, "Lee")
    say(world, ana, briefing)

    seen = world.database.run(attendance.who, dana, NOON, f"E{briefing.id}")
    by_member = world.database.run(attendance.who, ana, NOON, f"E{briefing.id}")

    assert (told.name, told.organisation, told.outcome.changed) == ("Ana Example", "Adobe", True)
    assert (rows(world, Briefing)[0].taken, absent.names, absent.total) == (2, (), 1)
    adobe, hotline = seen.parties
    assert (adobe.organisation, adobe.people, adobe.names) == ("Adobe", 2, ("Ana Example", "Lee"))
    assert (adobe.without_slack, adobe.recorded) == (("Ana Example",), (("Ana Example", "Dana"),))
    assert (hotline.kind, hotline.without_slack) == (OrganisationKind.HOTLINE, ("Bo",))
    assert [party.without_slack for party in by_member.parties] == [(), ()]
    assert by_member.parties[0].names == ("Ana Example", "Lee")


def test_a_name_that_is_there_already_is_the_same_contact(world: World, dana: Asker) -> None:
    one, other = world.briefing(), world.briefing()
    record(world, dana, one, "Zoë  Example")
    again = record(world, dana, one, "zoe example")
    record(world, dana, other, "Zoe Example", "adobe")

    assert not again.outcome.changed
    assert [person.name for person in those_without_slack(world)] == ["Zoë  Example"]
    assert len(rows(world, Rsvp)) == 2
    made = [entry for entry in rows(world, AuditEntry) if entry.verb == "contact"]
    assert [(entry.actor_id, entry.subject) for entry in made] == [
        (dana.person, f"person {those_without_slack(world)[0].id}")
    ]


def test_the_same_name_elsewhere_is_somebody_else(world: World, dana: Asker) -> None:
    briefing = world.briefing(**OPEN)
    record(world, dana, briefing)
    record(world, dana, briefing, home="Hotline")

    assert [person.role for person in those_without_slack(world)] == [Role.MEMBER, Role.EXTERNAL]


def test_two_who_record_somebody_at_once_make_one_contact(world: World) -> None:
    briefing, staff = world.briefing(), [world.staff() for _ in range(6)]

    at_once(6, lambda asker: record(world, asker, briefing), staff)

    assert len(those_without_slack(world)) == 1
    assert rows(world, Briefing)[0].taken == 1


@pytest.mark.parametrize(
    ("name", "home", "sentence"),
    [
        ("Ana", "Adobi", "Did you mean Adobe"),
        ("Ana", "Nowhere at all", "Say which organisation"),
        ("12 34", "Adobe", "Say the name"),
        ("A" * 81, "Adobe", "81 characters; 80 fit"),
        ("The Secretariat", "Adobe", "passes for the secretariat"),
        ("Lee", "Adobe", "Lee .Adobe. is on Slack"),
        ("L\u0435e", "Adobe", "looks like Lee"),
    ],
)
def test_whoever_is_not_clear_is_refused_and_nothing_is_kept(
    world: World, dana: Asker, name: str, home: str, sentence: str
) -> None:
    briefing = world.briefing()
    colleague(world, "Lee")
    before = every_row(world.database)

    with pytest.raises(Refusal, match=sentence):
        record(world, dana, briefing, name, home)

    assert every_row(world.database) == before


def test_a_name_that_looks_like_a_signal_is_refused(world: World, dana: Asker) -> None:
    with pytest.raises(Guarded):
        record(world, dana, world.briefing(), "d41d8cd98f00b204e9800998ecf8427e")


@pytest.mark.parametrize("who", ["member", "external", "unknown"])
def test_nobody_but_staff_records_them(world: World, who: str) -> None:
    asker, briefing = getattr(world, who)(), world.briefing()
    before = every_row(world.database)

    with pytest.raises(Refusal, match="by the secretariat"):
        record(world, asker, briefing)

    assert every_row(world.database) == before


@pytest.mark.parametrize(
    ("home", "given", "others"),
    [
        ("Hotline", {}, "outside bodies"),
        ("Adobe", {"audience": Audience.STAFF}, "members"),
        ("Coalition", {"audience": Audience.STAFF}, "members"),
        ("Adobe", {"audience": Audience.NAMED}, "members"),
    ],
)
def test_what_they_may_not_see_is_refused_and_staff_hear_why(
    world: World, dana: Asker, home: str, given: dict[str, Any], others: str
) -> None:
    world.organisation("Coalition", OrganisationKind.SECRETARIAT)
    briefing = world.briefing(**given)
    before = every_row(world.database)

    with pytest.raises(Refusal, match=f"may not see E{briefing.id}.*count among {others}"):
        record(world, dana, briefing, home=home)

    assert every_row(world.database) == before


def test_nobody_without_slack_is_of_the_secretariat(world: World, dana: Asker) -> None:
    world.organisation("Coalition", OrganisationKind.SECRETARIAT)
    record(world, dana, world.briefing(), home="Coalition")

    (contact,) = those_without_slack(world)
    with seeing_all(world.database) as session:
        staff = people.secretariat(session, world.id)
        asker = people.asker_of(session, world.id, NOON, contact.id)
    assert [person for person, _ in staff] == [dana.person]
    assert asker is not None
    assert (asker.role, asker.is_staff, asker.is_contact) == (Role.MEMBER, False, True)


def test_they_hold_seats_of_their_company_and_wait_like_everybody(
    world: World, dana: Asker
) -> None:
    briefing = world.briefing(company_seats=1, capacity=2)
    record(world, dana, briefing)

    assert say(world, colleague(world, "Lee"), briefing).position == 1
    assert say(world, world.member("Mo"), briefing).standing == "going"
    assert record(world, dana, briefing, "Bo").outcome.position == 2


def test_whoever_moves_up_is_told_by_whoever_recorded_them(world: World, dana: Asker) -> None:
    eve = world.staff("Eve")
    briefing = world.briefing(capacity=1, starts_at=NOON + 3 * DAY)
    say(world, world.member("Lee"), briefing)
    for asker, name in ((dana, "Ana"), (dana, "Bo"), (eve, "Cy")):
        record(world, asker, briefing, name)

    world.database.run(capacity.set_capacity, eve, NOON, briefing.id, 4, None)

    assert stand(world) == dict.fromkeys(("Lee", "Ana", "Bo", "Cy"), "going")
    answers = [row.id for row in rows(world, Rsvp)]
    assert owed(world) == [
        (
            dana.slack_user,
            {"briefing": briefing.id, "person": dana.person, "answers": answers[1:3]},
        ),
        (eve.slack_user, {"briefing": briefing.id, "person": eve.person, "answers": answers[3:]}),
    ]
    assert owed(world, "promoted") == []


def test_on_the_last_day_a_seat_is_given_to_them_and_offered_to_others(
    world: World, dana: Asker
) -> None:
    briefing = world.briefing(capacity=2, starts_at=NOON + 5 * HOUR)
    lee, mo = world.member("Lee"), world.member("Mo")
    for asker in (lee, mo):
        say(world, asker, briefing)
    record(world, dana, briefing)
    say(world, world.member("Ny"), briefing)
    for asker in (lee, mo):
        say(world, asker, briefing, DECLINED)

    lapsed = world.database.run(offers.plan, NOON + 4 * HOUR + DAY / 1440)

    assert lapsed == 0  # alone on the waitlist, it stays Ny's to take
    assert stand(world) == {
        "Lee": "declined",
        "Mo": "declined",
        "Ana Example": "going",
        "Ny": "offered",
    }
    assert [recipient for recipient, _ in owed(world)] == [dana.slack_user]
    assert len(owed(world, "seat_offered")) == 1


@pytest.mark.parametrize("kind", sorted(KINDS))
def test_no_kind_of_news_is_ever_owed_to_them(world: World, dana: Asker, kind: str) -> None:
    record(world, dana, world.briefing())
    (contact,) = those_without_slack(world)

    @writes
    def owe(session: Session, recipient: str) -> bool:
        key = f"x:{recipient}"
        return deliveries.owe(
            session, world.id, NOON, key=key, kind=kind, recipient=recipient, details={}
        )

    assert not world.database.run(owe, contact.slack_user)
    assert world.database.run(owe, dana.slack_user)
    assert [row.recipient for row in rows(world, Delivery)] == [dana.slack_user]


def _reminded(world: World, _dana: Asker, briefing: Briefing) -> None:
    world.database.run(reminders.plan, briefing.starts_at - DAY)


def _last_called(world: World, _dana: Asker, briefing: Briefing) -> None:
    with altering(world.database) as session:
        session.get_one(Briefing, briefing.id).closes_at = NOON + 2 * DAY
    world.database.run(last_calls.plan, NOON + DAY + HOUR)


def _changed(world: World, _dana: Asker, briefing: Briefing) -> None:
    move(world, briefing)


def _called_off(world: World, dana: Asker, briefing: Briefing) -> None:
    world.database.run(publishing.cancel, dana, NOON, briefing.id)


def _recorded(world: World, dana: Asker, briefing: Briefing) -> None:
    later = briefing.starts_at + HOUR
    link = "https://example.org/notes"
    world.database.run(recordings.add, dana, later, f"E{briefing.id}", link)


def _promoted(world: World, dana: Asker, briefing: Briefing) -> None:
    world.database.run(capacity.set_capacity, dana, NOON, briefing.id, 9, None)


def _corrected(world: World, dana: Asker, briefing: Briefing) -> None:
    record(world, dana, briefing, said=MAYBE)


@pytest.mark.parametrize(
    "happens",
    [_reminded, _last_called, _changed, _called_off, _recorded, _promoted, _corrected],
)
def test_whatever_happens_somebody_with_slack_hears_and_they_do_not(
    world: World, dana: Asker, happens: Callable[[World, Asker, Briefing], None]
) -> None:
    briefing = world.briefing(capacity=3, starts_at=NOON + 3 * DAY)
    going, waits = world.member("Lee"), world.member("Mo")
    say(world, going, briefing)
    record(world, dana, briefing)
    record(world, dana, briefing, "Bo", said=MAYBE)
    say(world, world.member("Ny"), briefing)
    say(world, world.member("Oz"), briefing, MAYBE)
    record(world, dana, briefing, "Cy")
    say(world, waits, briefing)

    happens(world, dana, briefing)

    recipients = [row.recipient for row in rows(world, Delivery)]
    assert [one for one in recipients if one.startswith(CONTACT)] == []
    assert recipients or happens is _corrected


def test_of_a_change_staff_hear_once_whether_they_come_or_not(world: World, dana: Asker) -> None:
    eve, briefing = world.staff("Eve"), world.briefing()
    say(world, dana, briefing)
    record(world, dana, briefing, "Ana")
    record(world, dana, briefing, "Bo", said=MAYBE)
    record(world, eve, briefing, "Cy")
    record(world, eve, briefing, "Di", said=DECLINED)

    told = [move(world, briefing, hours * HOUR) for hours in (1, 2)]

    heard = [recipient for recipient, _ in owed(world, changes.KIND)]
    assert (told, heard) == ([2, 2], [dana.slack_user, eve.slack_user])
    foreseen = world.database.run(publishing.foreseen, dana, NOON, f"E{briefing.id}")
    assert (sum(foreseen.concerned.values()), foreseen.without_slack) == (1, 3)


def test_where_whoever_recorded_them_is_gone_all_of_the_secretariat_hears(
    world: World, dana: Asker
) -> None:
    eve, fay, briefing = world.staff("Eve"), world.staff("Fay"), world.briefing()
    record(world, dana, briefing)
    with altering(world.database) as session:
        session.get_one(Person, dana.person).role = Role.MEMBER

    move(world, briefing)

    assert [one for one, _ in owed(world, changes.KIND)] == [eve.slack_user, fay.slack_user]


def test_they_are_checked_in_and_summed_up_like_everybody(world: World, dana: Asker) -> None:
    briefing = world.briefing("Forum", **OPEN)
    record(world, dana, briefing, home="Hotline")
    later = briefing.starts_at
    sheet = world.database.run(checking_in.sheet, dana, later, "Forum")
    shown = [guest.rsvp_id for guest in sheet.guests]
    world.database.run(checking_in.save, dana, later, briefing.id, shown, shown)

    turnout = world.database.run(turnouts.turnout, dana, later, "Forum")
    recap = world.database.run(recaps.recap, dana, briefing.ends_at, "Forum")

    assert [(one.name, one.organisation, one.came) for one in turnout.lines] == [
        ("Ana Example", "Hotline", True)
    ]
    assert dict(recap.others) == {OrganisationKind.HOTLINE: 1}


def test_what_they_may_not_see_any_more_they_do_not_hold(world: World, dana: Asker) -> None:
    briefing = world.briefing(capacity=1, **OPEN)
    record(world, dana, briefing, home="Hotline")
    say(world, world.member("Lee"), briefing)
    with altering(world.database) as session:
        found = session.get_one(Briefing, briefing.id)
        found.audience, found.tlp = Audience.MEMBERS, Tlp.AMBER

    assert world.database.run(forfeits.sweep, NOON) == 1
    assert stand(world) == {"Ana Example": "declined", "Lee": "going"}


def test_who_leaves_with_their_organisation_is_taken_up_again_by_the_next_answer(
    world: World, dana: Asker
) -> None:
    briefing = world.briefing()
    record(world, dana, briefing)
    leaving = world.database.run(offboarding.foreseen, dana, NOON, "", "Adobe")
    world.database.run(offboarding.carry_out, dana, NOON, leaving.target)
    gone = stand(world)

    record(world, dana, briefing)

    assert (leaving.people, gone) == (("Ana Example",), {"Ana Example": "declined"})
    assert stand(world) == {"Ana Example": "going"}


def test_nothing_can_be_given_or_handed_on_to_them(world: World, dana: Asker) -> None:
    record(world, dana, world.briefing())
    (contact,) = those_without_slack(world)
    leaver = world.person("Lee")

    with seeing_all(world.database) as session:
        with pytest.raises(Refusal, match="Nobody here is called"):
            owners.called(session, dana, "Ana Example")
        with pytest.raises(Refusal, match="Say to whom"):
            heirs.by_id(session, dana, NOON, contact.id, [leaver.id])
        with pytest.raises(Refusal, match="not known here"):
            owners.mentioned(session, dana, contact.slack_user)


def test_the_file_is_for_staff_to_send_on_and_of_contacts_alone(world: World, dana: Asker) -> None:
    briefing = world.briefing()
    told, lee = record(world, dana, briefing).answer, world.member("Lee")
    assert told is not None
    say(world, lee, briefing)
    answers = {row.person_id: row.id for row in rows(world, Rsvp)}
    (contact,) = those_without_slack(world)

    world.database.run(calendars.hand_out, dana, NOON, told)

    whose = {"briefing": briefing.id, "person": dana.person, "contact": contact.id}
    assert owed(world, "calendar_file") == [(dana.slack_user, whose)]
    other = World(world.database, "T0OTHER").staff()
    for asker, answer in ((lee, told), (dana, answers[lee.person]), (other, told)):
        with pytest.raises(Refusal, match="nobody without Slack any more"):
            world.database.run(calendars.hand_out, asker, NOON, answer)


def test_staff_erase_them_and_the_seat_goes_to_whoever_waits(world: World, dana: Asker) -> None:
    briefing = world.briefing(capacity=1)
    record(world, dana, briefing)
    say(world, world.member("Lee"), briefing)
    found = world.database.run(erasure.contact, dana, NOON, "ana example", "Adobe")

    own = world.database.run(erasure.erase_named, dana, NOON, f"person {found.id}")

    assert not own
    assert "Ana Example" not in str(every_row(world.database))
    assert stand(world) == {personal.NAME: "declined", "Lee": "going"}
    assert those_without_slack(world) == []


def test_only_staff_erase_them_and_staff_nobody_else(world: World, dana: Asker) -> None:
    record(world, dana, world.briefing())
    (contact,) = those_without_slack(world)
    lee, gone = world.member("Lee"), world.person(is_active=False)
    other = World(world.database, "T0OTHER").staff()
    before = every_row(world.database)

    for asker, person in ((lee, contact), (other, contact), (dana, gone)):
        with pytest.raises(Refusal, match="somebody else"):
            world.database.run(erasure.erase_named, asker, NOON, f"person {person.id}")
    with pytest.raises(Refusal, match="for the secretariat"):
        world.database.run(erasure.contact, lee, NOON, "Ana Example", "Adobe")
    with pytest.raises(Refusal, match="Did you mean Ana Example"):
        world.database.run(erasure.contact, dana, NOON, "Anna Exampel", "Adobe")

    assert every_row(world.database) == before


def test_they_are_forgotten_as_long_after_their_last_briefing_as_leavers(
    world: World, dana: Asker
) -> None:
    briefing = world.briefing(starts_at=NOON + 40 * DAY)
    record(world, dana, briefing)
    limit = timedelta(days=DEFAULTS["leavers"].days)
    with altering(world.database) as session:  # answers are kept for longer here
        session.get_one(Workspace, world.id).retention = {"answers": 3650}
    moments = [NOON + limit + DAY, briefing.ends_at + limit, briefing.ends_at + limit + HOUR]

    left = []
    for now in moments:
        world.database.run(forgetting.purge, now)
        left.append(len(those_without_slack(world)))

    assert left == [1, 1, 0]
    assert "Ana Example" not in str(every_row(world.database))
    assert stand(world) == {personal.NAME: "going"}


def test_whoever_answered_nothing_any_more_is_forgotten_too(world: World, dana: Asker) -> None:
    record(world, dana, world.briefing())
    limit = timedelta(days=DEFAULTS["leavers"].days)

    for now in (NOON + limit, NOON + limit + 3 * DAY, NOON + limit + 3 * DAY):
        world.database.run(forgetting.purge, now)

    assert those_without_slack(world) == []


def test_once_it_is_a_draft_or_over_nothing_is_recorded(world: World, dana: Asker) -> None:
    over = {"starts_at": NOON - 2 * HOUR, "ends_at": NOON}
    for given, sentence in (
        ({"state": State.DRAFT}, "is a draft"),
        (over, "ended"),
        ({"closes_at": NOON}, "Registration closed"),
    ):
        briefing = world.briefing(**given)
        before = every_row(world.database)

        with pytest.raises(Refusal, match=sentence):
            record(world, dana, briefing)

        assert every_row(world.database) == before
