"""Looking for words: how text is made ready to be searched, and what a search means by a word."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.orm import InstrumentedAttribute

from storage.item_words import Range, begins, exactly
from storage.models import spaced

# What stands in one line means the same: a search for one of them finds the others too.
SAME = (
    ("csam", "child sexual abuse material"),
    ("csea", "child sexual exploitation and abuse"),
    ("ocsea", "online child sexual exploitation and abuse"),
    ("genai", "gen ai", "generative ai", "ai generated"),
    ("ics", "industry classification system"),
    ("sbd", "safety by design"),
    ("hria", "human rights impact assessment"),
    ("apac", "asia pacific"),
    ("ncmec", "national center for missing and exploited children"),
    ("iwf", "internet watch foundation"),
)
PLURAL = 5  # "guides" finds "guide"; "news" does not find "new"
SHORT = 2  # so short a word must stand alone: "ai" is no beginning of "aim"
END = "\n"


@dataclass(frozen=True)
class Term:
    """One thing looked for: the words as typed, and the other names of it."""

    words: tuple[str, ...]
    also: tuple[str, ...] = ()


def fields(*made: str) -> str:
    """Join fields made by `spaced` or `several`, the most telling first, for `found_in`."""
    return END.join(made)


def several(texts: Iterable[str]) -> str:
    """Give *texts* as one field in which each can still be met whole, by `whole`."""
    return "".join(f"|{spaced(text)}" for text in texts) + "| "


def terms(text: str) -> tuple[Term, ...]:
    """Read what is looked for in *text*: each known name of several words is one term."""
    words = spaced(text).split()
    read = []
    while words:
        size, also = _known_at_start(words)
        read.append(Term(tuple(words[:size]), also))
        words = words[size:]
    return tuple(read)


def found_in(
    column: InstrumentedAttribute[str], sought: Iterable[Term], fields_after: int
) -> sa.ColumnElement[bool]:
    """Say that every term stands in *column* with at least *fields_after* fields after it."""
    rest = f"%{END}" * fields_after + "%"
    return sa.and_(
        sa.true(),
        *(
            sa.or_(
                sa.and_(*(column.like(f"%{_beginning(word)}{rest}") for word in term.words)),
                *(column.like(f"% {name} {rest}") for name in term.also),
            )
            for term in sought
        ),
    )


def ranges(sought: Iterable[Term]) -> Iterator[tuple[Range, ...]]:
    """Give for each word of every term where it or another name stands among `ItemWord`.

    Of scripts that put no spaces between words nothing is said: any part of one may be meant.
    """
    for term in sought:
        also = tuple(exactly(max(name.split(), key=len)) for name in term.also)
        for word in term.words:
            if word.isascii():
                begun = _beginning(word)
                one = exactly(word) if begun.endswith(" ") else begins(begun.strip())
                yield (one, *also)


def _beginning(word: str) -> str:
    # Words begin after a space, except in scripts that put none between them.
    if not word.isascii():
        return word
    if len(word) <= SHORT:
        return f" {word} "
    return f" {word.removesuffix('s') if len(word) >= PLURAL else word}"


def _known_at_start(words: list[str]) -> tuple[int, tuple[str, ...]]:
    best: tuple[int, tuple[str, ...]] = (1, ())
    for names in SAME:
        for name in names:
            size = len(name.split())
            if words[:size] == name.split() and (size > best[0] or not best[1]):
                best = (size, tuple(other for other in names if other != name))
    return best
