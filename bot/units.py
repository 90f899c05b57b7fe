"""Units of work: storage functions run in threads, one transaction each, away from the loop."""

import asyncio
import time
from collections.abc import Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from functools import partial
from typing import Concatenate, ParamSpec, TypeVar

from bot import once
from storage import ledger
from storage.asker import Asker
from storage.database import PATIENCE, Database, Session
from storage.errors import Away

P = ParamSpec("P")
R = TypeVar("R")


class Units:
    """Runs storage functions on *database*: as many at once as it has connections.

    On SQLite one thread does all the writing, so nobody waits for the lock while holding a reader.
    """

    def __init__(self, database: Database) -> None:
        self.database = database
        self._readers = ThreadPoolExecutor(database.threads, "reader")
        self._writers = ThreadPoolExecutor(1, "writer") if database.is_sqlite else self._readers

    async def run(
        self, verb: Callable[Concatenate[Session, P], R], *args: P.args, **kwargs: P.kwargs
    ) -> R:
        """Run *verb* in one hop and one transaction; give what it returns once committed."""
        once = partial(self.database.run, verb, *args, **kwargs)
        return await asyncio.get_running_loop().run_in_executor(self._pool(verb), once)

    async def run_soon(
        self, verb: Callable[Concatenate[Session, P], R], *args: P.args, **kwargs: P.kwargs
    ) -> R:
        """Run *verb* if its turn comes while somebody waits: later, Slack takes no answer.

        Raises Away when it was not begun.
        """
        until = time.monotonic() + PATIENCE
        once = partial(self.database.run_by, until, verb, *args, **kwargs)
        begun = self._pool(verb).submit(once)
        answer = asyncio.wrap_future(begun)
        await asyncio.wait({answer}, timeout=PATIENCE)
        if not answer.done() and begun.cancel():
            raise Away("TooManyWait")
        return await answer

    def close(self) -> None:
        """Wait for what runs, then close the threads and the connections."""
        self._writers.shutdown()
        self._readers.shutdown()
        self.database.close()

    def _pool(self, verb: Callable[..., object]) -> ThreadPoolExecutor:
        return self._writers if getattr(verb, "writes", False) else self._readers


class Lent:
    """A unit of work lent to one handler: whoever asks and the moment they asked are filled in.

    *request* is what makes the request the same one when it comes again (see bot/once.py).
    """

    def __init__(self, units: Units, actor: Asker, now: datetime, request: str) -> None:
        self._units, self._actor, self._now, self._request = units, actor, now, request

    async def __call__(
        self,
        verb: Callable[Concatenate[Session, Asker, datetime, P], R],
        *args: P.args,
        **kwargs: P.kwargs,
    ) -> R:
        """Run *verb* for whoever asks; a writing one once in a request, then it raises Replayed."""
        if getattr(verb, "writes", False):
            key = once.key(self._request, verb)
            # mypy does not follow one list of parameters through two generic functions.
            run: Callable[..., Awaitable[R]] = self._units.run_soon
            return await run(ledger.once, self._actor, self._now, key, verb, *args, **kwargs)
        return await self._units.run_soon(verb, self._actor, self._now, *args, **kwargs)
