"""The content of a message, however it is sent: text, blocks, attachments, metadata."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from bot.workspace.checks.newer_blocks import MARKDOWN_CHARACTERS
from bot.workspace.checks.refused import Refused, refuse_if_any
from bot.workspace.checks.rules import complaint, mapping, record, string, units
from bot.workspace.checks.surfaces import complaints_about, placed

POSTED_TEXT = 40_000
UPDATED_TEXT = 4_000
ATTACHMENTS = 100
# Slack has a limit and keeps it to itself; opaque ids need far less than this.
METADATA_BYTES = 8_000

Content = Mapping[str, Any]


def check_content(content: Content, *, longest: int = POSTED_TEXT) -> None:
    """Refuse a message for its text, blocks or attachments; *longest* is its text's limit."""
    if content.get("markdown_text") is not None:
        _check_markdown_text(content)
    else:
        _check_text(content, longest)
    check_blocks(content.get("blocks"), "/blocks")
    _check_attachments(content.get("attachments"))


def check_blocks(blocks: Any, at: str) -> None:
    """Refuse the *blocks* of a message; none at all is fine."""
    if blocks is None:
        return
    if not isinstance(blocks, list):
        raise Refused("invalid_blocks_format", [complaint("must be an array", at)])
    refuse_if_any("invalid_blocks", complaints_about(blocks, at, "message"))
    _check_one_table(blocks, at)
    written = sum(units(block["text"]) for block in blocks if block["type"] == "markdown")
    if written > MARKDOWN_CHARACTERS:
        words = f"markdown must be less than {MARKDOWN_CHARACTERS + 1} characters in all"
        raise Refused("msg_blocks_too_long", [complaint(words, at)])


def check_metadata(metadata: Any, *, may_be_empty: bool = False) -> None:
    """Refuse metadata that is not {event_type, event_payload}; chat.update takes {} to clear it."""
    if metadata is None or (may_be_empty and metadata == {}):
        return
    if not isinstance(metadata, Mapping):
        raise Refused("invalid_metadata_format", [complaint("must be an object", "/metadata")])
    shape = record({"event_type": string(255), "event_payload": mapping}, {})
    refuse_if_any("invalid_metadata_schema", shape(metadata, "/metadata"))
    if len(json.dumps(metadata)) > METADATA_BYTES:
        words = f"must be less than {METADATA_BYTES + 1} bytes in this workspace"
        raise Refused("metadata_too_large", [complaint(words, "/metadata")])


def _check_markdown_text(content: Content) -> None:
    text = content["markdown_text"]
    if content.get("text") or content.get("blocks"):
        words = "must not be combined with `text` or `blocks`"
        raise Refused("markdown_text_conflict", [complaint(words, "/markdown_text")])
    refuse_if_any("invalid_arguments", string(least=0)(text, "/markdown_text"))
    if not text.strip():
        raise Refused("no_text", [complaint("must not be blank", "/markdown_text")])
    refuse_if_any("msg_too_long", string(MARKDOWN_CHARACTERS)(text, "/markdown_text"))


def _check_text(content: Content, longest: int) -> None:
    text = content.get("text")
    if text is None or (isinstance(text, str) and not text.strip()):
        # Slack lets blocks stand alone, but a screen reader reads only the top-level text.
        words = "this workspace's own rule: every message carries complete top-level text"
        raise Refused("no_text", [complaint(words, "/text")])
    refuse_if_any("invalid_arguments", string()(text, "/text"))
    refuse_if_any("msg_too_long", string(longest)(text, "/text"))


def _check_one_table(blocks: list[Any], at: str) -> None:
    tables = [
        where for block, where in placed(blocks, at) if block["type"] in ("table", "data_table")
    ]
    if len(tables) > 1:
        # Slack turns tables into attachments, hence the name of its error.
        raise Refused("invalid_attachments", [complaint("only_one_table_allowed", tables[1])])


def _check_attachments(attachments: Any) -> None:
    if attachments is None:
        return
    if not isinstance(attachments, list):
        raise Refused("invalid_attachments", [complaint("must be an array", "/attachments")])
    if len(attachments) > ATTACHMENTS:
        words = f"no more than {ATTACHMENTS} items allowed"
        raise Refused("too_many_attachments", [complaint(words, "/attachments")])
    for index, attachment in enumerate(attachments):
        at = f"/attachments/{index}"
        if not isinstance(attachment, Mapping):
            raise Refused("invalid_attachments", [complaint("must be an object", at)])
        check_blocks(attachment.get("blocks"), f"{at}/blocks")
