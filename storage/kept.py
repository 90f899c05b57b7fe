"""Connections that stay taken from their pool: to take one and give it back takes long."""

import time
from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy.engine import Connection, Engine

LONG = 60.0  # seconds; then the pool says whether it is too old


class Kept:
    """Lends connections of *engine*, each to one at a time; it keeps as many as were lent at once.

    A connection stays in the state in which it is given back, so this is for what only reads, each
    statement by itself.
    """

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._idle: list[tuple[Connection, float]] = []

    @contextmanager
    def connection(self) -> Iterator[Connection]:
        """Lend a connection; where something is raised meanwhile none is kept."""
        connection, until = self._taken()
        try:
            yield connection
        except BaseException:
            connection.close()
            self.close()  # the others may be broken as well, and the pool knows which are
            raise
        self._idle.append((connection, until))

    def close(self) -> None:
        """Give back to the pool what nobody has."""
        while (one := self._popped()) is not None:
            one[0].close()

    def _taken(self) -> tuple[Connection, float]:
        now = time.monotonic()
        one = self._popped()
        if one is not None and now < one[1]:
            return one
        if one is not None:
            one[0].close()
        return self._engine.connect(), now + LONG

    def _popped(self) -> tuple[Connection, float] | None:
        try:
            return self._idle.pop()
        except IndexError:  # another thread may have had the last
            return None
