"""Reading what is looked for: "reporting type:guide topic:grooming"."""

import re
from collections.abc import Iterable
from enum import StrEnum
from typing import TypeVar

from commands.typing import QUOTES, page_number
from storage import search
from storage.errors import Refusal
from storage.models import Audience, ResourceKind, spaced
from storage.resources import Query

C = TypeVar("C", bound=StrEnum)

QUERY_LIMIT = 200
WORD_LIMIT = 12
EXAMPLE = "/resources search reporting type:guide topic:law-enforcement level:members"
_KNOWN = re.compile(
    rf"(?<!\S)(type|topic|level):\s*(?:[{QUOTES}]([^{QUOTES}]*)[{QUOTES}]|(\S*))", re.IGNORECASE
)
_OTHER = re.compile(r"(?<!\S)([A-Za-z]+):(?!//)\S")


def read_query(text: str) -> Query:
    """Read the words and the filters. Raises Refusal where nothing can be looked for."""
    if len(text) > QUERY_LIMIT:
        raise Refusal(
            f"Your search has {len(text)} characters; {QUERY_LIMIT} fit. Leave only the words "
            "that matter most."
        )
    asked: dict[str, list[str]] = {"type": [], "topic": [], "level": []}
    for name, quoted, bare in _KNOWN.findall(text):
        asked[name.casefold()].append(quoted or bare)
    words = " ".join(_KNOWN.sub(" ", text).split())
    _check_words(words)
    query = Query(
        words,
        _chosen("type", asked["type"], ResourceKind),
        _topics(asked["topic"]),
        _chosen("level", asked["level"], Audience),
    )
    if not search.terms(words) and not query.is_filtered:
        raise Refusal(f"Say what to look for, such as {EXAMPLE}")
    return query


def read_turn(value: str) -> tuple[int, str]:
    """Read a button that turns the page: the page's number, then what was looked for."""
    number, _, asked = value.partition(" ")
    return page_number(number), asked


def _check_words(words: str) -> None:
    other = _OTHER.search(words)
    if other:
        raise Refusal(
            f"There is no filter «{other[1]}:». The filters are type:, topic: and level:, "
            f"such as {EXAMPLE}"
        )
    given = len(spaced(words).split())
    if given > WORD_LIMIT:
        raise Refusal(
            f"Your search has {given} words; {WORD_LIMIT} fit. Leave only those that matter most."
        )


def _chosen(name: str, values: Iterable[str], choices: type[C]) -> tuple[C, ...]:
    known = {choice.value.rstrip("s"): choice for choice in choices}
    chosen = []
    for value in values:
        choice = known.get(value.casefold().rstrip("s"))
        if choice is None:
            there = ", ".join(choice.value for choice in choices)
            raise Refusal(f"There is no {name} «{value}». Choose one of: {there}.")
        chosen.append(choice)
    return tuple(chosen)


def _topics(values: Iterable[str]) -> tuple[str, ...]:
    topics = tuple(values)
    if not all(spaced(topic).strip() for topic in topics):
        raise Refusal(f"Say which topic, such as {EXAMPLE}")
    return topics
