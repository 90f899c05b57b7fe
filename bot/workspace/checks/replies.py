"""What a command, a response_url or an external menu may be answered with."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from bot.workspace.checks.messages import check_content, check_metadata
from bot.workspace.checks.refused import Refused, refuse_if_any
from bot.workspace.checks.rules import complaint, exactly_one, flag, items, one_of, record, string
from bot.workspace.checks.texts import OPTION, OPTION_GROUP

SETTINGS = {
    "response_type": one_of("ephemeral", "in_channel"),
    "replace_original": flag,
    "delete_original": flag,
    "unfurl_links": flag,
    "unfurl_media": flag,
    "thread_ts": string(),
}
# A menu that finds nothing answers with an empty list.
ANSWER = record(
    {},
    {
        "options": items(OPTION, 100, least=0),
        "option_groups": items(OPTION_GROUP, 100, least=0),
    },
    exactly_one("options", "option_groups"),
)


def check_reply(payload: Any) -> None:
    """Refuse a command's answer, or a post to a response_url, that nobody could be shown."""
    if not isinstance(payload, Mapping):
        raise Refused("invalid_payload", [complaint("must be an object", "")])
    given = {name: payload[name] for name in SETTINGS if payload.get(name) is not None}
    refuse_if_any("invalid_payload", record({}, SETTINGS)(given, ""))
    if not given.get("delete_original"):
        check_content(payload)
        check_metadata(payload.get("metadata"))


def check_options(payload: Any) -> None:
    """Refuse an answer to block_suggestion that a menu could not show."""
    refuse_if_any("invalid_arguments", ANSWER(payload, ""))
