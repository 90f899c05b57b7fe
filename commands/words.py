"""Moments, people, numbers, and text that came from people, as they are written everywhere."""

import re
import unicodedata
from datetime import date, datetime
from enum import StrEnum
from urllib.parse import quote, urlsplit
from zoneinfo import ZoneInfo

from storage.characters import JOINER, JOINERS, seen
from storage.models import Precision

_SKIN_TONES = {chr(tone) for tone in range(0x1F3FB, 0x1F400)}
_MARKUP = re.compile(r"([*_~`]|^&gt;)")
_CALL = re.compile(r"@(?=(?:here|channel|everyone|group)\b)", re.IGNORECASE)


def said(text: str | None, limit: int = 300) -> str:
    """Give *text* that came from people as harmless mrkdwn on one line, at most *limit* long.

    Mentions, links and dates cannot be forged in it (see `escaped`), markup in it stays text (a
    word joiner stands beside * _ ~ ` and a leading >), and nothing in it is hidden or can turn the
    line round.
    """
    return _MARKUP.sub("\u2060\\1", escaped(shortened(plain(text or ""), limit)))


def escaped(text: str) -> str:
    """Write & < > of plain *text* as mrkdwn wants them; a word joiner makes @here call nobody."""
    apart = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return _CALL.sub("@\u2060", apart)


def plain(text: str) -> str:
    """Give what is seen of *text*, on one line, for plain_text objects."""
    return " ".join(seen(text).split())


def shortened(text: str, limit: int) -> str:
    """Cut *text* to *limit* characters as Slack counts them, with «…» where something is missing.

    A cut never falls inside a character with its accents, nor inside an emoji made of several.
    """
    if 2 * len(text) <= limit or width(text) <= limit:
        return text
    at, room = 0, limit - 1
    while (room := room - width(text[at])) >= 0:
        at += 1
    while at and (_leans(text[at]) or text[at - 1] == JOINER):
        at -= 1
    return text[:at].rstrip() + "…"


def _leans(character: str) -> bool:
    return (
        unicodedata.category(character).startswith("M")
        or character in JOINERS
        or character in _SKIN_TONES
    )


def width(text: str) -> int:
    """Count characters as Slack may: by UTF-16 units, which is never fewer than code points."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def when(
    moment: datetime,
    zone: str,
    there: str | None = None,
    precision: Precision = Precision.MINUTE,
) -> str:
    """Say *moment* in the reader's *zone*, and in the zone *there* where that reads otherwise.

    As precise as it is known: "Tue 24 Nov 2026, 15:00 your time (14:00 London)", "Dec 2023".
    """
    local = moment.astimezone(
        ZoneInfo(there or zone if precision is not Precision.MINUTE else zone)
    )
    if precision is Precision.YEAR:
        return f"{local:%Y}"
    if precision is Precision.MONTH:
        return f"{local:%b %Y}"
    if precision is Precision.DAY:
        return f"{local:%a %-d %b %Y}"
    text = f"{local:%a %-d %b %Y, %H:%M} your time"
    if there is None or there == zone:
        return text
    away = moment.astimezone(ZoneInfo(there))
    if away.utcoffset() == local.utcoffset():
        return f"{text} ({city(there)})"
    other_day = f"{away:%a }" if away.date() != local.date() else ""
    return f"{text} ({other_day}{away:%H:%M} {city(there)})"


def span(begins: datetime, ends: datetime, zone: str, there: str) -> str:
    """Say a day and from when to when on it, in the reader's *zone* and *there*."""
    on = when(begins, zone, precision=Precision.DAY)
    return f"{on}, {hours(begins, ends, zone, there)}"


def hours(begins: datetime, ends: datetime, zone: str, there: str) -> str:
    """Say from when to when, on a day that is named already, in the reader's *zone* and *there*.

    "15:00–16:30 your time (14:00–15:30 London)"; another day than that is named.
    """
    local, away = begins.astimezone(ZoneInfo(zone)), begins.astimezone(ZoneInfo(there))
    text = f"{_until(local, ends)} your time"
    if there == zone:
        return text
    if away.utcoffset() == local.utcoffset():
        return f"{text} ({city(there)})"
    other_day = f"{away:%a }" if away.date() != local.date() else ""
    return f"{text} ({other_day}{_until(away, ends)} {city(there)})"


