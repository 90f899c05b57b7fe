"""The grammar of days: what it reads, what it refuses, and that it never guesses."""

import calendar
from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from commands.dates import FARTHEST, JUST_GONE, LONGEST, looks_like_a_day, parse
from storage.errors import Refusal

MONDAY = date(2026, 11, 23)
DAYS = st.dates(date(2000, 1, 1), date(2100, 12, 31))
AHEAD = st.integers(0, 3650)
unsaved = settings(database=None, deadline=None)


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("2027-03-12", date(2027, 3, 12)),
        ("12 Mar 2027", date(2027, 3, 12)),
        ("12 March", date(2027, 3, 12)),
        ("Mar 12", date(2027, 3, 12)),
        ("March 12th, 2027", date(2027, 3, 12)),
        ("  3   SEPT. 2027 ", date(2027, 9, 3)),
        ("30 Nov", date(2026, 11, 30)),
        ("today", MONDAY),
        ("Tomorrow", date(2026, 11, 24)),
        ("fri", date(2026, 11, 27)),
        ("friday", date(2026, 11, 27)),
        ("next friday", date(2026, 12, 4)),
        ("monday", date(2026, 11, 30)),
        ("next monday", date(2026, 11, 30)),
        ("in 3 days", date(2026, 11, 26)),
        ("in 1 day", date(2026, 11, 24)),
        ("in 2 weeks", date(2026, 12, 7)),
        ("+3d", date(2026, 11, 26)),
        ("+2w", date(2026, 12, 7)),
        ("end of month", date(2026, 11, 30)),
        ("end of the month", date(2026, 11, 30)),
    ],
)
def test_each_form_names_one_day(text: str, meant: date) -> None:
    assert parse(text, MONDAY) == meant


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("03/12/2027", r"2027-12-03 \(3 Dec 2027\) or 2027-03-12 \(12 Mar 2027\)"),
        ("3.12.27", r"2027-12-03 \(3 Dec 2027\) or 2027-03-12 \(12 Mar 2027\)"),
        ("25/12/2026", r"not how days are written here. Write 2026-12-25"),
        ("03/03/2027", r"Write 2027-03-03 \(3 Mar 2027\)\."),
        ("45/77/2027", "no day in any calendar"),
        ("tomorrow EST", "«EST» means different zones"),
        ("3 Dec cet", "«cet» means different zones"),
        ("2025-03-12", "That day is over: it was 12 Mar 2025"),
        ("22 Nov", "That day is over.*22 Nov 2027"),
        ("2026-02-30", "no day 2026-02-30"),
        ("31 June", "no 31 June in the year to come"),
        ("0 June", "no 0 June"),
        ("29 Feb", "no 29 February in the year to come"),
        ("in 600 weeks", "more than ten years away"),
        ("soon", "cannot be read as one certain day"),
        ("٣ Dec", "cannot be read"),
        ("yesterday", "cannot be read"),
        ("", "No day is given"),
        ("x" * (LONGEST + 1), "at most 64 characters"),
    ],
)
def test_what_is_no_certain_day_is_refused_with_what_to_write(text: str, sentence: str) -> None:
    with pytest.raises(Refusal, match=sentence):
        parse(text, MONDAY)


def test_a_leap_day_without_a_year_is_found_in_the_year_that_has_one() -> None:
    assert parse("29 Feb", date(2027, 6, 1)) == date(2028, 2, 29)


def test_the_longest_text_is_still_read() -> None:
    assert parse("today" + " " * 200, MONDAY) == MONDAY


@pytest.mark.parametrize(
    "text", ["friday", "31 June", "03/12/2027", "next week", "eod", "in a bit"]
)
def test_some_words_are_meant_as_days(text: str) -> None:
    assert looks_like_a_day(text)


@pytest.mark.parametrize("text", ["process", "to members", "diligence", "", "—"])
def test_other_words_are_not(text: str) -> None:
    assert not looks_like_a_day(text)


@unsaved
@given(DAYS, AHEAD)
def test_every_way_to_write_a_whole_date_means_the_same(today: date, ahead: int) -> None:
    day = today + timedelta(days=ahead)

    ways = [
        day.isoformat(),
        f"{day.day} {calendar.month_name[day.month]} {day.year}",
        f"{day.day} {calendar.month_abbr[day.month].upper()} {day.year}",
        f"{calendar.month_name[day.month]} {day.day}, {day.year}",
    ]

    assert {parse(way, today) for way in ways} == {day}


@unsaved
@given(DAYS, st.integers(0, 364 - JUST_GONE.days))
def test_a_date_without_a_year_is_its_next_occurrence(today: date, ahead: int) -> None:
    day = today + timedelta(days=ahead)

    assert parse(f"{day.day} {calendar.month_abbr[day.month]}", today) == day


@unsaved
@given(DAYS, st.integers(1, 3650))
def test_a_day_that_is_over_is_never_given(today: date, ago: int) -> None:
    day = today - timedelta(days=ago)

    with pytest.raises(Refusal, match="That day is over"):
        parse(day.isoformat(), today)


@unsaved
@given(DAYS, st.integers(0, 6))
def test_a_weekday_is_the_first_one_after_today(today: date, weekday: int) -> None:
    name = calendar.day_name[weekday]

    first, second = parse(name, today), parse(f"next {name}", today)

    assert (first.weekday(), second.weekday()) == (weekday, weekday)
    assert timedelta(days=1) <= first - today <= timedelta(days=7)
    assert second - first in {timedelta(0), timedelta(days=7)}
    assert second.isocalendar()[1] == (today + timedelta(days=7)).isocalendar()[1]


@unsaved
@given(DAYS, st.integers(0, 520))
def test_days_and_weeks_ahead_are_counted_from_today(today: date, number: int) -> None:
    assert parse(f"in {number} days", today) == parse(f"+{number}d", today)
    assert parse(f"in {number} weeks", today) == parse(f"+{number * 7}d", today)


@unsaved
@given(
    st.text(max_size=80)
    | st.lists(
        st.sampled_from(["in", "next", "end of", "month", "friday", "3", "31", "2027", "Mar"])
        | st.sampled_from(["days", "d", "+", "-", "/", "EST", "0", "9999"]),
        max_size=6,
    ).map(" ".join),
    DAYS,
)
def test_any_text_is_a_day_to_come_or_refused_in_words(text: str, today: date) -> None:
    found = read(text, today)

    if isinstance(found, date):
        assert today <= found <= today + FARTHEST
    else:
        assert found.endswith(".")


def read(text: str, today: date) -> date | str:
    try:
        return parse(text, today)
    except Refusal as refused:
        return refused.sentence
