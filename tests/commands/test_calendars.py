"""A briefing in a calendar: three readers that know nothing of each other read the same."""

from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import icalendar
import ics
import pytest
import vobject
from dateutil import rrule
from hypothesis import given, settings
from hypothesis import strategies as st

from commands import calendars, clocks
from storage.briefings import Detail
from storage.models import Briefing, Kind, Place, Precision, Rsvp, Standing, State, Talk, Tlp
from tests.factories import NOON
from tests.figures import figure
from tests.hostile import CORPUS

HOUR = timedelta(hours=1)
# Half an hour of summer, a winter in summer, a day left out, rules set anew each year, and none.
ZONES = (
    *("Europe/Brussels", "Australia/Lord_Howe", "Africa/Casablanca", "Pacific/Apia"),
    *("America/New_York", "Asia/Tokyo", "Asia/Kolkata", "Asia/Tehran", "America/Sao_Paulo"),
    *("Pacific/Chatham", "Europe/Dublin", "UTC"),
)
moments = st.datetimes(datetime(2011, 1, 1), datetime(2030, 12, 31), timezones=st.just(UTC))  # noqa: DTZ001 -- hypothesis adds the zone


def briefing(**given: Any) -> Briefing:
    usual: dict[str, Any] = {
        "id": 12,
        "title": "Round table",
        "kind": Kind.BRIEFING,
        "state": State.PUBLISHED,
        "summary": "",
        "agenda": [],
        "notices": [],
        "starts_at": NOON,
        "ends_at": NOON + HOUR,
        "zone": "Europe/Brussels",
        "precision": Precision.MINUTE,
        "place": Place.VIRTUAL,
        "tlp": Tlp.AMBER,
        "sequence": 3,
    }
    return Briefing(**{**usual, **given})


def written(answer: Standing | None = None, **given: Any) -> str:
    mine = Rsvp(standing=answer) if answer else None
    found = Detail(briefing(**given), (), (), mine, None, 0, 0)
    return calendars.file(found, "T0CONVENE", NOON).decode()


def read(text: str) -> list[tuple[Any, ...]]:
    """Give UID, title, beginning and end as each of three programs reads them."""
    one, known = decoded(text), vars(vobject.icalendar)["__tzidMap"]
    for zone in known.keys() - {"UTC"}:  # it reads a zone once, and keeps it for every other file
        del known[zone]
    two = vobject.readOne(text).vevent
    (three,) = ics.Calendar(text).events
    return [
        (str(one["uid"]), str(one["summary"]), one["dtstart"].dt, one["dtend"].dt),
        (two.uid.value, two.summary.value, two.dtstart.value, two.dtend.value),
        (three.uid, three.name, three.begin.datetime, three.end.datetime),
    ]


def decoded(text: str) -> Any:
    (event,) = icalendar.Calendar.from_ical(text).walk("VEVENT")
    return event


def value(text: str, name: str) -> str:
    return str(decoded(text)[name])


@settings(max_examples=figure(ci=40, full=1000))
@given(starts_at=moments, zone=st.sampled_from(ZONES), minutes=st.integers(1, 60 * 24 * 3))
def test_every_program_reads_the_same_moments(starts_at: datetime, zone: str, minutes: int) -> None:
    starts_at = starts_at.replace(second=0, microsecond=0)
    ends_at = starts_at + timedelta(minutes=minutes)

    told = read(written(starts_at=starts_at, ends_at=ends_at, zone=zone))

    uid = "briefing-12.t0convene@convene.invalid"
    assert told == [(uid, "Round table", starts_at, ends_at)] * 3


@pytest.mark.parametrize("zone", ZONES)
@pytest.mark.parametrize("year", range(2025, 2025 + figure(ci=2, full=6)))
def test_clocks_change_when_the_zone_says(zone: str, year: int) -> None:
    first, last = datetime(year, 1, 1, tzinfo=UTC), datetime(year + 1, 1, 1, tzinfo=UTC)

    found = clocks.onsets(zone, first, last)

    clock = ZoneInfo(zone)
    for hours in range(0, 366 * 24, 3):
        at = first + hours * HOUR
        held = [onset for onset in found if onset.at <= at][-1]
        assert at.astimezone(clock).utcoffset() == held.after
    for onset in found[1:]:
        assert (onset.at - timedelta(seconds=1)).astimezone(clock).utcoffset() == onset.before


