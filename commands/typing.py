"""Reading what people type: quotes of every keyboard, page numbers, words that are nearly right."""

import difflib
import re
from collections.abc import Iterable

from commands.words import plain

CALLED_LIMIT = 300  # twice the longest title
QUOTES = "\"'“”„‟‘’‚«»"
_DOUBLE = '"“”„‟«»'
_AT = re.compile(
    rf"(?:[{_DOUBLE}](?P<quoted>[^{_DOUBLE}]+)[{_DOUBLE}]|(?P<bare>.+?))\s+at\s+(?P<home>.+)",
    re.IGNORECASE,
)
_MENTION = re.compile(r"<([@#!])([^>|]+)(?:\|([^>]*))?>")
_LINK = re.compile(r"<((?:https?|mailto):[^>|]+)(?:\|[^>]*)?>")


def unescaped(text: str) -> str:
    """Undo, once, what Slack does to a command's text: links and mentions in <>, &amp; &lt; &gt;.

    A link becomes its address and a mention of a person stays «<@U123>»; other mentions become
    their plain names.
    """
    text = _LINK.sub(r"\1", text)
    text = _MENTION.sub(_as_written, text)
    return text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")


def _as_written(mention: re.Match[str]) -> str:
    if mention[1] == "@":
        return f"<@{mention[2]}>"
    if mention[1] == "!":
        return mention[3] or f"@{mention[2]}"
    return f"#{mention[3] or mention[2]}"


def unquoted(text: str) -> str:
    """Take quotes off around *text*, whichever keyboard wrote them."""
    return text.strip().strip(QUOTES).strip()


def called(text: str) -> str:
    """Read what somebody calls a thing: on one line, without quotes, no longer than can matter."""
    return unquoted(plain(text))[:CALLED_LIMIT]


def read_contact(text: str) -> tuple[str, str] | None:
    """Read the name of somebody without Slack, and whom they speak for: «"Ana Example" at Hotline».

    None where it is not clear which is which: quotes round the name make it so.
    """
    found = _AT.fullmatch(" ".join(text.split()))
    if found is None or "<@" in text:
        return None
    name, home = called(found["quoted"] or found["bare"]), called(found["home"])
    is_clear = found["quoted"] or not (_has("for", name) or _has("at", home))
    return (name, home) if name and home and is_clear else None


def _has(word: str, text: str) -> bool:
    return word in text.casefold().split()


def row_id(value: str) -> int:
    """Read the id in a button's value; 0, which is nobody's, where there is none."""
    return int(value) if re.fullmatch("[0-9]{1,9}", value) else 0


def page_asked(value: str, text: str) -> int:
    """Read which page is asked for: a button's *value* counts from 0, people count from 1."""
    return page_number(value) if value else max(page_number(text) - 1, 0)


def page_number(text: str) -> int:
    """Read a page number; anything else is the first page, 0."""
    return int(text) if text.isascii() and text.isdigit() and len(text) < 6 else 0


def nearest(word: str, known: Iterable[str]) -> str | None:
    """Give the known word that *word* is most likely a slip of."""
    found = difflib.get_close_matches(word.casefold(), list(known), n=1, cutoff=0.6)
    return found[0] if found else None
