"""A sender in a process of its own, which dies the moment it comes to a named point."""

import asyncio
import multiprocessing
import os
import signal
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from multiprocessing.process import BaseProcess
from multiprocessing.synchronize import Event
from typing import Any

import aiohttp
import sqlalchemy as sa
from slack_sdk.web.async_client import AsyncWebClient

from bot import delivery, engine, posting
from bot.auditing import Auditor
from bot.delivery import Sender
from bot.engine import Engine
from bot.installed import Alone, Tenant
from bot.units import Units
from storage import bundles, deliveries, redaction, subscriptions
from storage.asker import Asker
from storage.database import Database, Session, writes
from storage.deliveries import ON_TIME

DIED = 9
NEVER = timedelta(days=365)
PROCESSES = multiprocessing.get_context("forkserver")
PROCESSES.set_forkserver_preload(["tests.bot.crashing"])


@dataclass(frozen=True)
class Start:
    """What a process is told: where everything is, what time it is, and where to die."""

    database: str
    slack: str
    token: str
    workspace: int
    now: datetime
    dies: str = ""
    owes: tuple[Asker, int] | None = None
    margin: float = delivery.MARGIN
    is_driven: bool = False  # by jobs: then nothing is swept up


async def run(start: Start) -> int:
    """Do one beat's work in a new process; give its exit code."""
    process = PROCESSES.Process(target=_main, args=(start,))
    process.start()
    await asyncio.to_thread(process.join)
    return int(process.exitcode or 0)


async def frozen(start: Start) -> BaseProcess:
    """Let a process begin one beat's work, and wait until it stops itself on the way."""
    stops = PROCESSES.Event()
    process = PROCESSES.Process(target=_main, args=(start, stops))
    process.start()
    await asyncio.to_thread(stops.wait, 20)
    return process


async def thawed(process: BaseProcess) -> int:
    """Let a process that has stopped go on to its end; give its exit code."""
    os.kill(process.pid or 0, signal.SIGCONT)
    await asyncio.to_thread(process.join)
    return int(process.exitcode or 0)


def _main(start: Start, stops: Event | None = None) -> None:
    delivery.MARGIN = start.margin
    if stops is not None:
        write = posting.Timely.write_with_length
        posting.Timely.write_with_length = _freezes_before(write, stops)  # type: ignore[method-assign]
    asyncio.run(_beat(start))


async def _beat(start: Start) -> None:
    units = Dying(start)
    _lay_traps(start.dies)
    async with aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=5)) as session:
        client = AsyncWebClient(
            start.token, base_url=start.slack, session=session, retry_handlers=[]
        )
        installed = Alone(Tenant(start.workspace, client), ())
        if start.owes is not None:
            await units.run(owe, *start.owes, start.now)
        await units.run(subscriptions.plan, start.now)
        late = NEVER if start.is_driven else ON_TIME
        sender = Sender(units, installed, lambda: start.now, late)
        if start.is_driven:
            await _drive(units, sender)
        await sender.pump()
        await Auditor(units, installed, lambda: start.now)()
    units.close()


async def _drive(units: Units, sender: Sender) -> None:
    """Do all jobs, also of whoever died just now, and those that are to come later."""
    engine.STALLED = 0
    for _ in range(2):  # whoever has looked in vain sends with the next
        await units.run(_hurry)
        await Engine(units.database, sender, 20).work(for_good=False)


@writes
def _hurry(session: Session) -> None:
    # Procrastinate goes by the database's clock, which is not the one of the tests.
    session.execute(sa.text("UPDATE procrastinate_jobs SET scheduled_at = NULL"))


@writes
def owe(session: Session, asker: Asker, briefing: int, now: datetime) -> None:
    """Owe somebody the news of a seat."""
    deliveries.owe(
        session,
        asker.workspace,
        now,
        key=f"rsvp:{briefing}:{asker.person}:1",
        kind="promoted",
        recipient=asker.slack_user,
        details={"briefing": briefing, "person": asker.person},
    )


# The verbs of storage at whose transactions a process may die, by the point's name.
VERBS: dict[str, Any] = {
    "enqueue": owe,
    "plan": subscriptions.plan,
    "claim": deliveries.claim,
    "settle": redaction.sent,
    "absent": deliveries.absent,
    "part": bundles.parted,
}


class Dying(Units):
    """Dies before or after the commit of one verb, once it has done something."""

    def __init__(self, start: Start) -> None:
        super().__init__(Database(start.database))
        self._when, _, verb = start.dies.partition(" ")
        self._verb = VERBS.get(verb)

    async def run(self, verb: Any, *args: Any, **kwargs: Any) -> Any:
        """Run *verb*, or die in it."""
        if self._verb is None or verb is not self._verb:
            return await super().run(verb, *args, **kwargs)
        if self._when == "before":
            return await super().run(_in_transaction(verb), *args, **kwargs)
        done = await super().run(verb, *args, **kwargs)
        if done or done is None:
            os._exit(DIED)
        return done


def _in_transaction(verb: Any) -> Any:
    def dying(*args: Any, **kwargs: Any) -> Any:
        if verb(*args, **kwargs) or verb is owe:
            os._exit(DIED)
        return None

    return writes(dying)


def _lay_traps(point: str) -> None:
    if point == "before body":
        posting.Timely.write_with_length = _dies_before(posting.Timely.write_with_length)  # type: ignore[method-assign]
    elif point == "after body":
        posting.Timely.write_with_length = _dies_after(posting.Timely.write_with_length)  # type: ignore[method-assign]
    elif point == "after response":
        posting.post = _dies_after(posting.post)
    elif point == "before delete":
        posting.take_back = _dies_before(posting.take_back)


def _dies_before(_call: Callable[..., Awaitable[Any]]) -> Any:
    async def dying(*_args: Any, **_kwargs: Any) -> None:
        os._exit(DIED)

    return dying


def _freezes_before(call: Callable[..., Awaitable[Any]], stops: Event) -> Any:
    async def freezing(*args: Any, **kwargs: Any) -> None:
        if not stops.is_set():  # once: it is to come to its end
            stops.set()
            os.kill(os.getpid(), signal.SIGSTOP)
        await call(*args, **kwargs)

    return freezing


def _dies_after(call: Callable[..., Awaitable[Any]]) -> Any:
    async def dying(*args: Any, **kwargs: Any) -> None:
        await call(*args, **kwargs)
        os._exit(DIED)

    return dying
