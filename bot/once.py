"""By what name Slack calls one request, however often it sends it."""

import hashlib
import json
from collections.abc import Mapping
from typing import Any


def name_of(body: Mapping[str, Any]) -> str:
    """Name the logical request in *body*: the same for a retry and for a captured copy.

    An event has an id, a command or a click a trigger; where neither is there, the content tells.
    """
    told = body.get("event_id") or body.get("trigger_id")
    if told:
        return str(told)
    whole = json.dumps(body, sort_keys=True, default=str)
    return hashlib.sha256(whole.encode("utf-8", "surrogatepass")).hexdigest()
