"""When a briefing begins and ends: what its author typed and chose becomes moments."""

from collections.abc import Mapping
from datetime import date, datetime, time, timedelta

from commands import zones
from commands.dates import CLOCK, FARTHEST
from commands.words import city, day
from storage.models import Kind
from storage.wall_time import beside, end_of, moment, moments

DAY, AT, UNTIL, LAST, ZONE = "day", "at", "until", "last_day", "zone"
WHICH, KIND = "which", "kind"
LONGEST = timedelta(days=366)
# How many minutes a kind of event lasts unless its author says so.
LASTS = {Kind.FORUM: 180, Kind.CONVENING: 180, Kind.HACKATHON: 480, Kind.CONFERENCE_TRACK: 480}
USUAL = 60
Typed = Mapping[str, str]


def begins(typed: Typed) -> datetime | None:
    """Give the moment it begins; None where that is not said, or clocks never show it."""
    first, zone = _day(typed, DAY), zones.read(typed.get(ZONE, ""))
    if first is None or zone is None:
        return None
    return _chosen(typed, AT, first, zone) if typed.get(AT) else moment(first, time(0), zone)


def ends(typed: Typed) -> datetime | None:
    """Give the moment it ends, a whole day's being the end of that day; None as for `begins`."""
    began, zone = begins(typed), zones.read(typed.get(ZONE, ""))
    last = _day(typed, LAST) or _day(typed, DAY)
    if began is None or zone is None or last is None:
        return None
    if not typed.get(AT):
        return end_of(last, zone)
    if typed.get(UNTIL):
        return _chosen(typed, UNTIL, last, zone)
    kind = typed.get(KIND, "")
    minutes = LASTS.get(Kind(kind), USUAL) if kind in set(Kind) else USUAL
    return began + timedelta(minutes=minutes)


def twice(typed: Typed) -> str:
    """Give the first time of those typed that clocks show twice that day; "" where none is."""
    zone = zones.read(typed.get(ZONE, ""))
    for field, where in ((AT, DAY), (UNTIL, LAST)):
        on = _day(typed, where) or _day(typed, DAY)
        at = typed.get(field, "")
        is_said = zone and on and CLOCK.fullmatch(at)
        if zone and on and is_said and len(moments(on, time.fromisoformat(at), zone)) > 1:
            return at
    return ""


def wrong(typed: Typed, now: datetime, *, may_be_past: bool) -> dict[str, str]:
    """Give a sentence for each field that says no time there is."""
    found = {}
    if zones.read(typed.get(ZONE, "")) is None:
        found[ZONE] = zones.wrong(typed.get(ZONE, ""))
    if _day(typed, DAY) is None:
        found[DAY] = "Choose a day."
    for field in (AT, UNTIL):
        if typed.get(field) and not CLOCK.fullmatch(typed[field]):
            found[field] = "Choose a time, such as 09:00."
    if typed.get(UNTIL) and not typed.get(AT):
        found[UNTIL] = "Say from when, too, or leave both out for whole days."
    return found or _skipped(typed) or _order(typed, now, may_be_past=may_be_past)


def _skipped(typed: Typed) -> dict[str, str]:
    zone = zones.read(typed[ZONE]) or "UTC"
    found = {}
    for field, where in ((AT, DAY), (UNTIL, LAST)):
        on = _day(typed, where) or _day(typed, DAY)
        if on and typed.get(field) and not moments(on, time.fromisoformat(typed[field]), zone):
            earlier, later = beside(on, time.fromisoformat(typed[field]), zone)
            found[field] = (
                f"On {day(on)} the clocks in {city(zone)} are put forward over {typed[field]}. "
                f"Choose {earlier:%H:%M} or {later:%H:%M}."
            )
    return found


def _order(typed: Typed, now: datetime, *, may_be_past: bool) -> dict[str, str]:
    first, last, end = begins(typed), _day(typed, LAST), ends(typed)
    if first is None or end is None:
        return {DAY: "Choose a day."}
    if last is not None and last < date.fromisoformat(typed[DAY]):
        return {LAST: "The last day comes before the first. Choose another, or leave it out."}
    if end <= first:
        return {UNTIL: "It would end before it begins. Choose a later time, or give the last day."}
    if end - first > LONGEST:
        return {LAST: "It lasts at most a year. For more, make one for each part."}
    if first - now > FARTHEST:
        return {DAY: "That is more than ten years away. Choose a nearer day."}
    if end <= now and not may_be_past:
        return {DAY: "That day is over. Choose one to come."}
    return {}


def _chosen(typed: Typed, field: str, on: date, zone: str) -> datetime | None:
    if not CLOCK.fullmatch(typed[field]):
        return None
    found = moments(on, time.fromisoformat(typed[field]), zone)
    second = typed.get(WHICH) == "1"
    return found[-1 if second else 0] if found else None


def _day(typed: Typed, field: str) -> date | None:
    try:
        return date.fromisoformat(typed.get(field, ""))
    except ValueError:
        return None
