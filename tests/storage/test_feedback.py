"""How a briefing was: who is asked and once, what is kept, and that numbers name nobody."""

from datetime import datetime, timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from storage import erasure, feedback, forgetting, personal
from storage.asker import Asker
from storage.database import Database
from storage.errors import Refusal
from storage.feedback import Results
from storage.models import (
    Audience,
    Briefing,
    Delivery,
    Kind,
    Person,
    Preference,
    Role,
    Rsvp,
    Standing,
    State,
    Tlp,
    Verdict,
)
from tests.factories import NOON, World, altering, at_once, seeing_all

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
USEFUL, PARTLY, NOT_USEFUL = Verdict


@pytest.fixture
def world(database: Database) -> World:
    return World(database)


def over(world: World, **given: Any) -> Briefing:
    """Make one that ended just now."""
    return world.briefing(**{"starts_at": NOON - HOUR, "ends_at": NOON, **given})


def there(
    world: World,
    briefing: Briefing,
    standing: Standing = Standing.GOING,
    came: bool | None = None,
    **given: Any,
) -> Asker:
    """Make somebody with an answer to *briefing*."""
    person = world.person(**{"zone": "UTC", **given})
    world.add(
        Rsvp(
            briefing_id=briefing.id,
            person_id=person.id,
            organisation_id=person.organisation_id,
            standing=standing,
            waitlisted_at=NOON if standing is Standing.WAITLISTED else None,
            came=came,
            answered_at=NOON - DAY,
        )
    )
    return world.asker(person)


def plan(world: World, now: datetime = NOON) -> int:
    return world.database.run(feedback.plan, now)


def owed(world: World) -> list[Delivery]:
    with seeing_all(world.database) as session:
        return list(session.scalars(sa.select(Delivery).where(Delivery.kind == feedback.KIND)))


def say(
    world: World, asker: Asker, briefing: Briefing, verdict: Verdict = USEFUL, now: datetime = NOON
) -> feedback.Said:
    return world.database.run(feedback.rate, asker, now, briefing.id, verdict)


def add(world: World, asker: Asker, briefing: Briefing, remark: str) -> feedback.Said:
    return world.database.run(feedback.add, asker, NOON, briefing.id, remark)


def show(world: World, asker: Asker, briefing: Briefing, now: datetime = NOON) -> feedback.Shown:
    return world.database.run(feedback.show, asker, now, f"E{briefing.id}")


def results(world: World, briefing: Briefing) -> Results:
    with seeing_all(world.database) as session:
        staff = session.scalars(sa.select(Person).where(Person.role == Role.STAFF)).first()
    found = show(world, world.asker(staff) if staff else world.staff(), briefing).results
    assert found is not None
    return found


def test_who_came_or_had_a_seat_is_asked_an_hour_after_the_end_and_once(world: World) -> None:
    briefing = over(world)
    sat, came = there(world, briefing), there(world, briefing, Standing.MAYBE, came=True)
    there(world, briefing, came=False)
    for standing in (Standing.MAYBE, Standing.DECLINED, Standing.WAITLISTED):
        there(world, briefing, standing)

    planned = [plan(world, NOON - timedelta(seconds=1)), plan(world), plan(world, NOON + HOUR)]

    assert planned == [0, 2, 0]
    assert {(row.recipient, row.due_at) for row in owed(world)} == {
        (sat.slack_user, NOON + HOUR),
        (came.slack_user, NOON + HOUR),
    }


def test_who_is_noted_to_have_come_later_is_asked_then(world: World) -> None:
    briefing = over(world)
    late = there(world, briefing, Standing.DECLINED)
    plan(world)
    with altering(world.database) as session:
        session.execute(sa.update(Rsvp).values(came=True))

    assert plan(world, NOON + 5 * HOUR) == 1
    (row,) = owed(world)
    assert (row.recipient, row.due_at) == (late.slack_user, NOON + 5 * HOUR)


@pytest.mark.parametrize(
    ("zone", "hours", "due"),
    [
        ("Asia/Tokyo", None, datetime(2026, 11, 23, 23, tzinfo=NOON.tzinfo)),  # 08:00 there
        ("UTC", ("12:00", "18:30"), NOON + 6.5 * HOUR),
        ("UTC", None, NOON + HOUR),
    ],
)
def test_nobody_is_asked_in_their_quiet_hours(
    world: World, zone: str, hours: tuple[str, str] | None, due: datetime
) -> None:
    asker = there(world, over(world), zone=zone)
    if hours:
        since, until = hours
        world.add(Preference(person_id=asker.person, quiet_from=since, quiet_until=until))

    plan(world)

    assert [row.due_at for row in owed(world)] == [due]


