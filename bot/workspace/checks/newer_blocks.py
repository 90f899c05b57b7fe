"""The blocks Slack added lately: cards, containers, plans, markdown and their kin."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from bot.workspace.checks.blocks import CLASSIC, block
from bot.workspace.checks.elements import BUTTON, IMAGE, IN_CONTEXT_ACTIONS
from bot.workspace.checks.rich_text import RICH_TEXT
from bot.workspace.checks.rules import (
    Complaints,
    Rule,
    at_least_one,
    complaint,
    flag,
    items,
    kinds,
    one_of,
    record,
    string,
    typed,
    unique,
)
from bot.workspace.checks.tables import CHART, DATA_TABLE, TABLE
from bot.workspace.checks.texts import WEB_LINK, plain, text

MARKDOWN_CHARACTERS = 12_000


def _one_icon_at_most(card: Mapping[str, Any], at: str) -> Complaints:
    if "icon" in card and "slack_icon" in card:
        yield complaint("must not define both `icon` and `slack_icon`", at)


def _collapsing_makes_sense(container: Mapping[str, Any], at: str) -> Complaints:
    collapsible = container.get("is_collapsible", False)
    if container.get("default_collapsed") and not collapsible:
        yield complaint("must define `is_collapsible` as true", f"{at}/default_collapsed")
    if container.get("has_header_divider") and collapsible:
        yield complaint("must not be set on what collapses", f"{at}/has_header_divider")


CARD = block(
    "card",
    {},
    {
        "hero_image": kinds({"image": IMAGE}),
        "icon": kinds({"image": IMAGE}),
        "slack_icon": record({"name": string()}, {"type": one_of("icon")}),
        "title": text(150),
        "subtitle": text(150),
        "body": text(200),
        "subtext": text(200),
        "actions": items(kinds({"button": BUTTON}), 3),
    },
    at_least_one("hero_image", "title", "actions", "body"),
    _one_icon_at_most,
    unique("actions", "action_id"),
)

# Slack's documentation and its live validator list different children: these are on both lists.
CHILDREN = {
    **{name: CLASSIC[name] for name in ("section", "divider", "image", "actions")},
    **{name: CLASSIC[name] for name in ("header", "context")},
    "table": TABLE,
}
CONTAINER = block(
    "container",
    {"child_blocks": items(kinds(CHILDREN), 10)},
    {
        "title": plain(150),
        "rich_text_title": kinds({"rich_text": RICH_TEXT}),
        "subtitle": text(150),
        "icon": kinds({"image": IMAGE}),
        "width": one_of("narrow", "standard", "wide", "full"),
        "is_collapsible": flag,
        "default_collapsed": flag,
        "has_header_divider": flag,
    },
    at_least_one("title", "rich_text_title"),
    _collapsing_makes_sense,
)


def _task_card(*statuses: str) -> Rule:
    return block(
        "task_card",
        {"task_id": string(255), "title": string(3000), "status": one_of(*statuses)},
        {
            "details": RICH_TEXT,
            "output": RICH_TEXT,
            "sources": items(typed("url", {"url": WEB_LINK, "text": string()}, {})),
        },
    )


PLANNED_TASK = _task_card("pending", "in_progress", "complete", "error")

NEWER = {
    "alert": block(
        "alert",
        {"text": text(200)},
        {"level": one_of("default", "info", "warning", "error", "success")},
    ),
    "card": CARD,
    "carousel": block("carousel", {"elements": items(kinds({"card": CARD}), 10)}),
    "container": CONTAINER,
    "context_actions": block(
        "context_actions",
        {"elements": items(kinds(IN_CONTEXT_ACTIONS), 5)},
        None,
        unique("elements", "action_id"),
    ),
    "data_table": DATA_TABLE,
    "data_visualization": CHART,
    "markdown": block("markdown", {"text": string(MARKDOWN_CHARACTERS)}),
    "plan": block(
        "plan",
        {"title": string(3000)},
        {"tasks": items(kinds({"task_card": PLANNED_TASK}), 50)},
        unique("tasks", "task_id"),
    ),
    "table": TABLE,
    # Outside a plan nothing is left to wait for.
    "task_card": _task_card("in_progress", "complete", "error"),
}
