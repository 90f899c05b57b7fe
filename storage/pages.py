"""A page of a list: a few rows, and how many there are in all, as far as anybody turns pages."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, partial, reduce
from typing import Any, Generic, Protocol, TypeVar

import sqlalchemy as sa
from sqlalchemy.sql import operators

from storage.database import Session
from storage.packing import packed, unpacked
from storage.policy import scope
from storage.scoping import columns

T = TypeVar("T")
U = TypeVar("U")
Lines = sa.Select[*tuple[Any, ...]]
Row = sa.Row[*tuple[Any, ...]]
Condition = sa.ColumnElement[bool]
Parts = Sequence[Condition]
Order = Sequence[Any]

SIZE = 5
MOST = 100  # so many of those that follow are counted


def _written(name: str) -> sa.BindParameter[int]:
    # Part of the text: PostgreSQL takes a number that it does not know for a tenth of all rows.
    return sa.bindparam(name, type_=sa.Integer, literal_execute=True)


_MOST, _SIZE, _BEFORE = map(_written, ("most", "size", "before"))
_FIRST, _LAST = map(_written, ("first", "last"))
SHOWN: sa.BindParameter[int] = sa.bindparam("shown", expanding=True)


@dataclass(frozen=True)
class Page(Generic[T]):
    """Rows *number* × *size* and following (the first page is 0) out of *total*.

    Where *is_cut* there may be more than that: they were not counted to the end.
    """

    rows: tuple[T, ...]
    number: int
    total: int
    size: int = SIZE
    is_cut: bool = False

    @property
    def has_next(self) -> bool:
        """Whether another page follows."""
        return (self.number + 1) * self.size < self.total

    @property
    def first(self) -> int:
        """The number of the page's first row, counted from 1."""
        return self.number * self.size + 1

    def made(self, of: Callable[[T], U]) -> "Page[U]":
        """Give the same page with what *of* makes of each row."""
        return Page(tuple(map(of, self.rows)), self.number, self.total, self.size, self.is_cut)


class Listing(Protocol):
    """What one turns pages of."""

    def read(self, session: Session, values: Mapping[str, Any], number: int) -> Page[Row]:
        """Read page *number*, or the last there is; a row may have more than was asked for."""


