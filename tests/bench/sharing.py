"""Two processes that answer people on one PostgreSQL, beside one alone."""

from contextlib import AsyncExitStack
from functools import partial

from tests.bench.load import Heard, saturate, signed
from tests.bench.processes import CORES, served
from tests.bench.requests import command
from tests.bench.rounds import interleaved, ratios
from tests.bench.rows import Figure, Row
from tests.bench.stage import Stage, check, settled, wide

WHAT = "`/briefings`, PostgreSQL, answers a second of two processes, against one"


async def measure(stage: Stage) -> list[Figure]:
    """Measure both, with nothing kept to one core: where there are few, they share them with us."""
    if "postgresql" not in stage.given.databases:
        return []
    given = stage.given
    asked = [signed(command(user)) for user in given.size.users()]
    async with AsyncExitStack() as stack:
        lend = stack.enter_async_context
        stack.enter_context(wide())
        # A server of its own, which is not kept to one core either.
        url = Stage(given, stack).database("postgresql", given.size)
        slack = await lend(served("slack", cores=CORES))
        told = {"database": url, "slack": slack.port, "items": given.items, "part": "web"}
        sides = [await lend(served("ours", cores=CORES, **told)) for _ in range(2)]
        for side in sides:
            await settled(side, asked[:20])

        async def ask(many: int) -> Heard:
            ports = [side.port for side in sides[:many]]
            requests = [signed(command(user)) for user in given.size.users()]
            heard = await saturate(ports, requests, 2 * given.connections, given.seconds)
            return check(heard, f"of {many}")

        heard = await interleaved({"one": partial(ask, 1), "two": partial(ask, 2)}, given.rounds)
    seen = {
        name: {
            "per_second": [round(each.per_second, 1) for each in rounds],
            "asking_share_of_a_core": [round(each.spent / each.seconds, 2) for each in rounds],
            "cores": len(CORES),
        }
        for name, rounds in heard.items()
    }
    stage.say(f"{WHAT}: {seen}")
    per_second = {name: [each.per_second for each in rounds] for name, rounds in heard.items()}
    row = Row("two-processes", WHAT, 1.5, 1.9)
    return [Figure(row, ratios(per_second["two"], per_second["one"]), seen)]
