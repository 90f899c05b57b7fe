"""Reading an item typed as words: "Ana Silva to send the notes - due tomorrow"."""

import re
from dataclasses import replace
from datetime import date, datetime
from zoneinfo import ZoneInfo

from commands import dates
from commands.typing import QUOTES, called, unquoted
from commands.words import plain
from storage.assignments import Draft
from storage.errors import Refusal

USAGE = "Write what is to be done: /actions add Ana to send the notes due 3 June"

_ORIGIN = re.compile(r"E#?([0-9]{1,9})\s*:\s*(.+)", re.IGNORECASE)
_DUE = re.compile(r"(|.*[\s(,;–—-])due(?: on| by|:)?\s+(?!to\b)(.+)", re.IGNORECASE)
_BREAKS = " ,;:–—-"
_MENTION = re.compile(r"<@([A-Za-z0-9]+)>\s*(?:to\s+)?(.*)", re.IGNORECASE)
_SOMEBODY = re.compile(r"(\S.{0,79}?)\s+to\s+(.+)", re.IGNORECASE)
_ONESELF = {"me", "i", "myself"}
_NUMBERED = re.compile(r"(A#?[0-9]{1,9}|#[0-9]{1,9})[\s:,–—-]+(.+)", re.IGNORECASE)
_QUOTED = re.compile(r"[\"“«„](.+?)[\"”»“]\s*(.*)")


def read_draft(text: str, now: datetime, zone: str) -> Draft:
    """Read what is to be done, by whom and by which day as seen from *zone*.

    Without a name it is for oneself; without a day it has none; «E12:» before it says of which
    briefing it came. Raises Refusal.
    """
    text = plain(unquoted(text))
    origin = _ORIGIN.fullmatch(text)
    draft = _drafted(origin[2] if origin else text, now, zone)
    return replace(draft, origin=int(origin[1]) if origin else 0)


def read_called(text: str) -> tuple[str, str | None]:
    """Divide which item from what is said of it: «A7 sent on Friday», «"Draft" sent».

    A title without quotes takes the whole text, since it may hold any word.
    """
    text = plain(text)
    divided = _NUMBERED.fullmatch(text) or _QUOTED.fullmatch(text)
    if divided is None:
        return called(text), None
    return called(divided[1]), divided[2] or None


def _drafted(text: str, now: datetime, zone: str) -> Draft:
    if not text:
        raise Refusal(USAGE)
    whole, due_on = _without_due(text, now.astimezone(ZoneInfo(zone)).date())
    mention = _MENTION.fullmatch(whole)
    if mention:
        return Draft(mention[2], user=mention[1], due_on=due_on)
    somebody = _SOMEBODY.fullmatch(whole)
    if somebody is None:
        return Draft(whole, due_on=due_on)
    if unquoted(somebody[1]).casefold() in _ONESELF:
        return Draft(somebody[2], due_on=due_on)
    return Draft(somebody[2], somebody[1], whole=whole, due_on=due_on)


def _without_due(text: str, today: date) -> tuple[str, date | None]:
    due = _DUE.fullmatch(text)
    if due is None:
        return text, None
    before, day = due[1].strip(" ("), due[2].strip(f" ).{QUOTES}")
    whole = before.rstrip(_BREAKS)
    # «Check due process» names no day; «- due process» or «due 31 June» was meant as one.
    if whole == before and not dates.looks_like_a_day(day):
        return text, None
    return whole, dates.parse(day, today)
