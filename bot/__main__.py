"""The command line: `python -m bot …`. Everything else is made from here."""

# Heavy modules are imported by the command that needs them, so that `--help` answers at once.
# ruff: noqa: PLC0415

import contextlib
import json
import logging
import re
import subprocess
import sys
import tomllib
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, NoReturn
from urllib.parse import urlsplit

import click

from bot import logs

NOISY = (
    "slack_bolt",
    "slack_sdk",
    "apscheduler",
    "uvicorn",
    "alembic",
    "aiohttp",
    "procrastinate",
    "psycopg",
)


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
def cli() -> None:
    """Convene: the chat-ops bot by which a coalition coordinates its members in Slack."""
    logs.install()
    for name in NOISY:
        logging.getLogger(name).setLevel(logging.ERROR)


@cli.command()
@click.option(
    "--port",
    default=8765,
    show_default=True,
    type=click.IntRange(0, 65535),
    help="Where the local page is served; 0 for any free port.",
)
def run(port: int) -> None:
    """Run the bot. Without Slack tokens: in the local workspace, in a browser."""
    with _sentences():
        from bot import lifetime, settings

        chosen = settings.read()
        if chosen.is_local:
            from bot import demo

            lifetime.run(demo.running_local(chosen, port, click.echo))
        else:
            from bot import running

            lifetime.run(running.running(chosen))


@cli.command()
def web() -> None:
    """Of many processes on PostgreSQL, one that answers people."""
    _share("web")


@cli.command()
def worker() -> None:
    """Of many processes on PostgreSQL, one that sends what is owed."""
    _share("worker")


@cli.command()
@click.option("--url", help="The public https address for HTTP mode; without it, Socket Mode.")
def manifest(url: str | None) -> None:
    """Print the app manifest to paste into Slack."""
    from bot.manifest import manifest as made

    if url is not None and not (url.startswith("https://") and urlsplit(url).hostname):
        raise click.BadParameter("Slack wants an https address.", param_hint="--url")
    click.echo(json.dumps(made(url), indent=2, ensure_ascii=False))


@cli.group()
def db() -> None:
    """Look after the database."""


@db.command()
def upgrade() -> None:
    """Bring the database to the schema this version needs."""
    with _sentences(), _database() as database:
        from storage import schema

        click.echo(f"The database is at revision {schema.upgrade(database)}.")


@db.command()
@click.option(
    "--since", type=click.DateTime(), required=True, help="When the backup was made (UTC)."
)
def reconcile(since: datetime) -> None:
    """After restoring a backup, before the bot starts: send nothing again that was sent since."""
    with _sentences(), _database() as database:
        from storage import restored, schema

        schema.upgrade(database)
        at = since.replace(tzinfo=UTC)
        doubted = database.run(restored.doubt, datetime.now(UTC), at)
        click.echo(f"Messages to look for before they are sent: {doubted}.")


@cli.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--team", required=True, help="The Slack workspace's team id; it begins with T.")
def load(file: Path, team: str) -> None:
    """Load a coalition's organisations, people and programmes from FILE (TOML)."""
    if not re.fullmatch("T[A-Z0-9]+", team):
        raise click.BadParameter(
            "a team id begins with T and has capitals and digits, such as T0123456.",
            param_hint="--team",
        )
    with _sentences(), _database() as database:
        from storage import facts, schema

        schema.upgrade(database)
        told = tomllib.loads(file.read_text(encoding="utf-8"))
        loaded = database.run(facts.load, told, team, datetime.now(UTC))
        click.echo(f"Loaded {loaded}.")


@cli.command(context_settings={"ignore_unknown_options": True, "help_option_names": []})
@click.argument("given", nargs=-1, type=click.UNPROCESSED)
def bench(given: tuple[str, ...]) -> None:
    """Measure how fast the bot is, beside others; for who has a checkout of its code."""
    root = Path(__file__).parents[1]
    if not (root / "tests" / "bench" / "__main__.py").exists():
        _fail(
            "What measures the bot is kept with its code, not installed with it. Run this in a "
            "checkout, or `make bench` there."
        )
    measuring = [sys.executable, "-m", "tests.bench", *given]
    sys.exit(subprocess.run(measuring, cwd=root, check=False).returncode)  # noqa: S603 -- as typed


def _share(part: str) -> None:
    with _sentences():
        from bot import lifetime, running, settings

        chosen = settings.read()
        if chosen.is_local:
            _fail("SLACK_BOT_TOKEN is missing; the local workspace is `python -m bot run` alone.")
        lifetime.run(running.running(chosen, part=running.Part(part)))


@contextlib.contextmanager
def _sentences() -> Any:
    """Turn what somebody can mend into sentences on standard error, without a traceback."""
    from bot.hindrance import Hindrance
    from bot.settings import Misconfigured
    from storage.errors import Away
    from storage.facts import FactsError
    from storage.schema import NewerSchema

    told: dict[type[Exception], Callable[[Any], str]] = {
        Hindrance: str,
        Away: lambda _: "The database cannot be reached; check DATABASE_URL.",
        NewerSchema: lambda _: (
            "A newer version of Convene made this database; run that one, or let DATABASE_URL "
            "name another."
        ),
        tomllib.TOMLDecodeError: lambda error: f"The file is not TOML: {error}.",
        UnicodeDecodeError: lambda _: "The file is not text in UTF-8.",
    }
    try:
        yield
    except (Misconfigured, FactsError) as error:
        for number, fault in enumerate(error.faults, 1):
            click.echo(f"error ({number} of {len(error.faults)}): {fault}", err=True)
        sys.exit(2)
    except tuple(told) as error:
        _fail(next(say(error) for kind, say in told.items() if isinstance(error, kind)))
    except ModuleNotFoundError as error:
        if error.name not in {"psycopg", "procrastinate"}:
            raise
        _fail("PostgreSQL needs its driver: pip install 'convene[postgres]'.")


def _fail(sentence: str) -> NoReturn:
    click.echo(f"error: {sentence}", err=True)
    sys.exit(2)


@contextlib.contextmanager
def _database() -> Any:
    from bot import settings
    from storage.database import Database

    database = Database(settings.read().database_url or settings.DATABASE)
    try:
        yield database
    finally:
        database.close()


if __name__ == "__main__":
    cli(prog_name="python -m bot")
