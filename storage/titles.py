"""What people call things: a short id, a title, the beginning of one, some words of one."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

import sqlalchemy as sa

from storage.asker import Asker
from storage.database import Session
from storage.errors import Choice, Refusal
from storage.item_words import Range, begins, exactly, narrowed
from storage.models import ActionItem, Briefing, Initiative, Place, Resource, WorkingGroup, folded
from storage.policy import scope

T = TypeVar("T", Briefing, WorkingGroup, Resource, ActionItem, Initiative)

LETTERS = {Briefing: "E", WorkingGroup: "G", Resource: "R", ActionItem: "A", Initiative: "I"}
CHOICES = 5
NEAREST = 3
LOOKED_AT = 1000  # of the newest, for what is misspelt or stands within a word


def _newest_titles(model: Any) -> sa.Select[Any]:
    titles = sa.select(model.id, model.title, model.folded).where(scope(model))
    return titles.order_by(model.id.desc()).limit(LOOKED_AT)


_SEEN: Mapping[Any, sa.Select[Any]] = {
    model: sa.select(model).where(scope(model)) for model in LETTERS
}
_NUMBERED = {model: seen.where(model.id == sa.bindparam("number")) for model, seen in _SEEN.items()}
_NEWEST = {model: _newest_titles(model) for model in LETTERS}


def short_id(row: Any) -> str:
    """Give the id people say: E12 for a briefing."""
    return f"{LETTERS[type(row)]}{row.id}"


def find(
    session: Session,
    asker: Asker,
    model: type[T],
    called: str,
    *,
    among: sa.ColumnElement[bool] | None = None,
) -> T:
    """Find the one row of *model* that *asker* may see and means by *called*.

    The exact id goes before the exact title, that before the only title that begins so, that
    before the only one whose words begin with all of these, that before the only one that holds
    them within its words. *among* narrows what is matched by words (past
    events do not count for an answer) unless nothing else matches.

    Raises Refusal with up to five choices where several fit, with the nearest titles where none
    does; both are told alike whether a thing is missing or hidden.
    """
    called = called.strip()
    if not folded(called):
        raise Refusal(f"Say which one: its number, such as {LETTERS[model]}12, or its title.")
    number = re.fullmatch(rf"{LETTERS[model]}?#?(\d{{1,9}})", called, re.IGNORECASE)
    if number:
        return by_id(session, asker, model, int(number[1]))
    text = folded(called)
    circles = (among, None) if among is not None else (None,)
    for only in circles:
        for condition in _readings(session, asker, model, text):
            if row := _only(called, _matching(session, asker, model, condition, only)):
                return row
    newest = _newest(session, asker, model)
    for only in circles:
        condition = _within(model, newest, text)
        if row := _only(called, _matching(session, asker, model, condition, only)):
            return row
    raise _unknown(newest, model, called)


def by_id(session: Session, asker: Asker, model: type[T], number: int) -> T:
    """Load one row by its id, as *asker* may see it. Raises Refusal."""
    values = {**asker.binds(), "number": number}
    row: T | None = session.scalars(_NUMBERED[model], values).one_or_none()
    if row is None:
        newest = _newest(session, asker, model)
        raise _unknown(newest, model, f"{LETTERS[model]}{number}")
    return row


def _readings(
    session: Session, asker: Asker, model: type[T], text: str
) -> Iterator[sa.ColumnElement[bool]]:
    def few(*ranges: Range) -> sa.ColumnElement[bool]:
        return narrowed(session, asker.workspace, model, [[one] for one in ranges])

    parts = _parts(text)
    there = [model.folded.contains(part, autoescape=True) for part in parts]
    yield sa.and_(model.folded == text, few(exactly(text)))
    yield sa.and_(model.folded.startswith(text, autoescape=True), few(begins(text)))
    yield sa.and_(*there, few(*map(begins, parts)))


def _within(model: type[T], newest: Sequence[Any], text: str) -> sa.ColumnElement[bool]:
    """Say that every part of *text* stands somewhere in a title, also within a word of it.

    Titles in scripts that put no spaces between words are all read for it, of others the newest.
    """
    parts = _parts(text)
    if not all(part.isascii() for part in parts):
        return sa.and_(*(model.folded.contains(part, autoescape=True) for part in parts))
    return model.id.in_([row.id for row in newest if all(part in row.folded for part in parts)])


def _parts(text: str) -> list[str]:
    return text.split()[:10]


def _only(called: str, rows: list[T]) -> T | None:
    if len(rows) > 1:
        raise _ambiguous(called, rows)
    return rows[0] if rows else None


def _matching(
    session: Session,
    asker: Asker,
    model: type[T],
    condition: sa.ColumnElement[bool],
    among: sa.ColumnElement[bool] | None,
) -> list[T]:
    statement = _SEEN[model].where(condition).order_by(model.id.desc())
    if among is not None:
        statement = statement.where(among)
    return list(session.scalars(statement.limit(CHOICES + 1), asker.binds()))


def _ambiguous(called: str, rows: list[T]) -> Refusal:
    more = " (and more)" if len(rows) > CHOICES else ""
    return Refusal(
        f"«{called[:60]}» could be any of these{more}. Nothing was changed; choose one.",
        tuple(_choice(row) for row in rows[:CHOICES]),
    )


def _choice(row: Any) -> Choice:
    if isinstance(row, Briefing):
        where = row.city or ("online" if row.place is Place.VIRTUAL else "")
        return Choice(short_id(row), row.title, row.starts_at, where, row.zone, row.precision)
    return Choice(short_id(row), row.title)


@dataclass(frozen=True)
class _Near:
    likeness: float
    row_id: int
    title: str


def _newest(session: Session, asker: Asker, model: type[T]) -> Sequence[Any]:
    return session.execute(_NEWEST[model], asker.binds()).all()


def _unknown(newest: Sequence[Any], model: type[T], called: str) -> Refusal:
    near = [_Near(likeness(folded(called), row.folded), row.id, row.title) for row in newest]
    best = sorted((n for n in near if n.likeness >= 0.4), key=lambda n: (-n.likeness, -n.row_id))
    letter = LETTERS[model]
    choices = tuple(Choice(f"{letter}{n.row_id}", n.title) for n in best[:NEAREST])
    ask = " Did you mean one of these?" if choices else " Check the spelling, or list them first."
    return Refusal(f"There is nothing called «{called[:60]}» here that you can see.{ask}", choices)


def likeness(called: str, title: str) -> float:
    """Say how much of *called* reappears in *title*, by runs of three letters: 0 to 1."""
    wanted, there = _trigrams(called), _trigrams(title)
    return len(wanted & there) / len(wanted) if wanted else 0.0


def _trigrams(text: str) -> set[str]:
    return {
        padded[i : i + 3]
        for word in text.split()
        for padded in [f" {word} "]
        for i in range(len(padded) - 2)
    }
