"""Elements that offer a choice: menus of every source, checkboxes, radio buttons, overflow."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from bot.workspace.checks.rules import (
    Complaints,
    Rule,
    at_least_one,
    complaint,
    exactly_one,
    flag,
    integer,
    items,
    one_of,
    record,
    string,
    typed,
)
from bot.workspace.checks.texts import (
    ACTION_ID,
    CONFIRM,
    FORMATTED_OPTION,
    LINK_OPTION,
    OPTION,
    OPTION_GROUP,
    PLACEHOLDER,
)


def _offered(element: Mapping[str, Any]) -> list[Any]:
    grouped = [option for group in element.get("option_groups", ()) for option in group["options"]]
    return [*element.get("options", ()), *grouped]


def _chosen(element: Mapping[str, Any], at: str) -> list[tuple[Any, str]]:
    several = enumerate(element.get("initial_options", ()))
    chosen = [(option, f"{at}/initial_options/{index}") for index, option in several]
    if "initial_option" in element:
        chosen.append((element["initial_option"], f"{at}/initial_option"))
    return chosen


def _chosen_are_offered(element: Mapping[str, Any], at: str) -> Complaints:
    offered = _offered(element)
    for option, where in _chosen(element, at):
        if option not in offered:
            yield complaint("must exactly match one of the options", where)


def _no_more_than_allowed(initial: str) -> Rule:
    def rule(element: Mapping[str, Any], at: str) -> Complaints:
        most = element.get("max_selected_items")
        if most is not None and len(element.get(initial, ())) > most:
            yield complaint(f"no more than {most} items allowed", f"{at}/{initial}")

    return rule


FILTER = record(
    {},
    {
        "include": items(one_of("im", "mpim", "private", "public")),
        "exclude_bot_users": flag,
        "exclude_external_shared_channels": flag,
    },
    at_least_one("include", "exclude_bot_users", "exclude_external_shared_channels"),
)

FOCUSED = {"action_id": ACTION_ID, "confirm": CONFIRM, "focus_on_load": flag}
MENU = {**FOCUSED, "placeholder": PLACEHOLDER}
MULTI_MENU = {**MENU, "max_selected_items": integer(1)}
ID = string(255)
LISTED = {"options": items(OPTION, 100), "option_groups": items(OPTION_GROUP, 100)}
LOOKED_UP = {"min_query_length": integer(0)}
CONVERSATION = {"default_to_current_conversation": flag, "filter": FILTER}
ONE_SOURCE = exactly_one("options", "option_groups")


def single_menu(kind: str, **fields: Rule) -> Rule:
    """Build the rule for a menu of one choice whose source needs no list of options."""
    return typed(kind, {}, {**MENU, **fields})


def multi_menu(kind: str, initial: str, rule: Rule, **fields: Rule) -> Rule:
    """Build the rule for a menu of several choices, of which *initial* are made at the start."""
    optional = {**MULTI_MENU, initial: items(rule), **fields}
    return typed(kind, {}, optional, _no_more_than_allowed(initial))


STATIC_SELECT = typed(
    "static_select",
    {},
    {**MENU, **LISTED, "initial_option": OPTION},
    ONE_SOURCE,
    _chosen_are_offered,
)
MULTI_STATIC_SELECT = typed(
    "multi_static_select",
    {},
    {**MULTI_MENU, **LISTED, "initial_options": items(OPTION, 100)},
    ONE_SOURCE,
    _chosen_are_offered,
    _no_more_than_allowed("initial_options"),
)

SINGLE_MENUS = {
    "static_select": STATIC_SELECT,
    "external_select": single_menu("external_select", initial_option=OPTION, **LOOKED_UP),
    "users_select": single_menu("users_select", initial_user=ID),
    "conversations_select": single_menu(
        "conversations_select", initial_conversation=ID, **CONVERSATION
    ),
    "channels_select": single_menu("channels_select", initial_channel=ID),
}
MULTI_MENUS = {
    "multi_static_select": MULTI_STATIC_SELECT,
    "multi_external_select": multi_menu(
        "multi_external_select", "initial_options", OPTION, **LOOKED_UP
    ),
    "multi_users_select": multi_menu("multi_users_select", "initial_users", ID),
    "multi_conversations_select": multi_menu(
        "multi_conversations_select", "initial_conversations", ID, **CONVERSATION
    ),
    "multi_channels_select": multi_menu("multi_channels_select", "initial_channels", ID),
}

# Only an input block may ask for a response_url; which surfaces may is for surfaces.py to say.
ANSWERING_MENUS = {
    "conversations_select": single_menu(
        "conversations_select",
        initial_conversation=ID,
        response_url_enabled=flag,
        **CONVERSATION,
    ),
    "channels_select": single_menu(
        "channels_select", initial_channel=ID, response_url_enabled=flag
    ),
}

TICKED = {
    "checkboxes": typed(
        "checkboxes",
        {"options": items(FORMATTED_OPTION, 10)},
        {**FOCUSED, "initial_options": items(FORMATTED_OPTION, 10)},
        _chosen_are_offered,
    ),
    "radio_buttons": typed(
        "radio_buttons",
        {"options": items(FORMATTED_OPTION, 10)},
        {**FOCUSED, "initial_option": FORMATTED_OPTION},
        _chosen_are_offered,
    ),
}
OVERFLOW = typed(
    "overflow",
    {"options": items(LINK_OPTION, 5)},
    {"action_id": ACTION_ID, "confirm": CONFIRM},
)
