"""Briefings for calendars (RFC 5545): one as a file, many at an address."""

from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from commands import clocks, notices
from commands.words import listed, plain, shortened, spelled
from storage.briefings import Detail
from storage.feeds import Feed
from storage.models import Briefing, Place, Precision, Standing, State

TEXT_LIMIT, TITLE_LIMIT = 2000, 250
DAY = timedelta(days=1)


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
        calendar.add_component(clocks.component(zone, first, last))
    for found, is_closed in told:
        event = _event(found.briefing, team, now)
        _close(found.briefing, event) if is_closed else _describe(found, event)
        calendar.add_component(event)
    return bytes(calendar.to_ical())


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
    yield from notices.of(briefing)
    yield f"TLP:{briefing.tlp}. To answer, or to see what changed: /briefings show E{briefing.id}"
