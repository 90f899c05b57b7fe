"""Who is reminded, of what, and when it suits them."""

from datetime import UTC, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo, available_timezones

import dateutil.tz
import pytest
import sqlalchemy as sa
from hypothesis import given, settings
from hypothesis import strategies as st

from storage import reminders, rsvps
from storage.asker import Asker
from storage.database import Database
from storage.models import Answer, Briefing, Delivery, Kind, Person, State
from tests.factories import NOON, World, altering, seeing_all
from tests.figures import figure

QUARTER, HOUR, DAY = timedelta(minutes=15), timedelta(hours=1), timedelta(days=1)
# Half an hour of summer, clocks that Ramadan moves, a day that was left out, and the usual ones.
TWELVE = (
    *("Australia/Lord_Howe", "Africa/Casablanca", "Pacific/Apia", "Europe/London"),
    *("America/New_York", "America/Sao_Paulo", "Asia/Tokyo", "Asia/Kolkata", "Africa/Cairo"),
    *("America/Santiago", "Pacific/Auckland", "Europe/Dublin"),
)
ZONES = sorted(available_timezones() - {"localtime", "Factory"})
starts = st.datetimes(
    datetime(2024, 1, 1),  # noqa: DTZ001 -- hypothesis adds the zone
    datetime(2035, 12, 31),  # noqa: DTZ001 -- same
    timezones=st.just(ZoneInfo("UTC")),
)


@pytest.fixture
def world(database: Database) -> World:
    return World(database)


def going(
    world: World, starts_at: datetime, *, at: datetime = NOON, zone: str = "UTC", **given: Any
) -> tuple[Asker, Briefing]:
    asker, briefing = world.member(zone=zone), world.briefing(starts_at=starts_at, **given)
    world.database.run(rsvps.answer, asker, at, briefing.id, Answer.GOING)
    return asker, briefing


def plan(world: World, at: datetime) -> int:
    return world.database.run(reminders.plan, at)


def owed(world: World, which: str = "24h") -> list[tuple[str, datetime, datetime | None]]:
    with seeing_all(world.database) as session:
        rows = session.scalars(
            sa.select(Delivery).where(Delivery.key.contains(f":{which}:")).order_by(Delivery.id)
        )
        return [(row.recipient, row.due_at, row.expires_at) for row in rows]


@given(starts, st.sampled_from(ZONES))
@settings(max_examples=300)
def test_nobody_is_reminded_by_night_nor_too_late(starts_at: datetime, zone: str) -> None:
    due = reminders.due(starts_at, zone)

    assert time(8) <= due.astimezone(ZoneInfo(zone)).time() < time(20)
    assert reminders.BEFORE <= starts_at - due <= reminders.HORIZON


@pytest.mark.parametrize("zone", TWELVE)
def test_from_2025_to_2030_another_librarys_clocks_say_the_same(zone: str) -> None:
    there, first = dateutil.tz.gettz(zone), datetime(2025, 1, 1, tzinfo=UTC)
    step = figure(ci=37, full=1)
    for half_hours in range(0, 6 * 365 * 48, step):
        starts_at = first + half_hours * HOUR / 2
        wanted = (starts_at - DAY).astimezone(there)
        if not 8 <= wanted.hour < 20:
            eve = wanted - DAY if wanted.hour < 8 else wanted
            wanted = eve.replace(hour=18, minute=0)
        assert reminders.due(starts_at, zone) == wanted.astimezone(UTC), starts_at


@pytest.mark.parametrize(
    ("starts_at", "due"),
    [
        ((25, 8, 0), (24, 8, 0)),
        ((25, 19, 59), (24, 19, 59)),
        ((25, 20, 0), (24, 18, 0)),
        ((26, 0, 0), (24, 18, 0)),
        ((26, 7, 59), (24, 18, 0)),
    ],
)
def test_what_would_fall_into_the_night_goes_out_the_evening_before(
    starts_at: tuple[int, int, int], due: tuple[int, int, int]
) -> None:
    zone = ZoneInfo("Asia/Tokyo")

    assert reminders.due(datetime(2026, 11, *starts_at, tzinfo=zone), "Asia/Tokyo") == datetime(
        2026, 11, *due, tzinfo=zone
    )


