"""Modals and Home views, and what a view_submission may be answered with."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import Any, Literal

from bot.workspace.checks.refused import Refused, refuse_if_any
from bot.workspace.checks.rules import (
    Complaints,
    complaint,
    flag,
    kinds,
    mapping,
    one_of,
    record,
    string,
    typed,
)
from bot.workspace.checks.surfaces import complaints_about
from bot.workspace.checks.texts import plain

VIEW_BYTES = 250_000

SHARED = {
    "private_metadata": string(3000, least=0),
    "callback_id": string(255, least=0),
    "external_id": string(255, least=0),
}


def _modal_blocks(value: Any, at: str) -> Complaints:
    return complaints_about(value, at, "modal")


def _home_blocks(value: Any, at: str) -> Complaints:
    return complaints_about(value, at, "home")


def _inputs_need_submit(view: Mapping[str, Any], at: str) -> Complaints:
    for index, block in enumerate(view["blocks"]):
        if block["type"] == "input" and "submit" not in view:
            words = "must define `submit` to use an `input` block in modals"
            yield complaint(words, f"{at}/blocks/{index}/input")


VIEWS = {
    "modal": typed(
        "modal",
        {"title": plain(24), "blocks": _modal_blocks},
        {
            **SHARED,
            "submit": plain(24),
            "close": plain(24),
            "clear_on_close": flag,
            "notify_on_close": flag,
        },
        _inputs_need_submit,
    ),
    "home": typed("home", {"blocks": _home_blocks}, SHARED),
}


def check_view(view: Any, surface: Literal["modal", "home"] = "modal") -> None:
    """Refuse a *view* that views.open and its sisters would refuse."""
    if isinstance(view, Mapping) and _size(view) > VIEW_BYTES:
        raise Refused("view_too_large", [complaint("must be less than 250 kB", "/view")])
    refuse_if_any("invalid_arguments", kinds({surface: VIEWS[surface]})(view, "/view"))


def check_submission_reply(payload: Any, view: Mapping[str, Any]) -> None:
    """Refuse what Slack could not follow after *view* was submitted; nothing at all closes it."""
    if not payload:
        return
    action = payload.get("response_action") if isinstance(payload, Mapping) else None
    refuse_if_any("invalid_arguments", one_of(*REPLIES)(action, "/response_action"))
    REPLIES[str(action)](payload, view)


def _size(view: Mapping[str, Any]) -> int:
    text = json.dumps(view, ensure_ascii=False, separators=(",", ":"))
    return len(text.encode("utf-8", "surrogatepass"))


def _check_errors(payload: Mapping[str, Any], view: Mapping[str, Any]) -> None:
    inputs = [block for block in view["blocks"] if block["type"] == "input"]
    by_block = {block["block_id"]: string() for block in inputs if "block_id" in block}
    reply = record({"response_action": one_of("errors"), "errors": record({}, by_block)}, {})
    refuse_if_any("invalid_arguments", reply(payload, ""))
    if not payload["errors"]:
        raise Refused("invalid_arguments", [complaint("must name at least one block", "/errors")])


def _check_next_view(payload: Mapping[str, Any], _: Mapping[str, Any]) -> None:
    known = {"response_action": string(), "view": mapping}
    refuse_if_any("invalid_arguments", record(known, {})(payload, ""))
    check_view(payload["view"])


def _check_clear(payload: Mapping[str, Any], _: Mapping[str, Any]) -> None:
    refuse_if_any("invalid_arguments", record({"response_action": string()}, {})(payload, ""))


REPLIES: Mapping[str, Callable[[Mapping[str, Any], Mapping[str, Any]], None]] = {
    "errors": _check_errors,
    "update": _check_next_view,
    "push": _check_next_view,
    "clear": _check_clear,
}
