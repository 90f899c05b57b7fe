"""Each kind of request by itself: how many are answered, and how long it takes at half of that."""

import asyncio
import json
import statistics
from collections.abc import Callable, Iterator, Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass
from itertools import cycle, islice
from typing import Any

from tests.bench.load import PATIENCE, Heard, at_rate, calling, now, once, saturate, signed, told
from tests.bench.processes import Served, served
from tests.bench.requests import GOING, click, command, home, submission
from tests.bench.rows import Figure, Row
from tests.bench.seeding import NEEDLE
from tests.bench.stage import NAMES, Stage, check, settled

FORM = "coalition.save_settings"
FIELDS = {
    "digest": "daily",
    "at": "13:00",
    "sections": "items\nresources",
    "topics": "",
    "muted": "actions",
    "back": "",
    "quiet_from": "22:00",
    "quiet_until": "07:00",
}
AT_ONCE, POLL = 16, 0.02
AFTER = 1.0  # second for the last of them
ENOUGH = 1_000  # requests a second, of which each is another; no side takes more that write


@dataclass(frozen=True)
class Asked:
    """A kind of request: how *user* makes one."""

    what: str
    make: Callable[[str], bytes]


async def measure(stage: Stage) -> list[Figure]:
    """Measure on each database."""
    figures = []
    for kind in stage.given.databases:
        async with AsyncExitStack() as stack:
            lend = stack.enter_async_context
            slack, url = await lend(served("slack")), stage.database(kind, stage.given.size)
            given: dict[str, Any] = {
                "database": url,
                "slack": slack.port,
                "items": stage.given.items,
            }
            ours = await lend(served("ours", **given))
            for asked in _kinds(slack, stage.given.size.clicked):
                await settled(ours, [asked.make(user) for user in stage.given.size.users()[:20]])
                figures += await _measured(stage, kind, ours, asked)
            figures += await _home(stage, kind, ours, slack)
    return figures


def _kinds(slack: Served, clicked: int) -> list[Asked]:
    return [
        Asked("`/briefings`", lambda user: signed(command(user))),
        Asked("`/briefings show E1`", lambda user: signed(command(user, text="show E1"))),
        Asked("`/briefings search`", lambda user: signed(command(user, text=f"search {NEEDLE}"))),
        Asked(
            "`/resources search`", lambda u: signed(command(u, "/resources", f"search {NEEDLE}"))
        ),
        Asked("a click", lambda user: signed(click(user, slack.port, GOING, clicked))),
        Asked("a form", lambda user: signed(submission(user, FORM, FIELDS))),
    ]


async def _measured(stage: Stage, kind: str, ours: Served, asked: Asked) -> list[Figure]:
    given, users = stage.given, cycle(stage.given.size.everybody())
    most, half = [], []
    for _ in range(given.rounds):
        requests = [asked.make(user) for user in islice(users, int(ENOUGH * given.seconds))]
        used = ours.spent()
        heard = await saturate([ours.port], requests, given.connections, given.seconds)
        heard.used = ours.spent() - used
        most.append(check(heard, "ours"))
        rate = most[-1].per_second / 2
        fewer = [asked.make(user) for user in islice(users, max(1, int(rate * given.seconds)))]
        half.append(check(await at_rate(ours.port, fewer, rate), "ours"))
    core = statistics.median(1e6 * each.used / len(each.took) for each in most)
    per_second = [each.per_second for each in most]
    return _figures(stage, kind, asked.what, per_second, half, core_us=round(core))


def _figures(
    stage: Stage, kind: str, what: str, most: list[float], half: list[Heard], **more: float
) -> list[Figure]:
    seen = {
        **more,
        "per_second": round(statistics.median(most), 1),
        "p50_ms": round(statistics.median(each.percentile(0.5) for each in half), 2),
        "p99_ms": round(statistics.median(each.percentile(0.99) for each in half), 2),
    }
    stage.say(f"{what}, {NAMES[kind]}: {seen}")
    name = f"{''.join(c if c.isalnum() else '-' for c in what).strip('-')}-{kind}".replace(
        "--", "-"
    )
    return [
        Figure(Row(f"most-{name}", f"{what}, {NAMES[kind]}, a second", unit="/s"), most, seen),
        Figure(
            Row(f"half-{name}", f"{what}, {NAMES[kind]}, at half of that: p99", unit="ms"),
            [each.percentile(0.99) for each in half],
            seen,
        ),
    ]


async def _home(stage: Stage, kind: str, ours: Served, slack: Served) -> list[Figure]:
    """Measure until the Home arrives in Slack: its acknowledgement comes before."""
    given, users = stage.given, cycle(stage.given.size.everybody())
    most, half = [], []
    for _ in range(given.rounds):
        most.append(await _opened_at_once(ours, slack, users, given.seconds))
        fewer = list(islice(users, max(1, int(most[-1] / 2 * given.seconds))))
        took = await opened(ours, slack, fewer, most[-1] / 2)
        half.append(Heard(took, sent=len(fewer)))
    return _figures(stage, kind, "the Home", most, half)


async def opened(ours: Served, slack: Served, users: list[str], per_second: float) -> list[float]:
    """Open the Home of each of *users*; give the seconds until each arrived, of those that did."""
    await arrived(slack)
    asked = [told(home(user)) for user in users]
    heard = check(await at_rate(ours.port, asked, per_second), "ours")
    due, took = dict(zip(users, heard.due, strict=True)), list[float]()
    until = now() + PATIENCE
    while len(took) < len(due) and now() < until:
        took += [at - due[user] for user, at in await arrived(slack)]
        await asyncio.sleep(POLL)
    return took


async def opened_in_turn(ours: Served, slack: Served, users: Sequence[str]) -> list[float]:
    """Open the Home of one after another; give the seconds until each arrived."""
    await arrived(slack)
    caller, took = await calling(ours.port), []
    for user in users:
        asked = now()
        await caller.ask(told(home(user)))
        came = await arrived(slack)
        while not came and now() < asked + PATIENCE:
            await asyncio.sleep(POLL / 10)
            came = await arrived(slack)
        took.append(came[0][1] - asked)
    caller.close()
    return took


async def arrived(slack: Served) -> list[tuple[str, float]]:
    """Ask Slack whose Home has arrived since it was last asked, and when."""
    known = json.loads(await once(slack.port, told(b"", "/arrived")))
    return [(user, at) for method, user, at in known if method == "views.publish"]


async def _opened_at_once(
    ours: Served, slack: Served, users: Iterator[str], seconds: float
) -> float:
    """Open the Home of as many at once as there is room for; give how many arrive a second."""
    await arrived(slack)
    waiting, done = 0, 0
    begun, caller = now(), await calling(ours.port)
    while now() - begun < seconds:
        while waiting < AT_ONCE:
            await caller.ask(told(home(next(users))))
            waiting += 1
        await asyncio.sleep(POLL)
        came = len(await arrived(slack))
        waiting, done = waiting - came, done + came
    caller.close()
    await asyncio.sleep(AFTER)
    return max(done, 1) / seconds