def _until(begins: datetime, ends: datetime) -> str:
    ends = ends.astimezone(begins.tzinfo)
    other_day = f"{ends:%a }" if ends.date() != begins.date() else ""
    return f"{begins:%H:%M}–{other_day}{ends:%H:%M}"


def when_there(moment: datetime, zone: str, precision: Precision = Precision.MINUTE) -> str:
    """Say *moment* where many read it: in its own *zone*, in each reader's, and in UTC.

    The token between < and > is turned into the reader's own time by Slack.
    """
    if precision is not Precision.MINUTE:
        return when(moment, zone, zone, precision)
    local = moment.astimezone(ZoneInfo(zone))
    utc = moment.astimezone(ZoneInfo("UTC"))
    stamp = int(moment.timestamp())
    there = f"{local:%a %-d %b %Y, %H:%M} {city(zone)}"
    return f"{there} (<!date^{stamp}^{{time}} your time|{utc:%H:%M} UTC>)"


def day(moment: datetime | date, zone: str | None = None) -> str:
    """Say a day: "3 Nov 2026". A moment needs the reader's *zone*."""
    if isinstance(moment, datetime):
        moment = moment.astimezone(ZoneInfo(zone or "UTC"))
    return f"{moment:%-d %b %Y}"


def loosely(text: str) -> str:
    """Say a date that is known as precisely as "2023", "2023-11" or "2023-11-07"."""
    parts = text.split("-")
    if len(parts) == 1:
        return text
    known = date(int(parts[0]), int(parts[1]), int(parts[2]) if len(parts) > 2 else 1)
    return day(known) if len(parts) > 2 else f"{known:%b %Y}"


def city(zone: str) -> str:
    """Name a zone by its city: "America/New_York" is New York."""
    return zone.rsplit("/", 1)[-1].replace("_", " ")


def count(number: int, noun: str, plural: str | None = None, *, or_more: bool = False) -> str:
    """Say how many: "1 briefing", "3 briefings", "no briefings", "100 or more briefings"."""
    words = noun if number == 1 else plural or f"{noun}s"
    return f"{number or 'no'}{' or more' if or_more else ''} {words}"


def spelled(choice: StrEnum) -> str:
    """Write a choice as words: "at_risk" is "at risk"."""
    return choice.value.replace("_", " ")


def who(name: str, organisation: str | None = None) -> str:
    """Name a person, with the organisation they speak for."""
    return f"{said(name, 80)} ({said(organisation, 80)})" if organisation else said(name, 80)


def listed(parts: list[str], limit: int = 20) -> str:
    """Join *parts* to "a, b and c"; beyond *limit* "and n more" stands for the rest."""
    if len(parts) > limit:
        parts = [*parts[:limit], f"{len(parts) - limit} more"]
    return " and ".join([", ".join(parts[:-1]), parts[-1]]) if len(parts) > 1 else "".join(parts)


def link(address: str) -> str:
    """Make *address* a link that shows where it leads; text where it is no web address."""
    shown = said(address, 80)
    if any(c.isspace() for c in address) or not address.isprintable():
        return shown
    try:
        parts = urlsplit(address)
    except ValueError:
        return shown
    if parts.scheme not in {"http", "https"} or not parts.hostname:
        return shown
    # What would end the link, or begin its label, is written as its code.
    safe = quote(address, safe=":/?#[]@!$&'()*+,;=%~").replace("&", "&amp;")
    return f"<{safe}|{shown}>"


def channel(name: str) -> str:
    """Mention a channel by its id, which is ours; anything else is text."""
    return f"<#{name}>" if re.fullmatch(r"[CG][A-Z0-9]+", name) else said(name, 80)
