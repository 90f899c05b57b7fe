"""A page of a list: a few rows, and how many there are in all."""

from dataclasses import dataclass
from typing import Generic, TypeVar

T = TypeVar("T")

SIZE = 5


@dataclass(frozen=True)
class Page(Generic[T]):
    """Rows *number* × SIZE and following (the first page is 0) out of *total*."""

    rows: tuple[T, ...]
    number: int
    total: int

    @property
    def has_next(self) -> bool:
        """Whether another page follows."""
        return (self.number + 1) * SIZE < self.total

    @property
    def first(self) -> int:
        """The number of the page's first row, counted from 1."""
        return self.number * SIZE + 1


def within(number: int, total: int) -> int:
    """Give the page that is there: a list that has become shorter ends where it ends."""
    return min(max(number, 0), max(total - 1, 0) // SIZE)


def offset(number: int) -> int:
    """Give how many rows come before page *number*; a page that cannot be is the first."""
    return min(max(number, 0), 10_000) * SIZE