@pytest.mark.parametrize(
    "given",
    [
        {"kind": Kind.EXTERNAL},
        {"state": State.CANCELLED},
        {"audience": Audience.STAFF, "tlp": Tlp.RED},
        {"ends_at": NOON + HOUR},
        {"starts_at": NOON - 3 * DAY, "ends_at": NOON - 2 * DAY},
    ],
)
def test_of_what_asks_nothing_nobody_is_asked(world: World, given: dict[str, Any]) -> None:
    there(world, over(world, **given))

    assert plan(world) == 0


def test_one_answer_a_person_and_the_last_counts(world: World) -> None:
    briefing = over(world)
    asker = there(world, briefing)

    said = [say(world, asker, briefing, verdict).verdict for verdict in (USEFUL, PARTLY)]

    assert said == [USEFUL, PARTLY]
    assert (results(world, briefing).asked, results(world, briefing).answered) == (1, 1)
    assert add(world, asker, briefing, "Longer, please").verdict is PARTLY
    assert world.database.run(feedback.form, asker, NOON, briefing.id).remark == "Longer, please"
    add(world, asker, briefing, "")
    assert results(world, briefing).remarks == ()


@pytest.mark.parametrize(
    ("standing", "came", "may"),
    [
        (Standing.GOING, None, True),
        (Standing.GOING, True, True),
        (Standing.GOING, False, False),
        (Standing.DECLINED, True, True),
        (Standing.MAYBE, None, False),
        (Standing.WAITLISTED, None, False),
    ],
)
def test_who_took_part_says_how_it_was_and_nobody_else(
    world: World, standing: Standing, came: bool | None, may: bool
) -> None:
    briefing = over(world)
    asker = there(world, briefing, standing, came)

    if may:
        say(world, asker, briefing)
        add(world, asker, briefing, "Fine")
    else:
        with pytest.raises(Refusal, match="is for those who took part to say"):
            say(world, asker, briefing)
        with pytest.raises(Refusal, match="is for those who took part to say"):
            add(world, asker, briefing, "Fine")
    assert (results(world, briefing).answered == 1) is may


def test_a_stranger_and_somebody_of_another_workspace_say_nothing(world: World) -> None:
    briefing = over(world)
    there(world, briefing)
    other = World(world.database, "T0OTHER")

    for asker in (world.member(), world.staff(), world.unknown(), other.member()):
        with pytest.raises(Refusal):
            say(world, asker, briefing)
    assert results(world, briefing).answered == 0


@pytest.mark.parametrize(
    ("now", "why"), [(NOON - HOUR, "It is not over yet"), (NOON + 30 * DAY, "for 30 days")]
)
def test_it_is_said_from_the_end_on_for_thirty_days(world: World, now: datetime, why: str) -> None:
    briefing = over(world)
    asker = there(world, briefing)

    with pytest.raises(Refusal, match=why):
        say(world, asker, briefing, now=now)
    assert say(world, asker, briefing, now=NOON + 29 * DAY).verdict is USEFUL


def test_until_five_have_answered_nobody_reads_what_they_said(world: World) -> None:
    briefing = over(world)
    askers = [there(world, briefing) for _ in range(6)]
    spreads = []
    for asker, verdict in zip(askers, (USEFUL, USEFUL, PARTLY, NOT_USEFUL, USEFUL), strict=False):
        say(world, asker, briefing, verdict)
        spreads.append(results(world, briefing).spread)

    assert spreads == [None] * 4 + [{USEFUL: 3, PARTLY: 1, NOT_USEFUL: 1}]
    assert (results(world, briefing).asked, results(world, briefing).answered) == (6, 5)


def test_no_two_readings_tell_what_one_person_said(world: World) -> None:
    briefing = over(world)
    askers = [there(world, briefing) for _ in range(10)]
    for asker in askers[:5]:
        say(world, asker, briefing, USEFUL)
    first = results(world, briefing).spread

    say(world, askers[0], briefing, NOT_USEFUL)  # a change
    for asker in askers[5:8]:
        say(world, asker, briefing, PARTLY)
    between = results(world, briefing)
    say(world, askers[8], briefing, PARTLY)
    then = results(world, briefing)

    assert (first, between.spread) == ({USEFUL: 5, PARTLY: 0, NOT_USEFUL: 0}, first)
    assert between.answered == 8
    assert then.spread == {USEFUL: 4, PARTLY: 4, NOT_USEFUL: 1}


