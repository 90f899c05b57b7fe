"""One running bot: everything it is made of, started in order and stopped in the reverse."""

import asyncio
import contextlib
import logging
import time
from collections.abc import AsyncIterator, Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import aiohttp
import orjson
from slack_bolt.logger import messages
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient
from starlette.routing import Route

from bot import refusals
from bot import settings as defaults
from bot.afterwards import Afterwards
from bot.app import Bot
from bot.auditing import Auditor
from bot.delivery import SWEEP, Sender
from bot.door import Door, Ready, building
from bot.feeds import Feeds
from bot.hindrance import Hindrance
from bot.installed import Alone, Clients, Installed, Many, Tenant
from bot.pace import Paces
from bot.people import Acquaintances
from bot.scheduler import Scheduler
from bot.serving import serving
from bot.settings import Settings
from bot.socket import Socket
from bot.units import Units
from storage import installations, people, schema
from storage.database import Database
from storage.deliveries import ON_TIME
from storage.errors import Away

if TYPE_CHECKING:  # Procrastinate is large, and only workers need it
    from bot.engine import Engine

log = logging.getLogger(__name__)

SLACK_PATIENCE = 10  # seconds for one call
DRAIN = 6  # seconds for what is under way; with the door's own, SIGTERM is done within ten
PACE = 10  # requests of one person in ten seconds
LAST = 1  # second for what the last requests began


class OldSchema(Hindrance):
    """The database is not at the revision this code needs."""


class NotShared(Hindrance):
    """The database is a file of one process."""


class NotAdmitted(Hindrance):
    """Slack does not let the bot in, or cannot be reached."""


class Part(StrEnum):
    """What a process does: all, or what people ask (`WEB`), or the sending (`WORKER`)."""

    ALL = "run"
    WEB = "web"
    WORKER = "worker"


@dataclass(frozen=True)
class Running:
    """A bot that runs: where it listens, and what the local workspace and tests reach for.

    *workspace* is our own id of the one it serves; 0 where it serves many.
    """

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
    settings: Settings,
    now: Callable[[], datetime] = clock,
    pace: int = PACE,
    part: Part = Part.ALL,
) -> AsyncIterator[Running]:
    """Run the bot, or *part* of it, until the block is left; then drain it within ten seconds.

    *pace* is how much one person may ask within ten seconds. Raises OldSchema, NotShared,
    AddressTaken or NotAdmitted; Away when the database cannot be reached.
    """
    async with contextlib.AsyncExitStack() as stack:
        units = Units(Database(settings.database_url or defaults.DATABASE))
        stack.callback(units.close)
        prepare(units.database, part)
        clients = await stack.enter_async_context(_clients(settings))
        after = Afterwards()
        stack.push_async_callback(after.drained, LAST)
        installed, workspace, pages = await _installed(clients, units, settings, now)
        scheduler, engine = _senders(part, units, installed, now)
        who, paces = Acquaintances(units, now), Paces(time.monotonic, pace)
        app = Bot(units, now, clients(""), after, who, paces, settings.public_url)
        socket, routes = _entrances(part, app, settings, installed, pages)
        served = building(_readiness(units, scheduler, socket, engine), routes)
        port = await stack.enter_async_context(
            serving(served, *(settings.listen or defaults.LISTEN))
        )
        if socket is not None:
            stack.push_async_callback(socket.close)
            with _admitted("SLACK_APP_TOKEN", "Basic Information > App-Level Tokens"):
                await socket.open()
        scheduler.start()
        if engine is not None:
            engine.start()
        stack.push_async_callback(_quiet, scheduler, after, engine)
        yield Running(port, units, scheduler, after, workspace)


def prepare(database: Database, part: Part = Part.ALL) -> None:
    """Bring a SQLite file to the newest schema; ask for it on PostgreSQL.

    There several replicas start at once, and the release step migrates. Raises OldSchema,
    NotShared.
    """
    if database.is_sqlite and part is not Part.ALL:
        raise NotShared(
            f"`python -m bot {part}` shares its work, so DATABASE_URL has to name a PostgreSQL. "
            "On SQLite one process does all: `python -m bot run`."
        )
    if schema.present(database) == schema.needed():
        return
    if not database.is_sqlite:
        raise OldSchema(
            "The database is not at the revision this version needs. "
            "Run `python -m bot db upgrade` once, then start again."
        )
    schema.upgrade(database)


async def _quiet(scheduler: Scheduler, after: Afterwards, engine: "Engine | None") -> None:
    ends = [engine.stop()] if engine is not None else []
    await asyncio.gather(scheduler.stop(DRAIN), after.drained(DRAIN), *ends)


def _senders(
    part: Part, units: Units, installed: Installed, now: Callable[[], datetime]
) -> tuple[Scheduler, "Engine | None"]:
    """Make what sends: the beat, which where workers are sweeps only, and a worker's engine."""
    sender = Sender(units, installed, now, ON_TIME if part is Part.ALL else SWEEP)
    audit = Auditor(units, installed, now)
    if part is not Part.WORKER:
        return Scheduler(units, sender, audit, now), None
    from bot.engine import Engine  # noqa: PLC0415 -- large, and nobody else needs it

    engine = Engine(units.database, sender, DRAIN)
    return Scheduler(units, sender, audit, now, engine.rescue), engine


