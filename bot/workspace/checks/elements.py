"""Buttons, images, pickers and input fields, and which of them each block may hold."""

from __future__ import annotations

import re
import zoneinfo
from collections.abc import Mapping
from datetime import date
from functools import cache
from typing import Any

from bot.workspace.checks.choices import (
    ANSWERING_MENUS,
    FOCUSED,
    MENU,
    MULTI_MENUS,
    OVERFLOW,
    SINGLE_MENUS,
    TICKED,
)
from bot.workspace.checks.rich_text import RICH_TEXT
from bot.workspace.checks.rules import (
    Complaints,
    complaint,
    exactly_one,
    flag,
    integer,
    items,
    not_above,
    one_of,
    record,
    string,
    such_that,
    typed,
    units,
)
from bot.workspace.checks.texts import (
    ACTION_ID,
    ANY_LINK,
    CONFIRM,
    PLACEHOLDER,
    STYLE,
    WEB_LINK,
    plain,
)

CLOCK_TIME = re.compile(r"([01][0-9]|2[0-3]):[0-5][0-9]")
CALENDAR_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
DECIMAL = re.compile(r"-?[0-9]+(\.[0-9]+)?")


@cache
def _zones() -> frozenset[str]:
    return frozenset(zoneinfo.available_timezones())


def _is_real_day(text: str) -> bool:
    try:
        date.fromisoformat(text)
    except ValueError:
        return False
    return bool(CALENDAR_DAY.fullmatch(text))


def _within_its_own_length(field: Mapping[str, Any], at: str) -> Complaints:
    most = field.get("max_length")
    if most is not None and units(field.get("initial_value", "")) > most:
        yield complaint(f"must be less than {most + 1} characters", f"{at}/initial_value")


def _whole_unless_decimal(field: Mapping[str, Any], at: str) -> Complaints:
    for name in ("initial_value", "min_value", "max_value"):
        if not field["is_decimal_allowed"] and "." in field.get(name, ""):
            yield complaint("must be a whole number", f"{at}/{name}")


IMAGE_SOURCES = {
    "image_url": WEB_LINK,
    "slack_file": record({}, {"id": string(255), "url": WEB_LINK}, exactly_one("id", "url")),
}
ONE_SOURCE = exactly_one("image_url", "slack_file")
# Empty is for images that only decorate.
ALT_TEXT = string(2000, least=0)
IMAGE = typed("image", {"alt_text": ALT_TEXT}, IMAGE_SOURCES, ONE_SOURCE)

LABEL = string(75)
BUTTON = typed(
    "button",
    {"text": plain(75)},
    {
        "action_id": ACTION_ID,
        "url": ANY_LINK,
        "value": string(2000),
        "style": STYLE,
        "confirm": CONFIRM,
        "accessibility_label": LABEL,
    },
)
FEEDBACK = record({"text": plain(75), "value": string(2000)}, {"accessibility_label": LABEL})
FEEDBACK_BUTTONS = typed(
    "feedback_buttons",
    {"positive_button": FEEDBACK, "negative_button": FEEDBACK},
    {"action_id": ACTION_ID},
)
ICON_BUTTON = typed(
    "icon_button",
    {"icon": one_of("trash"), "text": plain(75)},
    {
        "action_id": ACTION_ID,
        "value": string(2000),
        "confirm": CONFIRM,
        "accessibility_label": LABEL,
        "visible_to_user_ids": items(string(255), 10),
    },
)

DAY = such_that(string(), _is_real_day, "must be a real date as YYYY-MM-DD")
TIME = such_that(string(), lambda v: bool(CLOCK_TIME.fullmatch(v)), "must be a time as HH:mm")
ZONE = such_that(string(), lambda v: v in _zones(), "must be an IANA time zone")
TEN_DIGITS = integer(1_000_000_000, 9_999_999_999)
PICKERS = {
    "datepicker": typed("datepicker", {}, {**MENU, "initial_date": DAY}),
    "timepicker": typed("timepicker", {}, {**MENU, "initial_time": TIME, "timezone": ZONE}),
    "datetimepicker": typed("datetimepicker", {}, {**FOCUSED, "initial_date_time": TEN_DIGITS}),
}

FIELD = {
    "action_id": ACTION_ID,
    "placeholder": PLACEHOLDER,
    "focus_on_load": flag,
    "dispatch_action_config": record(
        {"trigger_actions_on": items(one_of("on_enter_pressed", "on_character_entered"), 2)}, {}
    ),
}
NUMERAL = such_that(string(), lambda v: bool(DECIMAL.fullmatch(v)), "must be a numeric string")
TYPED_IN = {
    "plain_text_input": typed(
        "plain_text_input",
        {},
        {
            **FIELD,
            "initial_value": string(3000, least=0),
            "multiline": flag,
            "min_length": integer(0, 3000),
            "max_length": integer(1, 3000),
        },
        not_above("min_length", "max_length"),
        _within_its_own_length,
    ),
    "number_input": typed(
        "number_input",
        {"is_decimal_allowed": flag},
        {**FIELD, "initial_value": NUMERAL, "min_value": NUMERAL, "max_value": NUMERAL},
        _whole_unless_decimal,
        not_above("min_value", "max_value"),
        not_above("min_value", "initial_value"),
        not_above("initial_value", "max_value"),
    ),
    "email_text_input": typed("email_text_input", {}, {**FIELD, "initial_value": string(3000)}),
    "url_text_input": typed("url_text_input", {}, {**FIELD, "initial_value": ANY_LINK}),
    "rich_text_input": typed(
        "rich_text_input",
        {},
        {
            **FIELD,
            "initial_value": RICH_TEXT,
            "min_lines": integer(1, 100),
            "max_lines": integer(1, 100),
        },
        not_above("min_lines", "max_lines"),
    ),
    "file_input": typed(
        "file_input",
        {},
        {"action_id": ACTION_ID, "filetypes": items(string()), "max_files": integer(1, 10)},
    ),
}

IN_ACTIONS = {
    "button": BUTTON,
    "overflow": OVERFLOW,
    **SINGLE_MENUS,
    **MULTI_MENUS,
    **TICKED,
    **PICKERS,
}
IN_SECTION = {"image": IMAGE} | {k: v for k, v in IN_ACTIONS.items() if k != "datetimepicker"}
IN_INPUT = {**SINGLE_MENUS, **ANSWERING_MENUS, **MULTI_MENUS, **TICKED, **PICKERS, **TYPED_IN}
IN_CONTEXT_ACTIONS = {"feedback_buttons": FEEDBACK_BUTTONS, "icon_button": ICON_BUTTON}
