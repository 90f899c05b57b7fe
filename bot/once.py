"""What makes two requests the same one, however often and over whichever way they arrive."""

import hashlib
import json
from collections.abc import Callable, Mapping
from typing import Any


def name(body: Mapping[str, Any], team: str) -> str:
    """Name the request in *body*: the same for each of Slack's retries and for each replay.

    An event by its id, a click, command or form by its trigger, a form without one by the state
    it was sent from, and anything else by its content.
    """
    view = body.get("view") or {}
    for kind, told in (
        ("event", body.get("event_id")),
        ("trigger", body.get("trigger_id")),
        ("view", view.get("hash") and f"{view.get('id')}:{view['hash']}"),
    ):
        if told:
            return f"{team}:{kind}:{told}"
    return f"{team}:body:{_digest(json.dumps(body, sort_keys=True))}"


def key(request: str, verb: Callable[..., Any]) -> str:
    """Give the ledger's key for what *verb* does in *request*."""
    return _digest(f"{request}:{verb.__module__}.{verb.__qualname__}")


def _digest(text: str) -> str:
    # A lone surrogate, which JSON may hold, has no bytes of its own.
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()