def _entrances(
    part: Part, bot: Bot, settings: Settings, installed: Installed, pages: list[Route]
) -> tuple[Socket | None, list[Route]]:
    """Make the way on which Slack reaches *bot*, with *pages* and calendars beside it."""
    if part is Part.WORKER:
        return None, []
    if settings.public_url:
        pages = [*pages, Feeds(bot.units, bot.clock, Paces(time.monotonic)).route()]
    logging.getLogger("slack_bolt.AsyncApp").addFilter(_is_news)
    app = bot.listening()
    if settings.uses_socket:
        return Socket(app, settings.app_token, installed), pages
    door = Door(app, settings.signing_secret, time.time, installed)
    return None, [door.route(), *pages]


@contextlib.asynccontextmanager
async def _clients(settings: Settings) -> AsyncIterator[Clients]:
    # One session for every call: a connection for each would cost five times as much. No retry
    # handlers: after a lost answer the SDK would post a second time.
    patience = aiohttp.ClientTimeout(total=SLACK_PATIENCE, connect=3)
    session = aiohttp.ClientSession(timeout=patience, json_serialize_bytes=orjson.dumps)
    async with session:

        def client(token: str) -> AsyncWebClient:
            made = AsyncWebClient(
                token,
                base_url=settings.slack_api_url,
                timeout=SLACK_PATIENCE,
                session=session,
                retry_handlers=[],
            )
            if urlsplit(made.base_url).scheme == "http":
                made.proxy = None  # this machine; the SDK took the machine's proxy for it too
            return made

        yield client


def _readiness(
    units: Units, scheduler: Scheduler, socket: Socket | None, engine: "Engine | None"
) -> Ready:
    async def waiting_for() -> str | None:
        if not scheduler.is_beating:
            return "the scheduler does not beat"
        if socket is not None and not await socket.is_open():
            return "no connection to Slack"
        try:
            await units.run_soon(schema.answers)
        except Away:
            return "no database"
        if engine is not None and not engine.is_running:
            return "the engine does not run"
        return None

    return waiting_for


async def _installed(
    clients: Clients, units: Units, settings: Settings, now: Callable[[], datetime]
) -> tuple[Installed, int, list[Route]]:
    """Find out where the bot is installed; with the pages on which more can install it."""
    if not settings.serves_many:
        return *await _alone(clients(settings.bot_token), units, settings), []
    # cryptography is slow to load and large, and one workspace alone needs none of it.
    from bot.oauth import Installing  # noqa: PLC0415
    from storage.keys import Keys  # noqa: PLC0415

    keys = Keys(settings.token_keys)
    known, unreadable = await units.run(installations.renew, keys.renew)
    if unreadable:
        log.error("installed.unreadable why=%s", f"{unreadable} of {known}")
    pages = Installing(units, keys, clients, settings, now).routes()
    return Many(units, keys, clients), 0, pages


async def _alone(client: AsyncWebClient, units: Units, settings: Settings) -> tuple[Alone, int]:
    with _admitted("SLACK_BOT_TOKEN", "OAuth & Permissions"):
        told = await client.auth_test()
    teams = [team for team in (told.get("enterprise_id"), told["team_id"]) if team]
    workspace = await units.run(people.open_workspace, teams[0], told.get("team", ""))
    app = await _app_id(client, str(told.get("bot_id", "")))
    return Alone(Tenant(workspace, client, app, settings.first_admin), teams), workspace


async def _app_id(client: AsyncWebClient, bot: str) -> str:
    """Learn the app's id; "" where Slack does not tell it: the team is compared even so."""
    try:
        answer = await client.bots_info(bot=bot)
    except (SlackApiError, TimeoutError, aiohttp.ClientError) as error:
        log.warning("app.unknown why=%s", type(error).__name__)
        return ""
    return str(answer["bot"].get("app_id", ""))


@contextlib.contextmanager
def _admitted(token: str, where: str) -> Iterator[None]:
    """Turn Slack's refusal of *token*, or its silence, into a sentence. Raises NotAdmitted."""
    try:
        yield
    except SlackApiError as error:
        if refusals.wait(error) is not None or refusals.status(error) >= 500:
            raise NotAdmitted("Slack does not answer at the moment; start again soon.") from error
        raise NotAdmitted(
            f"Slack does not accept {token} ({refusals.name(error) or 'no reason given'}). "
            f"Copy it again from {defaults.APPS} > {where}."
        ) from error
    except (TimeoutError, aiohttp.ClientError) as error:
        raise NotAdmitted(
            f"Slack cannot be reached ({type(error).__name__}). Check this machine's way to the "
            "internet, and SLACK_API_URL."
        ) from error


def _is_news(line: logging.LogRecord) -> bool:
    # Bolt is told who it is by `authorize` and needs no token; it finds one in our client, perhaps
    # another among the machine's variables, and warns of each. Where it finds SLACK_CLIENT_ID there
    # it speaks of a store that is never used. Its other words are welcome.
    return line.msg not in {
        messages.info_default_oauth_settings_loaded(),
        messages.warning_token_skipped(),
        messages.warning_client_prioritized_and_token_skipped(),
    }
