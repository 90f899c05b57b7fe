"""Ids that were never shown: every listener there is, none of them changes or tells anything."""

import random
import re
from collections.abc import Iterator
from typing import Any

import pytest

from commands import catalog
from storage.models import LedgerEntry, Person
from tests.bot.canaries import LETTERS, caged
from tests.bot.conftest import Story
from tests.bot.test_canaries import FORMS, presses, submits, types
from tests.factories import every_row
from tests.figures import figure, ways

# Of each table these rows are for members, a group, staff, and a group nobody here sits in.
HIDDEN = (3, 4, 6, 7)
ABOUT_ONESELF = {"coalition.save_settings"}  # takes no id: it changes what is one's own
ODD = (
    *("", "0", "-1", "+1", "1.5", "1e3", "٣", "999999999", "9" * 30, "None", "null", "true"),
    *("1; DROP TABLE people", "1' OR '1'='1", "1 OR 1=1", "../1", "%31", "3\x00", "[1]", "{}"),
    *("E", "E-3", "A3", "R3", "#3", "<@U0ADMIN>", "<!channel>", " 3 4", "3,4", "\u202e3"),
)


def forged(rng: random.Random, count: int) -> list[str]:
    """Make *count* ids: odd ones, hidden ones, and numbers that are nobody's."""
    odd = rng.sample(ODD, min(len(ODD), count // 2))
    hidden = [str(rng.choice(HIDDEN)) for _ in range(count // 4)]
    rest = count - len(odd) - len(hidden)
    return odd + hidden + [str(rng.randrange(10_000, 2**63)) for _ in range(rest)]


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
    for form in catalog.FORMS.keys() - ABOUT_ONESELF:
        for about in forged(rng, count):
            await submits(story, user, form, FORMS[form], about)
    for room in catalog.COMMANDS.values():
        # To add something takes a sentence, not an id.
        for word in (word.word for word in room.words if word.word != "add"):
            for value in forged(rng, count):
                await types(story, user, f"{room.command} {word} {value} yes")


@pytest.mark.timeout(figure(ci=600, full=3600))
@pytest.mark.parametrize(
    ("user", "transport", "database_url"),
    ways(["U0UNLINKED", "U0OUTSIDE", "U0UNMET", "U0CAPPED"]),
    indirect=["database_url"],
)
async def test_a_forged_id_changes_nothing_whatever_it_is_given_to(
    user: str, transport: str, database_url: str
) -> None:
    count = figure(ci=10, full=100)
    async with caged(database_url, transport) as (story, _):
        before = dump(story)
        await everywhere(story, user, count)
        await story.settled()

        assert dump(story) == before
        exchanges = [delivery.exchange for delivery in story.workspace.deliveries]
        assert {exchange.status for exchange in exchanges} == {200}


@pytest.mark.timeout(figure(ci=600, full=3600))
@pytest.mark.parametrize(
    ("user", "transport", "database_url"), ways(["U0SITS"]), indirect=["database_url"]
)
async def test_what_is_told_of_somebody_nobody_met_changes_nobody(
    user: str, transport: str, database_url: str
) -> None:
    async with caged(database_url, transport) as (story, _):
        before = every_row(story.bot.units.database)
        for value in (*ODD, *forged(random.Random(3), figure(ci=30, full=100))):  # noqa: S311 -- the same
            for event in events(user, value):
                told = await story.workspace.event(event)
                assert (told.status, told.body) == (200, None)

        after = every_row(story.bot.units.database)
        kept = LedgerEntry.__tablename__  # which requests there were
        assert {**after, kept: []} == {**before, kept: []}


def events(user: str, value: str) -> Iterator[dict[str, Any]]:
    """Tell of somebody the bot has not met, and of *user* in a team that is not theirs."""
    for kind in ("team_join", "user_change"):
        for called in ({"id": value, "team_id": "T0CONVENE"}, {"id": user, "team_id": f"T{value}"}):
            yield {"type": kind, "user": {**called, "name": "somebody", "deleted": True}}


# Of each table these rows are hidden from whom.
HIDDEN_FROM = {"U0OUTSIDE": (3, 4, 6, 7), "U0MEMBER": (4, 6, 7)}
ABSENT = 9990  # added to a number, it is nobody's
SPEAKING = {"add", "help"}  # what follows is a sentence, or a word


def asked(number: int) -> Iterator[tuple[str, str]]:
    """Give all that may be asked about *number*: the kind of question, and what it says."""
    yield from (("click", f"{action} {number}") for action in catalog.BUTTONS)
    yield from (("form", f"{form} {number}") for form in catalog.FORMS)
    for room in catalog.COMMANDS.values():
        for word in (word for word in room.words if word.word not in SPEAKING):
            example = re.sub(r"\b([EGRAI])\d+\b", rf"\g<1>{number}", word.example)
            texts = [f"{room.command} {word.word} {letter}{number}" for letter in LETTERS.values()]
            yield from (("command", text) for text in dict.fromkeys((example, *texts)))


async def told(story: Story, user: str, kind: str, what: str) -> str:
    """Let *user* ask; give every byte of the answer and of the calls it led to."""
    sent, answered = len(story.workspace.sent), len(story.workspace.deliveries)
    name, _, value = what.partition(" ")
    if kind == "command":
        await types(story, user, what)
    elif kind == "click":
        await presses(story, user, name, value)
    else:
        await submits(story, user, name, FORMS[name], value)
    await story.settled()
    # A trigger is another for each question.
    calls = [(each.method, {**each.args, "trigger_id": ""}) for each in story.workspace.sent[sent:]]
    raw = [each.exchange.raw.decode() for each in story.workspace.deliveries[answered:]]
    return f"{calls} {raw}"


@pytest.mark.timeout(figure(ci=600, full=3600))
@pytest.mark.parametrize(
    ("user", "transport", "database_url"), ways(HIDDEN_FROM), indirect=["database_url"]
)
async def test_what_is_hidden_reads_like_what_is_not_there(
    user: str, transport: str, database_url: str
) -> None:
    async with caged(database_url, transport) as (story, _):
        pairs = [
            (number, there, absent)
            for number in HIDDEN_FROM[user]
            for there, absent in zip(asked(number), asked(number + ABSENT), strict=True)
        ]
        tried = pairs[:: figure(ci=5, full=1)]
        for number, there, absent in tried:
            called = re.compile(rf"(?<=[EGRAI«#])({number}|{number + ABSENT})\b")
            answers = [
                called.sub("N", await told(story, user, *question)) for question in (there, absent)
            ]
            assert answers[0] == answers[1], there

        assert len(tried) >= figure(ci=100, full=500)
