"""What clocks in a zone do, as calendars are told of it (RFC 5545, 3.6.5)."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache
from itertools import groupby, pairwise
from typing import Any
from zoneinfo import ZoneInfo

DAY = timedelta(days=1)
LOOKED_BACK = timedelta(days=400)  # whoever changes their clocks does so within a year
LOOKED_AHEAD = timedelta(days=5 * 366)  # for so long a rule has to hold to be one
WEEKDAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")


@dataclass(frozen=True)
class Onset:
    """From *at* on, clocks that were *before* UTC are *after* it; *name* is what that is called."""

    at: datetime
    before: timedelta
    after: timedelta
    name: str
    is_summer: bool


@dataclass(frozen=True)
class Rule:
    """A change that comes each year: in *month*, on the *nth* *weekday* (0: Monday; -1: last)."""

    month: int
    nth: int
    weekday: int


def component(name: str, first: datetime, last: datetime) -> Any:
    """Tell the clocks of the zone *name* from *first* to *last*: as rules where they keep to rules.

    Where a government sets each change anew, each is told by itself; several dates in one RDATE are
    read by some programs as the first alone.
    """
    # Imported here: it takes 0.1 s, and most of what the bot does needs none of it.
    from icalendar import Timezone, TimezoneDaylight, TimezoneStandard  # noqa: PLC0415

    zone = Timezone()
    zone.add("tzid", name)
    for onset, rule in rules(name, first.year) or _singly(name, first, last):
        part = TimezoneDaylight() if onset.is_summer else TimezoneStandard()
        part.add("dtstart", _wall(onset))
        if rule is not None:
            day = f"{rule.nth}{WEEKDAYS[rule.weekday]}"
            part.add("rrule", {"freq": "yearly", "bymonth": rule.month, "byday": day})
        part.add("tzoffsetfrom", onset.before)
        part.add("tzoffsetto", onset.after)
        part.add("tzname", onset.name)
        zone.add_component(part)
    return zone


@cache
def rules(zone: str, year: int) -> list[tuple[Onset, Rule | None]]:
    """Give the yearly changes of clocks in *zone* as they are from *year* on; none without rules.

    The first of each kind comes before that year. To look for them takes 20 ms.
    """
    first = datetime(year, 1, 1, tzinfo=UTC)
    found = onsets(zone, first - LOOKED_BACK, first + LOOKED_AHEAD)[1:]
    ordered = sorted(found, key=lambda onset: (onset.before, onset.at))
    kinds = [list(alike) for _, alike in groupby(ordered, key=lambda onset: onset.before)]
    ruled = [(alike[0], _rule(alike)) for alike in kinds]
    return ruled if len(ruled) == 2 and all(rule is not None for _, rule in ruled) else []


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


def _singly(name: str, first: datetime, last: datetime) -> list[tuple[Onset, Rule | None]]:
    return [(onset, None) for onset in onsets(name, first, last)]


def _rule(alike: Sequence[Onset]) -> Rule | None:
    """Find the rule by which *alike*, changes of one kind in the order they come, are made."""
    walls = [_wall(onset) for onset in alike]
    first, years = walls[0], range(walls[0].year, walls[0].year + len(walls))
    alike_in = {(wall.month, wall.weekday(), wall.time()) for wall in walls}
    if [wall.year for wall in walls] != list(years) or len(years) < 5 or len(alike_in) > 1:
        return None
    ordinals = {(wall.day - 1) // 7 + 1 for wall in walls}
    if all((wall + 7 * DAY).month != wall.month for wall in walls):
        ordinals = {-1}
    if len(ordinals) > 1:
        return None
    return Rule(first.month, ordinals.pop(), first.weekday())


def _wall(onset: Onset) -> datetime:
    """Give what clocks show as they are changed."""
    return (onset.at.astimezone(UTC) + onset.before).replace(tzinfo=None)


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
