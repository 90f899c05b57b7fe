"""What a person's client knows of blocks: where elements stand and what can be entered in them."""

from __future__ import annotations

import copy
from collections.abc import Callable, Iterator, Mapping
from datetime import date, datetime, time
from typing import Any

Json = dict[str, Any]
Entered = dict[str, dict[str, Json]]

OPTION = "selected_option"
OPTIONS = "selected_options"
# What is entered stays in the state of the view or message.
KEPT = {
    "plain_text_input": "value",
    "email_text_input": "value",
    "url_text_input": "value",
    "number_input": "value",
    "rich_text_input": "rich_text_value",
    "static_select": OPTION,
    "external_select": OPTION,
    "radio_buttons": OPTION,
    "multi_static_select": OPTIONS,
    "multi_external_select": OPTIONS,
    "checkboxes": OPTIONS,
    "users_select": "selected_user",
    "multi_users_select": "selected_users",
    "conversations_select": "selected_conversation",
    "multi_conversations_select": "selected_conversations",
    "channels_select": "selected_channel",
    "multi_channels_select": "selected_channels",
    "datepicker": "selected_date",
    "timepicker": "selected_time",
    "datetimepicker": "selected_date_time",
    "file_input": "files",
}
# What is pressed is told once and leaves no state.
PRESSED = {
    "button": "value",
    "icon_button": "value",
    "feedback_buttons": "value",
    "overflow": OPTION,
}
SEVERAL = frozenset({OPTIONS, "files"} | {key for key in KEPT.values() if key.endswith("s")})
EXTERNAL = ("external_select", "multi_external_select")
NESTED = {"container": "child_blocks", "carousel": "elements"}
LISTED = {"actions": "elements", "context_actions": "elements", "card": "actions"}


def standing(blocks: list[Json]) -> Iterator[tuple[Json, Json]]:
    """Walk every interactive element with the block it stands in."""
    for block in blocks:
        yield from standing(block.get(NESTED.get(block["type"], ""), []))
        alone = [block[name] for name in ("accessory", "element") if name in block]
        for element in alone + block.get(LISTED.get(block["type"], ""), []):
            if element["type"] in KEPT or element["type"] in PRESSED:
                yield block, element


def with_ids(blocks: list[Json], fresh: Callable[[], str]) -> list[Json]:
    """Copy *blocks* and name what the bot left unnamed, as Slack does."""
    copied = copy.deepcopy(blocks)
    _name_blocks(copied, fresh)
    for _, element in standing(copied):
        element.setdefault("action_id", fresh())
    return copied


def _name_blocks(blocks: list[Json], fresh: Callable[[], str]) -> None:
    for block in blocks:
        block.setdefault("block_id", fresh())
        _name_blocks(block.get(NESTED.get(block["type"], ""), []), fresh)


def find(
    blocks: list[Json], action_id: str, *, block_id: str | None = None, value: Any = None
) -> tuple[Json, Json]:
    """Find the one element of that name; raises LookupError where there is none or no single one.

    *block_id*, or the button's *value*, tells apart elements of the same name.
    """
    found = [
        (block, element)
        for block, element in standing(blocks)
        if element["action_id"] == action_id
        and (block_id is None or block["block_id"] == block_id)
        and (value is None or value in _values(element))
    ]
    if not found:
        names = sorted({element["action_id"] for _, element in standing(blocks)})
        raise LookupError(f"No element {action_id!r} here; there are: {', '.join(names) or 'none'}")
    if len(found) > 1:
        raise LookupError(f"{len(found)} elements are named {action_id!r}: say which block_id.")
    return found[0]


def _values(element: Json) -> list[Any]:
    if element["type"] == "feedback_buttons":
        return [element[name]["value"] for name in ("positive_button", "negative_button")]
    if element["type"] in ("button", "icon_button"):
        return [element.get("value")]
    return [option["value"] for option in offered(element)]


def offered(element: Mapping[str, Any]) -> list[Json]:
    """List the options of *element*, those in groups too."""
    grouped = [option for group in element.get("option_groups", ()) for option in group["options"]]
    return [*element.get("options", ()), *grouped]


def initial(element: Mapping[str, Any]) -> Any:
    """Say what stands in *element* before anybody touched it."""
    key = KEPT[element["type"]]
    name = key.replace("selected_", "initial_") if key.startswith("selected_") else "initial_value"
    return element.get(name, [] if key in SEVERAL else None)


def entered(element: Mapping[str, Any], value: Any, suggested: list[Json] | None = None) -> Any:
    """Turn a plain Python *value* into what Slack's state holds for *element*.

    Options are named by their value, moments may be date, time or an aware datetime,
    people and channels may be given as objects with an id. Raises LookupError for an
    option that is not offered; *suggested* are those an external source last answered.
    """
    key = (KEPT | PRESSED)[element["type"]]
    if value is None:
        return [] if key in SEVERAL else None
    choices = [*offered(element), *(suggested or [])]
    if key == OPTION:
        return _option(element, choices, value)
    if key == OPTIONS:
        return [_option(element, choices, each) for each in value]
    if key in SEVERAL:
        return [getattr(each, "id", each) for each in value]
    return _single(key, value)


def _single(key: str, value: Any) -> Any:
    if key == "rich_text_value" and isinstance(value, str):
        section = {"type": "rich_text_section", "elements": [{"type": "text", "text": value}]}
        return {"type": "rich_text", "elements": [section]}
    if isinstance(value, datetime):
        return int(value.timestamp())
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, time):
        return value.strftime("%H:%M")
    return str(value) if key == "value" else getattr(value, "id", value)


def _option(element: Mapping[str, Any], choices: list[Json], value: Any) -> Json:
    wanted = value["value"] if isinstance(value, Mapping) else value
    for option in choices:
        if option["value"] == wanted:
            return option
    if isinstance(value, Mapping) and element["type"] in EXTERNAL:
        return dict(value)
    names = ", ".join(str(option["value"]) for option in choices)
    raise LookupError(f"{element['action_id']!r} does not offer {wanted!r}, only: {names or '-'}")


def action(block: Json, element: Json, chosen: Any, ts: str) -> Json:
    """Build the entry of actions[] that tells the bot of one press or choice."""
    key = (KEPT | PRESSED)[element["type"]]
    told = {
        "type": element["type"],
        "action_id": element["action_id"],
        "block_id": block["block_id"],
        "action_ts": ts,
    }
    for name in ("text", "placeholder", "style", *(n for n in element if n.startswith("initial"))):
        if name in element:
            told[name] = element[name]
    if key != "value" or chosen is not None:
        told[key] = chosen
    return told


def state(blocks: list[Json], kept: Entered) -> Entered:
    """Fill in state.values: what was entered, else what stood there at the start."""
    values: Entered = {}
    for block, element in standing(blocks):
        kind, name = element["type"], element["action_id"]
        if kind in KEPT:
            fresh = {"type": kind, KEPT[kind]: initial(element)}
            known = kept.get(block["block_id"], {}).get(name, {})
            values.setdefault(block["block_id"], {})[name] = (
                known if known.get("type") == kind else fresh
            )
    return values
