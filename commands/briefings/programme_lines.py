"""A programme as its author writes it: a session on each line, read and written the same way."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from commands.dates import CLOCK, MONTHS, WEEKDAYS
from commands.words import city, plain, shortened, width
from storage.errors import Refusal
from storage.models import Briefing, Organisation
from storage.models.row import TITLE_LIMIT
from storage.moved_along import is_within
from storage.programmes import ROOM_LIMIT, TRACK_LIMIT, Line
from storage.wall_time import beside, moments

PATTERN = "10:00-11:30 | Title | Track | Room | Who speaks"
FIELDS = ("title", "track", "room", "name of who speaks")
LIMITS = (TITLE_LIMIT, TRACK_LIMIT, ROOM_LIMIT, 300)
# Longer than that nothing lasts into the night whose last day is not written.
NIGHT = timedelta(hours=12)
_TIME = r"[0-9]{1,2}[:.][0-9]{2}"
_TIMED = re.compile(
    rf"(?P<day>.*?)(?P<at>{_TIME})(?: ?\((?P<which>first|second)\))?"
    rf"\s*(?:-|–|—|to|until)\s*"
    rf"(?P<last>[^|\t]*?)(?P<until>{_TIME})(?: ?\((?P<until_which>first|second)\))?"
    r"(?P<rest>.*)",
    re.IGNORECASE,
)
_BULLET = re.compile(r"^[•*·–—-]\s+")
_BETWEEN = re.compile(r"[|\t]")
_WORD = re.compile(r"[^\W_]+")
_NUMBER = re.compile(r"([0-9]{1,2})(?:st|nd|rd|th)?")


class Wrong(ValueError):  # noqa: N818 -- one of the faults in what was typed
    """What is wrong with one line, as a sentence that says what to write."""


@dataclass(frozen=True)
class Raw:
    """A line's parts as they were typed: on which day, from when until when, and its fields."""

    day: str
    timed: re.Match[str]
    fields: tuple[str, ...]


def days(briefing: Briefing) -> list[date]:
    """List the days of *briefing*, by the calendar where it is."""
    zone = ZoneInfo(briefing.zone)
    first = briefing.starts_at.astimezone(zone).date()
    last = (briefing.ends_at - timedelta.resolution).astimezone(zone).date()
    return [first + timedelta(days=n) for n in range((last - first).days + 1)]


def _ends(briefing: Briefing) -> list[date]:
    """List the days on which a session may end: where *briefing* ends at midnight, one more."""
    found, last = days(briefing), briefing.ends_at.astimezone(ZoneInfo(briefing.zone)).date()
    return found if last == found[-1] else [*found, last]


def speakers(texts: Sequence[str]) -> list[str]:
    """Name all who are said to speak in *texts*."""
    raws = [_parted(line, "") for text in texts for line in text.splitlines()]
    named = [raw.fields[3] for raw in raws if raw is not None and len(raw.fields) > 3]
    return [name for name in named if name]


def read(
    text: str, on: date, briefing: Briefing, known: Mapping[str, Organisation | Refusal]
) -> Iterator[Line | Wrong]:
    """Read each line of *text*, which was written for the day *on*, as a session of *briefing*.

    A line that is a day alone is the day of those that follow. *known* are who may speak, by name.
    """
    day = ""
    for number, line in enumerate(text.splitlines(), start=1):
        if not plain(line).strip():
            continue
        raw = _parted(line, day)
        try:
            if raw is None:
                day = _heading(line, days(briefing))
            else:
                yield _line(raw, on, briefing, known)
        except Wrong as wrong:
            yield Wrong(f"Line {number} («{shortened(plain(line), 30)}»): {wrong}")


def written(line: Line, zone: str) -> tuple[date, str]:
    """Write *line* as its author would, by the clock in *zone*; give the day it stands under."""
    begins, ends = (
        line.starts_at.astimezone(ZoneInfo(zone)),
        line.ends_at.astimezone(ZoneInfo(zone)),
    )
    is_near = ends.date() == begins.date() or (
        ends.time() <= begins.time() and line.ends_at - line.starts_at <= NIGHT
    )
    last = "" if is_near else f"{ends:%-d %b %Y} "
    when = f"{_clock(begins)}-{last}{_clock(ends)}"
    fields = [when, line.title, line.track, line.room, line.speaker]
    while not fields[-1]:
        fields.pop()
    return begins.date(), " | ".join(fields)


def _clock(at: datetime) -> str:
    """Write what a clock shows, and which of the two where it shows that twice."""
    shown = at.replace(tzinfo=None, fold=0)
    is_twice = len(moments(shown.date(), shown.time(), str(at.tzinfo))) > 1
    which = (" (second)" if at.fold else " (first)") if is_twice else ""
    return f"{at:%H:%M}{which}"


def _parted(line: str, day: str) -> Raw | None:
    """Part a line into when and what; None where it names no time."""
    found = _TIMED.fullmatch(_BULLET.sub("", line.strip()))
    if found is None:
        return None
    rest = re.sub(r"^\s*[|\t:]?\s*", "", found["rest"])
    fields = tuple(plain(field).strip() for field in _BETWEEN.split(rest))
    return Raw(_stripped(found["day"]) or day, found, fields)


