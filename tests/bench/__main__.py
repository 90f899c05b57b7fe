"""`make bench`: `/briefings` beside a bare Bolt «hello», and clicks while Slack is slow.

`python -m tests.bench timing` measures instead how long it takes to refuse what is hidden,
`python -m tests.bench digests` how long everybody's own digest takes beside the bare SQL.
"""

import asyncio
import os
import platform
import statistics
import sys
import tempfile
import time

from storage import schema
from storage.database import Database
from tests.bench import digesting, timing
from tests.bench.load import at_rate, saturate, signed
from tests.bench.processes import served
from tests.bench.requests import GOING, click, command
from tests.bench.seeding import CLICKED, seed

ROUNDS, SECONDS, CONNECTIONS = 5, 4.0, 24
CLICKS, CLICK_RATE = 600, 150.0


def main(*asked: str) -> None:
    """Measure, and print a table."""
    print(_machine())
    if asked == ("timing",):
        timing.main()
        return
    if asked[:1] == ("digests",):
        digesting.main(*map(int, asked[1:]))
        return
    with tempfile.TemporaryDirectory(prefix="convene-bench-") as folder:
        url = f"sqlite:///{folder}/bench.sqlite3"
        database = Database(url)
        schema.upgrade(database)
        users = database.run(seed)
        database.close()
        asyncio.run(_measure(url, users))


async def _measure(url: str, users: list[str]) -> None:
    ports = {"slack": 8931, "ours": 8932, "hello": 8933}
    async with (
        served("slack", ports["slack"]),
        served("ours", ports["ours"], url, str(ports["slack"])),
        served("hello", ports["hello"]),
    ):
        rounds: dict[str, list[float]] = {"ours": [], "hello": []}
        for turn in range(ROUNDS):
            for kind in ("ours", "hello") if turn % 2 else ("hello", "ours"):
                asked = [signed(command(user)) for user in users[:200]]
                heard = await saturate(ports[kind], asked, CONNECTIONS, SECONDS)
                assert not heard.wrong, f"{heard.wrong} answers of {kind} were not 200"
                rounds[kind].append(heard.per_second)
        ours, hello = (statistics.median(rounds[kind]) for kind in ("ours", "hello"))
        print(f"/briefings, 10,000 briefings and 200,000 answers: {ours:.0f} answers/s")
        print(f"bare Bolt «hello», default configuration:          {hello:.0f} answers/s")
        print(f"ratio (medians of {ROUNDS} interleaved rounds):           {ours / hello:.2f}")
        clicks = [
            signed(click(user, ports["slack"], GOING, CLICKED)) for user in (users * 2)[:CLICKS]
        ]
        heard = await at_rate(ports["ours"], clicks, CLICK_RATE)
        print(
            f"{CLICKS} clicks at {CLICK_RATE:.0f}/s while Slack takes 100 ms: "
            f"ack p50 {heard.percentile(0.5):.1f} ms, p99 {heard.percentile(0.99):.1f} ms, "
            f"unanswered within 3 s: {sum(t > 3 for t in heard.took) + CLICKS - len(heard.took)}"
        )


def _machine() -> str:
    day = time.strftime("%Y-%m-%d")
    return f"{day}, Python {platform.python_version()}, {os.cpu_count()} cores, {platform.system()}"


if __name__ == "__main__":
    main(*sys.argv[1:])
