"""The record of what the bot sent, every byte of it, and what it was answered."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any

Json = dict[str, Any]
SUMMARY = 160


@dataclass(frozen=True, slots=True)
class Sent:
    """One request of the bot's.

    *method* is the Web API method, ``response_url``, ``upload``, or ``ack`` for an acknowledgement
    that carried an answer. *body* holds the raw bytes, *args* what was read from them without the
    token. *status* is None where the connection was dropped instead of answered. *error* is
    Slack's name for the refusal, *details* what exactly was wrong, *why* what the bot reacted to.
    """

    method: str
    args: Json
    body: bytes
    at: datetime
    status: int | None = 200
    response: Json | None = None
    error: str | None = None
    details: tuple[str, ...] = ()
    to: str = ""
    why: str = ""

    @property
    def ok(self) -> bool:
        """Whether the workspace took it."""
        return self.error is None

    @property
    def summary(self) -> str:
        """A line of what it says."""
        view = self.args.get("view")
        if isinstance(view, dict):
            title = view.get("title")
            words = title.get("text", "") if isinstance(title, dict) else str(view.get("type", ""))
        else:
            words = str(self.args.get("text") or self.args.get("filename") or "")
        line = " ".join(str(words).split())
        return line if len(line) <= SUMMARY else f"{line[:SUMMARY]}…"


def as_entry(sent: Sent) -> Json:
    """Describe *sent* for the page."""
    return {
        "at": sent.at.isoformat(),
        "method": sent.method,
        "ok": sent.ok,
        "error": sent.error,
        "details": list(sent.details),
        "to": sent.to,
        "why": sent.why,
        "summary": sent.summary,
        "args": json.loads(json.dumps(sent.args, default=str)),
    }
