"""Reading a day as people type it: a small, strict grammar that refuses what could be two days."""

import calendar
import re
from collections.abc import Callable
from datetime import date, timedelta

from commands.words import day
from storage.errors import Refusal

LONGEST = 64
FARTHEST = timedelta(days=3653)
JUST_GONE = timedelta(days=31)
HINT = "Write it like 2026-12-03, 3 Dec 2026, tomorrow, Friday, in 3 days or end of month."

CLOCK = re.compile(r"([01][0-9]|2[0-3]):[0-5][0-9]")

# What people write, in full or short, and what it is: January is 1, Monday 0.
MONTHS = {
    name.casefold(): number
    for names in (calendar.month_name, calendar.month_abbr)
    for number, name in enumerate(names)
    if name
} | {"sept": 9}
WEEKDAYS = {
    name.casefold(): number
    for names in (calendar.day_name, calendar.day_abbr)
    for number, name in enumerate(names)
} | {"tues": 1, "wednes": 2, "thur": 3, "thurs": 3}
_ZONE = re.compile(
    r"\b(gmt|utc|bst|[eirc]st|[ecmp][sd]t|akst|akdt|hst|wes?t|ces?t|ees?t|msk|jst|kst|hkt|sgt|pht|"
    r"wib|ae[sd]t|ac[sd]t|awst|nz[sd]t|brt|art)\b",
    re.IGNORECASE,
)
_MONTH = rf"(?P<month>{'|'.join(sorted(MONTHS, key=len, reverse=True))})\.?"
_WEEKDAY = rf"(?P<weekday>{'|'.join(sorted(WEEKDAYS, key=len, reverse=True))})"
_DAY = r"(?P<day>[0-9]{1,2})(?:st|nd|rd|th)?"
_YEAR = r"(?:,? (?P<year>[0-9]{4}))?"
_NUMBERS = re.compile(r"([0-9]{1,2})[/.-]([0-9]{1,2})[/.-]([0-9]{4}|[0-9]{2})(?![0-9])")
_HINTS_AT_A_DAY = {
    *MONTHS,
    *WEEKDAYS,
    *("today", "tonight", "tomorrow", "yesterday", "next", "this", "in", "end", "eod", "eow"),
    *("eom", "asap", "week", "month"),
}


def parse(text: str, today: date) -> date:
    """Read *text* as a day from *today* on, up to ten years ahead.

    A day without a year is its next occurrence; "Friday" is the first one after today, "next
    Friday" the one in the week after this. Raises Refusal, with what to write instead, for
    anything else: nothing is guessed.
    """
    typed = " ".join(text.split())
    if len(typed) > LONGEST:
        raise Refusal(f"A day takes at most {LONGEST} characters. {HINT}")
    for pattern, read in _FORMS:
        match = pattern.fullmatch(typed.casefold())
        if match:
            return _to_come(read(match, today), today)
    raise _unread(typed, today)


def looks_like_a_day(text: str) -> bool:
    """Say whether *text* seems meant as a day, rightly written or not."""
    words = re.findall(r"[^\W_]+", text.casefold())
    return bool(words) and (words[0] in _HINTS_AT_A_DAY or any(c.isdigit() for c in text))


def _iso(match: re.Match[str], _today: date) -> date:
    return _made(int(match["year"]), int(match["month"]), int(match["day"]), match[0])


def _named(match: re.Match[str], today: date) -> date:
    month, number = MONTHS[match["month"]], int(match["day"])
    if match["year"]:
        return _made(int(match["year"]), month, number, match[0])
    for year in (today.year, today.year + 1):
        # A leap day may exist in one of the two years only.
        if number <= calendar.monthrange(year, month)[1] and number:
            found = date(year, month, number)
            if found >= today:
                return found
            if today - found <= JUST_GONE:
                raise Refusal(
                    f"That day is over: it was {day(found)}. If you mean another year, write it: "
                    f"{number} {calendar.month_abbr[month]} {year + 1}."
                )
    raise Refusal(f"There is no {number} {calendar.month_name[month]} in the year to come. {HINT}")


def _word(match: re.Match[str], today: date) -> date:
    return today + timedelta(days=["today", "tomorrow"].index(match[0]))


def _weekday(match: re.Match[str], today: date) -> date:
    wanted = WEEKDAYS[match["weekday"]]
    if match["next"]:
        monday = today + timedelta(days=7 - today.weekday())
        return monday + timedelta(days=wanted)
    return today + timedelta(days=(wanted - today.weekday() - 1) % 7 + 1)


def _ahead(match: re.Match[str], today: date) -> date:
    days = 7 if match["unit"].startswith("w") else 1
    return today + timedelta(days=days * int(match["number"]))


def _month_end(_match: re.Match[str], today: date) -> date:
    return today.replace(day=calendar.monthrange(today.year, today.month)[1])


_Reading = Callable[[re.Match[str], date], date]
_FORMS: tuple[tuple[re.Pattern[str], _Reading], ...] = (
    (re.compile(r"(?P<year>[0-9]{4})-(?P<month>[0-9]{1,2})-(?P<day>[0-9]{1,2})"), _iso),
    (re.compile(rf"{_DAY} {_MONTH}{_YEAR}"), _named),
    (re.compile(rf"{_MONTH} {_DAY}{_YEAR}"), _named),
    (re.compile(r"today|tomorrow"), _word),
    (re.compile(rf"(?P<next>next )?{_WEEKDAY}"), _weekday),
    (re.compile(r"in (?P<number>[0-9]{1,4}) (?P<unit>days?|weeks?)"), _ahead),
    (re.compile(r"\+ ?(?P<number>[0-9]{1,4}) ?(?P<unit>d|w|days?|weeks?)"), _ahead),
    (re.compile(r"(?:the )?end of (?:the |this )?month"), _month_end),
)


def _made(year: int, month: int, number: int, typed: str) -> date:
    try:
        return date(year, month, number)
    except ValueError:
        raise Refusal(f"There is no day {typed} in the calendar. {HINT}") from None


def _to_come(found: date, today: date) -> date:
    if found < today:
        raise Refusal(f"That day is over: it was {day(found)}. Give today or a later day.")
    if found - today > FARTHEST:
        raise Refusal(f"{day(found)} is more than ten years away. Give a nearer day.")
    return found


def _unread(typed: str, today: date) -> Refusal:
    numbers = _NUMBERS.search(typed)
    if numbers:
        return _two_ways(numbers, today)
    zone = _ZONE.search(typed)
    if zone:
        return Refusal(
            f"«{zone[0]}» means different zones to different people. Leave it out and give the day "
            f"only: it lasts to its end where the owner is. {HINT}"
        )
    said = f"«{typed}» cannot be read as one certain day." if typed else "No day is given."
    return Refusal(f"{said} {HINT}")


def _two_ways(numbers: re.Match[str], today: date) -> Refusal:
    first, second, year = (int(part) for part in numbers.groups())
    year += today.year // 100 * 100 if year < 100 else 0
    readings = []
    for number, month in ((first, second), (second, first)):
        if 1 <= month <= 12 and 1 <= number <= calendar.monthrange(max(year, 1), month)[1]:
            readings.append(date(max(year, 1), month, number))
    meant = " or ".join(dict.fromkeys(f"{found} ({day(found)})" for found in readings))
    if not meant:
        return Refusal(f"«{numbers[0]}» is no day in any calendar. {HINT}")
    why = (
        "can be read in two ways" if len(set(readings)) > 1 else "is not how days are written here"
    )
    return Refusal(f"«{numbers[0]}» {why}. Write {meant}.")
