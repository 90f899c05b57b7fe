"""`/briefings` beside what it is measured against: answers a second, and how long one takes."""

import json
import statistics
from collections.abc import Callable
from contextlib import AsyncExitStack
from functools import partial
from typing import Any

from tests.bench.load import Heard, at_rate, once, saturate, signed
from tests.bench.processes import Served, served
from tests.bench.requests import command
from tests.bench.rounds import interleaved, ratios
from tests.bench.rows import Figure, Row
from tests.bench.stage import NAMES, Stage, check, settled

RATE = 100.0  # requests a second, of which the table speaks
LEAST = {"sqlite": (0.5, 0.9), "postgresql": (0.35, 0.6)}

Sides = dict[str, Served]


async def measure(stage: Stage) -> list[Figure]:
    """Measure on each database."""
    figures = []
    for kind in stage.given.databases:
        async with AsyncExitStack() as stack:
            sides = await _sides(stage, stack, kind)
            await _check_same(stage, sides)
            figures += await _saturated(stage, kind, sides)
            figures += await _steady(stage, kind, sides)
    return figures


async def _sides(stage: Stage, stack: AsyncExitStack, kind: str) -> Sides:
    given, url = stage.given, stage.database(kind, stage.given.size)
    slack = await stack.enter_async_context(served("slack", cores=[]))
    told: dict[str, Any] = {"database": url, "items": given.items}
    begun = {
        "ours": served("ours", slack=slack.port, **told),
        "hello": served("hello"),
        "bare": served("bare"),
        "limit": served("limit", **told),
    }
    if kind == "postgresql":
        usual: dict[str, Any] = {"url": url, "slack": slack.port, "items": given.items}
        begun["dicts"] = served("usual", uses_models=False, **usual)
        begun["models"] = served("usual", uses_models=True, **usual)
        begun["lean"] = served("lean", **usual)
    sides = {name: await stack.enter_async_context(one) for name, one in begun.items()}
    for side in sides.values():
        await settled(side, _asked(stage)[:20])
    return sides


def _asked(stage: Stage) -> list[bytes]:
    return [signed(command(user)) for user in stage.given.size.users()]


async def _check_same(stage: Stage, sides: Sides) -> None:
    """Raise AssertionError where one side does not answer what ours answers."""
    for request in _asked(stage)[:3]:
        ours = json.loads(await once(sides["ours"].port, request))
        for name in sides.keys() & {"limit", "dicts", "models", "lean"}:
            theirs = json.loads(await once(sides[name].port, request))
            assert _bare(theirs) == _bare(ours), (name, theirs, ours)


def _bare(told: Any) -> Any:
    """Give an answer without what says nothing: the models leave it out."""
    if isinstance(told, list):
        return [_bare(each) for each in told]
    if isinstance(told, dict):
        return {name: _bare(each) for name, each in told.items() if each is not False}
    return told


async def _saturated(stage: Stage, kind: str, sides: Sides) -> list[Figure]:
    given = stage.given

    async def ask(name: str) -> Heard:
        asked, side = _asked(stage), sides[name]
        used = side.spent()
        heard = await saturate([side.port], asked, given.connections, given.seconds)
        heard.used = side.spent() - used
        return check(heard, name)

    heard = await interleaved({name: partial(ask, name) for name in sides}, given.rounds)
    seen = {name: _seen(rounds) for name, rounds in heard.items()}
    stage.say(f"{NAMES[kind]}, answers a second: {_medians(seen)}")
    per_second = {name: [each.per_second for each in rounds] for name, rounds in heard.items()}
    return [
        Figure(row, ratios(per_second["ours"], per_second[row.name.split("-")[0]]), seen)
        for row in _rows(kind)
    ]


def _rows(kind: str) -> list[Row]:
    least, aim = LEAST[kind]
    what = f"`/briefings`, {NAMES[kind]}, answers a second, against"
    rows = [
        Row(f"hello-{kind}", f"{what} bare Bolt that says hello", least, aim),
        Row(f"limit-{kind}", f"{what} the driver alone without Bolt", 0.5, 0.75),
        Row(f"bare-{kind}", f"{what} a bare endpoint that checks the signature"),
    ]
    if kind == "postgresql":
        rows += [
            Row(f"models-{kind}", f"{what} the usual bot with its models", 8, 15),
            Row(f"dicts-{kind}", f"{what} the usual bot with plain dicts", 2, 4),
            Row(f"lean-{kind}", f"{what} a synchronous bot written to be fast"),
        ]
    return rows


async def _steady(stage: Stage, kind: str, sides: Sides) -> list[Figure]:
    """Measure how long an answer takes while as many come a second as the table speaks of."""
    given = stage.given
    # The usual bot with its models does not bear so many; its answers would take seconds.
    named = [name for name in ("ours", "hello", "limit", "dicts") if name in sides]

    async def ask(name: str) -> Heard:
        asked = _asked(stage) * (int(RATE * given.seconds) // len(_asked(stage)) + 1)
        return check(
            await at_rate(sides[name].port, asked[: int(RATE * given.seconds)], RATE), name
        )

    heard = await interleaved({name: partial(ask, name) for name in named}, given.rounds)
    seen = {name: _seen(rounds) for name, rounds in heard.items()}
    p50 = {name: [each.percentile(0.5) for each in rounds] for name, rounds in heard.items()}
    what = f"`/briefings`, {NAMES[kind]}, {RATE:.0f} requests a second: ack p50"
    figures = [Figure(Row(f"ack-{kind}", what, unit="ms"), p50["ours"], seen)]
    if "dicts" in p50:
        row = Row(
            "ack-dicts", f"{what}, against the usual bot with plain dicts", 0.4, 0.25, "", True
        )
        figures.append(Figure(row, ratios(p50["ours"], p50["dicts"]), seen))
    return figures


def _seen(rounds: list[Heard]) -> dict[str, float]:
    def median(of: Callable[[Heard], float]) -> float:
        return round(statistics.median(map(of, rounds)), 2)

    return {
        "per_second": median(lambda heard: heard.per_second),
        "core_us": median(lambda heard: 1e6 * heard.used / max(1, len(heard.took))),
        "asking_share": median(lambda heard: heard.spent / heard.seconds),
        "p50_ms": median(lambda heard: heard.percentile(0.5)),
        "p99_ms": median(lambda heard: heard.percentile(0.99)),
    }


def _medians(seen: dict[str, dict[str, float]]) -> str:
    return ", ".join(
        f"{name} {each['per_second']:.0f} ({each['core_us']:.0f} µs of a core)"
        for name, each in seen.items()
    )
