"""Text objects and the short strings around them: ids, links, options, confirmation dialogs."""

from __future__ import annotations

import re

from bot.workspace.checks.rules import (
    Rule,
    flag,
    items,
    kinds,
    one_of,
    record,
    string,
    such_that,
    typed,
)


def plain(most: int = 3000) -> Rule:
    """Build the rule for a plain_text object, which knows `emoji` but not `verbatim`."""
    fields = typed("plain_text", {"text": string(most)}, {"emoji": flag})
    return kinds({"plain_text": fields})


def mrkdwn(most: int = 3000) -> Rule:
    """Build the rule for a mrkdwn object, which knows `verbatim` but not `emoji`."""
    fields = typed("mrkdwn", {"text": string(most)}, {"verbatim": flag})
    return kinds({"mrkdwn": fields})


def text(most: int = 3000) -> Rule:
    """Build the rule for a place that takes either kind of text object."""
    return kinds({"plain_text": plain(most), "mrkdwn": mrkdwn(most)})


def link(scheme: str = r"[a-z][a-z0-9+.-]*:") -> Rule:
    """Build the rule for a URL of at most 3000 characters whose scheme matches."""
    shape = re.compile(rf"{scheme}\S+", re.IGNORECASE)
    return such_that(string(3000), lambda url: bool(shape.fullmatch(url)), "must be a valid URL")


BLOCK_ID = string(255)
ACTION_ID = string(255)
PLACEHOLDER = plain(150)
ANY_LINK = link()
WEB_LINK = link(r"https?://")
SECURE_LINK = link("https://")

STYLE = one_of("primary", "danger")
CONFIRM = record(
    {"title": plain(100), "text": text(300), "confirm": plain(30), "deny": plain(30)},
    {"style": STYLE},
)

# Slack's documentation says 150 characters for a value, its own type library 75.
VALUE = string(150)
OPTION = record({"text": plain(75), "value": VALUE}, {"description": plain(75)})
FORMATTED_OPTION = record({"text": text(75), "value": VALUE}, {"description": text(75)})
LINK_OPTION = record(
    {"text": plain(75), "value": VALUE}, {"description": plain(75), "url": ANY_LINK}
)
OPTION_GROUP = record({"label": plain(75), "options": items(OPTION, 100)}, {})
