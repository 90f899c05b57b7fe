"""From what a clock on the wall shows to the moment it means."""

from collections.abc import Mapping
from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError, available_timezones

WORKDAYS = 7  # besides the days of the week, 0 to 6: from Monday to Friday
FRIDAY = 4


def is_known(zone: str) -> bool:
    """Say whether *zone* names a zone that this machine knows."""
    try:
        ZoneInfo(zone)
    except (ZoneInfoNotFoundError, ValueError, OSError):  # OSError: «Europe» is a folder
        return False
    return True


def named(text: str) -> str | None:
    """Give the zone that *text* names, by its whole name or its city; None for none or several.

    A bare abbreviation such as EST names none: it means different zones to different people.
    """
    asked = "_".join(text.casefold().split())
    found = _names().get(asked, [])
    return found[0] if len(found) == 1 else None


@cache
def _names() -> Mapping[str, list[str]]:
    # Asking the system which zones there are takes 20 ms.
    zones = [zone for zone in available_timezones() if "/" in zone or zone == "UTC"]
    names: dict[str, list[str]] = {}
    for zone in zones:
        names.setdefault(zone.casefold().rsplit("/", 1)[-1], []).append(zone)
    return names | {zone.casefold(): [zone] for zone in zones}


def is_daily(weekday: int | None) -> bool:
    """Say whether *weekday* stands for more than one day of the week."""
    return weekday in {None, WORKDAYS}


def moment(day: date, at: time, zone: str) -> datetime:
    """Give the UTC moment at which clocks in *zone* show *at* on *day*.

    A time that the clocks skip is moved on by as much as they skip; one they show twice is the
    first of the two.
    """
    local = datetime.combine(day, at.replace(fold=0), ZoneInfo(zone))
    return local.astimezone(UTC)


def moments(day: date, at: time, zone: str) -> tuple[datetime, ...]:
    """Give each UTC moment at which clocks in *zone* show *at* on *day*.

    None where the clocks skip it, two where they show it twice.
    """
    shown = datetime.combine(day, at.replace(fold=0))
    found = []
    for fold in (0, 1):
        meant = shown.replace(tzinfo=ZoneInfo(zone), fold=fold).astimezone(UTC)
        if meant.astimezone(ZoneInfo(zone)).replace(tzinfo=None) == shown and meant not in found:
            found.append(meant)
    return tuple(found)


def beside(day: date, at: time, zone: str) -> tuple[time, time]:
    """Give what clocks in *zone* show just as long before and after they skip *at* on *day*."""
    shown = datetime.combine(day, at.replace(fold=0), ZoneInfo(zone))
    either = (shown.replace(fold=fold).astimezone(UTC) for fold in (1, 0))
    earlier, later = (moment.astimezone(ZoneInfo(zone)).time() for moment in either)
    return earlier, later


def end_of(day: date, zone: str) -> datetime:
    """Give the moment at which *day* is over in *zone*."""
    return moment(day + timedelta(days=1), time(0), zone)


def caught_up(
    weekday: int | None, at: str, zone: str, due: datetime, now: datetime
) -> tuple[datetime, datetime]:
    """Give the last occurrence from *due* on that *now* has reached, and the one that follows."""
    while (following := next_weekly(weekday, at, zone, due)) <= now:
        due = following
    return due, following


def next_weekly(weekday: int | None, at: str, zone: str, after: datetime) -> datetime:
    """Give the first moment after *after* at which it is *weekday* (0: Monday) *at* in *zone*.

    None is any day, `WORKDAYS` any from Monday to Friday.
    """
    clock = time.fromisoformat(at)
    day = after.astimezone(ZoneInfo(zone)).date() - timedelta(days=1)
    while True:
        day += timedelta(days=1)
        if _falls_on(weekday, day) and (found := moment(day, clock, zone)) > after:
            return found


def _falls_on(weekday: int | None, day: date) -> bool:
    if weekday == WORKDAYS:
        return day.weekday() <= FRIDAY
    return weekday in (None, day.weekday())
