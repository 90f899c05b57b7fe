"""Clicks that take a seat while Slack is slow, and what becomes of more than can be answered."""

from contextlib import AsyncExitStack
from functools import partial
from itertools import cycle, islice
from typing import Any

from bot.errors import AWAY
from tests.bench.load import LATE, PATIENCE, Heard, at_rate, saturate, signed, status
from tests.bench.processes import Served, served
from tests.bench.requests import GOING, click, command
from tests.bench.rounds import interleaved, ratios
from tests.bench.rows import Figure, Row
from tests.bench.stage import NAMES, Stage, check, settled

RATE = 150.0
TWICE = 2.0
REFUSED = "refused"


async def measure(stage: Stage) -> list[Figure]:
    """Measure on each database; the usual bot stands beside ours on PostgreSQL."""
    figures = []
    for kind in stage.given.databases:
        async with AsyncExitStack() as stack:
            lend = stack.enter_async_context
            url, slack = stage.database(kind, stage.given.size), await lend(served("slack"))
            told: dict[str, Any] = {"slack": slack.port, "items": stage.given.items}
            sides = {"ours": await lend(served("ours", database=url, **told))}
            if kind == "postgresql":
                sides["dicts"] = await lend(served("usual", url=url, uses_models=False, **told))
            figures += await _clicked(stage, kind, sides, slack)
            figures += await _flooded(stage, kind, sides["ours"])
    return figures


async def _clicked(
    stage: Stage, kind: str, sides: dict[str, Served], slack: Served
) -> list[Figure]:
    given, size = stage.given, stage.given.size
    for side in sides.values():
        await settled(side, [])
    # Nobody clicks twice as long as there are others: a second time changes nothing.
    users = {side: cycle(size.everybody()) for side in sides}

    async def ask(name: str) -> Heard:
        clicked = islice(users[name], int(RATE * given.seconds))
        asked = [signed(click(user, slack.port, GOING, size.clicked)) for user in clicked]
        return check(await at_rate(sides[name].port, asked, RATE), name)

    heard = await interleaved({name: partial(ask, name) for name in sides}, given.rounds)
    seen = {name: [_seen(each) for each in rounds] for name, rounds in heard.items()}
    stage.say(f"{NAMES[kind]}, {RATE:.0f} clicks a second: {seen}")
    what = f"{RATE:.0f} clicks a second that take a seat, {NAMES[kind]}, Slack takes 100 ms:"
    p99 = {name: [each.percentile(0.99) for each in rounds] for name, rounds in heard.items()}
    late = Row(f"late-{kind}", f"{what} unanswered within {LATE:.0f} s", 0, 0, is_most=True)
    figures = [
        Figure(Row(f"click-{kind}", f"{what} ack p99", unit="ms"), p99["ours"], seen),
        Figure(late, [each.late for each in heard["ours"]], seen),
    ]
    if "dicts" in p99:
        against = f"{what} ack p99, against the usual bot with plain dicts"
        row = Row("click-dicts", against, 1 / 20, 1 / 50, is_most=True)
        figures.append(Figure(row, ratios(p99["ours"], p99["dicts"]), seen))
    return figures


async def _flooded(stage: Stage, kind: str, ours: Served) -> list[Figure]:
    """Ask twice as much as can be answered: what cannot be has to be refused, and in time."""
    given = stage.given
    users = given.size.users()
    await settled(ours, [signed(command(user)) for user in users[:20]])
    longest, seen = [], []
    for _ in range(given.rounds):
        asked = [signed(command(user)) for user in users]
        most = await saturate([ours.port], asked, given.connections, given.seconds)
        rate = TWICE * most.per_second
        flood = list(islice(cycle(asked), int(rate * given.seconds)))
        heard = await at_rate(ours.port, flood, rate, _judged)
        is_polite = heard.kinds.keys() <= {"", REFUSED}
        longest.append(heard.longest if is_polite else PATIENCE)
        seen.append({**_seen(heard), "kinds": dict(heard.kinds), "rate": round(rate)})
    what = f"`/briefings` asked for twice as fast as it can be answered, {NAMES[kind]}: longest ack"
    stage.say(f"{what}: {seen}")
    row = Row(f"beyond-{kind}", what, LATE, 1.0, "s", is_most=True)
    return [Figure(row, longest, {"ours": seen})]


def _judged(answer: bytes) -> str:
    return REFUSED if AWAY.encode() in answer else status(answer)


def _seen(heard: Heard) -> dict[str, float]:
    return {
        "sent": heard.sent,
        "p50_ms": round(heard.percentile(0.5), 2),
        "p99_ms": round(heard.percentile(0.99), 2),
        "late": heard.late,
    }
