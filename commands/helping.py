"""Help: what one can say, read from the rooms themselves."""

import re
from collections.abc import Iterable

from commands import blocks
from commands.blocks import Message
from commands.cards import SHOWN_BY
from commands.routes import Routes
from commands.typing import nearest
from commands.words import said

FIRST = 5
_NUMBER = re.compile(rf"([{''.join(SHOWN_BY)}])#?[0-9]{{1,9}}", re.IGNORECASE)


def whole(rooms: Iterable[Routes]) -> Message:
    """Say every command, with its first words in full and the others by name."""
    return blocks.message(
        blocks.header("What you can say"),
        *(blocks.section(f"*{room.description}*", *_first(room)) for room in rooms if room.words),
        blocks.context(
            "Wherever a title goes, its number does too: E12, A7, I3, R20, G4. "
            "Answers are seen by you alone."
        ),
    )


def of(room: Routes) -> Message:
    """Say what one command can do."""
    return blocks.message(blocks.section(f"*{room.description}*", *_lines(room)))


def unknown(room: Routes, word: str) -> Message:
    """Say that a command does not know *word*, with the nearest it does know."""
    near = nearest(word, (known.word for known in room.words))
    likely = f"{room.command} {near}" if near else _shown_by(word)
    meant = f" Did you mean `{likely}`?" if likely else ""
    return blocks.message(
        blocks.section(f"`{room.command}` does not know «{said(word, 60)}».{meant}"),
        blocks.section("It knows:", *_lines(room)),
    )


def found(rooms: Iterable[Routes], word: str) -> Message:
    """Say the lines of help that mention *word*."""
    every = list(rooms)
    asked = word.casefold().lstrip("/")
    named = [room for room in every if room.words and asked == room.room]
    if named:
        return of(named[0])
    lines = [line for room in every for line in _lines(room) if asked in line.casefold()]
    if not lines:
        sentence = f"The help says nothing about «{said(word, 60)}». This is all you can say."
        return blocks.message(blocks.section(sentence), *whole(every)["blocks"])
    return blocks.message(blocks.section(f"*Help on «{said(word, 60)}»*", *lines[:20]))


def _shown_by(word: str) -> str:
    number = _NUMBER.fullmatch(word)
    return f"/{SHOWN_BY[number[1].upper()].replace('.', ' ')} {word}" if number else ""


def _first(room: Routes) -> list[str]:
    lines = _lines(room)
    if len(lines) <= FIRST + 1 or any(word.word == "help" for word in room.words):
        return lines
    others = ", ".join(word.word for word in room.words[FIRST:])
    return [*lines[:FIRST], f"• and, with `{room.command} help`: {others}"]


def _lines(room: Routes) -> list[str]:
    return [f"• `{word.example}` – {word.sentence}" for word in room.words]
