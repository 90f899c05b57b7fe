"""Reading what is noted once a briefing took place: "E12 @Ana @Ben", "E12 https://…"."""

import re

from commands.typing import called
from storage.errors import Refusal

CAME = "Say which briefing and who came, for example: /briefings came E12 @Ana @Ben"
RECORDING = (
    "Say which briefing and where its recording or notes are, for example: "
    "/briefings recording E12 https://example.org/notes"
)
_PERSON = re.compile(r"<@([A-Za-z0-9]+)>")
_BETWEEN = re.compile(r"\band\b|[\s,.&]")


def read_came(text: str) -> tuple[str, list[str]]:
    """Read which briefing, and who came to it, as Slack's ids. Raises Refusal."""
    before, at, people = text.partition("<@")
    if not at or not called(before) or _BETWEEN.sub("", _PERSON.sub(" ", at + people)):
        raise Refusal(CAME)
    return called(before), list(dict.fromkeys(_PERSON.findall(at + people)))


def read_recording(text: str) -> tuple[str, str]:
    """Read which briefing, and the link to its recording or notes. Raises Refusal."""
    *before, link = text.split() or [""]
    if not before or "://" not in link:
        raise Refusal(RECORDING)
    return called(" ".join(before)), link
