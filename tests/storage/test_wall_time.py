"""From clocks on walls to moments, wherever clocks are put forward and back."""

import random
from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo, available_timezones

import pytest
from hypothesis import given
from hypothesis import strategies as st

from storage.wall_time import WORKDAYS, end_of, is_daily, is_known, moment, named, next_weekly
from tests.figures import figure

CHANCE = random.Random()  # noqa: S311 -- of zones
CLOCKS = ("02:30", "00:00", "01:30", "00:30", "09:00")
FIRST, DAYS = date(2011, 1, 1), figure(2 * 366, 10 * 366)
ZONES = sorted(available_timezones() - {"localtime", "Factory"})
zones = st.sampled_from(ZONES)
moments = st.datetimes(
    datetime(2020, 1, 1),  # noqa: DTZ001 -- hypothesis adds the zone
    datetime(2035, 12, 31),  # noqa: DTZ001 -- same
    timezones=st.just(UTC),
)
clocks = st.times().map(lambda at: at.replace(second=0, microsecond=0, tzinfo=None))


def test_a_time_that_clocks_skip_moves_on_by_as_much() -> None:
    assert moment(date(2026, 3, 29), time(2, 30), "Europe/Brussels") == datetime(
        2026, 3, 29, 1, 30, tzinfo=UTC
    )


def test_a_time_that_clocks_show_twice_is_the_first() -> None:
    assert moment(date(2026, 10, 25), time(2, 30), "Europe/Brussels") == datetime(
        2026, 10, 25, 0, 30, tzinfo=UTC
    )


def test_a_day_is_over_at_its_midnight_where_it_is() -> None:
    assert end_of(date(2026, 6, 3), "America/New_York") == datetime(2026, 6, 4, 4, tzinfo=UTC)


@pytest.mark.parametrize(
    ("after", "first", "second"),
    [  # Brussels, Mondays at 09:00: clocks go forward on 29 March, back on 25 October
        ((2026, 3, 23, 9), (2026, 3, 30, 7), (2026, 4, 6, 7)),
        ((2026, 10, 19, 7), (2026, 10, 26, 8), (2026, 11, 2, 8)),
    ],
)
def test_a_weekly_clock_shows_the_same_through_both_changes(
    after: tuple[int, int, int, int],
    first: tuple[int, int, int, int],
    second: tuple[int, int, int, int],
) -> None:
    found = next_weekly(0, "09:00", "Europe/Brussels", datetime(*after, tzinfo=UTC))

    assert found == datetime(*first, tzinfo=UTC)
    assert next_weekly(0, "09:00", "Europe/Brussels", found) == datetime(*second, tzinfo=UTC)


@given(zones, moments, st.integers(0, 6), clocks)
def test_weeks_follow_each_other_in_every_zone(
    zone: str, after: datetime, weekday: int, at: time
) -> None:
    clock = f"{at:%H:%M}"
    found = [next_weekly(weekday, clock, zone, after)]
    for _ in range(60):
        found.append(next_weekly(weekday, clock, zone, found[-1]))

    local = [one.astimezone(ZoneInfo(zone)) for one in found]
    days = [one.date() for one in local]
    assert found[0] > after
    assert found[0] - after <= timedelta(days=7, hours=3)
    assert {day.weekday() for day in days} == {weekday}
    assert {later - day for day, later in pairwise(days)} == {timedelta(days=7)}
    skipped = [one for one in local if one.time() != at]
    assert all(moment(one.date(), at, zone) == one for one in skipped)
    assert len(skipped) <= 4


