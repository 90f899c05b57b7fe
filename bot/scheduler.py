"""APScheduler: the heartbeat and the timetable; no logic."""

import asyncio
import contextlib
import logging
import time
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime

from apscheduler.schedulers.asyncio import AsyncIOScheduler

from bot.auditing import Auditor
from bot.daily import Daily
from bot.delivery import Sender
from bot.units import Units
from storage import (
    cadence,
    feedback,
    forfeits,
    forgetting,
    jobs,
    last_calls,
    ledger,
    nudges,
    offers,
    own_digests,
    reminders,
    subscriptions,
)
from storage.errors import Away
from storage.surveying import survey

log = logging.getLogger(__name__)
Step = Callable[[], Awaitable[object]]

BEAT = 1  # seconds
LATE = 3  # seconds without a beat: the clock may have been set back, so it is started again
DEAD = 10  # seconds without a beat: not ready
STUCK = 60  # seconds for one beat: Slack may be slow, the bot still answers


class Scheduler:
    """Beats once a second. What a beat does is decided by what the database says is due.

    Where the process has an engine, each beat ends with its *rescue*.
    """

    def __init__(
        self,
        units: Units,
        sender: Sender,
        audit: Auditor,
        clock: Callable[[], datetime],
        rescue: Step | None = None,
    ) -> None:
        self._units, self._sender, self._audit, self._clock = units, sender, audit, clock
        self._survey = Daily(units, survey, clock)
        self._sweep = Daily(units, forfeits.sweep, clock)
        self._asking = Daily(units, cadence.plan, clock)
        self._nudging = Daily(units, nudges.plan, clock)
        self._purge = Daily(units, forgetting.purge, clock)
        self._clear = Daily(units, jobs.purge, clock)
        self._rescue = [rescue] if rescue is not None else []
        self._engine = AsyncIOScheduler(
            timezone=UTC,
            job_defaults={"misfire_grace_time": None, "coalesce": True, "max_instances": 1},
        )
        self._last = time.monotonic()
        self._one_at_a_time = asyncio.Lock()
        self._watchdog: asyncio.Task[None] | None = None
        self._is_stopped = False

    @property
    def is_beating(self) -> bool:
        """Whether the last beat is recent, or one is under way."""
        allowed = STUCK if self._one_at_a_time.locked() else DEAD
        return not self._is_stopped and time.monotonic() - self._last < allowed

    def start(self) -> None:
        """Begin to beat."""
        self._engine.add_job(self.beat, "interval", seconds=BEAT, id="beat")
        self._engine.start()
        self._watchdog = asyncio.create_task(self._watch())

    async def stop(self, seconds: float) -> None:
        """Stop, and wait at most *seconds* for the beat that is under way."""
        self._is_stopped = True
        self._sender.rest()
        if self._watchdog is not None:
            self._watchdog.cancel()
        # Shut down at once, the engine would break off a beat: what it posts would be in doubt.
        self._engine.pause()
        await self._stillness(seconds)
        self._engine.shutdown(wait=False)
        await self._stillness(1)

    async def beat(self) -> None:
        """Plan what has come due, then send what is owed."""
        async with self._one_at_a_time:
            if self._is_stopped:
                return
            self._last = time.monotonic()
            for step in self._timetable():
                await self._take(step)
            self._last = time.monotonic()

    async def _take(self, step: Step) -> None:
        try:
            await step()
        except Away as error:
            log.error("scheduler.away why=%s", error)
        except asyncio.CancelledError:
            if not self._is_stopped:
                raise
            log.warning("scheduler.broken_off")
        except Exception:
            log.exception("scheduler.beat")

    def _timetable(self) -> tuple[Step, ...]:
        return (
            lambda: self._units.run(subscriptions.plan, self._clock()),
            lambda: self._units.run(own_digests.plan, self._clock()),
            lambda: self._units.run(reminders.plan, self._clock()),
            lambda: self._units.run(offers.plan, self._clock()),
            lambda: self._units.run(last_calls.plan, self._clock()),
            lambda: self._units.run(feedback.plan, self._clock()),
            lambda: self._units.run(ledger.purge, self._clock()),
            self._survey,
            self._asking,
            self._nudging,
            self._sweep,
            self._purge,
            self._clear,
            self._sender.pump,
            self._audit,
            *self._rescue,
        )

    async def _stillness(self, seconds: float) -> None:
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(seconds), self._one_at_a_time:
                pass

    async def _watch(self) -> None:
        # Interval jobs follow the wall clock: set back by an hour, they would rest for an hour.
        while True:
            await asyncio.sleep(BEAT)
            is_late = time.monotonic() - self._last > LATE
            if is_late and not self._one_at_a_time.locked():
                self._engine.modify_job("beat", next_run_time=datetime.now(UTC))
                self._engine.wakeup()
