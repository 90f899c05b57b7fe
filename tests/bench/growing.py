"""How long answers take as more and more is stored: the largest size beside the smallest."""

import contextlib
import statistics
import time
from collections.abc import Awaitable, Callable, Mapping
from contextlib import AsyncExitStack
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from itertools import cycle, islice

from storage import deliveries
from storage.database import Database, Session, writes
from tests.bench import seeding
from tests.bench.asking import opened_in_turn
from tests.bench.load import in_turn, signed
from tests.bench.processes import Served, served
from tests.bench.requests import command
from tests.bench.rounds import interleaved, ratios
from tests.bench.rows import Figure, Row
from tests.bench.seeding import NEEDLE, Size
from tests.bench.stage import NAMES, Stage, settled

TIMES = 20  # each is asked in one round
OWED = 10  # deliveries for each briefing, of which one in a hundred is due
TYPED = {
    "list": ("/briefings", ""),
    "show": ("/briefings", "show E1"),
    "search": ("/briefings", f"search {NEEDLE}"),
    "library": ("/resources", f"search {NEEDLE}"),
}
DUE = "20 of what is due are taken"

Asking = Callable[[], Awaitable[float]]


@dataclass(frozen=True)
class Grown:
    """Ours with as much stored as *size* says, and the Slack it calls."""

    size: Size
    ours: Served
    slack: Served


async def measure(stage: Stage) -> list[Figure]:
    """Measure on each database."""
    figures = []
    for kind in stage.given.databases:
        sizes = [Size(many, many, many, OWED * many) for many in stage.given.sizes]
        async with AsyncExitStack() as stack:
            grown = [await _served(stage, stack, kind, size) for size in sizes]
            figures += [await _answered(stage, kind, name, grown) for name in (*TYPED, "home")]
        figures.append(await _claimed(stage, kind, sizes))
    return figures


async def _served(stage: Stage, stack: AsyncExitStack, kind: str, size: Size) -> Grown:
    lend, url = stack.enter_async_context, stage.database(kind, size)
    slack = await lend(served("slack"))
    ours = await lend(served("ours", database=url, slack=slack.port, items=stage.given.items))
    await settled(ours, [signed(command(user)) for user in size.users()[:20]])
    return Grown(size, ours, slack)


async def _answered(stage: Stage, kind: str, name: str, grown: list[Grown]) -> Figure:
    users = {each.size: cycle(each.size.users()) for each in grown}

    async def ask(each: Grown) -> float:
        asking = list(islice(users[each.size], TIMES))
        if name == "home":
            took = await opened_in_turn(each.ours, each.slack, asking)
        else:
            took = await in_turn(each.ours.port, [signed(command(u, *TYPED[name])) for u in asking])
        return 1000 * statistics.median(took)

    sides = {f"{each.size.briefings:,}": partial(ask, each) for each in grown}
    what = f"{_what(name)}, {NAMES[kind]}: p50"
    return await _compared(stage, Row(f"growth-{name}-{kind}", what), sides)


async def _claimed(stage: Stage, kind: str, sizes: list[Size]) -> Figure:
    """Take what is due, and put it back."""
    opened = {size: Database(stage.database(kind, size)) for size in sizes}
    for database in opened.values():
        seeding.owe(database)

    async def take(size: Size) -> float:
        begun = time.perf_counter()
        with contextlib.suppress(_Enough):
            opened[size].run(_taken, datetime.now(UTC))
        return 1000 * (time.perf_counter() - begun)

    sides = {f"{size.deliveries:,}": partial(take, size) for size in sizes}
    figure = await _compared(stage, Row(f"growth-due-{kind}", f"{DUE}, {NAMES[kind]}"), sides)
    for database in opened.values():
        database.close()
    return figure


class _Enough(Exception):  # noqa: N818 -- nothing failed
    """It was measured, and shall not stay so."""


@writes
def _taken(session: Session, now: datetime) -> None:
    assert deliveries.claim(session, now)
    raise _Enough


async def _compared(stage: Stage, told: Row, sides: Mapping[str, Asking]) -> Figure:
    took = await interleaved(sides, stage.given.rounds)
    seen = {size: round(statistics.median(each), 2) for size, each in took.items()}
    first, *_, last = sides
    stage.say(f"{told.what}, ms: {seen}")
    what = f"{told.what}, with {last} stored against {first}"
    row = Row(told.name, what, 1.3, 1.1, is_most=True)
    return Figure(row, ratios(took[last], took[first]), {"p50_ms": seen})


def _what(name: str) -> str:
    return f"`{' '.join(TYPED[name]).strip()}`" if name in TYPED else "the Home"
