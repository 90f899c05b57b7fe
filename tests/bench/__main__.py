"""`make bench`: `/briefings` beside a bare Bolt «hello», and clicks while Slack is slow."""

import asyncio
import contextlib
import json
import os
import platform
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

from storage import schema
from storage.database import Database
from tests.bench.load import at_rate, saturate, signed
from tests.bench.seeding import CLICKED, seed

ROUNDS, SECONDS, CONNECTIONS = 5, 4.0, 24
CLICKS, CLICK_RATE = 600, 150.0


def main() -> None:
    """Measure, and print a table."""
    with tempfile.TemporaryDirectory(prefix="convene-bench-") as folder:
        url = f"sqlite:///{folder}/bench.sqlite3"
        database = Database(url)
        schema.upgrade(database)
        users = database.run(seed)
        database.close()
        print(_machine())
        asyncio.run(_measure(url, users))


async def _measure(url: str, users: list[str]) -> None:
    ports = {"slack": 8931, "ours": 8932, "hello": 8933}
    async with (
        _served("slack", ports["slack"]),
        _served("ours", ports["ours"], url, str(ports["slack"])),
        _served("hello", ports["hello"]),
    ):
        rounds: dict[str, list[float]] = {"ours": [], "hello": []}
        for turn in range(ROUNDS):
            for kind in ("ours", "hello") if turn % 2 else ("hello", "ours"):
                asked = [signed(_command(user)) for user in users[:200]]
                heard = await saturate(ports[kind], asked, CONNECTIONS, SECONDS)
                assert not heard.wrong, f"{heard.wrong} answers of {kind} were not 200"
                rounds[kind].append(heard.per_second)
        ours, hello = (statistics.median(rounds[kind]) for kind in ("ours", "hello"))
        print(f"/briefings, 10,000 briefings and 200,000 answers: {ours:.0f} answers/s")
        print(f"bare Bolt «hello», default configuration:          {hello:.0f} answers/s")
        print(f"ratio (medians of {ROUNDS} interleaved rounds):           {ours / hello:.2f}")
        clicks = [signed(_click(user, ports["slack"])) for user in (users * 2)[:CLICKS]]
        heard = await at_rate(ports["ours"], clicks, CLICK_RATE)
        print(
            f"{CLICKS} clicks at {CLICK_RATE:.0f}/s while Slack takes 100 ms: "
            f"ack p50 {heard.percentile(0.5):.1f} ms, p99 {heard.percentile(0.99):.1f} ms, "
            f"unanswered within 3 s: {sum(t > 3 for t in heard.took) + CLICKS - len(heard.took)}"
        )


def _command(user: str) -> dict[str, str]:
    return {
        "team_id": "T0CONVENE",
        "user_id": user,
        "user_name": "bench",
        "channel_id": "C0",
        "command": "/briefings",
        "text": "",
        "trigger_id": "1.1",
        "response_url": "http://127.0.0.1:8931/respond",
    }


def _click(user: str, slack: int) -> dict[str, str]:
    payload = {
        "type": "block_actions",
        "team": {"id": "T0CONVENE"},
        "user": {"id": user, "team_id": "T0CONVENE", "name": "bench"},
        "container": {"type": "message"},
        "channel": {"id": "C0"},
        "response_url": f"http://127.0.0.1:{slack}/respond",
        "trigger_id": "1.1",
        "actions": [
            {
                "action_id": "briefings.going",
                "block_id": "b",
                "type": "button",
                "value": str(CLICKED),
                "action_ts": "1",
            }
        ],
    }
    return {"payload": json.dumps(payload)}


@contextlib.asynccontextmanager
async def _served(kind: str, port: int, *more: str) -> AsyncIterator[None]:
    with _process([sys.executable, "-m", "tests.bench.serve", kind, str(port), *more]):
        for _ in range(200):
            with contextlib.suppress(OSError):
                _, writer = await asyncio.open_connection("127.0.0.1", port)
                writer.close()
                break
            await asyncio.sleep(0.05)
        yield


@contextlib.contextmanager
def _process(command: list[str]) -> Iterator[None]:
    with subprocess.Popen(command, cwd=Path(__file__).parents[2]) as process:  # noqa: S603 -- our own words
        try:
            yield
        finally:
            process.terminate()


def _machine() -> str:
    day = time.strftime("%Y-%m-%d")
    return f"{day}, Python {platform.python_version()}, {os.cpu_count()} cores, {platform.system()}"


if __name__ == "__main__":
    main()
