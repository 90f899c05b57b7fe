"""What happens once the answer is out: kept until it is done, waited for at the end."""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from typing import ParamSpec

P = ParamSpec("P")
log = logging.getLogger(__name__)


class Afterwards:
    """A registry of tasks; the loop alone would forget them."""

    def __init__(self) -> None:
        self._tasks: set[asyncio.Task[None]] = set()

    def __call__(self, task: Callable[P, Awaitable[None]], *args: P.args, **kw: P.kwargs) -> None:
        """Run *task* soon; a failure is logged, since nobody waits for an answer any more."""
        running = asyncio.ensure_future(_finished(task(*args, **kw)))
        self._tasks.add(running)
        running.add_done_callback(self._tasks.discard)

    async def drained(self, seconds: float) -> bool:
        """Wait for what runs and what that begins, at most *seconds*; say whether all was done."""
        loop = asyncio.get_running_loop()
        until = loop.time() + seconds
        while self._tasks:
            _, late = await asyncio.wait(self._tasks, timeout=max(0, until - loop.time()))
            if late:
                for task in late:
                    task.cancel()
                await asyncio.wait(late, timeout=1)
                return False
        return True


async def _finished(task: Awaitable[None]) -> None:
    try:
        await task
    except Exception:
        log.exception("afterwards.failed")
