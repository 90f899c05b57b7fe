"""How much of what is over each statement reads, of every command and of the beat.

PostgreSQL counts rows (EXPLAIN ANALYZE), SQLite the steps of its machine. So few rows as here
PostgreSQL would rather read whole, so that is forbidden to it: what it then still reads whole has
no index, or none that narrows it down. SQLite is told that there is far more than there is.
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

# What reads a whole table, and why it may.
WHOLE = {
    "owners.called": "a name may be misspelt: everybody's is looked at",
    "proposals.waiting": "who waits hangs on what Slack says of each person, and on when it was "
    "last confirmed",
    "redaction._copies": "messages that named a thing, looked for when it is removed for good",
}
DAILY = "forgetting.purge"  # once a day all is looked through for what is kept no longer
MOST_ROWS, MOST_STEPS = 2_500, 26_000  # a part that is always the same size needs no more
MANY = 6_000  # rows in each table
MORE = 100  # times as many: what SQLite plans may change with what there is
OPEN = 120  # one in so many is still to come, or to do


def history(many: int) -> Size:
    """Give a size of which most is over."""
    return Size(many, many, many, many, many, to_come=1 / OPEN, open=OPEN)


def main(many: int) -> None:
    """Print for both databases what reads more than such a part, with *many* rows in each table."""
    logging.disable()
    with tempfile.TemporaryDirectory(prefix="convene-bench-") as folder, postgres.serving() as at:
        for url in (f"sqlite:///{folder}/reading.sqlite3", postgres.fresh(at, "convene_reading")):
            database = Database(url)
            schema.upgrade(database)
            seeding.fill(database, history(many), MONDAY)
            asked = asyncio.run(heard(url))
            as_of_more(database)
            _print(database, asked)
            database.close()


async def heard(url: str) -> dict[str, plans.Asked]:
    """Use all there is, on the database at *url*; give each kind of statement that was sent."""
    async with caged(url, "http") as (story, _):
        await story.bot.scheduler.beat()  # with all that is done once a day
        with plans.heard(story.bot.units.database) as asked:
            await _use(story)
    return asked


def above(database: Database, asked: dict[str, plans.Asked]) -> list[tuple[int, plans.Asked]]:
    """Say which of what was *asked* reads more than a part of it, and how much; most first."""
    most = MOST_STEPS if database.is_sqlite else MOST_ROWS
    others = [one for one in asked.values() if not one.by.startswith(DAILY)]
    much = [(plans.work(database, one), one) for one in others]
    return sorted((each for each in much if each[0] > most), key=lambda each: -each[0])


def as_of_more(database: Database) -> None:
    """Let SQLite plan as if there were MORE times as much; PostgreSQL counts by itself."""
    if not database.is_sqlite:
        return
    with database.writer.begin() as connection:
        told = connection.exec_driver_sql("SELECT idx, stat FROM sqlite_stat1").all()
        for index, stat in told:
            rows, *alike = map(int, stat.split())
            more = [MORE * rows, *(MORE * many if many > rows / 5 else many for many in alike)]
            given = " ".join(map(str, more)), index
            connection.exec_driver_sql("UPDATE sqlite_stat1 SET stat = ? WHERE idx = ?", given)


def _print(database: Database, asked: dict[str, plans.Asked]) -> None:
    kind, unit = ("SQLite", "steps") if database.is_sqlite else ("PostgreSQL", "rows")
    found = above(database, asked)
    print(f"{kind}: {len(asked)} statements, {len(found)} of them read much")
    for much, one in found:
        print(f"  {much:>9} {unit} {one.by}: {' '.join(one.statement.split())[:100]}")


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
        if "search" in {word.word for word in room.words}:
            yield f"{room.command} search 77"


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
