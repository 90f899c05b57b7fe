"""Reading what is noted once a briefing took place: "E12 @Ana @Ben"."""

import re

from commands.typing import called
from storage.errors import Refusal

CAME = "Say which briefing and who came, for example: /briefings came E12 @Ana @Ben"
_PERSON = re.compile(r"<@([A-Za-z0-9]+)>")
_BETWEEN = re.compile(r"\band\b|[\s,.&]")


def read_came(text: str) -> tuple[str, list[str]]:
    """Read which briefing, and who came to it, as Slack's ids. Raises Refusal."""
    before, at, people = text.partition("<@")
    if not at or not called(before) or _BETWEEN.sub("", _PERSON.sub(" ", at + people)):
        raise Refusal(CAME)
    return called(before), list(dict.fromkeys(_PERSON.findall(at + people)))