def _stripped(text: str) -> str:
    return plain(text).strip(" |,:#*-")


def _heading(line: str, among: Sequence[date]) -> str:
    text = _stripped(line)
    if _BETWEEN.search(line):
        raise Wrong(f"write from when to when, as in: {PATTERN}")
    _day(text, among)  # says what is wrong with it
    return text


def _line(
    raw: Raw, on: date, briefing: Briefing, known: Mapping[str, Organisation | Refusal]
) -> Line:
    if not raw.fields[0]:
        raise Wrong(f"it has no title. Write it as in: {PATTERN}")
    if len(raw.fields) > len(FIELDS):
        raise Wrong(f"it has too many parts between | signs. Write it as in: {PATTERN}")
    for field, name, limit in zip(raw.fields, FIELDS, LIMITS, strict=False):
        if width(field) > limit:
            raise Wrong(f"its {name} has {width(field)} characters; {limit} fit.")
    starts_at, ends_at = _span(raw, on, briefing)
    title, track, room, speaker = (*raw.fields, "", "", "")[:4]
    spoken = known.get(speaker) if speaker else None
    if isinstance(spoken, Refusal):
        raise Wrong(f"who is «{shortened(speaker, 60)}»? {spoken.sentence}")
    named = (spoken.name, spoken.id) if spoken is not None else ("", None)
    return Line(title, starts_at, ends_at, track, room, *named)


def _span(raw: Raw, on: date, briefing: Briefing) -> tuple[datetime, datetime]:
    zone, timed = briefing.zone, raw.timed
    first = _day(raw.day, days(briefing)) if raw.day else on
    starts_at = _moment(first, timed["at"], timed["which"], zone)
    typed = _stripped(timed["last"])
    last = _day(typed, _ends(briefing)) if typed else first
    ends_at = _moment(last, timed["until"], timed["until_which"], zone)
    if ends_at <= starts_at and not typed:
        ends_at = _moment(first + timedelta(days=1), timed["until"], timed["until_which"], zone)
        if ends_at - starts_at > NIGHT:
            raise Wrong("it would end before it begins. Write a later time, or the day it ends.")
    if ends_at <= starts_at:
        raise Wrong("it would end before it begins. Write a later time.")
    if not is_within(briefing, starts_at, ends_at):
        raise Wrong(f"it would be outside the briefing, which lasts {_lasts(briefing)}.")
    return starts_at, ends_at


def _day(text: str, among: Sequence[date]) -> date:
    """Find the one of the days *among* that *text* names."""
    found = [day for day in among if _names(text, day)]
    if len(found) == 1:
        return found[0]
    if found:
        meant = " or ".join(f"{day:%-d %b %Y}" for day in found[:2])
        raise Wrong(f"«{shortened(text, 30)}» comes more than once. Write {meant}.")
    first, last = f"{among[0]:%a %-d %b %Y}", f"{among[-1]:%a %-d %b %Y}"
    span = first if first == last else f"{first} to {last}"
    raise Wrong(
        f"«{shortened(text, 30)}» is none of its days, which are {span}. Write a session as in: "
        f"{PATTERN}"
    )


def _names(text: str, day: date) -> bool:
    """Say whether each word of *text* is true of *day*, and together they could name it."""
    if text == day.isoformat():
        return True
    kinds = set()
    for word in _WORD.findall(text.casefold()):
        number = _NUMBER.fullmatch(word)
        if word in WEEKDAYS and WEEKDAYS[word] == day.weekday():
            kinds.add("weekday")
        elif word in MONTHS and MONTHS[word] == day.month:
            kinds.add("month")
        elif number and int(number[1]) == day.day and "number" not in kinds:
            kinds.add("number")
        elif word == str(day.year):
            kinds.add("year")
        else:
            return False
    return "weekday" in kinds or {"number", "month"} <= kinds


def _moment(day: date, typed: str, which: str | None, zone: str) -> datetime:
    clock = typed.replace(".", ":").rjust(5, "0")
    if not CLOCK.fullmatch(clock):
        raise Wrong(f"{typed} is no time of a day. Write it as in: {PATTERN}")
    at = time.fromisoformat(clock)
    found = moments(day, at, zone)
    on = f"{day:%a %-d %b %Y}"
    if not found:
        earlier, later = beside(day, at, zone)
        raise Wrong(
            f"on {on} the clocks in {city(zone)} are put forward over {clock}. Write "
            f"{earlier:%H:%M} or {later:%H:%M}."
        )
    if len(found) > 1 and which is None:
        raise Wrong(
            f"on {on} the clocks in {city(zone)} show {clock} twice. Write {clock} (first) or "
            f"{clock} (second)."
        )
    return found[-1 if (which or "").casefold() == "second" else 0]


def _lasts(briefing: Briefing) -> str:
    zone = ZoneInfo(briefing.zone)
    begins, ends = briefing.starts_at.astimezone(zone), briefing.ends_at.astimezone(zone)
    there = city(briefing.zone)
    return f"from {begins:%a %-d %b %Y, %H:%M} to {ends:%a %-d %b %Y, %H:%M} {there} time"