RULED = {
    "Europe/Brussels": (3, 10),
    "Europe/Dublin": (3, 10),
    "America/New_York": (3, 11),
    "Australia/Lord_Howe": (10, 4),
    "Pacific/Auckland": (9, 4),
}


@pytest.mark.parametrize("zone", RULED)
@pytest.mark.parametrize("year", [2012, 2026])
def test_a_rule_says_what_clocks_do_for_ten_years(zone: str, year: int) -> None:
    first = datetime(year, 1, 1, tzinfo=UTC)
    changes = clocks.onsets(zone, first, first + timedelta(days=3653))[1:]

    ruled = clocks.rules(zone, year)

    assert tuple(rule.month for _, rule in ruled if rule) == RULED[zone]
    said = []
    for onset, rule in ruled:
        assert rule is not None
        assert onset.at < first
        begins = (onset.at + onset.before).replace(tzinfo=None)
        on = rrule.weekday(rule.weekday, rule.nth)
        yearly = rrule.rrule(
            rrule.YEARLY, dtstart=begins, bymonth=rule.month, byweekday=on, count=13
        )
        said += [(wall - onset.before).replace(tzinfo=UTC) for wall in yearly]
    last = changes[-1].at
    assert sorted(at for at in said if first < at <= last) == [onset.at for onset in changes]
    text = written(starts_at=first + HOUR, ends_at=first + 2 * HOUR, zone=zone)
    assert text.count("RRULE:FREQ=YEARLY") == 2


@pytest.mark.parametrize("zone", ["Africa/Casablanca", "Asia/Tokyo", "America/Sao_Paulo"])
def test_where_there_is_no_rule_none_is_written(zone: str) -> None:
    text = written(starts_at=NOON, ends_at=NOON + HOUR, zone=zone)

    assert "RRULE" not in text
    assert "RDATE" not in text


def test_a_day_is_a_day_everywhere() -> None:
    text = written(
        precision=Precision.DAY,
        zone="Asia/Tokyo",
        starts_at=datetime(2026, 11, 30, 15, tzinfo=UTC),
        ends_at=datetime(2026, 12, 2, 15, tzinfo=UTC),
    )

    assert "DTSTART;VALUE=DATE:20261201" in text
    assert [told[2:] for told in read(text)[:2]] == [(date(2026, 12, 1), date(2026, 12, 3))] * 2
    assert "VTIMEZONE" not in text


def test_what_is_cancelled_is_cancelled_there() -> None:
    text = written(state=State.CANCELLED)

    assert "\r\nMETHOD:CANCEL\r\n" in text
    assert (value(text, "status"), value(text, "sequence")) == ("CANCELLED", "3")


@pytest.mark.parametrize(
    ("answer", "status"),
    [
        (Standing.GOING, "CONFIRMED"),
        (Standing.MAYBE, "TENTATIVE"),
        (Standing.WAITLISTED, "TENTATIVE"),
        (None, "TENTATIVE"),
    ],
)
def test_only_who_goes_gets_the_link(answer: Standing | None, status: str) -> None:
    link = "https://meet.example/round-table"

    text = written(answer, join_link=link)

    assert value(text, "status") == status
    assert (link in text.replace("\r\n ", "")) is (answer is Standing.GOING)


@pytest.mark.parametrize("kind", CORPUS)
def test_no_text_begins_a_line_of_its_own(kind: str) -> None:
    parts = ("title", "summary", "venue", "city", "join_link")
    usual = names(written(Standing.GOING, place=Place.HYBRID, **dict.fromkeys(parts, "x")))
    for hostile in CORPUS[kind]:
        texts: dict[str, Any] = dict.fromkeys(parts, hostile)
        text = written(Standing.GOING, place=Place.HYBRID, agenda=[hostile], **texts)

        assert names(text) <= usual
        assert len({told[0] for told in read(text)}) == 1


def names(text: str) -> set[str]:
    """Name the properties in a file, whatever their values."""
    lines = text.replace("\r\n ", "").split("\r\n")
    return {line.partition(":")[0].partition(";")[0] for line in lines}


