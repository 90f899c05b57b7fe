"""A page of a list: a few rows, and how many there are in all."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

T = TypeVar("T")

SIZE = 5


@dataclass(frozen=True)
class Page(Generic[T]):
    """Rows *number* × *size* and following (the first page is 0) out of *total*."""

    rows: tuple[T, ...]
    number: int
    total: int
    size: int = SIZE

    @property
    def has_next(self) -> bool:
        """Whether another page follows."""
        return (self.number + 1) * self.size < self.total

    @property
    def first(self) -> int:
        """The number of the page's first row, counted from 1."""
        return self.number * self.size + 1


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
