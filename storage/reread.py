"""Rows of a list that most have read before: what reads the same is not made anew."""

import functools
from collections.abc import Callable, Sequence
from typing import Any, Generic, TypeVar

import sqlalchemy as sa
from sqlalchemy.engine import Dialect

T = TypeVar("T")
MOST = 2000  # rows of which is kept what was made of them


class Reread(Generic[T]):
    """Makes a *kind* of each row that *statement* reads.

    All that is read of a row is its key, so what is kept is never out of date, nor of another.
    """

    def __init__(self, statement: sa.Select[*tuple[Any, ...]], kind: Callable[..., T]) -> None:
        read = statement.selected_columns.items()
        self._types, self._kind = [column.type for _, column in read], kind
        given = (sa.type_coerce(column, sa.types.NullType()).label(name) for name, column in read)
        self.raw = statement.with_only_columns(*given)
        self.made = functools.lru_cache(maxsize=MOST)(self._made)

    def of(self, dialect: Dialect, row: Sequence[Any]) -> T:
        """Give what is made of *row*, which begins with all the columns."""
        return self.made(dialect, *row[: len(self._types)])

    def _made(self, dialect: Dialect, *values: Any) -> T:
        """Give what is made of *values*, all the columns as the driver of *dialect* reads them."""
        typed = zip(self._types, values, strict=True)
        return self._kind(*(_typed(kind, dialect, value) for kind, value in typed))


def _typed(kind: sa.types.TypeEngine[Any], dialect: Dialect, value: Any) -> Any:
    process = kind.dialect_impl(dialect).result_processor(dialect, None)
    return value if process is None else process(value)