def test_who_goes_back_and_forth_is_one_of_five(world: World) -> None:
    briefing = over(world)
    askers = [there(world, briefing) for _ in range(4)]
    for asker in askers:
        say(world, asker, briefing)
    for verdict in (PARTLY, USEFUL, PARTLY, USEFUL):
        say(world, askers[0], briefing, verdict)

    assert results(world, briefing).spread is None


def test_five_who_answer_at_once_are_counted(world: World) -> None:
    briefing = over(world)
    askers = [there(world, briefing) for _ in range(5)]

    at_once(5, lambda asker: say(world, asker, briefing), askers)

    assert results(world, briefing).spread == {USEFUL: 5, PARTLY: 0, NOT_USEFUL: 0}


def test_what_is_written_has_no_name_and_no_telling_order(world: World) -> None:
    briefing = over(world)
    for text in ("Zoom failed", "All good", "More time"):
        add(world, there(world, briefing), briefing, text)

    assert results(world, briefing).remarks == ("All good", "More time", "Zoom failed")


def test_numbers_are_read_by_staff_and_by_chairs_of_its_group_alone(world: World) -> None:
    chair, member = world.person("Chair"), world.person("Member")
    group = world.group("", member, chairs=(chair,))
    marks = {"audience": Audience.GROUP, "audience_group_id": group.id}
    briefing, open_one = over(world, **marks), over(world)
    asker = there(world, open_one)

    assert show(world, world.asker(chair), briefing).results is not None
    assert show(world, world.staff(), open_one).results is not None
    assert show(world, asker, open_one).results is None
    assert show(world, asker, open_one).mine is not None
    for reader, where in ((world.asker(member), briefing), (world.asker(chair), open_one)):
        with pytest.raises(Refusal, match="read by the secretariat and by whoever chairs"):
            show(world, reader, where)
    with pytest.raises(Refusal, match="nothing called"):
        show(world, world.member(), briefing)


@pytest.mark.parametrize(
    ("given", "why"),
    [
        ({"kind": Kind.EXTERNAL}, "Others hold this event"),
        ({"state": State.CANCELLED}, "was cancelled"),
        ({"state": State.DRAFT}, "is a draft"),
        ({"audience": Audience.STAFF, "tlp": Tlp.RED}, "TLP:RED"),
        ({"ends_at": NOON + HOUR}, "not over yet"),
    ],
)
def test_why_there_is_nothing_to_say_is_said(world: World, given: dict[str, Any], why: str) -> None:
    briefing, staff = over(world, **given), world.staff()

    with pytest.raises(Refusal, match=why):
        show(world, staff, briefing)


def test_a_text_too_long_is_refused(world: World) -> None:
    briefing = over(world)
    asker = there(world, briefing)

    with pytest.raises(Refusal, match="has 1001 characters; 1000 fit"):
        add(world, asker, briefing, "x " * 500 + "x")
    assert add(world, asker, briefing, "x " * 500).remark


def test_who_is_erased_leaves_a_number_and_no_word(world: World) -> None:
    briefing = over(world)
    askers = [there(world, briefing) for _ in range(5)]
    for asker in askers:
        say(world, asker, briefing)
    add(world, askers[0], briefing, "Nobody else says it so")

    world.database.run(erasure.erase, askers[0], NOON, askers[0].person)

    found = results(world, briefing)
    assert (found.answered, found.remarks) == (5, ())
    assert found.spread == {USEFUL: 5, PARTLY: 0, NOT_USEFUL: 0}


def test_what_was_said_is_forgotten_with_the_answer(world: World) -> None:
    briefing = over(world)
    asker = there(world, briefing)
    say(world, asker, briefing)
    add(world, asker, briefing, "Well prepared")

    world.database.run(forgetting.purge, NOON + 200 * DAY)

    with seeing_all(world.database) as session:
        row = session.scalars(sa.select(Rsvp)).one()
        name = session.get_one(Person, row.person_id).name
    assert (row.verdict, row.remark, name) == (USEFUL, None, personal.NAME)