@pytest.mark.timeout(900)
def test_every_date_has_its_moment_once_in_all_zones(capsys: pytest.CaptureFixture[str]) -> None:
    count = 0
    for zone in CHANCE.sample(ZONES, figure(12, len(ZONES))):
        for clock in CLOCKS[: figure(2, len(CLOCKS))]:
            found = list(daily(clock, zone))
            local = [one.astimezone(ZoneInfo(zone)) for one in found]
            days = {one.date() for one in local}
            assert all(one < later for one, later in pairwise(found))
            assert len(days) == len(found)
            shifted = [one for one in local if f"{one:%H:%M}" != clock]
            assert all(is_skipped(one.date(), clock, zone) for one in shifted)
            left_out = {FIRST + timedelta(days=day) for day in range(DAYS)} - days
            assert all(not exists(day, zone) for day in left_out)
            count += len(found)

    with capsys.disabled():
        print(f"\noccurrences: {count}")  # noqa: T201 -- a measured figure


def daily(clock: str, zone: str) -> Iterator[datetime]:
    """List what a daily clock means from the first date on."""
    day = moment(FIRST, time(0), zone) - timedelta(seconds=1)
    end = end_of(FIRST + timedelta(days=DAYS - 1), zone)
    while (day := next_weekly(None, clock, zone, day)) < end:
        yield day


def is_skipped(day: date, clock: str, zone: str) -> bool:
    """Say whether clocks in *zone* never show *clock* on *day*, or *day* follows one left out."""
    local = datetime.combine(day, time.fromisoformat(clock), ZoneInfo(zone))
    shown = local.astimezone(UTC).astimezone(ZoneInfo(zone)).replace(tzinfo=None)
    return shown != local.replace(tzinfo=None) or not exists(day - timedelta(days=1), zone)


def exists(day: date, zone: str) -> bool:
    """Say whether *day* is a date in *zone*: Samoa had no 30 December 2011."""
    noon = datetime.combine(day, time(12), ZoneInfo(zone))
    return noon.astimezone(UTC).astimezone(ZoneInfo(zone)).date() == day


@given(zones, st.dates(date(2012, 1, 1), date(2036, 12, 31)), clocks)
def test_a_moment_shows_what_was_asked_unless_it_is_skipped(zone: str, day: date, at: time) -> None:
    local = moment(day, at, zone).astimezone(ZoneInfo(zone))

    assert local.replace(tzinfo=None) >= datetime.combine(day, at)
    assert local.replace(tzinfo=None) - datetime.combine(day, at) <= timedelta(hours=2)


@pytest.mark.parametrize("zone", ["Europe", "", "../UTC", "Mars/Olympus", "EST5EDT4", "a\0b"])
def test_what_is_no_zone_is_known_to_be_none(zone: str) -> None:
    assert not is_known(zone)
    assert is_known("Europe/Brussels")


@given(zones, moments, clocks)
def test_working_days_follow_each_other_in_every_zone(zone: str, after: datetime, at: time) -> None:
    clock = f"{at:%H:%M}"
    found = [next_weekly(WORKDAYS, clock, zone, after)]
    for _ in range(15):
        found.append(next_weekly(WORKDAYS, clock, zone, found[-1]))

    days = [one.astimezone(ZoneInfo(zone)).date() for one in found]
    assert {day.weekday() for day in days} == {0, 1, 2, 3, 4}
    assert all(later - earlier <= timedelta(days=3) for earlier, later in pairwise(days))
    assert found == sorted(set(found))
    assert after < found[0] <= next_weekly(0, clock, zone, after)


@pytest.mark.parametrize(
    ("text", "zone"),
    [
        ("Europe/Brussels", "Europe/Brussels"),
        ("europe/brussels", "Europe/Brussels"),
        (" new  york ", "America/New_York"),
        ("Brussels", "Europe/Brussels"),
        ("utc", "UTC"),
        ("EST", None),
        ("Pacific", None),
        ("Louisville", None),
        ("Nowhere", None),
        ("", None),
    ],
)
def test_a_zone_is_named_whole_or_by_its_city_and_never_by_letters(
    text: str, zone: str | None
) -> None:
    assert named(text) == zone


def test_what_comes_on_several_days_a_week_is_daily() -> None:
    assert [is_daily(weekday) for weekday in (None, WORKDAYS, 0, 6)] == [True, True, False, False]
