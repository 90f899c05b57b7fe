"""Quiet hours by the clock where somebody is, in every zone and through both changes."""

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from storage import quiet, reminders
from storage.quiet import Hours
from tests.figures import figure
from tests.storage.test_wall_time import clocks, moments, zones

hours = st.builds(Hours, clocks, clocks).filter(lambda one: one.length <= quiet.LONGEST)
NIGHT = Hours(time(22), time(7))


@pytest.mark.parametrize(
    ("at", "held"), [((21, 59), False), ((22, 0), True), ((6, 59), True), ((7, 0), False)]
)
def test_a_night_holds_both_its_ends(at: tuple[int, int], held: bool) -> None:
    assert NIGHT.hold(time(*at)) is held


def test_hours_know_how_long_they_last() -> None:
    assert NIGHT.length == timedelta(hours=9)
    assert Hours(time(12), time(13, 30)).length == timedelta(minutes=90)
    assert Hours(time(9), time(9)).length == timedelta(days=1)


@given(moments, zones, hours)
@settings(max_examples=figure(ci=200, full=20_000))
def test_quiet_ends_after_it_is_felt_and_then_it_is_not_quiet(
    at: datetime, zone: str, chosen: Hours
) -> None:
    over, began = quiet.over(at, zone, chosen), quiet.began(at, zone, chosen)

    is_quiet = chosen.hold(at.astimezone(ZoneInfo(zone)).time())
    assert (over is not None, began is not None) == (is_quiet, is_quiet)
    if over is not None and began is not None:
        # Where clocks jump over either end by an hour or, on Lord Howe, half of one.
        assert at < over <= at + quiet.LONGEST + timedelta(hours=2)
        assert began <= at + timedelta(hours=1)
        assert quiet.over(over, zone, chosen) is None


def test_where_clocks_show_the_end_twice_it_is_quiet_until_the_second() -> None:
    chosen = Hours(time(22), time(2, 30))
    between = datetime(2026, 10, 25, 0, 45, tzinfo=UTC)  # 02:45 in Brussels, the first time
    again = datetime(2026, 10, 25, 1, 15, tzinfo=UTC)  # 02:15, the second time

    assert quiet.over(between, "Europe/Brussels", chosen) is None
    assert quiet.over(again, "Europe/Brussels", chosen) == again + timedelta(minutes=15)


@given(moments, zones, hours)
@settings(max_examples=figure(ci=150, full=20_000))
def test_a_reminder_keeps_out_of_any_hours_and_within_what_is_looked_ahead(
    starts_at: datetime, zone: str, chosen: Hours
) -> None:
    due = reminders.due(starts_at, zone, chosen)

    assert reminders.BEFORE - timedelta(hours=1) <= starts_at - due <= reminders.HORIZON
