"""What a client refuses to send: required fields left empty, values outside their limits."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

from bot.workspace import elements
from bot.workspace.views import View

Json = dict[str, Any]
Check = Callable[[Mapping[str, Any], Any], str]
REQUIRED = "Please complete this required field."
EMAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")
LINK = re.compile(r"https?://\S+", re.IGNORECASE)
CLOCK = re.compile(r"([01]\d|2[0-3]):[0-5]\d")
DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
LATEST = 9_999_999_999


def complaints(view: View) -> dict[str, str]:
    """Say per block what keeps *view* from being submitted."""
    return dict(_complaints(view))


def fill(view: View, values: Mapping[str, Any]) -> None:
    """Enter *values*, named by block_id or action_id; raises LookupError for a field not there."""
    for name, value in values.items():
        block, element = _field(view, name)
        suggested = view.suggested.get(element["action_id"])
        chosen = elements.entered(element, value, suggested)
        kept = {"type": element["type"], elements.KEPT[element["type"]]: chosen}
        view.entered.setdefault(block["block_id"], {})[element["action_id"]] = kept


def _field(view: View, name: str) -> tuple[Json, Json]:
    fields = [each for each in elements.standing(view.blocks) if each[1]["type"] in elements.KEPT]
    by_block = [each for each in fields if each[0]["block_id"] == name]
    found = by_block or [each for each in fields if each[1]["action_id"] == name]
    if len(found) != 1:
        names = ", ".join(f"{block['block_id']}/{each['action_id']}" for block, each in fields)
        raise LookupError(f"{len(found)} fields are named {name!r}; there are: {names or 'none'}")
    return found[0]


def _complaints(view: View) -> Iterator[tuple[str, str]]:
    for block in view.blocks:
        if block["type"] != "input":
            continue
        element = block["element"]
        kept = view.state[block["block_id"]][element["action_id"]]
        value = kept[elements.KEPT[element["type"]]]
        if value in (None, "", []):
            words = "" if block.get("optional", False) else REQUIRED
        else:
            words = CHECKS.get(element["type"], _anything)(element, value)
        if words:
            yield block["block_id"], words


def _anything(_: Mapping[str, Any], __: Any) -> str:
    return ""


def _text(element: Mapping[str, Any], value: str) -> str:
    if len(value) < element.get("min_length", 0):
        return f"This needs at least {element['min_length']} characters."
    if len(value) > element.get("max_length", 3000):
        return f"This takes at most {element.get('max_length', 3000)} characters."
    return ""


def _number(element: Mapping[str, Any], value: str) -> str:
    try:
        number = Decimal(value)
    except InvalidOperation:
        return "This needs to be a number."
    if not number.is_finite():
        return "This needs to be a number."
    if not element["is_decimal_allowed"] and number != number.to_integral_value():
        return "This needs to be a whole number."
    if "min_value" in element and number < Decimal(element["min_value"]):
        return f"This must be at least {element['min_value']}."
    if "max_value" in element and number > Decimal(element["max_value"]):
        return f"This must be at most {element['max_value']}."
    return ""


def _email(_: Mapping[str, Any], value: str) -> str:
    return "" if EMAIL.fullmatch(value) else "This needs to be an email address."


def _link(_: Mapping[str, Any], value: str) -> str:
    return "" if LINK.fullmatch(value) else "This needs to be a link."


def _day(_: Mapping[str, Any], value: str) -> str:
    try:
        date.fromisoformat(value)
    except ValueError:
        return "This needs to be a date."
    return "" if DAY.fullmatch(value) else "This needs to be a date."


def _time(_: Mapping[str, Any], value: str) -> str:
    return "" if CLOCK.fullmatch(value) else "This needs to be a time."


def _moment(_: Mapping[str, Any], value: Any) -> str:
    is_moment = isinstance(value, int) and 10**9 <= value <= LATEST
    return "" if is_moment else "This needs to be a date and time."


def _several(element: Mapping[str, Any], value: list[Any]) -> str:
    most = element.get("max_selected_items", 100)
    return "" if len(value) <= most else f"Choose at most {most}."


CHECKS: Mapping[str, Check] = {
    "plain_text_input": _text,
    "number_input": _number,
    "email_text_input": _email,
    "url_text_input": _link,
    "datepicker": _day,
    "timepicker": _time,
    "datetimepicker": _moment,
    **{kind: _several for kind in elements.KEPT if kind.startswith("multi_")},
}
