"""The arguments of the Web API methods the bot calls."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from bot.workspace.checks.messages import UPDATED_TEXT, check_blocks, check_content, check_metadata
from bot.workspace.checks.refused import Refused, refuse_if_any
from bot.workspace.checks.rules import (
    at_least_one,
    complaint,
    exactly_one,
    items,
    record,
    string,
)
from bot.workspace.checks.views import check_view

Args = Mapping[str, Any]
Check = Callable[[Args], None]

# A form says yes and no in words and digits, JSON with true and false.
NO = (False, "false", "0")
JSON_FIELDS = ("attachments", "blocks", "files", "metadata", "view")
CONVERSATION_TYPES = {"public_channel", "private_channel", "mpim", "im"}
PEOPLE_PER_CONVERSATION = 8
PAGE = 1000
COUNT = re.compile(r"[1-9][0-9]{0,11}")
OWN_RULE = "this workspace's own rule: "


@dataclass(frozen=True)
class Call:
    """What one method asks of its arguments: those it needs, and further checks."""

    required: tuple[str, ...] = ()
    checks: tuple[Check, ...] = ()


def check_call(method: str, args: Args) -> None:
    """Refuse a call that Slack would refuse for its arguments alone.

    A few rules are this workspace's own and stricter than Slack; their messages say so.
    """
    if method not in CALLS:
        raise Refused("unknown_method")
    given = {name: _decoded(name, value) for name, value in args.items() if value is not None}
    call = CALLS[method]
    missing = [name for name in call.required if name not in given]
    refuse_if_any(
        "invalid_arguments", [complaint(f"missing required field: {n}", "") for n in missing]
    )
    for name, error in NOT_FOUND.items():
        if name in given and not (isinstance(given[name], str) and given[name]):
            raise Refused(error, [complaint("must be more than 0 characters", f"/{name}")])
    for check in call.checks:
        check(given)


NOT_FOUND = {
    "channel": "channel_not_found",
    "user": "user_not_found",
    "user_id": "user_not_found",
    "ts": "message_not_found",
    "message_ts": "message_not_found",
}


def _decoded(name: str, value: Any) -> Any:
    """Read what was sent as JSON inside a form; broken JSON stays text and fails its own check."""
    if name not in JSON_FIELDS or not isinstance(value, str):
        return value
    try:
        return json.loads(value)
    except (ValueError, RecursionError):
        return value


def _refuse(words: str, at: str) -> None:
    raise Refused("invalid_arguments", [complaint(words, at)])


def _content(args: Args) -> None:
    check_content(args)
    check_metadata(args.get("metadata"))


def _updated_content(args: Args) -> None:
    check_content(args, longest=UPDATED_TEXT)
    check_metadata(args.get("metadata"), may_be_empty=True)


def _no_guessed_links(args: Args) -> None:
    if args.get("link_names", False) not in NO:
        _refuse(f"{OWN_RULE}`link_names` stays off", "/link_names")
    if args.get("parse") == "full":
        _refuse(f"{OWN_RULE}`parse` is never full", "/parse")


def _no_unfurling(args: Args) -> None:
    for name in ("unfurl_links", "unfurl_media"):
        if args.get(name) not in NO:
            _refuse(f"{OWN_RULE}`{name}` is passed as false", f"/{name}")


def _no_blocks_in_attachments(args: Args) -> None:
    for index, attachment in enumerate(args.get("attachments", ())):
        if "blocks" in attachment:
            where = f"/attachments/{index}/blocks"
            raise Refused("invalid_attachments", [complaint("not in ephemeral messages", where)])


def _modal(args: Args) -> None:
    check_view(args["view"], "modal")


def _home(args: Args) -> None:
    check_view(args["view"], "home")


def _triggered(args: Args) -> None:
    either = at_least_one("trigger_id", "interactivity_pointer")
    refuse_if_any("invalid_arguments", either(args, ""))
    for name in ("trigger_id", "interactivity_pointer"):
        if name in args:
            refuse_if_any("invalid_arguments", string()(args[name], f"/{name}"))


def _known_view(args: Args) -> None:
    refuse_if_any("invalid_arguments", exactly_one("view_id", "external_id")(args, ""))
    name = "view_id" if "view_id" in args else "external_id"
    refuse_if_any("invalid_arguments", string(255)(args[name], f"/{name}"))
    if name == "view_id" and not args[name].startswith("V"):
        _refuse("must be a valid view ID", "/view_id")


def _hash(args: Args) -> None:
    if "hash" in args:
        refuse_if_any("invalid_arguments", string()(args["hash"], "/hash"))


def _people_or_channel(args: Args) -> None:
    refuse_if_any("invalid_arguments", exactly_one("users", "channel")(args, ""))
    people = str(args.get("users", "U")).split(",")
    if len(people) > PEOPLE_PER_CONVERSATION:
        raise Refused("too_many_users", [complaint("no more than 8 items allowed", "/users")])
    if not all(people):
        raise Refused("users_list_not_supplied", [complaint("must name people", "/users")])


def _types(args: Args) -> None:
    asked = str(args.get("types", "public_channel")).split(",")
    if not CONVERSATION_TYPES.issuperset(name.strip() for name in asked):
        raise Refused("invalid_types", [complaint("unknown type of conversation", "/types")])


def _limit(args: Args) -> None:
    limit = str(args.get("limit", 1))
    if not COUNT.fullmatch(limit) or int(limit) > PAGE:
        raise Refused("invalid_limit", [complaint(f"must be from 1 to {PAGE}", "/limit")])


def _announced_file(args: Args) -> None:
    if not COUNT.fullmatch(str(args["length"])):
        _refuse("must be greater than 0", "/length")
    refuse_if_any("invalid_arguments", string(255)(args["filename"], "/filename"))


def _uploaded_files(args: Args) -> None:
    one = record({"id": string(255)}, {"title": string(least=0), "highlight_type": string()})
    refuse_if_any("invalid_arguments", items(one)(args["files"], "/files"))
    check_blocks(args.get("blocks"), "/blocks")


CALLS: Mapping[str, Call] = {
    "auth.test": Call(),
    "apps.connections.open": Call(),
    "oauth.v2.access": Call(("code",)),
    "chat.postMessage": Call(("channel",), (_content, _no_guessed_links, _no_unfurling)),
    "chat.postEphemeral": Call(
        ("channel", "user"), (_content, _no_blocks_in_attachments, _no_guessed_links)
    ),
    "chat.update": Call(("channel", "ts"), (_updated_content,)),
    "chat.delete": Call(("channel", "ts")),
    "chat.getPermalink": Call(("channel", "message_ts")),
    "conversations.info": Call(("channel",)),
    "conversations.members": Call(("channel",), (_limit,)),
    "conversations.open": Call((), (_people_or_channel,)),
    "conversations.list": Call((), (_types, _limit)),
    "conversations.history": Call(("channel",), (_limit,)),
    "conversations.replies": Call(("channel", "ts"), (_limit,)),
    "views.open": Call(("view",), (_triggered, _modal)),
    "views.update": Call(("view",), (_known_view, _hash, _modal)),
    "views.push": Call(("view",), (_triggered, _modal)),
    "views.publish": Call(("user_id", "view"), (_hash, _home)),
    "bots.info": Call(("bot",)),
    "users.info": Call(("user",)),
    "users.list": Call((), (_limit,)),
    "usergroups.list": Call(),
    "usergroups.users.list": Call(("usergroup",)),
    "files.getUploadURLExternal": Call(("filename", "length"), (_announced_file,)),
    "files.completeUploadExternal": Call(("files",), (_uploaded_files,)),
    "files.delete": Call(("file",)),
}
