"""Whether the time a refusal takes tells what is hidden from what is not there.

Half of what is stored is for staff. A member asks for it, and for what never was, in turn: by
number, by title, by a word, with a button, in both orders.
"""

import asyncio
import statistics
import tempfile

from storage import schema
from storage.database import Database
from storage.models import Audience
from tests import postgres
from tests.bench.load import in_turn, signed
from tests.bench.processes import served
from tests.bench.requests import GOING, click, command
from tests.factories import World

PAIRS, TOLERANCE = 500, 0.2
KINDS, ITEMS = ("SQLite", "PostgreSQL"), 400
ABSENT = 100_000  # added to the number of what is hidden, it is nobody's
# Made of the same letters, as many, so that only what is stored can tell them apart.
HIDDEN_WORD, MISSING_WORD = "lantern", "rantlen"


def main() -> None:
    """Measure on both databases; raises AssertionError where the two can be told apart."""
    with tempfile.TemporaryDirectory(prefix="convene-bench-") as folder, postgres.serving() as at:
        for kind, url in zip(
            KINDS,
            (f"sqlite:///{folder}/timing.sqlite3", postgres.fresh(at, "convene_timing")),
            strict=True,
        ):
            user, hidden = _seeded(url)
            asyncio.run(_measure(kind, url, user, hidden))


async def _measure(kind: str, url: str, user: str, hidden: list[int]) -> None:
    async with served("slack") as slack, served("ours", database=url, slack=slack.port) as ours:
        for way in ("number", "title", "word", "button"):
            pairs = [
                _pair(way, user, slack.port, hidden[turn % len(hidden)]) for turn in range(PAIRS)
            ]
            await in_turn(ours.port, _flat(pairs[:50]))
            took = await in_turn(ours.port, _flat(pairs))
            # Every second pair went the other way round: first and second, then hidden and missing.
            turned = [took[i : i + 2][:: -1 if i % 4 else 1] for i in range(0, len(took), 2)]
            there, absent = (1000 * statistics.median(each) for each in zip(*turned, strict=True))
            apart = abs(there - absent) / max(there, absent)
            print(
                f"{kind}, by {way}: hidden {there:.2f} ms, missing {absent:.2f} ms, "
                f"{100 * apart:.1f} % apart (medians of {PAIRS} interleaved pairs)"
            )
            assert apart < TOLERANCE, f"more than {TOLERANCE:.0%} apart"


def _pair(way: str, user: str, slack: int, number: int) -> tuple[bytes, bytes]:
    """Ask for what is hidden, and for what is not there."""
    asked = {
        "number": [f"show E{number}", f"show E{number + ABSENT}"],
        "title": [f"show {_title(word, number)}" for word in (HIDDEN_WORD, MISSING_WORD)],
        "word": [f"search {word}" for word in (HIDDEN_WORD, MISSING_WORD)],
    }
    if way == "button":
        clicks = [click(user, slack, GOING, each) for each in (number, number + ABSENT)]
        return signed(clicks[0]), signed(clicks[1])
    room = "/resources" if way == "word" else "/briefings"
    typed = [command(user, room, text) for text in asked[way]]
    return signed(typed[0]), signed(typed[1])


def _flat(pairs: list[tuple[bytes, bytes]]) -> list[bytes]:
    return [one for turn, pair in enumerate(pairs) for one in (pair[::-1] if turn % 2 else pair)]


def _title(word: str, number: int) -> str:
    return f"The {word} meeting {number}"


def _seeded(url: str) -> tuple[str, list[int]]:
    """Fill the database; give a member's Slack id, and the briefings hidden from them."""
    database = Database(url)
    schema.upgrade(database)
    world = World(database)
    user, hidden = world.member().slack_user, []
    for number in range(1, ITEMS + 1):
        is_hidden = number % 2 == 0
        audience = Audience.STAFF if is_hidden else Audience.MEMBERS
        title = _title(HIDDEN_WORD, number) if is_hidden else f"Forum number {number}"
        made = world.briefing(title, audience=audience)
        world.resource(title, audience=audience)
        hidden += [made.id] if is_hidden else []
    database.close()
    return user, hidden
