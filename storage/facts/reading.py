"""From dates as a file has them (a day, a month, a year, days from now) to moments."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from storage.facts.shapes import Entry
from storage.models import Precision
from storage.wall_time import moment

OPENS, CLOSES = time(9), time(17)  # a day of which no hours are known


@dataclass(frozen=True)
class Span:
    """When an event is, as exactly as the file says."""

    starts_at: datetime
    ends_at: datetime
    precision: Precision


def today(now: datetime, zone: str) -> date:
    """Give the day it is in *zone*."""
    return now.astimezone(ZoneInfo(zone)).date()


def span(entry: Entry, now: datetime) -> Span:
    """Read `on`, `month`, `year` or `days` (from the day it is now where the event is)."""
    zone = entry["zone"] or "UTC"
    if entry["year"] is not None:
        first, after = date(entry["year"], 1, 1), date(entry["year"] + 1, 1, 1)
        return _whole(first, after, zone, Precision.YEAR)
    if entry["month"] is not None:
        first = date.fromisoformat(f"{entry['month']}-01")
        after = (first + timedelta(days=31)).replace(day=1)
        return _whole(first, after, zone, Precision.MONTH)
    day = entry["on"] or today(now, zone) + timedelta(days=entry["days"])
    if entry["at"] is None:
        return Span(moment(day, OPENS, zone), moment(day, CLOSES, zone), Precision.DAY)
    starts_at = moment(day, time.fromisoformat(entry["at"]), zone)
    return Span(starts_at, starts_at + timedelta(minutes=entry["minutes"]), Precision.MINUTE)


def days_before(starts_at: datetime, days: int, zone: str) -> datetime:
    """Give the moment at which clocks in *zone* showed the same, *days* earlier."""
    local = starts_at.astimezone(ZoneInfo(zone))
    return moment(local.date() - timedelta(days=days), local.time(), zone)


def due(entry: Entry, now: datetime, zone: str) -> tuple[str | None, date | None]:
    """Give a milestone's due as text, as precise as the file, and its day where there is one."""
    if entry["days"] is not None:
        day = today(now, zone) + timedelta(days=entry["days"])
        return day.isoformat(), day
    if entry["on"] is not None:
        return entry["on"].isoformat(), entry["on"]
    return published(entry["month"], entry["year"]), None


def published(month: str | None, year: int | None, day: date | None = None) -> str | None:
    """Give a date as text, as precise as it is known."""
    if day is not None:
        return day.isoformat()
    return month or (str(year) if year is not None else None)


def _whole(first: date, after: date, zone: str, precision: Precision) -> Span:
    return Span(moment(first, time(0), zone), moment(after, time(0), zone), precision)
