"""What the bot takes besides time: memory, idle and under load, and how long it takes to begin."""

import asyncio
import os
import statistics
import subprocess
import sys
import time
from contextlib import AsyncExitStack
from itertools import chain, cycle, islice

from tests.bench.load import SECRET, Lost, at_rate, calling, now, signed, status
from tests.bench.processes import ROOT, Served, free_port, running, served
from tests.bench.requests import GOING, click, command
from tests.bench.rows import Figure, Row
from tests.bench.seeding import NEEDLE
from tests.bench.stage import NAMES, Stage, check, settled

RATE = 20.0  # requests a second while memory is watched
WARM = 30.0  # seconds until all has been loaded that loads late
HELP = [sys.executable, "-m", "bot", "--help"]
NOTHING = [sys.executable, "-c", "pass"]


async def measure(stage: Stage) -> list[Figure]:
    """Measure memory on each database, then how long it takes to begin."""
    figures = [figure for kind in stage.given.databases for figure in await _memory(stage, kind)]
    figures += [await _started(stage, kind) for kind in stage.given.databases]
    return [*figures, _help(stage)]


async def _memory(stage: Stage, kind: str) -> list[Figure]:
    given, url = stage.given, stage.database(kind, stage.given.size)
    async with AsyncExitStack() as stack:
        slack = await stack.enter_async_context(served("slack"))
        ours = await stack.enter_async_context(served("ours", database=url, slack=slack.port))
        await settled(ours, [signed(command(given.size.users()[0]))])
        await asyncio.sleep(2)
        idle = ours.memory()
        warm = await _loaded(stage, ours, slack, min(WARM, 30 * given.soak))
        seen = [warm]
        for _ in range(10):
            seen.append(await _loaded(stage, ours, slack, 6 * given.soak))
    told = {"idle": round(idle, 1), "under load": [round(each, 1) for each in seen]}
    stage.say(f"memory in MB, {NAMES[kind]}: {told}")
    grown = f"memory after {given.soak:g} minutes under load, {NAMES[kind]}: more than at its start"
    return [
        Figure(
            Row(f"idle-{kind}", f"memory while idle, {NAMES[kind]}", 110, 80, "MB", is_most=True),
            [idle],
            told,
        ),
        Figure(
            Row(f"memory-growth-{kind}", grown, 5, 1, "MB", is_most=True), [seen[-1] - warm], told
        ),
    ]


async def _loaded(stage: Stage, ours: Served, slack: Served, seconds: float) -> float:
    """Ask for this and that for *seconds*; give the memory it takes then."""
    size = stage.given.size
    made = (
        (
            signed(command(user)),
            signed(command(user, text="show E1")),
            signed(command(user, text=f"search {NEEDLE}")),
            signed(click(user, slack.port, GOING, size.clicked)),
        )
        for user in cycle(size.users())
    )
    # Signed as they are needed: a signature holds for five minutes.
    until = now() + seconds
    while now() < until:
        requests = list(islice(chain.from_iterable(made), int(RATE * min(60, seconds))))
        check(await at_rate(ours.port, requests, RATE), "ours")
    return ours.memory()


async def _started(stage: Stage, kind: str) -> Figure:
    """Measure from the start of the real command to the first answer, with an empty database."""
    url, took = stage.database(kind), []
    async with served("slack") as slack:
        for _ in range(stage.given.rounds):
            took.append(await _start(url, slack))
    what = f"`python -m bot run`, {NAMES[kind]}: from its start to the first answer"
    stage.say(f"{what}, s: {[round(each, 2) for each in took]}")
    return Figure(Row(f"start-{kind}", what, 2.5, 1.5, "s", is_most=True), took)


async def _start(url: str, slack: Served) -> float:
    port = free_port()
    named = {
        "SLACK_BOT_TOKEN": "xoxb-bench",
        "SLACK_SIGNING_SECRET": SECRET,
        "SLACK_API_URL": f"http://127.0.0.1:{slack.port}/api/",
        "DATABASE_URL": url,
        "LISTEN": f"127.0.0.1:{port}",
    }
    begun = now()
    with running([sys.executable, "-m", "bot", "run"], env={**os.environ, **named}):
        while now() - begun < 60:
            try:
                caller = await calling(port)
                answer = await caller.ask(signed(command("U1")))
            except (OSError, Lost):
                await asyncio.sleep(0.005)
                continue
            caller.close()
            assert not status(answer), answer[:300]
            return now() - begun
    raise TimeoutError("The bot did not answer within a minute.")


def _help(stage: Stage) -> Figure:
    took = {"help": list[float](), "nothing": list[float]()}
    for _ in range(max(stage.given.rounds, 5)):
        for name, ran in (("help", HELP), ("nothing", NOTHING)):
            begun = time.perf_counter()
            subprocess.run(ran, cwd=ROOT, check=True, stdout=subprocess.DEVNULL)  # noqa: S603 -- our own words
            took[name].append(1000 * (time.perf_counter() - begun))
    seen = {name: round(statistics.median(each), 1) for name, each in took.items()}
    stage.say(f"`--help`, and Python alone, ms: {seen}")
    row = Row("help", "`python -m bot --help`", 250, 120, "ms", is_most=True)
    return Figure(row, took["help"], {"ms": seen})
