"""A line of a programme: what it may look like, and that what is written is read as it was."""

from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from commands.briefings import programme_lines
from commands.briefings.programme_lines import Wrong
from storage.models import Briefing, Organisation, Precision
from storage.programmes import Line
from tests.figures import figure
from tests.hostile import HOSTILE

ZONES = ("Europe/Brussels", "America/New_York", "Australia/Lord_Howe", "Africa/Casablanca", "UTC")
BRUSSELS = ZoneInfo("Europe/Brussels")
TUESDAY = date(2026, 12, 8)
ROBLOX = Organisation(id=7, name="Roblox")


def briefing(zone: str = "Europe/Brussels", **given: Any) -> Briefing:
    begins = datetime(2026, 12, 8, 9, tzinfo=BRUSSELS).astimezone(UTC)
    usual = {"starts_at": begins, "ends_at": begins + timedelta(days=2, hours=8)}
    return Briefing(
        id=12, title="Forum", zone=zone, precision=Precision.MINUTE, **{**usual, **given}
    )


def read(text: str, on: date = TUESDAY, of: Briefing | None = None) -> list[Line | Wrong]:
    return list(programme_lines.read(text, on, of or briefing(), {"Roblox": ROBLOX}))


def one(text: str) -> Line:
    (found,) = read(text)
    assert isinstance(found, Line), found
    return found


def span(line: Line) -> str:
    begins, ends = (at.astimezone(BRUSSELS) for at in (line.starts_at, line.ends_at))
    return f"{begins:%d %H:%M} {ends:%d %H:%M}"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("10:00-11:30 | Title", "08 10:00 08 11:30"),
        ("10:00–11:30 | Title", "08 10:00 08 11:30"),
        ("10:00 to 11:30 | Title", "08 10:00 08 11:30"),
        ("10.00 - 11.30: Title", "08 10:00 08 11:30"),
        ("9:30-10:00 Title", "08 09:30 08 10:00"),
        ("• 10:00-11:30\tTitle", "08 10:00 08 11:30"),
        ("- 10:00-11:30 | Title", "08 10:00 08 11:30"),
        ("Wed 10:00-11:30 | Title", "09 10:00 09 11:30"),
        ("wednesday, 10:00-11:30 | Title", "09 10:00 09 11:30"),
        ("9 Dec 10:00-11:30 | Title", "09 10:00 09 11:30"),
        ("Dec 9th 10:00-11:30 | Title", "09 10:00 09 11:30"),
        ("Wed 9 December 2026 10:00-11:30 | Title", "09 10:00 09 11:30"),
        ("2026-12-09 10:00-11:30 | Title", "09 10:00 09 11:30"),
        ("Wed | 10:00-11:30 | Title", "09 10:00 09 11:30"),
        ("22:00-01:00 | Title", "08 22:00 09 01:00"),
        ("22:00-00:00 | Title", "08 22:00 09 00:00"),
        ("10:00-Wed 16:00 | Title", "08 10:00 09 16:00"),
        ("10:00 - 10 Dec 16:00 | Title", "08 10:00 10 16:00"),
    ],
)
def test_a_time_is_read_as_people_write_it(text: str, expected: str) -> None:
    line = one(text)

    assert (line.title, span(line)) == ("Title", expected)


@pytest.mark.parametrize(
    ("rest", "expected"),
    [
        ("Title", ("Title", "", "", "")),
        ("Title | Track A", ("Title", "Track A", "", "")),
        ("Title | | Room 2", ("Title", "", "Room 2", "")),
        ("Title | | | Roblox", ("Title", "", "", "Roblox")),
        ("Title\tTrack A\tRoom 2\tRoblox", ("Title", "Track A", "Room 2", "Roblox")),
        ("Title |", ("Title", "", "", "")),
        ("10 years of hashing | A", ("10 years of hashing", "A", "", "")),
    ],
)
def test_what_may_be_left_out_is_left_out(rest: str, expected: tuple[str, ...]) -> None:
    line = one(f"10:00-11:30 | {rest}")

    assert (line.title, line.track, line.room, line.speaker) == expected
    assert line.speaker_id == (7 if line.speaker else None)


