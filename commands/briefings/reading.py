"""Reading an answer typed as words: "E12 yes arriving late", and whose it is: "@Ana E12 yes"."""

import re

from commands.typing import called, read_contact
from storage.errors import Refusal
from storage.models import Answer, folded
from storage.rsvps import NOTE_LIMIT
from storage.series import Rhythm

WORDS_LIMIT, SEARCH_LIMIT = 8, 100
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
_REPEATED = re.compile(
    rf"(?P<called>.+?)\s+(?P<rhythm>{'|'.join(Rhythm)})\s+(?P<times>[0-9]{{1,3}})", re.IGNORECASE
)
FOR_SOMEBODY = (
    "Say who, to what, and the answer, for example: /briefings record @Ana E12 yes, or for "
    'somebody without Slack: /briefings record E12 yes for "Ana Example" at Hotline'
)
RSVP = "Say which briefing, and yes, maybe or no, for example: /briefings rsvp E12 yes"
SEND = "Say whom you send, and to which briefing, for example: /briefings send @Ana E12"
_PERSON = re.compile(r"\s*<@([A-Za-z0-9]+)>\s*(?:to\s+)?(.*)", re.DOTALL | re.IGNORECASE)
_QUOTED = re.compile(r"\s*[\"“”„«»][^\"“”„«»]+[\"“”„«»]")
# A name in quotes is found wherever it is; else the first «for» is meant.
_FOR = (
    re.compile(r"(?P<note>.*?)\bfor (?P<whom>[\"“”„‟«»].+)", re.IGNORECASE),
    re.compile(r"(?P<note>.*?)\bfor (?P<whom>.+)", re.IGNORECASE),
)


def read_repeat(text: str) -> tuple[str, Rhythm, int]:
    """Read which briefing comes how often, and how many times more. Raises Refusal."""
    found = _REPEATED.fullmatch(text.strip())
    if found is None:
        raise Refusal(
            "Say which briefing, how often (weekly, fortnightly or monthly) and how many more, for "
            "example: /briefings repeat E12 weekly 6"
        )
    return called(found["called"]), Rhythm(found["rhythm"].casefold()), int(found["times"])


def read_search(text: str) -> list[str]:
    """Read what to look for. Raises Refusal where that is nothing, or too much."""
    words = text.split()
    if not any(folded(word) for word in words):
        raise Refusal("Say what to look for, for example: /briefings search webinar seats")
    if len(words) > WORDS_LIMIT or len(text) > SEARCH_LIMIT:
        raise Refusal(
            f"{WORDS_LIMIT} words of {SEARCH_LIMIT} characters in all fit. Leave only those that "
            "matter most."
        )
    return words


def read_rsvp(text: str, usage: str = RSVP) -> tuple[str, Answer, str | None]:
    """Read which briefing, which answer and which note. Raises Refusal where one is missing.

    The first word after the title that is an answer divides the two; a title in quotes may hold
    such words itself.
    """
    meant, answered, note = _divided(text, usage)
    return meant, answered, _checked(note)


def read_for_contact(text: str) -> tuple[str, str, str, Answer, str | None]:
    """Read who without Slack, of which organisation, and the answer: «E12 yes for Ana at Hotline».

    What stands between the answer and «for» is the note. Raises Refusal.
    """
    meant, answered, rest = _divided(text, FOR_SOMEBODY)
    found = next((one for form in _FOR if (one := form.fullmatch(rest))), None)
    whom = read_contact(found["whom"]) if found else None
    if found is None or whom is None:
        raise Refusal(FOR_SOMEBODY)
    return *whom, meant, answered, _checked(found["note"].strip(" ,.;:"))


def _divided(text: str, usage: str) -> tuple[str, Answer, str]:
    words = text.split()
    quoted = _QUOTED.match(text)
    first = len(quoted[0].split()) if quoted else 1
    bare = [word.casefold().rstrip(",.;:") for word in words]
    at = next((i for i in range(first, len(words)) if bare[i] in WORDS), None)
    if at is None:
        raise Refusal(usage)
    note = " ".join(words[at + 1 :])
    if note.casefold().startswith("going") and bare[at] == "not":
        note = note[len("going") :].strip()
    return called(" ".join(words[:at])), WORDS[bare[at]], note


def _checked(note: str) -> str | None:
    if len(note) > NOTE_LIMIT:
        raise Refusal(
            f"Your note has {len(note)} characters; {NOTE_LIMIT} fit. Nothing was saved; "
            "shorten it and send it again."
        )
    return note or None


def read_person(text: str, usage: str) -> tuple[str, str]:
    """Read who is mentioned first (a Slack id), and what follows. Raises Refusal with *usage*."""
    found = _PERSON.fullmatch(text)
    if found is None or not called(found[2]):
        raise Refusal(usage)
    return found[1], found[2]
