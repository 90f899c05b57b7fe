"""Connections that stay taken from their pool: to take one and give it back takes long."""

import contextlib
import time
from collections.abc import Iterator
from queue import Empty, LifoQueue

from sqlalchemy.engine import Connection, Engine

LONG = 60.0  # seconds; then the pool says whether it is too old


class Lender:
    """Lends at most *many* connections of *engine*, each to one at a time; others wait.

    A connection stays in the state in which it is given back, so this is for what only reads, each
    statement by itself.
    """

    def __init__(self, engine: Engine, many: int) -> None:
        self._engine = engine
        # The connections that nobody has, each with how long it is kept; None for one not taken.
        self._idle: LifoQueue[tuple[Connection, float] | None] = LifoQueue()
        for _ in range(many):
            self._idle.put(None)

    @contextlib.contextmanager
    def connection(self) -> Iterator[Connection]:
        """Lend a connection; where something is raised meanwhile none is kept."""
        connection, until = self._taken()
        try:
            yield connection
        except BaseException:
            self._idle.put(None)  # first: whatever follows may raise, and this place be lost
            connection.close()
            self.close()  # the others may be broken as well, and the pool knows which are
            raise
        self._idle.put((connection, until))

    def close(self) -> None:
        """Give back to the pool what nobody has."""
        idle = []
        with contextlib.suppress(Empty):
            while True:
                idle.append(self._idle.get_nowait())
        for _ in idle:
            self._idle.put(None)
        for connection, _ in filter(None, idle):
            connection.close()

    def _taken(self) -> tuple[Connection, float]:
        one, now = self._idle.get(), time.monotonic()
        if one is not None and now < one[1]:
            return one
        try:
            if one is not None:
                one[0].close()
            return self._engine.connect(), now + LONG
        except BaseException:
            self._idle.put(None)
            raise