def test_it_is_owed_once_for_a_day_before_and_once_for_a_quarter_of_an_hour(world: World) -> None:
    asker, briefing = going(world, NOON + 5 * DAY)

    told = [plan(world, NOON + hours * HOUR) for hours in (0, 77, 81, 119)]

    assert told == [0, 0, 2, 0]
    begins = briefing.starts_at
    assert owed(world) == [(asker.slack_user, begins - DAY, begins - QUARTER)]
    assert owed(world, "15m") == [(asker.slack_user, begins - QUARTER, begins)]


def test_a_moved_briefing_is_reminded_of_again(world: World) -> None:
    _, briefing = going(world, NOON + 2 * DAY)
    plan(world, NOON + 20 * HOUR)
    moved = briefing.starts_at + 7 * DAY
    with altering(world.database) as session:
        session.execute(sa.update(Briefing).values(starts_at=moved, ends_at=moved + HOUR))

    told = [plan(world, moved - timedelta(hours=hours)) for hours in (60, 30, 20)]

    assert told == [0, 2, 0]
    assert [due for _, due, _ in owed(world)] == [briefing.starts_at - DAY, moved - DAY]
    assert [due for _, due, _ in owed(world, "15m")][1:] == [moved - QUARTER]


def test_whoever_answers_on_the_day_has_just_read_when_it_is(world: World) -> None:
    going(world, NOON + 3 * DAY, at=NOON + 2 * DAY)

    assert plan(world, NOON + 2 * DAY + HOUR) == 1
    assert (owed(world), len(owed(world, "15m"))) == ([], 1)


def test_only_those_who_go_to_what_takes_place_are_reminded(world: World) -> None:
    near = NOON + 2 * DAY
    _, full = going(world, near, capacity=1)
    with altering(world.database) as session:
        session.execute(sa.update(Person).values(is_active=False))
    for answer in (Answer.GOING, Answer.MAYBE, Answer.DECLINED):
        world.database.run(rsvps.answer, world.member(), NOON, full.id, answer)
    _, cancelled = going(world, near)
    _, draft = going(world, near)
    with altering(world.database) as session:
        for briefing, state in ((cancelled, State.CANCELLED), (draft, State.DRAFT)):
            session.execute(
                sa.update(Briefing).where(Briefing.id == briefing.id).values(state=state)
            )
    world.briefing(starts_at=near, kind=Kind.EXTERNAL)

    assert plan(world, near - 20 * HOUR) == 0


def test_after_a_pause_it_is_late_but_never_after_the_start(world: World) -> None:
    asker, briefing = going(world, NOON + 5 * DAY)

    begins = briefing.starts_at
    late = plan(world, begins - timedelta(minutes=10))

    assert (late, owed(world)) == (1, [])
    assert owed(world, "15m") == [(asker.slack_user, begins - QUARTER, begins)]
    _, missed = going(world, NOON + 6 * DAY)
    assert plan(world, missed.starts_at) == 0


def test_each_is_reminded_by_their_own_clock(world: World) -> None:
    briefing = world.briefing(starts_at=NOON.replace(day=27, hour=12))
    for zone in ("Europe/Brussels", "America/Los_Angeles", "Pacific/Auckland"):
        asker = world.member(zone=zone)
        world.database.run(rsvps.answer, asker, NOON, briefing.id, Answer.GOING)

    plan(world, briefing.starts_at - 30 * HOUR)

    # 13:00 in Brussels; 04:00 in Los Angeles, so 18:00 before; 01:00 in Auckland, the same.
    assert [due for _, due, _ in owed(world)] == [
        NOON.replace(day=26, hour=12),
        NOON.replace(day=26, hour=2),
        NOON.replace(day=26, hour=5),
    ]


def test_planning_reads_no_more_than_the_answers_to_what_is_near(sqlite_url: str) -> None:
    database = Database(sqlite_url)
    asked: list[tuple[str, Any]] = []
    sa.event.listen(
        database.writer,
        "before_cursor_execute",
        lambda _c, _cursor, statement, values, *_: asked.append((statement, values)),
    )

    database.run(reminders.plan, NOON)

    with database.reader.connect() as connection:
        statement, values = next(one for one in asked if "reminded_for" in one[0])
        steps = [
            row.detail
            for row in connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", values)
        ]
    database.close()
    assert [step for step in steps if step.startswith("SCAN")] == []
