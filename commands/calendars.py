"""Briefings for calendars (RFC 5545): one as a file, many at an address."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from typing import Any
from zoneinfo import ZoneInfo

from commands.words import listed, plain, shortened, spelled
from storage.briefings import Detail
from storage.feeds import Feed
from storage.models import Briefing, Place, Precision, Standing, State

TEXT_LIMIT, TITLE_LIMIT = 2000, 250
DAY = timedelta(days=1)
LOOKED_BACK = timedelta(days=400)  # whoever changes their clocks does so within a year


@dataclass(frozen=True)
class Onset:
    """From *at* on, clocks that were *before* UTC are *after* it; *name* is what that is called."""

    at: datetime
    before: timedelta
    after: timedelta
    name: str
    is_summer: bool


def file(found: Detail, team: str, now: datetime, *, is_closed: bool = False) -> bytes:
    """Write *found*, of the workspace *team*, as whoever asked may see it.

    The same briefing has the same UID for ever, and its SEQUENCE grows with each change: opened
    again, the file changes what the calendar has, and cancels what was cancelled. What *is_closed*,
    since its label lets nobody take it away, is a time and a number alone.
    """
    is_off = found.briefing.state is State.CANCELLED
    calendar = _calendar("CANCEL" if is_off else "PUBLISH")
    return _filled(calendar, [(found, is_closed)], team, now)


def feed(found: Feed, now: datetime) -> bytes:
    """Write all that is to stand in a calendar, for one that reads it again and again."""
    calendar = _calendar("PUBLISH")
    calendar.add("x-wr-calname", shortened(plain(found.name), TITLE_LIMIT))
    calendar.add("refresh-interval", timedelta(hours=1), parameters={"VALUE": "DURATION"})
    return _filled(calendar, found.briefings, found.team, now)


def address(public: str, secret: str, which: str) -> str:
    """Give the address at which a calendar reads *which*, below the bot's *public* one."""
    return f"{public}/feeds/{secret}/{which}.ics"


def onsets(zone: str, first: datetime, last: datetime) -> list[Onset]:
    """List what clocks in *zone* do from *first* to *last*: what holds at *first*, what changes."""
    clock = ZoneInfo(zone)
    found = [
        _onset(clock, begins, ends)
        for begins, ends in pairwise(_days(first - LOOKED_BACK, last + DAY))
        if begins.astimezone(clock).utcoffset() != ends.astimezone(clock).utcoffset()
    ]
    before = [onset for onset in found if onset.at <= first]
    there = first.astimezone(clock)
    held = there.utcoffset() or timedelta()
    always = Onset(first - LOOKED_BACK, held, held, there.tzname() or zone, is_summer=False)
    return [
        *(before[-1:] or [always]),
        *(onset for onset in found if first < onset.at <= last),
    ]


def _calendar(method: str) -> Any:
    # Imported here: it takes 0.1 s, and most of what the bot does needs none of it.
    from icalendar import Calendar  # noqa: PLC0415

    calendar = Calendar()
    calendar.add("prodid", "-//Convene//Briefings//EN")
    calendar.add("version", "2.0")
    calendar.add("method", method)
    return calendar


def _filled(calendar: Any, told: Sequence[tuple[Detail, bool]], team: str, now: datetime) -> bytes:
    """Put into *calendar* the zones, then each briefing with whether it is closed."""
    timed = [each.briefing for each, _ in told if each.briefing.precision is Precision.MINUTE]
    for zone in sorted({briefing.zone for briefing in timed} - {"UTC"}):
        there = [briefing for briefing in timed if briefing.zone == zone]
        first, last = min(b.starts_at for b in there), max(b.ends_at for b in there)
        calendar.add_component(_zone(zone, first, last))
    for found, is_closed in told:
        event = _event(found.briefing, team, now)
        _close(found.briefing, event) if is_closed else _describe(found, event)
        calendar.add_component(event)
    return bytes(calendar.to_ical())


def _days(first: datetime, last: datetime) -> Iterator[datetime]:
    while first < last + DAY:
        yield first
        first += DAY


