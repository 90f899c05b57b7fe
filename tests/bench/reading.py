"""How much of what is stored each statement reads, of every command and of the beat.

PostgreSQL counts rows (EXPLAIN ANALYZE), SQLite the steps of its machine. So few rows as here
PostgreSQL would rather read whole, so that is forbidden to it: what it then still reads whole has
no index, or none that narrows it down.
"""

import asyncio
import logging
import re
import tempfile
from collections.abc import Iterator

from commands import catalog
from storage import schema
from storage.database import Database
from tests import postgres
from tests.bench import plans, seeding
from tests.bench.seeding import Size
from tests.bot.canaries import LETTERS, MONDAY, caged
from tests.bot.conftest import Story
from tests.bot.test_canaries import FORMS, presses, submits, types

MOST_ROWS, MOST_STEPS = 1_200, 20_000  # a part that is always the same size needs no more


def main(many: int) -> None:
    """Print for both databases what reads more than such a part, with *many* rows in each table."""
    logging.disable()
    with tempfile.TemporaryDirectory(prefix="convene-bench-") as folder, postgres.serving() as at:
        for url in (f"sqlite:///{folder}/reading.sqlite3", postgres.fresh(at, "convene_reading")):
            database = Database(url)
            schema.upgrade(database)
            seeding.fill(database, Size(many, many, many, many, many), MONDAY)
            heard = asyncio.run(_heard(url))
            _print(database, heard)
            database.close()


async def _heard(url: str) -> dict[str, plans.Asked]:
    async with caged(url, "http") as (story, _):
        await story.bot.scheduler.beat()  # with all that is done once a day
        with plans.heard(story.bot.units.database) as heard:
            await _use(story)
    return heard


def _print(database: Database, heard: dict[str, plans.Asked]) -> None:
    most = MOST_STEPS if database.is_sqlite else MOST_ROWS
    much = {key: plans.work(database, asked) for key, asked in heard.items()}
    above = sorted((key for key in much if much[key] > most), key=lambda key: -much[key])
    kind, unit = ("SQLite", "steps") if database.is_sqlite else ("PostgreSQL", "rows")
    print(f"{kind}: {len(heard)} statements, {len(above)} of them above {most} {unit}")
    for key in above:
        words = " ".join(heard[key].statement.split())
        print(f"  {much[key]:>9} {unit} {heard[key].by}: {words[:100]}")


def _bare() -> Iterator[str]:
    for room in catalog.COMMANDS.values():
        yield from (f"{room.command} {word.word}" for word in room.words)


def _typed() -> Iterator[str]:
    """Give each word by its example, and each room's things by a title, once misspelt."""
    for room in catalog.COMMANDS.values():
        for word in room.words:
            yield re.sub(r"\b([EGRAI])\d+\b", r"\g<1>4", word.example)
        if room.room in LETTERS:
            yield from (f"{room.command} show {title}" for title in ("number 77", "nunber 77"))


async def _use(story: Story) -> None:
    """Let staff and a member use everything there is, and the bot beat."""
    for text in (*_bare(), *_typed()):
        await types(story, "U0STAFF", text)
    for action in catalog.BUTTONS:
        await presses(story, "U0STAFF", action, "4")
    for form in catalog.FORMS:
        await submits(story, "U0STAFF", form, FORMS[form], "4")
    for text in _bare():
        await types(story, "U0MEMBER", text)
    for user in ("U0STAFF", "U0MEMBER"):
        await story.workspace.open_home(user)
    for _ in range(3):
        await story.settled()
        await story.bot.scheduler.beat()