@dataclass(frozen=True)
class Straight:
    """A list in one order: one statement gives a page's lines, each with how many there are.

    *lines_on* gives it for the kind of database that it is told.
    """

    lines_on: Callable[[str], Lines]

    def read(self, session: Session, values: Mapping[str, Any], number: int) -> Page[Row]:
        """Read page *number*, or the last there is."""
        before = offset(number)
        most = before + MOST
        found, total = self._read(session, values, before, most)
        if before and not found:
            _, total = self._read(session, values, 0, most)
            before = offset(within(number, total))
            found, _ = self._read(session, values, before, most)
        return Page(found, before // SIZE, total, is_cut=total == most)

    def _read(
        self, session: Session, values: Mapping[str, Any], before: int, most: int
    ) -> tuple[tuple[Row, ...], int]:
        place = {"before": before, "size": SIZE, "first": before + 1, "last": before + SIZE}
        lines = self.lines_on(session.get_bind().dialect.name)
        found = tuple(columns(session, lines, {**values, **place, "most": most}).all())
        # Each part may have so many; the order of those that follow does not matter.
        return found, min(found[0].in_all, most) if found else 0


@dataclass(frozen=True)
class InParts:
    """A list whose *parts* follow each other: of each the ids, and then the *lines* of a few.

    The *lines* have an `id` and are of those whose id is among `SHOWN`, in any order.
    """

    parts: tuple[Lines, ...]
    lines: Lines

    def read(self, session: Session, values: Mapping[str, Any], number: int) -> Page[Row]:
        """Read page *number*, or the last there is; a part only where the page is not full."""
        most = offset(number) + MOST
        ids: list[int] = []
        for part in self.parts:
            if len(ids) < most:
                left = {**values, "most": most - len(ids)}
                ids += map(int, unpacked(columns(session, part, left).scalar_one()))
        number = within(number, len(ids))
        shown = ids[offset(number) : offset(number) + SIZE]
        read = columns(session, self.lines, {**values, "shown": shown}).all() if shown else ()
        rows = tuple(sorted(read, key=lambda row: shown.index(row.id)))
        return Page(rows, number, len(ids), is_cut=len(ids) == most)


def listing(
    model: type[Any], lines: Lines, order: Order, *conditions: Condition, parts: Parts = ()
) -> Straight:
    """List the *lines* about rows of *model* that fulfil the *conditions*, in *order*.

    They are lines of rows that the asker may see, whatever they ask themselves. Each row fulfils
    one of *parts*, which follow each other in *order* and are read each by an index of its own.
    """

    @cache
    def lines_on(kind: str) -> Lines:
        found_in = _in_a_table if kind == "sqlite" else _in_an_array
        here, total = found_in(model, order, *conditions, parts=parts)
        return lines.add_columns(total.label("in_all")).where(here).order_by(*order)

    return Straight(lines_on)


def _in_a_table(
    model: type[Any], order: Order, *conditions: Condition, parts: Parts
) -> tuple[Condition, sa.ColumnElement[int]]:
    """Give the condition that a row is on the page, and how many rows there are."""
    found = _found(model, order, *conditions, parts=parts).cte("found")
    shown = sa.select(found.c.id).order_by(*_again(found, order)).limit(_SIZE).offset(_BEFORE)
    total = sa.select(sa.func.count()).select_from(found).scalar_subquery()
    return model.id.in_(shown), total


def _in_an_array(
    model: type[Any], order: Order, *conditions: Condition, parts: Parts
) -> tuple[Condition, sa.ColumnElement[int]]:
    """Give the same for PostgreSQL, which is quicker so; one part follows the other in *order*."""
    of = sa.ARRAY(sa.Integer)
    each = _each(model, order, *conditions, parts=parts)
    ids = (one.with_only_columns(model.id).scalar_subquery() for one in each)
    arrays = (sa.func.array(one, type_=of) for one in ids)
    whole = reduce(partial(sa.func.array_cat, type_=of), arrays)
    found = sa.select(whole.label("ids")).cte("found")
    shown = sa.select(found.c.ids[_FIRST:_LAST]).scalar_subquery()
    total = sa.select(sa.func.cardinality(found.c.ids)).scalar_subquery()
    return model.id == sa.any_(sa.cast(shown, of)), total


def in_parts(lines: Lines, *ids: Lines) -> InParts:
    """List the *lines* of the first *ids*, then of the second, and so on, each in their order."""
    # In one row: threads change places at each row that SQLite reads.
    packs = tuple(sa.select(packed(one.subquery().c.id)) for one in ids)
    return InParts(packs, lines)


def firsts(model: type[Any], order: Order, *conditions: Condition, parts: Parts = ()) -> Lines:
    """Select ids, and what puts them in *order*, of the first rows of *model* that fulfil it all.

    Most rows are never shown: of those only that they are there is read, and never of too many.
    Each row fulfils one of *parts*, which are read each by an index of its own.
    """
    found = _found(model, order, *conditions, parts=parts)
    if not parts:
        return found
    whole = found.subquery()
    return sa.select(whole).order_by(*_again(whole, order)).limit(_MOST)


def _found(model: type[Any], order: Order, *conditions: Condition, parts: Parts) -> Lines:
    """Select what `firsts` selects, of each of *parts* so many, in no order."""
    each = _each(model, order, *conditions, parts=parts)
    if not parts:
        return each[0]
    return sa.select(sa.union_all(*(sa.select(one.subquery()) for one in each)).subquery())


def _each(model: type[Any], order: Order, *conditions: Condition, parts: Parts) -> list[Lines]:
    """Select of each of *parts*, or of all where there are none, so many in *order*."""
    by = (_plain(one).label(f"by{place}") for place, one in enumerate(order))
    ids = sa.select(model.id, *by).where(scope(model), *conditions)
    # Each part ends where the whole does, or PostgreSQL would put all of it in order first.
    of = [ids.where(part) for part in parts] or [ids]
    return [one.order_by(*order).limit(_MOST) for one in of]


def _plain(by: Any) -> Any:
    return by.element if _is_down(by) else by


def _again(ids: sa.FromClause, order: Order) -> list[sa.ColumnElement[Any]]:
    named = [(ids.c[f"by{place}"], by) for place, by in enumerate(order)]
    return [column.desc() if _is_down(by) else column for column, by in named]


def _is_down(by: Any) -> bool:
    return getattr(by, "modifier", None) is operators.desc_op


def within(number: int, total: int, size: int = SIZE) -> int:
    """Give the page that is there: a list that has become shorter ends where it ends."""
    return min(max(number, 0), max(total - 1, 0) // size)


def offset(number: int) -> int:
    """Give how many rows come before page *number*; a page that cannot be is the first."""
    return min(max(number, 0), 10_000) * SIZE


def cut(rows: Sequence[T], number: int, size: int) -> Page[T]:
    """Give the page *number* of *rows*, or the last there is, where all of them are at hand."""
    number = within(number, len(rows), size)
    return Page(tuple(rows[number * size : (number + 1) * size]), number, len(rows), size)
