"""The rich_text block: sections, lists, quotes, preformatted text, and the parts they hold."""

from __future__ import annotations

import re

from bot.workspace.checks.rules import (
    Rule,
    Table,
    flag,
    integer,
    items,
    kinds,
    one_of,
    record,
    string,
    such_that,
    typed,
)
from bot.workspace.checks.texts import ANY_LINK, BLOCK_ID

STYLES = record({}, dict.fromkeys(("bold", "italic", "strike", "code", "underline"), flag))
ID = string(255)
HEX_COLOUR = re.compile(r"#[0-9a-fA-F]{6}")


def _part(kind: str, required: Table, optional: Table | None = None) -> Rule:
    return typed(kind, required, {**(optional or {}), "style": STYLES})


PARTS = {
    "text": _part("text", {"text": string(3000)}),
    "link": _part("link", {"url": ANY_LINK}, {"text": string(3000)}),
    "emoji": _part("emoji", {"name": string()}, {"skin_tone": integer(1, 6), "unicode": string()}),
    "user": _part("user", {"user_id": ID}),
    "usergroup": _part("usergroup", {"usergroup_id": ID}),
    "channel": _part("channel", {"channel_id": ID}),
    "team": _part("team", {"team_id": ID}),
    "color": _part(
        "color",
        {
            "value": such_that(
                string(), lambda v: bool(HEX_COLOUR.fullmatch(v)), "must be a hex colour"
            )
        },
    ),
    "broadcast": _part("broadcast", {"range": one_of("here", "channel", "everyone")}),
    "date": _part(
        "date",
        {"timestamp": integer(0), "format": string()},
        {"url": ANY_LINK, "fallback": string()},
    ),
}
LITERAL_PARTS = {kind: PARTS[kind] for kind in ("text", "link")}
BORDER = integer(0, 1)

# Slack takes empty sections, which its own editor makes too, but no empty list.
SECTION = typed("rich_text_section", {"elements": items(kinds(PARTS), least=0)}, {})
LIST = typed(
    "rich_text_list",
    {
        "style": one_of("bullet", "ordered"),
        "elements": items(kinds({"rich_text_section": SECTION})),
    },
    {"indent": integer(0, 8), "offset": integer(0), "border": BORDER},
)
QUOTE = typed("rich_text_quote", {"elements": items(kinds(PARTS), least=0)}, {"border": BORDER})
PREFORMATTED = typed(
    "rich_text_preformatted",
    {"elements": items(kinds(LITERAL_PARTS), least=0)},
    {"border": BORDER},
)

CONTENTS = {
    "rich_text_section": SECTION,
    "rich_text_list": LIST,
    "rich_text_quote": QUOTE,
    "rich_text_preformatted": PREFORMATTED,
}
RICH_TEXT = typed(
    "rich_text", {"elements": items(kinds(CONTENTS), least=0)}, {"block_id": BLOCK_ID}
)
