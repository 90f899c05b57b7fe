"""A sender at work: a database, a local workspace, and who is in both."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import aiohttp
import psycopg
import sqlalchemy as sa
from aiohttp import web
from slack_sdk.web.async_client import AsyncWebClient
from sqlalchemy.orm import Session

from bot import manifest
from bot.auditing import Auditor
from bot.delivery import Sender
from bot.installed import Alone, Tenant
from bot.units import Units
from bot.workspace import Clock, Workspace
from bot.workspace.faults import Faults
from bot.workspace.places import Channel
from storage import deliveries, rsvps, subscriptions
from storage.asker import Asker
from storage.database import Database, writes
from storage.models import Answer, Audience, Briefing, Delivery, Subscription
from storage.scoping import lift
from tests.factories import MARKS, NOON, World, seeing_all

SECOND = timedelta(seconds=1)
POST = "chat.postMessage"


@dataclass
class Office:
    """Everything a test of the sender reaches for. The workspace's clock stands at noon."""

    workspace: Workspace
    world: World
    units: Units
    sender: Sender
    auditor: Auditor

    def member(self, name: str = "Ana", **given: Any) -> Asker:
        """Make a member who is in the workspace too."""
        asker = self.world.member(name, **given)
        self.workspace.add_user(name, id=asker.slack_user)
        return asker

    def going(self, asker: Asker, briefing: Briefing) -> None:
        """Let somebody take a seat."""
        self.world.database.run(rsvps.answer, asker, NOON, briefing.id, Answer.GOING)

    def owe(self, asker: Asker, briefing: Briefing, key: str = "", **given: Any) -> None:
        """Owe somebody who goes the news that they do."""
        values = {
            "key": key or f"rsvp:{briefing.id}:{asker.person}:1",
            "kind": "promoted",
            "recipient": asker.slack_user,
            "details": {"briefing": briefing.id, "person": asker.person},
            **given,
        }
        self.world.database.run(_owe, self.world.id, values)

    def promoted(self, name: str = "Ana", briefing: Briefing | None = None) -> Asker:
        """Make a member who is owed the news of a seat."""
        asker = self.member(name)
        # Of the usual one, tomorrow's, they would soon be reminded too.
        taken = briefing or self.world.briefing(starts_at=NOON + timedelta(days=7))
        self.going(asker, taken)
        self.owe(asker, taken)
        return asker

    def digest(self, audience: Audience = Audience.MEMBERS, **flags: Any) -> Channel:
        """Owe a channel its digest, with a briefing in it as news."""
        marks = {"audience": audience, "tlp": MARKS[audience]}
        self.world.briefing("Round table", **marks)
        channel = self.workspace.add_channel(
            "news",
            members=[self.member("Bo").slack_user],
            is_private=audience is not Audience.PUBLIC,
        )
        weekly = {"weekday": 0, "at": "09:00", "zone": "UTC", "next_at": NOON - 3 * 3600 * SECOND}
        self.world.add(Subscription(channel=channel.id, **weekly, **marks))
        assert self.world.database.run(subscriptions.plan, self.workspace.clock()) == 1
        for flag, value in flags.items():
            setattr(channel, flag, value)
        return channel

    def all_of(self, model: Any) -> list[Any]:
        """List every row of *model*."""
        with seeing_all(self.world.database) as session:
            return list(session.scalars(sa.select(model).order_by(model.id)))

    def rows(self) -> list[Delivery]:
        """List every delivery."""
        return self.world.database.run(_rows)

    @property
    def row(self) -> Delivery:
        """The only delivery."""
        (row,) = self.rows()
        return row

    @property
    def states(self) -> list[str]:
        """What became of each delivery."""
        return [row.state.value for row in self.rows()]

    def calls(self, method: str = POST) -> int:
        """Say how often the bot called *method*."""
        return sum(sent.method == method for sent in self.workspace.sent)

    def texts(self, where: Asker | Channel) -> list[str]:
        """List what stands in a channel or in somebody's direct messages."""
        place = where.slack_user if isinstance(where, Asker) else where
        return [message.text for message in self.workspace.messages(place)]

    def change(self, row: Any, **values: Any) -> None:
        """Change a stored row behind everybody's back."""
        self.world.database.run(_change, type(row), row.id, values)

    def sender_with(self, client: AsyncWebClient, units: Units | None = None) -> Sender:
        """Make one more sender, which reaches Slack through *client*."""
        return sending(self.world, units or self.units, client, self.workspace.clock)

    async def pump_after(self, by: timedelta) -> None:
        """Let time pass, then send what is due."""
        self.workspace.clock.advance(by)
        await self.sender.pump()


