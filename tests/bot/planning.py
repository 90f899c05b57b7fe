"""Planners in processes of their own, on a clock whose days pass in seconds."""

import asyncio
import contextlib
import time
from dataclasses import dataclass
from datetime import datetime, timedelta
from multiprocessing.process import BaseProcess
from multiprocessing.synchronize import Event

from storage import own_digests, subscriptions
from storage.database import Database
from storage.errors import Away
from tests.bot.crashing import PROCESSES
from tests.figures import figure

DAY = figure(3, 10)  # seconds: a thousand schedules take longer


@dataclass(frozen=True)
class Work:
    """Where the schedules are, and the moment at which the clock all share showed *epoch*."""

    database: str
    epoch: datetime
    since: float  # on the machine's monotonic clock

    def now(self) -> datetime:
        """Tell the time that all processes share."""
        return self.epoch + timedelta(days=(time.monotonic() - self.since) / DAY)


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
