"""Digests on their way: to many people and 200 channels at once, while others ask for something."""

import json
import tempfile
from collections import Counter
from contextlib import AsyncExitStack
from itertools import cycle, islice
from pathlib import Path

from storage.database import Database
from tests.bench import seeding
from tests.bench.load import Heard, at_rate, now, once, signed, told
from tests.bench.processes import Served, served
from tests.bench.requests import command
from tests.bench.rows import Figure, Row
from tests.bench.stage import NAMES, Stage, check

CHANNELS, RATE, TURN = 200, 20.0, 5.0
LONGEST, QUIET = 600.0, 15.0  # seconds: in all, and without anything new
POST, MINUTE = "chat.postMessage", 60.0

Arrived = list[tuple[str, str, float]]


async def measure(stage: Stage) -> list[Figure]:
    """Measure on each database."""
    return [figure for kind in stage.given.databases for figure in await _sent(stage, kind)]


async def _sent(stage: Stage, kind: str) -> list[Figure]:
    given = stage.given
    people = min(given.digests, given.people)
    url = stage.database(kind, given.size, name="sending")
    database = Database(url)
    seeding.order(database, people, CHANNELS)
    database.close()
    async with AsyncExitStack() as stack:
        file = Path(stack.enter_context(tempfile.TemporaryDirectory())) / "stalls"
        slack = await stack.enter_async_context(served("slack"))
        ours = await stack.enter_async_context(
            served("ours", database=url, slack=slack.port, stalls=str(file))
        )
        arrived, heard = await _watched(stage, ours, slack)
        longest = float(file.read_text(encoding="utf-8"))
    return _figures(stage, kind, arrived, heard, longest)


async def _watched(stage: Stage, ours: Served, slack: Served) -> tuple[Arrived, list[Heard]]:
    """Ask for lists as long as something arrives; give what arrived, and how asking went."""
    arrived: Arrived = []
    heard: list[Heard] = []
    users, until = cycle(stage.given.size.users()), now() + LONGEST
    newest = now()
    while now() < until and now() - newest < QUIET:
        asked = [signed(command(user)) for user in islice(users, int(RATE * TURN))]
        heard.append(check(await at_rate(ours.port, asked, RATE), "ours"))
        arrived += json.loads(await once(slack.port, told(b"", "/arrived")))
        newest = max([newest, *(at for _, _, at in arrived)])
    return arrived, heard


def _posts(arrived: Arrived) -> list[tuple[str, float]]:
    return [(to, at) for method, to, at in arrived if method == POST]


def _figures(
    stage: Stage, kind: str, arrived: Arrived, heard: list[Heard], longest: float
) -> list[Figure]:
    posts = _posts(arrived)
    begun = min(at for _, at in posts)
    channels = [at - begun for to, at in posts if to.startswith("C")]
    took = max(at for _, at in posts) - begun
    seen = {
        "people": len(posts) - len(channels),
        "channels": len(channels),
        "busiest_minute": _busiest(arrived),
        "twice_in_a_second_to_one": _crowded(posts),
    }
    waits = [each.percentile(0.99) for each in heard]
    what = f"{seen['people']:,} people's digests and {CHANNELS} channels' are sent, {NAMES[kind]}"
    stage.say(f"{what}: {seen}, longest stall {longest:.0f} ms")
    return [
        Figure(
            Row(f"stall-{kind}", f"{what}: longest stall of the loop", 50, 10, "ms", is_most=True),
            [longest],
            seen,
        ),
        Figure(
            Row(f"fan-out-{kind}", f"{what}: until the last channel has it", unit="s"),
            [max(channels, default=LONGEST)],
            seen,
        ),
        Figure(
            Row(f"sent-{kind}", f"{what}: messages a second, Slack takes 100 ms", unit="/s"),
            [len(posts) / max(took, 0.001)],
            seen,
        ),
        Figure(Row(f"waits-{kind}", f"{what}: p99 of who asks meanwhile", unit="ms"), waits, seen),
    ]


def _busiest(arrived: Arrived) -> dict[str, int]:
    """Give how often each method was called in its busiest minute: Slack's limits are by that."""
    most: Counter[str] = Counter()
    for method in {method for method, _, _ in arrived}:
        moments = sorted(at for called, _, at in arrived if called == method)
        first = 0
        for last, at in enumerate(moments):
            while moments[first] < at - MINUTE:
                first += 1
            most[method] = max(most[method], last - first + 1)
    return dict(most)


def _crowded(posts: list[tuple[str, float]]) -> int:
    """Count the messages that came to somebody within a second of the one before."""
    last: dict[str, float] = {}
    crowded = 0
    for to, at in sorted(posts, key=lambda post: post[1]):
        crowded += at - last.get(to, at - MINUTE) < 1
        last[to] = at
    return crowded
