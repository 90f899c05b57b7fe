"""Planners in processes of their own, on a clock that the test sets on."""

import asyncio
import contextlib
import time
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from multiprocessing.process import BaseProcess
from multiprocessing.synchronize import Event
from typing import Any

from storage import own_digests, subscriptions
from storage.database import Database
from storage.errors import Away
from tests.bot.crashing import PROCESSES


@dataclass(frozen=True)
class Work:
    """Where the schedules are, and the clock that all processes share: so many *hours* on."""

    database: str
    epoch: datetime
    # Without a lock: a process may be killed while it looks.
    hours: Any = field(default_factory=lambda: PROCESSES.Value("d", 0, lock=False))

    def now(self) -> datetime:
        """Tell the time that all processes share."""
        return self.epoch + timedelta(hours=self.hours.value)


def ready() -> None:
    """Start and end a process: the first takes as long as all it imports."""
    process = PROCESSES.Process(target=time.sleep, args=(0,))
    process.start()
    process.join()


async def planner(work: Work) -> BaseProcess:
    """Start a process that plans until it is killed; give it once it plans."""
    begun = PROCESSES.Event()
    process = PROCESSES.Process(target=_main, args=(work, begun), daemon=True)
    process.start()
    await asyncio.to_thread(begun.wait, 30)
    return process


def _main(work: Work, begun: Event) -> None:
    database = Database(work.database)
    while True:
        for plan in (subscriptions.plan, own_digests.plan):
            with contextlib.suppress(Away):  # the scheduler would log it, and beat on
                database.run(plan, work.now())
        begun.set()
        time.sleep(0.05)
