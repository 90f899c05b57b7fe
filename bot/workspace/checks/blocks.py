"""The classic blocks and their limits."""

from __future__ import annotations

from bot.workspace.checks.elements import (
    ALT_TEXT,
    IMAGE,
    IMAGE_SOURCES,
    IN_ACTIONS,
    IN_INPUT,
    IN_SECTION,
    ONE_SOURCE,
)
from bot.workspace.checks.rich_text import RICH_TEXT
from bot.workspace.checks.rules import (
    Rule,
    Table,
    at_least_one,
    flag,
    items,
    kinds,
    one_of,
    string,
    typed,
    unique,
)
from bot.workspace.checks.texts import BLOCK_ID, SECURE_LINK, WEB_LINK, mrkdwn, plain, text


def block(kind: str, required: Table, optional: Table | None = None, *across: Rule) -> Rule:
    """Build the rule for a block: an object with a type that may carry a block_id."""
    return typed(kind, required, {"block_id": BLOCK_ID, **(optional or {})}, *across)


CLASSIC = {
    "section": block(
        "section",
        {},
        {
            "text": text(),
            "fields": items(text(2000), 10),
            "accessory": kinds(IN_SECTION),
            "expand": flag,
        },
        at_least_one("text", "fields"),
    ),
    # Some libraries know a `level` since 2026; until Slack documents it, a header goes without.
    "header": block("header", {"text": plain(150)}),
    "divider": block("divider", {}),
    "context": block(
        "context",
        {"elements": items(kinds({"image": IMAGE, "plain_text": plain(), "mrkdwn": mrkdwn()}), 10)},
    ),
    "actions": block(
        "actions",
        {"elements": items(kinds(IN_ACTIONS), 25)},
        None,
        unique("elements", "action_id"),
    ),
    "input": block(
        "input",
        {"label": plain(2000), "element": kinds(IN_INPUT)},
        {"hint": plain(2000), "optional": flag, "dispatch_action": flag},
    ),
    "image": block(
        "image", {"alt_text": ALT_TEXT}, {**IMAGE_SOURCES, "title": plain(2000)}, ONE_SOURCE
    ),
    "video": block(
        "video",
        {
            "alt_text": string(2000),
            "title": plain(200),
            "video_url": SECURE_LINK,
            "thumbnail_url": WEB_LINK,
        },
        {
            "title_url": SECURE_LINK,
            "description": plain(200),
            "author_name": string(50),
            "provider_name": string(50),
            "provider_icon_url": WEB_LINK,
        },
    ),
    "file": block("file", {"external_id": string(255), "source": one_of("remote")}),
    "rich_text": RICH_TEXT,
}
