"""The engine on many replicas: Procrastinate, whose job for a delivery wakes the sender."""

import asyncio
import contextlib
import logging
from datetime import UTC, datetime, timedelta

from procrastinate import App, BaseRetryStrategy, PsycopgConnector, RetryDecision
from procrastinate.exceptions import ConnectorException
from procrastinate.jobs import Job

from bot.delivery import SWEEP, Sender
from storage.database import Database
from storage.errors import Away
from storage.postgresql import NETWORK

log = logging.getLogger(__name__)

QUEUE, TASK = "deliveries", "deliver"  # as the trigger in the database names them
AT_ONCE = 20  # jobs
LOOK = 1  # seconds after which jobs are looked for whose time has come; new ones are told of
SIGN = 10  # seconds between a worker's signs of life
STALLED = 30  # seconds without one
PATIENCE = 5  # seconds for a connection


class AgainError(Exception):
    """The delivery is not settled: its job comes again *after* a time."""

    def __init__(self, after: timedelta) -> None:
        super().__init__()
        self.after = after


class Engine:
    """Works through the jobs of deliveries. It holds no guarantee: the sweep needs none of them.

    A job ends with its delivery, and is deleted then. Until that it comes again when the lane is
    free; it has the lane as its lock, so that those behind it wait in the database, not here. At
    the end jobs under way have *grace* seconds.
    """

    def __init__(self, database: Database, sender: Sender, grace: float) -> None:
        url = database.url.set(drivername="postgresql")
        self._app = App(
            connector=PsycopgConnector(
                conninfo=url.render_as_string(hide_password=False),
                min_size=1,
                max_size=4,
                timeout=PATIENCE,
                kwargs=NETWORK,
            )
        )
        self._sender, self._grace = sender, grace
        self._app.task(name=TASK, queue=QUEUE, retry=_Again())(self._deliver)
        self._worker: asyncio.Task[None] | None = None
        self.is_running = False

    def start(self) -> None:
        """Begin to work."""
        self._worker = asyncio.create_task(self._work_on())

    async def stop(self) -> None:
        """Begin nothing any more, and wait for what is under way."""
        if self._worker is not None:
            self._worker.cancel()
            # A second for what Procrastinate has to write; it would wait for a database for longer.
            await asyncio.wait({self._worker}, timeout=self._grace + 1)

    async def rescue(self) -> None:
        """Let others do the jobs of workers that are gone."""
        if not self.is_running:
            return
        jobs = self._app.job_manager
        for job in await jobs.get_stalled_jobs(queue=QUEUE, seconds_since_heartbeat=STALLED):
            with contextlib.suppress(ConnectorException):  # another replica was quicker
                await jobs.retry_job(job)

    async def work(self, *, for_good: bool = True) -> None:
        """Work through the jobs, *for_good* or until none is left."""
        async with self._app.open_async():
            self.is_running = True
            try:
                await self.rescue()
                await self._app.run_worker_async(
                    queues=[QUEUE],
                    concurrency=AT_ONCE,
                    wait=for_good,
                    fetch_job_polling_interval=LOOK,
                    shutdown_graceful_timeout=self._grace,
                    update_heartbeat_interval=SIGN,
                    stalled_worker_timeout=STALLED,
                    delete_jobs="always",
                    install_signal_handlers=False,
                )
            finally:
                self.is_running = False

    async def _work_on(self) -> None:
        while True:
            try:
                await self.work()
            except Exception as error:  # noqa: BLE001 -- whatever it died of, meanwhile others sweep
                log.error("engine.stopped why=%s", type(error).__name__)
            await asyncio.sleep(LOOK)

    async def _deliver(self, delivery: int) -> None:
        after = await self._sender.deliver(delivery)
        if after is not None:
            raise AgainError(after)


class _Again(BaseRetryStrategy):
    def get_retry_decision(self, *, exception: BaseException, job: Job) -> RetryDecision:
        after = exception.after if isinstance(exception, AgainError) else SWEEP
        if not isinstance(exception, AgainError):
            is_known = isinstance(exception, Away | asyncio.CancelledError)
            why, cause = type(exception).__name__, None if is_known else exception
            log.error("engine.failed why=%s", why, exc_info=cause)
        return RetryDecision(retry_at=datetime.now(UTC) + after)
