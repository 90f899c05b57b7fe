"""What a value in a facts file may be: each kind gives it typed, or says what to write instead."""

import difflib
import re
from collections.abc import Callable, Collection, Mapping
from datetime import date, datetime
from enum import StrEnum
from typing import Any
from zoneinfo import ZoneInfo

from storage import guard
from storage.characters import seen
from storage.models.row import TITLE_LIMIT

TEXT_LIMIT = 3000

Known = Mapping[str, Collection[str]]
Kind = Callable[[Any, Known], Any]


class Wrong(ValueError):  # noqa: N818 -- one of the faults in a FactsError
    """What is wrong with one value and what to write, as the end of a sentence."""


def text(value: Any, _known: Known) -> str:
    """Take any text but an empty one."""
    if not isinstance(value, str) or not seen(value).strip():
        raise Wrong(f"{shown(value)} is no text; write some in quotes")
    if "\0" in value:
        raise Wrong("the character U+0000 cannot be stored; leave it out")
    _check(value)
    if len(value) > TEXT_LIMIT:
        raise Wrong(f"{len(value)} characters are too many; write at most {TEXT_LIMIT}")
    return value.strip()


def title(value: Any, known: Known) -> str:
    """Take a text short enough to be called by."""
    called = text(value, known)
    if len(called) > TITLE_LIMIT:
        raise Wrong(f"{len(called)} characters are too many; write at most {TITLE_LIMIT}")
    return called


def flag(value: Any, _known: Known) -> bool:
    """Take true or false."""
    if not isinstance(value, bool):
        raise Wrong(f"{shown(value)} is neither true nor false; write one of them without quotes")
    return value


def whole(low: int, high: int) -> Kind:
    """Take a whole number from *low* to *high*."""

    def kind(value: Any, _known: Known) -> int:
        if not isinstance(value, int) or isinstance(value, bool) or not low <= value <= high:
            raise Wrong(
                f"{shown(value)} is not a whole number from {low} to {high}; "
                "write one without quotes"
            )
        return value

    return kind


def table(names: Collection[str], kind: Kind) -> Kind:
    """Take a table with values of *kind* under some of *names*."""

    def kinds(value: Any, known: Known) -> dict[str, Any]:
        if not isinstance(value, dict):
            raise Wrong(f"{shown(value)} is no table; write its lines below its name in brackets")
        for name in value:
            if name not in names:
                raise Wrong(f"{shown(name)} is not known; write one of {listed(names)}")
        return {name: kind(one, known) for name, one in value.items()}

    return kinds


def day(value: Any, _known: Known) -> date:
    """Take a day."""
    if not isinstance(value, date) or isinstance(value, datetime):
        raise Wrong(f"{shown(value)} is not a day; write one like 2026-11-30, without quotes")
    return value


def choice(choices: type[StrEnum]) -> Kind:
    """Take one of *choices*, written as its value."""

    def kind(value: Any, _known: Known) -> StrEnum:
        values = [one.value for one in choices]
        if value not in values:
            raise Wrong(f"{shown(value)} is not known; write one of {listed(values)}")
        return choices(value)

    return kind


def word(*words: str) -> Kind:
    """Take one of *words*."""

    def kind(value: Any, _known: Known) -> str:
        if value not in words:
            raise Wrong(f"{shown(value)} is not known; write one of {listed(words)}")
        return str(value)

    return kind


def ref(*tables: str) -> Kind:
    """Take the key of exactly one entry of *tables*."""

    def kind(value: Any, known: Known) -> str:
        found = [table for table in tables if value in known[table]]
        if len(found) > 1:
            raise Wrong(f"{shown(value)} is a key in {listed(found)}; give one of them another key")
        if not found:
            keys = [key for table in tables for key in known[table]]
            raise Wrong(
                f"{shown(value)} is not a key in {listed(tables, ' or ')}; "
                + nearest(value, keys, "add it there or name another")
            )
        return str(value)

    return kind


