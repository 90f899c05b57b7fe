"""Briefings for calendars (RFC 5545): one as a file, many at an address."""

from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from commands import clocks, notices
from commands.words import listed, plain, shortened, spelled
from storage import picks
from storage.briefings import Detail
from storage.feeds import Feed
from storage.models import Briefing, Place, Precision, Standing, State, Talk

TEXT_LIMIT, TITLE_LIMIT = 2000, 250
DAY = timedelta(days=1)


def file(
    found: Detail,
    team: str,
    now: datetime,
    talks: Sequence[Talk] = (),
    *,
    is_closed: bool = False,
) -> bytes:
    """Write *found*, of the workspace *team*, as whoever asked may see it, and the *talks* chosen.

    The same briefing has the same UID for ever, and its SEQUENCE grows with each change: opened
    again, the file changes what the calendar has, and cancels what was cancelled. What *is_closed*,
    since its label lets nobody take it away, is a time and a number alone. Of sessions the same
    holds.
    """
    is_off = found.briefing.state is State.CANCELLED
    calendar = _calendar("CANCEL" if is_off else "PUBLISH")
    chosen = [(talk, is_closed) for talk in talks]
    return _filled(calendar, [(found, is_closed)], chosen, team, now)


def feed(found: Feed, now: datetime) -> bytes:
    """Write all that is to stand in a calendar, for one that reads it again and again."""
    calendar = _calendar("PUBLISH")
    calendar.add("x-wr-calname", shortened(plain(found.name), TITLE_LIMIT))
    calendar.add("refresh-interval", timedelta(hours=1), parameters={"VALUE": "DURATION"})
    return _filled(calendar, found.briefings, found.talks, found.team, now)


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


def _filled(
    calendar: Any,
    told: Sequence[tuple[Detail, bool]],
    talks: Sequence[tuple[Talk, bool]],
    team: str,
    now: datetime,
) -> bytes:
    """Put into *calendar* the zones, then each briefing and session with whether it is closed."""
    timed = [each.briefing for each, _ in told if each.briefing.precision is Precision.MINUTE]
    spans = [(one.zone, one.starts_at, one.ends_at) for one in timed]
    spans += [(talk.briefing.zone, talk.starts_at, talk.ends_at) for talk, _ in talks]
    for zone in sorted({zone for zone, _, _ in spans} - {"UTC"}):
        first = min(begins for there, begins, _ in spans if there == zone)
        last = max(ends for there, _, ends in spans if there == zone)
        calendar.add_component(clocks.component(zone, first, last))
    for found, is_closed in told:
        briefing = found.briefing
        event = _event(f"briefing-{briefing.id}", briefing.sequence, _span(briefing), team, now)
        _close(briefing, event) if is_closed else _describe(found, event)
        event.add("status", _status(found, is_closed=is_closed))
        calendar.add_component(event)
    for talk, is_closed in talks:
        briefing, clock = talk.briefing, ZoneInfo(talk.briefing.zone)
        span = talk.starts_at.astimezone(clock), talk.ends_at.astimezone(clock)
        # Called off with its briefing it changes too, and both only ever count upwards.
        sequence = talk.sequence + briefing.sequence
        event = _event(f"session-{talk.id}", sequence, span, team, now)
        _close(briefing, event) if is_closed else _describe_talk(talk, event)
        event.add("status", "CONFIRMED" if picks.takes_place(talk) else "CANCELLED")
        calendar.add_component(event)
    return bytes(calendar.to_ical())


def _event(
    uid: str,
    sequence: int,
    span: tuple[datetime | date, datetime | date],
    team: str,
    now: datetime,
) -> Any:
    from icalendar import Event  # noqa: PLC0415 -- as above

    event = Event()
    event.add("uid", f"{uid}.{team.lower()}@convene.invalid")
    event.add("sequence", sequence)
    event.add("dtstamp", now.astimezone(UTC).replace(microsecond=0))
    event.add("dtstart", span[0])
    event.add("dtend", span[1])
    return event


def _close(briefing: Briefing, event: Any) -> None:
    event.add("summary", f"Closed session (E{briefing.id})")
    event.add("description", f"TLP:{briefing.tlp}. See /briefings show E{briefing.id}")


def _describe_talk(talk: Talk, event: Any) -> None:
    briefing = talk.briefing
    there = [plain(talk.room)] if talk.room else []
    told = [
        f"Track: {plain(talk.track)}" if talk.track else "",
        f"Speaking: {plain(talk.organisation.name)}" if talk.organisation else "",
        f"Part of E{briefing.id} {plain(briefing.title)}",
        f"TLP:{briefing.tlp}. To see what changed: /briefings programme E{briefing.id}",
    ]
    event.add("summary", shortened(plain(talk.title), TITLE_LIMIT))
    event.add("location", ", ".join([*there, _where(briefing)]))
    event.add("description", shortened("\n".join(line for line in told if line), TEXT_LIMIT))


def _describe(found: Detail, event: Any) -> None:
    briefing = found.briefing
    going = found.mine is not None and found.mine.standing is Standing.GOING
    link = briefing.join_link if going and briefing.place is not Place.IN_PERSON else None
    event.add("summary", shortened(plain(briefing.title), TITLE_LIMIT))
    event.add("location", _where(briefing))
    event.add("description", shortened("\n".join(_told(found, link)), TEXT_LIMIT))
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


def _status(found: Detail, *, is_closed: bool) -> str:
    if found.briefing.state is State.CANCELLED:
        return "CANCELLED"
    going = found.mine is not None and found.mine.standing is Standing.GOING
    return "CONFIRMED" if going and not is_closed else "TENTATIVE"


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
