"""Units of work: storage functions run in threads, one transaction each, away from the loop."""

import time
from collections.abc import Awaitable, Callable, Hashable
from datetime import datetime
from functools import partial
from typing import Concatenate, ParamSpec, TypeVar

from bot import once
from bot.threads import Threads
from storage import ledger, together
from storage.asker import Asker
from storage.database import PATIENCE, READERS, WRITERS, Call, Database, Session

LEAST = 0.5  # seconds that anything may wait for its turn
P = ParamSpec("P")
R = TypeVar("R")


class Units:
    """Runs storage functions on *database*: as many at once as it has connections.

    Whoever waits for an answer in Slack reads behind nobody who does not, and behind nobody who
    writes. On SQLite one thread does all the writing.
    """

    def __init__(self, database: Database) -> None:
        self.database = database
        run = partial(together.run, database)
        self._readers = Threads(READERS // 2, "reader", run)
        self._unhurried = Threads(READERS // 2, "unhurried", run)
        self._writers = Threads(1 if database.is_sqlite else WRITERS, "writer", run)

    async def run(
        self, verb: Callable[Concatenate[Session, P], R], *args: P.args, **kwargs: P.kwargs
    ) -> R:
        """Run *verb*, however long that takes; give what it returns once committed.

        It is one hop and one transaction.
        """
        threads = self._writers if _writes(verb) else self._unhurried
        result: R = await threads.do(Call(verb, args, kwargs))
        return result

    async def run_soon(
        self, verb: Callable[Concatenate[Session, P], R], *args: P.args, **kwargs: P.kwargs
    ) -> R:
        """Run *verb* if its turn comes while somebody waits: later, Slack takes no answer.

        Raises Away when it was not begun.
        """
        return await self.run_by(time.monotonic() + PATIENCE, None, verb, *args, **kwargs)

    async def run_by(
        self,
        until: float,
        turn: Hashable,
        verb: Callable[Concatenate[Session, P], R],
        *args: P.args,
        **kwargs: P.kwargs,
    ) -> R:
        """Run *verb* if its turn comes by *until* on the monotonic clock.

        It never runs at once with what has the same *turn*. Raises Away when it was not begun.
        """
        call = Call(verb, args, kwargs, until)
        threads = self._writers if _writes(verb) else self._readers
        result: R = await threads.do(call, turn, until - time.monotonic())
        return result

    def close(self) -> None:
        """Wait for what runs, then close the threads and the connections."""
        for threads in (self._writers, self._unhurried, self._readers):
            threads.close()
        self.database.close()


class Lent:
    """A unit of work lent to one handler: whoever asks and the moment they asked are filled in.

    *request* is what makes the request the same one when it comes again (see bot/once.py), *begun*
    when it came, on the monotonic clock: whoever asks waits no longer for several than for one.
    """

    def __init__(
        self, units: Units, actor: Asker, now: datetime, request: str, begun: float
    ) -> None:
        self._units, self._actor, self._now, self._request = units, actor, now, request
        self._until = begun + PATIENCE

    async def __call__(
        self,
        verb: Callable[Concatenate[Session, Asker, datetime, P], R],
        *args: P.args,
        **kwargs: P.kwargs,
    ) -> R:
        """Run *verb* for whoever asks; a writing one once in a request, then it raises Replayed."""
        # mypy does not follow one list of parameters through two generic functions.
        run: Callable[..., Awaitable[R]] = partial(
            self._units.run_by, max(self._until, time.monotonic() + LEAST)
        )
        if not _writes(verb):
            return await run(None, verb, self._actor, self._now, *args, **kwargs)
        key = once.key(self._request, verb)
        turn = args[0] if getattr(verb, "gathers", False) else None
        return await run(turn, ledger.once, self._actor, self._now, key, verb, *args, **kwargs)


def _writes(verb: Callable[..., object]) -> bool:
    return getattr(verb, "writes", False)
