"""Serves one side of the comparison in a process of its own: ours, its peers, or a fake Slack."""

import asyncio
import json
import logging
import os
import sys
import time
from typing import Any, NoReturn

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


def slack() -> Starlette:
    """Make the little of Slack that the sides call; it tells when what arrived."""
    arrived: list[tuple[str, str, float]] = []

    async def call(request: Request) -> Response:
        method = request.path_params["method"]
        if method not in AT_ONCE:
            at, said = time.monotonic(), await request.body()
            told = json.loads(said) if said.startswith(b"{") else {}
            arrived.append((method, told.get("user_id", ""), at))
            await asyncio.sleep(SLOW)
        team = {"team_id": TEAM, "team": "Bench", "user_id": "U0", "bot_id": "B0"}
        return JSONResponse({"ok": True, **team, "bot": {}})

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


async def ours(port: int, database: str, slack: int, part: str = "run") -> None:
    """Run the bot itself."""
    # Imported here: the number of rows of a page is set before anything reads it.
    from bot.__main__ import NOISY  # noqa: PLC0415
    from bot.running import Part, running  # noqa: PLC0415
    from bot.settings import Settings  # noqa: PLC0415

    for name in NOISY:
        logging.getLogger(name).setLevel(logging.ERROR)
    api = f"http://127.0.0.1:{slack}/api/"
    settings = Settings("xoxb-bench", "", SECRET, api, database, ("127.0.0.1", port))
    async with running(settings, pace=1_000_000, part=Part(part)):
        await asyncio.Event().wait()


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
