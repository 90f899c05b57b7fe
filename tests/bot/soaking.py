"""Senders that work through what is owed until they are killed, with times made short."""

import asyncio
import contextlib
import time
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from multiprocessing.process import BaseProcess
from typing import Any

import aiohttp
from slack_sdk.web.async_client import AsyncWebClient

from bot import delivery, engine, unsure
from bot.auditing import Auditor
from bot.delivery import Sender
from bot.engine import Engine
from bot.installed import Alone, Tenant
from bot.units import Units
from storage import audits, deliveries
from storage.bundles import Standing
from storage.database import Database
from tests.bot.crashing import PROCESSES

CALL = 1.5  # seconds
# Everything a tenth, so that minutes show what hours would.
TIMES: Mapping[str, timedelta] = {
    "PACE": timedelta(seconds=0.05),
    "LEASE": timedelta(seconds=7),
    "SETTLE": timedelta(seconds=2),
    "AUDIT": timedelta(seconds=5),
    "BACKOFF_CAP": timedelta(seconds=2),
    "AGAIN": timedelta(seconds=0.1),
}
SECONDS: Mapping[str, float] = {"LOOK": 0.1, "SIGN": 1, "STALLED": 3}
SWEEP = timedelta(seconds=3)
MARGIN = 7 - 2 - CALL - 0.5


@dataclass(frozen=True)
class Work:
    """Where the work is, and the moment at which the clock all share showed *epoch*."""

    database: str
    slack: str
    token: str
    workspace: int
    epoch: datetime
    since: float  # on the machine's monotonic clock
    looks: bool = True  # without: the control
    is_driven: bool = False  # by jobs: then what is late is swept up

    def now(self) -> datetime:
        """Tell the time that all processes share."""
        return self.epoch + timedelta(seconds=time.monotonic() - self.since)


def worker(work: Work) -> BaseProcess:
    """Start a process that works until it is killed."""
    process = PROCESSES.Process(target=_main, args=(work,), daemon=True)
    process.start()
    return process


def _main(work: Work) -> None:
    for module in (deliveries, delivery, audits, engine):
        for name, value in {**TIMES, **SECONDS}.items():
            if hasattr(module, name):
                setattr(module, name, value)
    delivery.MARGIN = MARGIN
    if not work.looks:
        unsure.look = _blind
    asyncio.run(_sending(work))


async def _blind(tenant: Tenant, claimed: deliveries.Claim, since: datetime) -> dict[int, Standing]:
    return {}


async def _sending(work: Work) -> None:
    units = Units(Database(work.database))
    patience = aiohttp.ClientTimeout(total=CALL, connect=1)
    async with aiohttp.ClientSession(timeout=patience) as session:
        client = AsyncWebClient(work.token, base_url=work.slack, session=session, retry_handlers=[])
        installed: Any = Alone(Tenant(work.workspace, client), ())
        late = SWEEP if work.is_driven else deliveries.ON_TIME
        sender, auditor = (
            Sender(units, installed, work.now, late),
            Auditor(units, installed, work.now),
        )
        driving = Engine(units.database, sender, 1)
        if work.is_driven:
            driving.start()
        while True:
            with contextlib.suppress(Exception):  # the scheduler would log it, and beat on
                await sender.pump()
                await driving.rescue()
                if work.looks:
                    await auditor()
            await asyncio.sleep(0.1)
