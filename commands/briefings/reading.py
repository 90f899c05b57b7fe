"""Reading an answer typed as words: "E12 yes arriving late"."""

import re

from commands.typing import called
from storage.errors import Refusal
from storage.models import Answer
from storage.rsvps import NOTE_LIMIT

WORDS = {
    "yes": Answer.GOING,
    "y": Answer.GOING,
    "going": Answer.GOING,
    "maybe": Answer.MAYBE,
    "perhaps": Answer.MAYBE,
    "no": Answer.DECLINED,
    "n": Answer.DECLINED,
    "not": Answer.DECLINED,
    "decline": Answer.DECLINED,
    "leave": Answer.DECLINED,
}
_QUOTED = re.compile(r"\s*[\"“”„«»][^\"“”„«»]+[\"“”„«»]")


def read_rsvp(text: str) -> tuple[str, Answer, str | None]:
    """Read which briefing, which answer and which note. Raises Refusal where one is missing.

    The first word after the title that is an answer divides the two; a title in quotes may hold
    such words itself.
    """
    words = text.split()
    quoted = _QUOTED.match(text)
    first = len(quoted[0].split()) if quoted else 1
    bare = [word.casefold().rstrip(",.;:") for word in words]
    at = next((i for i in range(first, len(words)) if bare[i] in WORDS), None)
    if at is None:
        raise Refusal(
            "Say which briefing, and yes, maybe or no, for example: /briefings rsvp E12 yes"
        )
    note = " ".join(words[at + 1 :])
    if note.casefold().startswith("going") and bare[at] == "not":
        note = note[len("going") :].strip()
    if len(note) > NOTE_LIMIT:
        raise Refusal(
            f"Your note has {len(note)} characters; {NOTE_LIMIT} fit. Nothing was saved; "
            "shorten it and send it again."
        )
    return called(" ".join(words[:at])), WORDS[bare[at]], note or None
