"""Serves one side of the comparison in a process of its own: ours, its peers, or a fake Slack."""

import asyncio
import json
import logging
import os
import sys
import time
from pathlib import Path
from typing import Any, NoReturn
from urllib.parse import parse_qsl

import uvicorn
import uvloop
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from storage import pages
from tests.bench.load import SECRET
from tests.bench.processes import keep_to
from tests.bench.requests import TEAM

SLOW = 0.1  # seconds that the fake Slack takes for what is shown to people
AT_ONCE = {"auth.test", "bots.info"}
_ANSWERS: dict[str, dict[str, Any]] = {
    "auth.test": {"team_id": TEAM, "team": "Bench", "user_id": "U0", "bot_id": "B0"},
    "bots.info": {"bot": {}},
    "users.info": {"user": {"id": "U1", "team_id": TEAM, "name": "one"}},
    "conversations.info": {"channel": {"is_member": True}},
}


def slack() -> Starlette:
    """Make the little of Slack that the sides call; it tells when what arrived."""
    arrived: list[tuple[str, str, float]] = []

    async def call(request: Request) -> Response:
        method = request.path_params["method"]
        at, said = time.monotonic(), await request.body()
        told = json.loads(said) if said.startswith(b"{") else dict(parse_qsl(said.decode()))
        to = told.get("user_id") or told.get("channel") or request.query_params.get("channel", "")
        arrived.append((method, to, at))
        if method not in AT_ONCE:
            await asyncio.sleep(SLOW)
        return JSONResponse({"ok": True, **_ANSWERS.get(method, {}), **_posted(method, to, at)})

    async def tell(_request: Request) -> Response:
        told = list(arrived)
        arrived.clear()
        return JSONResponse(told)

    return Starlette(
        routes=[
            Route("/api/{method}", call, methods=["GET", "POST"]),
            Route("/arrived", tell, methods=["POST"]),
        ]
    )


def _posted(method: str, to: str, at: float) -> dict[str, str]:
    return {"channel": to, "ts": f"{at:.6f}"} if method == "chat.postMessage" else {}


async def ours(port: int, database: str, slack: int, part: str = "run", stalls: str = "") -> None:
    """Run the bot itself; the file *stalls* is to say how long its loop was held up at most."""
    # Imported here: the number of rows of a page is set before anything reads it.
    from bot.__main__ import NOISY  # noqa: PLC0415
    from bot.lifetime import settle  # noqa: PLC0415
    from bot.running import Part, running  # noqa: PLC0415
    from bot.settings import Settings  # noqa: PLC0415

    for name in NOISY:
        logging.getLogger(name).setLevel(logging.ERROR)
    api = f"http://127.0.0.1:{slack}/api/"
    settings = Settings("xoxb-bench", "", SECRET, api, database, ("127.0.0.1", port))
    async with running(settings, pace=1_000_000, part=Part(part)):
        settle()
        if stalls:
            await _watch(Path(stalls))
        await asyncio.Event().wait()


async def _watch(file: Path) -> None:
    """Write down, in milliseconds, each time the loop was held up longer than ever before."""
    longest, pause = 0.0, 0.001
    while True:
        begun = time.monotonic()
        await asyncio.sleep(pause)
        late = time.monotonic() - begun - pause
        if late > longest:
            longest = late
            file.write_text(f"{1000 * late:.2f}", encoding="utf-8")  # noqa: ASYNC240 -- a few bytes


def main(kind: str, port: int, cores: list[int], items: int = pages.SIZE, **given: Any) -> None:
    """Serve *kind* on *port* until killed; lists have as many *items*."""
    keep_to(cores)
    pages.SIZE = items
    if kind == "ours":
        with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
            runner.run(ours(port, **given))
        return
    if kind == "usual":
        _become_usual(port, items=items, **given)
    uvicorn.run(
        _side(kind, items, given),
        host="127.0.0.1",
        port=port,
        http="httptools",
        loop="uvloop",
        lifespan="off",
        access_log=False,
        log_level="error",
        date_header=False,
        server_header=False,
    )


def _become_usual(port: int, **given: Any) -> NoReturn:
    told = ", ".join(f"{name}={value!r}" for name, value in given.items())
    how = "-k gthread --threads 10 --keep-alive 75 --graceful-timeout 1 --log-level error"
    where = ["-b", f"127.0.0.1:{port}", f"tests.bench.usual:usual({told})"]
    os.execv(sys.executable, [sys.executable, "-m", "gunicorn", *how.split(), *where])  # noqa: S606 -- our own words


def _side(kind: str, items: int, given: dict[str, Any]) -> Any:
    # Imported here: what a process does not serve shall not weigh in it.
    from tests.bench import limits, usual  # noqa: PLC0415

    if kind == "lean":
        return usual.lean(items=items, **given)
    if kind == "limit":
        on = limits.on_sqlite if given["database"].startswith("sqlite") else limits.on_postgresql
        return on(given["database"].removeprefix("sqlite:///"), items)
    return {"slack": slack, "hello": limits.hello, "bare": limits.bare}[kind]()


if __name__ == "__main__":
    main(**json.loads(sys.argv[1]))