def sending(world: World, units: Units, client: AsyncWebClient, clock: Clock) -> Sender:
    """Make a sender for one workspace."""
    return Sender(units, Alone(Tenant(world.id, client), ()), clock)


@contextlib.asynccontextmanager
async def opened(
    url: str, *, patience: float = 5, clock: Clock | None = None, faults: Faults | None = None
) -> AsyncIterator[Office]:
    """Open an office on the database at *url*; *patience* is for one call, in seconds."""
    database = Database(url)
    units = Units(database)
    workspace = Workspace(manifest.manifest(), clock or Clock(frozen_at=NOON))
    workspace.faults = faults or workspace.faults
    async with workspace.serving(), calling(workspace, patience) as client:
        world = World(database)
        sender = sending(world, units, client, workspace.clock)
        installed = Alone(Tenant(world.id, client), ())
        auditor = Auditor(units, installed, workspace.clock)
        try:
            yield Office(workspace, world, units, sender, auditor)
        finally:
            units.close()


@contextlib.asynccontextmanager
async def calling(workspace: Workspace, patience: float = 5) -> AsyncIterator[AsyncWebClient]:
    """Lend a client as the bot makes its own."""
    async with client_of(f"{workspace.url}/api/", workspace.bot_token, patience) as client:
        yield client


@contextlib.asynccontextmanager
async def client_of(
    url: str,
    token: str = "xoxb-any",  # noqa: S107 -- made up
    patience: float = 5,
) -> AsyncIterator[AsyncWebClient]:
    """Lend a client of any server."""
    timeout = aiohttp.ClientTimeout(total=patience, connect=min(patience, 1))
    async with aiohttp.ClientSession(timeout=timeout) as session:
        yield AsyncWebClient(token, base_url=url, session=session, retry_handlers=[])


@contextlib.asynccontextmanager
async def answering(status: int, body: str, kind: str, **headers: str) -> AsyncIterator[Any]:
    """Serve something that is not Slack, as a proxy on the way may."""

    async def answer(_request: web.Request) -> web.Response:
        return web.Response(status=status, text=body, content_type=kind, headers=headers)

    app = web.Application()
    app.router.add_route("*", "/{any:.*}", answer)
    runner = web.AppRunner(app)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    try:
        async with client_of(f"http://127.0.0.1:{runner.addresses[0][1]}/api/") as client:
            yield client
    finally:
        await runner.cleanup()


async def until(holds: Callable[[], object], seconds: float = 5) -> None:
    """Wait until *holds* gives something true; raises TimeoutError."""
    async with asyncio.timeout(seconds):
        while not holds():  # noqa: ASYNC110 -- what is waited for is in the database
            await asyncio.sleep(0.01)


class Away:
    """A PostgreSQL database that is away while the block runs."""

    def __init__(self, url: str, admin: str) -> None:
        self._name = url.partition("?")[0].rpartition("/")[2]
        self._admin = admin

    def __enter__(self) -> None:
        self._run(f"ALTER DATABASE {self._name} ALLOW_CONNECTIONS false")
        self._run(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "  # noqa: S608 -- our own name
            f"WHERE datname = '{self._name}'"
        )

    def __exit__(self, *_: object) -> None:
        self._run(f"ALTER DATABASE {self._name} ALLOW_CONNECTIONS true")

    def _run(self, statement: str) -> None:
        with psycopg.connect(self._admin, autocommit=True) as admin:
            admin.execute(statement.encode())


def _rows(session: Session) -> list[Delivery]:
    return list(session.scalars(sa.select(Delivery).order_by(Delivery.id)))


@writes
def _owe(session: Session, workspace: int, values: dict[str, Any]) -> None:
    deliveries.owe(session, workspace, NOON, **values)


@writes
def _change(session: Session, model: Any, row: int, values: dict[str, Any]) -> None:
    lift(session, "a test")
    session.execute(sa.update(model).where(model.id == row).values(**values))