def test_a_place_and_what_is_told_stand_in_it() -> None:
    text = written(
        place=Place.HYBRID, venue="Hall 2", city="Brussels", summary="All of it.", agenda=["Start"]
    )

    assert value(text, "location") == "Hall 2, Brussels, or online"
    assert value(text, "description").split("\n") == [
        "All of it.",
        "• Start",
        "TLP:AMBER. To answer, or to see what changed: /briefings show E12",
    ]


def talk(of: Briefing, **given: Any) -> Talk:
    usual: dict[str, Any] = {
        "id": 7,
        "title": "Hashing",
        "starts_at": of.starts_at + HOUR,
        "ends_at": of.starts_at + 2 * HOUR,
        "sequence": 2,
        "briefing": of,
    }
    return Talk(**{**usual, **given})


def chosen(*talks: Talk, is_closed: bool = False) -> list[Any]:
    """Give the events of a file: that of the briefing, then those of the sessions chosen."""
    found = Detail(talks[0].briefing, (), (), None, None, 0, 0)
    text = calendars.file(found, "T0CONVENE", NOON, talks, is_closed=is_closed)
    return list(icalendar.Calendar.from_ical(text.decode()).walk("VEVENT"))


def test_a_session_that_was_chosen_is_an_event_of_its_own() -> None:
    of = briefing(venue="Hall 2", city="Ghent", place=Place.IN_PERSON)

    whole, one = chosen(talk(of, track="Track A", room="Room 3"))

    assert (whole["uid"], one["uid"]) == (
        "briefing-12.t0convene@convene.invalid",
        "session-7.t0convene@convene.invalid",
    )
    assert (one["summary"], one["location"]) == ("Hashing", "Room 3, Hall 2, Ghent")
    assert one["dtstart"].dt == NOON + HOUR
    assert one["dtstart"].params["TZID"] == "Europe/Brussels"
    assert str(one["description"]).split("\n") == [
        "Track: Track A",
        "Part of E12 Round table",
        "TLP:AMBER. To see what changed: /briefings programme E12",
    ]
    assert (one["status"], one["sequence"]) == ("CONFIRMED", 5)


def test_a_session_of_whole_days_brings_the_clocks_of_its_zone_along() -> None:
    of = briefing(precision=Precision.DAY, zone="Asia/Tokyo", ends_at=NOON + 30 * HOUR)
    found = Detail(of, (), (), None, None, 0, 0)

    text = calendars.file(found, "T0CONVENE", NOON, [talk(of)]).decode()

    assert text.count("BEGIN:VTIMEZONE") == 1
    assert "DTSTART;TZID=Asia/Tokyo:20261123T220000" in text


@pytest.mark.parametrize(("state", "gone_at"), [(State.CANCELLED, None), (State.PUBLISHED, NOON)])
def test_a_session_that_goes_alone_or_with_its_briefing_is_cancelled(
    state: State, gone_at: datetime | None
) -> None:
    whole, one = chosen(talk(briefing(state=state), gone_at=gone_at))

    assert (one["status"], whole["status"] == "CANCELLED") == (
        "CANCELLED",
        state is State.CANCELLED,
    )


def test_of_a_closed_briefing_a_session_is_a_time_alone() -> None:
    _, one = chosen(talk(briefing(tlp=Tlp.AMBER_STRICT), room="Room 3"), is_closed=True)

    assert one["summary"] == "Closed session (E12)"
    assert one["dtstart"].dt == NOON + HOUR
    assert not {"location", "url", "categories"} & {name.lower() for name in one}
    assert "Hashing" not in one.to_ical().decode()


@pytest.mark.parametrize("kind", CORPUS)
def test_no_text_of_a_session_begins_a_line_of_its_own(kind: str) -> None:
    parts = ("title", "track", "room")
    of = briefing()
    usual = {name for event in chosen(talk(of, **dict.fromkeys(parts, "x"))) for name in event}
    for hostile in CORPUS[kind]:
        events = chosen(talk(of, **dict.fromkeys(parts, hostile)))

        assert len(events) == 2
        assert {name for event in events for name in event} <= usual
