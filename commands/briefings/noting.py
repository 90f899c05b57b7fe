"""Reading what is noted once a briefing took place: "E12 @Ana @Ben", "E12 https://…"."""

import re

from commands.typing import called
from storage.errors import Refusal
from storage.models import folded

CAME = "Say which briefing and who came, for example: /briefings came E12 @Ana @Ben"
RECORDING = (
    "Say which briefing and where its recording or notes are, for example: "
    "/briefings recording E12 https://example.org/notes"
)
REMIND = "Say which briefing, and on or off, for example: /briefings remind E12 off"
_PERSON = re.compile(r"<@([A-Za-z0-9]+)>")
_BETWEEN = re.compile(r"\band\b|[\s,.&]")


def read_came(text: str) -> tuple[str, list[str]]:
    """Read which briefing, and who came to it, as Slack's ids. Raises Refusal."""
    before, people = read_named(text, CAME)
    if not before or not people:
        raise Refusal(CAME)
    return before, people


def read_named(text: str, example: str) -> tuple[str, list[str]]:
    """Read which briefing, and the people mentioned after it. Raises Refusal with *example*."""
    before, at, people = text.partition("<@")
    if _BETWEEN.sub("", _PERSON.sub(" ", at + people)):
        raise Refusal(example)
    return called(before), list(dict.fromkeys(_PERSON.findall(at + people)))


def read_remind(text: str) -> tuple[str, bool]:
    """Read which briefing, and whether one is to be reminded of it. Raises Refusal."""
    *before, switch = text.split() or [""]
    if not before or folded(switch) not in {"on", "off"}:
        raise Refusal(REMIND)
    return called(" ".join(before)), folded(switch) == "on"


def read_recording(text: str) -> tuple[str, str]:
    """Read which briefing, and the link to its recording or notes. Raises Refusal."""
    *before, link = text.split() or [""]
    if not before or "://" not in link:
        raise Refusal(RECORDING)
    return called(" ".join(before)), link
