"""A page of a list: a few rows, and how many there are in all, as far as anybody turns pages."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Generic, TypeVar

import sqlalchemy as sa

from storage.database import Session
from storage.scoping import columns

T = TypeVar("T")
U = TypeVar("U")
Lines = sa.Select[*tuple[Any, ...]]
Ids = Lines | sa.CompoundSelect[*tuple[Any, ...]]

SIZE = 5
MOST = 100  # so many of those that follow are counted
MOST_ROWS: sa.BindParameter[int] = sa.bindparam("most", type_=sa.Integer)


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
        return replace(self, rows=tuple(map(of, self.rows)))  # type: ignore[arg-type,return-value]


@dataclass(frozen=True)
class Listing:
    """What one turns pages of: the statements for the *ids*, and that for the *lines* of a few.

    The second statement says what follows the rows of the first, and so on.
    """

    ids: tuple[Lines, ...]
    lines: Lines


def listing(model: type[Any], lines: Lines, *ids: Ids) -> Listing:
    """List the *lines* about rows of *model* whose *ids* are read first, in the order of both.

    Most rows are never shown: of those only that they are there is read, and never of too many.
    """
    shown: sa.BindParameter[int] = sa.bindparam("shown", expanding=True)
    return Listing(tuple(map(_packed, ids)), lines.where(model.id.in_(shown)))


def read(
    session: Session, listed: Listing, values: Mapping[str, Any], number: int
) -> Page[sa.RowMapping]:
    """Read page *number* of what is *listed*, or the last there is."""
    most = offset(number) + MOST
    ids: list[int] = []
    for statement in listed.ids:
        if len(ids) < most:
            left = {**values, "most": most - len(ids)}
            found = columns(session, statement, left).scalar_one()
            ids += map(int, found.split(",")) if found else ()
    number = within(number, len(ids))
    shown = ids[offset(number) : offset(number) + SIZE]
    rows = columns(session, listed.lines, {**values, "shown": shown}).mappings() if shown else ()
    return Page(tuple(rows), number, len(ids), is_cut=len(ids) == most)


def _packed(ids: Ids) -> Lines:
    """Give the first of *ids* in one row: threads change places at each row that SQLite reads."""
    first = ids.limit(MOST_ROWS).subquery()
    return sa.select(sa.func.aggregate_strings(sa.cast(first.c.id, sa.Text), ","))


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