def test_a_day_alone_is_the_day_of_those_that_follow() -> None:
    text = (
        "09:30-10:00 | One\n\nWednesday 9 December:\n10:00-11:00 | Two\n"
        "Tue 12:00-13:00 | Three\n11:00-12:00 | Four"
    )

    found = [line for line in read(text) if isinstance(line, Line)]

    days = {line.title: line.starts_at.astimezone(BRUSSELS).day for line in found}
    assert days == {"One": 8, "Two": 9, "Three": 8, "Four": 9}


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("Tue 10:00-11:00 | Title", "«Tue» comes more than once. Write 8 Dec 2026 or 15 Dec 2026."),
        (
            "8 10:00-11:00 | Title",
            "«8» is none of its days, which are Tue 8 Dec 2026 to Wed 16 Dec",
        ),
        ("12/8 10:00-11:00 | Title", "is none of its days"),
        ("Tue 9 Dec 10:00-11:00 | Title", "«Tue 9 Dec» is none of its days"),
        ("8 Dec 2027 10:00-11:00 | Title", "is none of its days"),
    ],
)
def test_a_day_that_could_be_two_or_is_none_is_not_guessed(text: str, sentence: str) -> None:
    begins = datetime(2026, 12, 8, 9, tzinfo=BRUSSELS).astimezone(UTC)

    (found,) = read(text, of=briefing(ends_at=begins + timedelta(days=8)))

    assert isinstance(found, Wrong)
    assert sentence in str(found)


words = st.text(st.sampled_from("abcäé 07:-()→"), min_size=1, max_size=20).map(
    lambda text: f"x{' '.join(text.split())}"
)


@settings(max_examples=figure(ci=200, full=3000))
@given(
    zone=st.sampled_from(ZONES),
    begins=st.datetimes(datetime(2026, 1, 1), datetime(2028, 1, 1)),  # noqa: DTZ001 -- in UTC below
    hours=st.integers(1, 13 * 24),
    at=st.integers(0, 13 * 24 * 60),
    minutes=st.integers(1, 40 * 60),
    title=words,
    more=st.tuples(st.just("") | words, st.just("") | words, st.sampled_from(["", "Roblox"])),
)
@example("Europe/Brussels", datetime(2026, 1, 1), 23, 0, 1380, "x", ("", "", ""))  # noqa: DTZ001 -- until midnight
def test_what_is_written_is_read_as_it_was(
    zone: str,
    begins: datetime,
    hours: int,
    at: int,
    minutes: int,
    title: str,
    more: tuple[str, str, str],
) -> None:
    first = begins.replace(second=0, microsecond=0, tzinfo=UTC)
    last = first + timedelta(hours=hours)
    starts_at = min(first + timedelta(minutes=at), last - timedelta(minutes=1))
    ends_at = min(starts_at + timedelta(minutes=minutes), last)
    speaker = {"speaker": more[2], "speaker_id": 7 if more[2] else None}
    line = Line(title, starts_at, ends_at, more[0], more[1], **speaker)  # type: ignore[arg-type]
    of = briefing(zone, starts_at=first, ends_at=last)

    on, text = programme_lines.written(line, zone)

    assert on in programme_lines.days(of)
    assert read(text, on, of) == [line]


@pytest.mark.timeout(20)
@pytest.mark.parametrize(
    "one",
    ["a", " ", ":", "10:00", "10:00-", "10:00-10:00 ", "(first)", "|", "\t", "Tue ", "1", "."],
)
def test_a_long_line_is_read_in_no_time(one: str) -> None:
    text = (one * 3000)[:3000]

    for whole in (text, f"10:00-{text}", f"{text}10:00-11:00 | x", f"10:00 (first) - {text}"):
        read(whole)
        programme_lines.speakers([whole])


def test_whatever_is_typed_is_a_session_or_said_to_be_none() -> None:
    for text in HOSTILE:
        for typed in (text, f"10:00-11:30 | {text}", f"10:00-11:30 | x | {text} | {text}"):
            for found in read(typed):
                assert isinstance(found, Line | Wrong)