def several(kind: Kind) -> Kind:
    """Take a list of values of *kind*, none of them twice."""

    def kinds(value: Any, known: Known) -> list[Any]:
        if not isinstance(value, list):
            raise Wrong(f"{shown(value)} is no list; write it in square brackets")
        taken: list[Any] = []
        for one in value:
            read = kind(one, known)
            if read in taken:
                raise Wrong(f"{shown(one)} stands there twice; write it once")
            taken.append(read)
        return taken

    return kinds


def either(single: Kind, many: Kind) -> Kind:
    """Take a list as *many* and anything else as *single*."""
    return lambda value, known: (many if isinstance(value, list) else single)(value, known)


def pattern(expression: str, what: str, example: str) -> Kind:
    """Take a text of the form *expression*."""

    def kind(value: Any, _known: Known) -> str:
        if not isinstance(value, str) or not re.fullmatch(expression, value, re.ASCII):
            raise Wrong(f"{shown(value)} is not {what}; write one like {example}")
        return value

    return kind


clock = pattern(r"([01]\d|2[0-3]):[0-5]\d", "a time of day", '"09:30"')
month = pattern(r"(19|20|21)\d\d-(0[1-9]|1[0-2])", "a month", '"2026-11"')
_link = pattern(
    r"https://[^\s/<>|\"]+(/[^\s<>|\"]*)?", "an https link", '"https://example.org/page"'
)
team = pattern(r"[TE][A-Z0-9]{2,}", "a Slack team's id", '"T0123456"; it begins with T or E')
user = pattern(r"[UW][A-Z0-9]{2,}", "a Slack user's id", '"U0123456"; it begins with U or W')
channel = pattern(r"[CG][A-Z0-9]{2,}", "a Slack channel's id", '"C0123456"; it begins with C or G')


# Whoever has an address there speaks for nobody but themselves.
FREE_MAIL = {
    *("aol.com", "gmail.com", "gmx.com", "gmx.de", "gmx.net", "googlemail.com", "hotmail.com"),
    *("icloud.com", "live.com", "mail.com", "me.com", "msn.com", "outlook.com", "proton.me"),
    *("protonmail.com", "web.de", "yahoo.com", "yandex.com"),
}
_DOMAIN = pattern(r"([a-z0-9-]+\.)+[a-z]{2,}", "a domain of e-mail addresses", '"example.org"')


def domain(value: Any, known: Known) -> str:
    """Take the domain of an organisation's own e-mail addresses."""
    read = str(_DOMAIN(value, known))
    if read in FREE_MAIL:
        raise Wrong(f"{shown(value)} is where anybody may have an address; leave it out")
    return read


def link(value: Any, known: Known) -> str:
    """Take an https link that leads to no signal."""
    address: str = _link(value, known)
    _check(address)
    return address


def zone(value: Any, _known: Known) -> str:
    """Take the IANA name of a time zone."""
    try:
        ZoneInfo(value)
    except (LookupError, OSError, TypeError, ValueError):
        raise Wrong(
            f'{shown(value)} is no time zone; write an IANA name like "Europe/Brussels"'
        ) from None
    return str(value)


def shown(value: Any) -> str:
    """Show a value as the file has it, as far as a sentence has room; what is refused, never."""
    if guard.found_in(str(value)) is not None:
        return "what stands there"
    written = f'"{value}"' if isinstance(value, str) else str(value)
    written = {"True": "true", "False": "false"}.get(written, written)
    return written if len(written) <= 60 else f"{written[:59]}…"


def _check(value: str) -> None:
    if guard.found_in(value) is not None:
        raise Wrong("this looks like a signal or case material, which the bot never holds")


def listed(names: Collection[str], last: str = ", ") -> str:
    """Name *names*, the *last* of them joined so."""
    return last.join(names)


def nearest(value: Any, names: Collection[str], otherwise: str) -> str:
    """Suggest the one of *names* that *value* was meant to be; else say *otherwise*."""
    near = difflib.get_close_matches(str(value), list(names), n=1, cutoff=0.6)
    return f'perhaps "{near[0]}" is meant' if near else otherwise
