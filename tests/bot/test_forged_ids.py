"""Ids that were never shown: every listener there is, none of them changes or tells anything."""

import random
from typing import Any

import pytest

from commands import catalog
from storage.models import Person
from tests.bot.canaries import caged
from tests.bot.conftest import Story
from tests.bot.test_canaries import FORMS, presses, submits, types
from tests.factories import every_row
from tests.figures import figure, ways

# Of each table these rows are for members, a group, staff, and a group nobody here sits in.
HIDDEN = (3, 4, 6, 7)
ODD = (
    *("", "0", "-1", "+1", "1.5", "1e3", "٣", "999999999", "9" * 30, "None", "null", "true"),
    *("1; DROP TABLE people", "1' OR '1'='1", "1 OR 1=1", "../1", "%31", "3\x00", "[1]", "{}"),
    *("E", "E-3", "A3", "R3", "#3", "<@U0ADMIN>", "<!channel>", " 3 4", "3,4", "\u202e3"),
)


def forged(rng: random.Random, count: int) -> list[str]:
    """Make ids: hidden ones, odd ones, and numbers that are nobody's."""
    numbers = [str(rng.choice(HIDDEN)) for _ in range(count // 3)]
    strange = [str(rng.randrange(10_000, 2**63)) for _ in range(count // 4)]
    return (numbers + strange + rng.sample(ODD, len(ODD)))[:count]


def dump(story: Story) -> dict[str, list[Any]]:
    """Read every row of every table, but for what Slack says of people."""
    rows = every_row(story.bot.units.database)
    return {table: rows[table] for table in rows if table != Person.__tablename__}


async def everywhere(story: Story, user: str, count: int) -> None:
    """Give forged ids to every button, form and word there is."""
    rng = random.Random(3)  # noqa: S311 -- the same ids at every run
    for action in catalog.BUTTONS:
        for value in forged(rng, count):
            await presses(story, user, action, value)
    for form in catalog.FORMS:
        for about in forged(rng, count):
            await submits(story, user, form, FORMS[form], about)
    for room in catalog.COMMANDS.values():
        # To add something takes a sentence, not an id.
        for word in (word.word for word in room.words if word.word != "add"):
            for value in forged(rng, count // 2):
                await types(story, user, f"{room.command} {word} {value} yes")


@pytest.mark.timeout(600)
@pytest.mark.parametrize(
    ("user", "transport", "database_url"),
    ways(["U0UNLINKED", "U0OUTSIDE", "U0UNMET", "U0CAPPED"]),
    indirect=["database_url"],
)
async def test_a_forged_id_changes_nothing_whatever_it_is_given_to(
    user: str, transport: str, database_url: str
) -> None:
    count = figure(ci=12, full=100)
    async with caged(database_url, transport) as (story, _):
        before = dump(story)
        await everywhere(story, user, count)
        await story.settled()

        assert dump(story) == before
        exchanges = [delivery.exchange for delivery in story.workspace.deliveries]
        assert {exchange.status for exchange in exchanges} == {200}


@pytest.mark.parametrize("command", ["/briefings show E", "/resources show R", "/groups show G"])
async def test_what_is_hidden_reads_like_what_is_not_there(sqlite_url: str, command: str) -> None:
    async with caged(sqlite_url, "http") as (story, _):
        answers = []
        for number in ("6", "9999"):
            told = len(story.workspace.deliveries)
            await types(story, "U0OUTSIDE", f"{command}{number}")
            raw = story.workspace.deliveries[told].exchange.raw.decode()
            answers.append(raw.replace(f"{command[-1]}{number}", "ID"))

    assert answers[0] == answers[1]
