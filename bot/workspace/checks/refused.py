"""The one way a check says no: Slack's error name and what exactly was wrong, where."""

from __future__ import annotations

from collections.abc import Iterable


class Refused(Exception):  # noqa: N818 - a refusal is an answer here, not a fault of the program
    """Slack would not take this payload; *error* is the name it would answer with."""

    def __init__(self, error: str, messages: Iterable[str] = ()) -> None:
        self.error = error
        self.messages = tuple(messages)
        super().__init__("\n".join((error, *self.messages)))


def refuse_if_any(error: str, complaints: Iterable[str]) -> None:
    """Raise Refused with every complaint at once, as Slack lists them, or return."""
    if found := tuple(complaints):
        raise Refused(error, found)