def _onset(clock: ZoneInfo, begins: datetime, ends: datetime) -> Onset:
    """Find the second at which the offset changes between two moments a day apart."""
    old = begins.astimezone(clock).utcoffset()
    while ends - begins > timedelta(seconds=1):
        middle = begins + (ends - begins) // 2
        if middle.astimezone(clock).utcoffset() == old:
            begins = middle
        else:
            ends = middle
    at = ends.replace(microsecond=0)
    local = at.astimezone(clock)
    after = local.utcoffset()
    assert old is not None and after is not None  # noqa: S101, PT018 -- a zone has its offsets
    return Onset(at, old, after, local.tzname() or "", bool(local.dst()))


def _zone(name: str, first: datetime, last: datetime) -> Any:
    """Tell a zone's clocks from *first* to *last*, each change by itself.

    Written as rules they would be wrong where a government sets each change anew; and several
    dates in one RDATE are read by some programs as the first alone.
    """
    from icalendar import Timezone, TimezoneDaylight, TimezoneStandard  # noqa: PLC0415 -- as above

    zone = Timezone()
    zone.add("tzid", name)
    for onset in onsets(name, first, last):
        part = TimezoneDaylight() if onset.is_summer else TimezoneStandard()
        part.add("dtstart", (onset.at.astimezone(UTC) + onset.before).replace(tzinfo=None))
        part.add("tzoffsetfrom", onset.before)
        part.add("tzoffsetto", onset.after)
        part.add("tzname", onset.name)
        zone.add_component(part)
    return zone


def _event(briefing: Briefing, team: str, now: datetime) -> Any:
    from icalendar import Event  # noqa: PLC0415 -- as above

    event = Event()
    begins, ends = _span(briefing)
    event.add("uid", f"briefing-{briefing.id}.{team.lower()}@convene.invalid")
    event.add("sequence", briefing.sequence)
    event.add("dtstamp", now.astimezone(UTC).replace(microsecond=0))
    event.add("dtstart", begins)
    event.add("dtend", ends)
    return event


def _close(briefing: Briefing, event: Any) -> None:
    event.add("summary", f"Closed session (E{briefing.id})")
    event.add("description", f"TLP:{briefing.tlp}. See /briefings show E{briefing.id}")
    event.add("status", "CANCELLED" if briefing.state is State.CANCELLED else "TENTATIVE")


def _describe(found: Detail, event: Any) -> None:
    briefing = found.briefing
    going = found.mine is not None and found.mine.standing is Standing.GOING
    link = briefing.join_link if going and briefing.place is not Place.IN_PERSON else None
    event.add("summary", shortened(plain(briefing.title), TITLE_LIMIT))
    event.add("location", _where(briefing))
    event.add("description", shortened("\n".join(_told(found, link)), TEXT_LIMIT))
    event.add("status", _status(found))
    event.add("categories", [spelled(briefing.kind)])
    if link:
        event.add("url", plain(link))


def _span(briefing: Briefing) -> tuple[datetime | date, datetime | date]:
    """Give its first moment and its last, or its first day and the one after its last."""
    zone = ZoneInfo(briefing.zone)
    begins, ends = briefing.starts_at.astimezone(zone), briefing.ends_at.astimezone(zone)
    if briefing.precision is Precision.MINUTE:
        return begins, ends
    return begins.date(), (ends - timedelta(microseconds=1)).date() + DAY


def _status(found: Detail) -> str:
    if found.briefing.state is State.CANCELLED:
        return "CANCELLED"
    return "CONFIRMED" if found.mine and found.mine.standing is Standing.GOING else "TENTATIVE"


def _where(briefing: Briefing) -> str:
    if briefing.place is Place.VIRTUAL:
        return "Online"
    there = ", ".join(plain(part) for part in (briefing.venue, briefing.city) if part)
    there = there or "Place to be announced"
    return f"{there}, or online" if briefing.place is Place.HYBRID else there


def _told(found: Detail, link: str | None) -> Iterator[str]:
    briefing = found.briefing
    if link:
        yield f"Join: {plain(link)}"
    hosts = [briefing.host.name] if briefing.host else []
    if names := [plain(name) for name in (*hosts, *found.co_hosts)]:
        yield f"{'Host' if len(names) == 1 else 'Hosts'}: {listed(names)}"
    if briefing.summary:
        yield plain(briefing.summary)
    yield from (f"• {plain(point)}" for point in briefing.agenda[:20])
    yield f"TLP:{briefing.tlp}. To answer, or to see what changed: /briefings show E{briefing.id}"
