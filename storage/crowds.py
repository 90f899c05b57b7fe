"""Reading for many people with one statement: what any of them sees, and of it each their part."""

from bisect import bisect_left
from collections.abc import Callable, Collection, Hashable, Iterable, Sequence
from dataclasses import MISSING, dataclass, fields
from functools import cached_property
from operator import attrgetter
from typing import Any, Generic, TypeVar

import sqlalchemy as sa

from storage.asker import Asker, joint
from storage.policy import Circle, circle

T = TypeVar("T")
Lines = sa.Select[*tuple[Any, ...]]
Row = sa.Row[Any]


def circled(lines: Lines, model: type[Any]) -> Lines:
    """Read beside each of *lines*, each about a row of *model*, for whom it is."""
    audience, which = circle(model)
    return lines.add_columns(audience.label("circle_audience"), which.label("circle_which"))


def circle_of(model: type[Any], row: Row) -> Circle:
    """Say for whom *row* is, of a statement that is `circled`."""
    return Circle(model.__tablename__, row.circle_audience, row.circle_which)


def firsts(
    lines: Lines,
    ranked: Lines,
    model: type[Any],
    order: Sequence[Any],
    own: sa.ColumnElement[bool] | None = None,
) -> Lines:
    """Read the first `limit` *lines* of each circle, and all that are somebody's *own*, in *order*.

    *ranked* reads which rows there are, by id, and nothing more: most are never a line. Whoever
    sees one row of a circle sees all of it, so nobody misses any of their first.
    """
    (row,) = ranked.selected_columns
    place = sa.func.row_number().over(partition_by=circle(model), order_by=order)
    mine = sa.false() if own is None else own
    found = ranked.add_columns(place.label("place"), mine.label("is_own")).subquery()
    first = found.c.place <= sa.bindparam("limit", type_=sa.Integer)
    return (
        circled(lines, model)
        .join(found, found.c.id == row)
        .where(sa.or_(first, found.c.is_own))
        .order_by(*order)
    )


def line_of(made: Callable[..., T]) -> Callable[[Row], T]:
    """Say how the dataclass *made* is made of a row that names its fields without a default."""
    named = [field.name for field in fields(made) if field.default is MISSING]  # type: ignore[arg-type]
    values = attrgetter(*named)
    return lambda row: made(*values(row))


@dataclass(frozen=True)
class Crowd:
    """People of one workspace, or readers of its channels, for whom is read at once."""

    askers: tuple[Asker, ...]

    @cached_property
    def binds(self) -> dict[str, Any]:
        """Give the values by which `policy.scope` shows what any of them may see."""
        return joint(self.askers)


class Shelf(Generic[T]):
    """Lines in their order, of which everybody takes what they may see."""

    def __init__(
        self,
        model: type[Any],
        rows: Iterable[Row],
        line: Callable[[Row], T],
        limit: int | None = None,
        holders: Callable[[Row], Collection[int]] = lambda _row: (),
    ) -> None:
        """Fill it with the *line* of each row; *holders* see theirs whomever else it is for."""
        self._lines: list[T] = []
        self._circles: dict[Circle, list[int]] = {}
        self._held: dict[int, list[int]] = {}
        self._shown: dict[Hashable, tuple[list[int], tuple[T, ...]]] = {}
        self._begun: dict[tuple[int, int], tuple[tuple[T, ...], tuple[T, ...]]] = {}
        self._limit = limit
        for place, row in enumerate(rows):
            self._lines.append(line(row))
            self._circles.setdefault(circle_of(model, row), []).append(place)
            for holder in holders(row):
                self._held.setdefault(holder, []).append(place)

    def seen(self, asker: Asker) -> tuple[T, ...]:
        """Give the first that *asker* may see; those who see the same are given the same."""
        view = asker.view
        if view not in self._shown:
            self._shown[view] = self._taken(
                place
                for around, places in self._circles.items()
                if around.holds(asker)
                for place in places
            )
        places, lines = self._shown[view]
        own = self._held.get(asker.person, ()) if asker.is_linked else ()
        end = places[-1] if len(places) == self._limit else len(self._lines)
        more = {place for place in own if place < end}.difference(places)
        return self._taken(more.union(places))[1] if more else lines

    def until(self, asker: Asker, is_over: Callable[[T], bool]) -> tuple[T, ...]:
        """Give what *asker* sees up to the first that *is_over*, as all that follow it are."""
        lines = self.seen(asker)
        kept = bisect_left(lines, True, key=is_over)
        # The whole stands beside its beginning: while it is there, nothing else has its id.
        return self._begun.setdefault((id(lines), kept), (lines, lines[:kept]))[1]

    def _taken(self, places: Iterable[int]) -> tuple[list[int], tuple[T, ...]]:
        first = sorted(places)[: self._limit]
        return first, tuple(self._lines[place] for place in first)
