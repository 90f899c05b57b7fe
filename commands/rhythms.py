"""On which days and when a digest comes: the choices of a form, and how they are said."""

from storage.wall_time import WORKDAYS

DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
OPTIONS = (
    ("daily", "Each day: what is due"),
    ("weekdays", "Monday to Friday: what is due"),
    *((day.casefold(), f"Each {day}: everything") for day in DAYS),
)
_NAMED = {"daily": None, "weekdays": WORKDAYS, **{d.casefold(): n for n, d in enumerate(DAYS)}}


def is_known(name: str) -> bool:
    """Say whether *name* is one of the choices."""
    return name in _NAMED


def weekday(name: str) -> int | None:
    """Read a choice: "monday" is 0, "daily" None, "weekdays" `WORKDAYS`."""
    return _NAMED[name]


def name(weekday: int | None) -> str:
    """Give the choice that *weekday* is."""
    return next(name for name, number in _NAMED.items() if number == weekday)


def said(weekday: int | None, at: str) -> str:
    """Say how often: "each Monday at 09:00", "Monday to Friday at 08:30"."""
    if weekday == WORKDAYS:
        return f"Monday to Friday at {at}"
    return f"each day at {at}" if weekday is None else f"each {DAYS[weekday]} at {at}"
