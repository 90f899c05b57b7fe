"""One running bot: everything it is made of, started in order and stopped in the reverse."""

import contextlib
import logging
import time
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from datetime import UTC, datetime

import aiohttp
from slack_bolt.authorization import AuthorizeResult
from slack_sdk.web.async_client import AsyncWebClient

from bot import settings as defaults
from bot.afterwards import Afterwards
from bot.app import Bot
from bot.delivery import Sender
from bot.door import Door, Ready, building
from bot.people import Acquaintances
from bot.scheduler import Scheduler
from bot.serving import serving
from bot.settings import Settings
from bot.socket import Socket
from bot.units import Units
from storage import people, schema
from storage.database import Database
from storage.errors import Away

log = logging.getLogger(__name__)

SLACK_PATIENCE = 10  # seconds for one call
DRAIN = 8  # seconds for what runs after an answer; with the rest, SIGTERM is done within ten


class OldSchema(Exception):  # noqa: N818 -- what somebody has to do
    """The database is not at the revision this code needs."""


@dataclass(frozen=True)
class Running:
    """A bot that runs: where it listens, and what the local workspace and tests reach for."""

    port: int
    units: Units
    scheduler: Scheduler
    after: Afterwards
    workspace: int


def clock() -> datetime:
    """Tell the real time."""
    return datetime.now(UTC)


@contextlib.asynccontextmanager
async def running(
    settings: Settings, now: Callable[[], datetime] = clock
) -> AsyncIterator[Running]:
    """Run the bot until the block is left; then drain it within ten seconds.

    Raises OldSchema, AddressTaken, or SlackApiError when Slack refuses the token.
    """
    async with contextlib.AsyncExitStack() as stack:
        units = Units(Database(settings.database_url or defaults.DATABASE))
        stack.callback(units.close)
        prepare(units.database)
        client = await stack.enter_async_context(_client(settings))
        after = Afterwards()
        stack.push_async_callback(after.drained, DRAIN)
        identity, workspace = await _introduced(client, units)
        scheduler = Scheduler(units, Sender(units, client, now), now)
        who = Acquaintances(units, client, now, workspace)
        app = Bot(units, now, client, after, who, identity).listening()
        socket = Socket(app, settings.app_token) if settings.uses_socket else None
        door = None if socket else Door(app, settings.signing_secret, time.time)
        served = building(door, _readiness(units, scheduler, socket))
        address = settings.listen or defaults.LISTEN
        port = await stack.enter_async_context(serving(served, *address))
        if socket is not None:
            await socket.open()
            stack.push_async_callback(socket.close)
        scheduler.start()
        stack.push_async_callback(scheduler.stop)
        yield Running(port, units, scheduler, after, workspace)


def prepare(database: Database) -> None:
    """Bring a SQLite file to the newest schema; ask for it on PostgreSQL.

    There several replicas start at once, and the release step migrates. Raises OldSchema.
    """
    if database.is_sqlite:
        schema.upgrade(database)
    elif schema.present(database) != schema.needed():
        raise OldSchema(
            "The database is not at the revision this version needs. "
            "Run `python -m bot db upgrade` once, then start again."
        )


@contextlib.asynccontextmanager
async def _client(settings: Settings) -> AsyncIterator[AsyncWebClient]:
    # One session for every call: a connection for each would cost five times as much. No retry
    # handlers: after a lost answer the SDK would post a second time.
    patience = aiohttp.ClientTimeout(total=SLACK_PATIENCE, connect=3)
    async with aiohttp.ClientSession(timeout=patience) as session:
        yield AsyncWebClient(
            settings.bot_token,
            base_url=settings.slack_api_url,
            timeout=SLACK_PATIENCE,
            session=session,
            retry_handlers=[],
        )


def _readiness(units: Units, scheduler: Scheduler, socket: Socket | None) -> Ready:
    async def waiting_for() -> str | None:
        if not scheduler.is_beating:
            return "the scheduler does not beat"
        if socket is not None and not await socket.is_open():
            return "no connection to Slack"
        try:
            await units.run(schema.answers)
        except Away:
            return "no database"
        return None

    return waiting_for


async def _introduced(client: AsyncWebClient, units: Units) -> tuple[AuthorizeResult, int]:
    told = await client.auth_test()
    identity = AuthorizeResult.from_auth_test_response(
        auth_test_response=told, bot_token=client.token
    )
    team = told.get("enterprise_id") or told["team_id"]
    return identity, await units.run(people.open_workspace, team, told.get("team", ""))
