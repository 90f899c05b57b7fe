"""Serves one side of the comparison in a process of its own: ours, a bare Bolt, or a fake Slack."""

import asyncio
import sys
from typing import Any

import uvicorn
import uvloop
from slack_bolt.adapter.starlette.async_handler import AsyncSlackRequestHandler
from slack_bolt.app.async_app import AsyncApp
from slack_bolt.authorization import AuthorizeResult
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from bot.running import running
from bot.settings import Settings
from tests.bench.load import SECRET

SLOW = 0.1  # seconds that the fake Slack takes for what is posted to a response_url


def hello() -> Starlette:
    """Make the framework's limit: Bolt in its default configuration, answering one word."""

    async def authorize() -> AuthorizeResult:
        return AuthorizeResult(enterprise_id=None, team_id="T0CONVENE", bot_token="xoxb-bench")

    app = AsyncApp(signing_secret=SECRET, authorize=authorize)

    @app.command("/briefings")
    async def answer(ack: Any) -> None:
        await ack("hello")

    bolt = AsyncSlackRequestHandler(app)

    async def endpoint(request: Request) -> Response:
        return await bolt.handle(request)

    return Starlette(routes=[Route("/slack/events", endpoint, methods=["POST"])])


def slack() -> Starlette:
    """Make the little of Slack that the bot calls here."""

    async def auth_test(_request: Request) -> Response:
        return JSONResponse(
            {"ok": True, "team_id": "T0CONVENE", "team": "Bench", "user_id": "U0", "bot_id": "B0"}
        )

    async def respond(_request: Request) -> Response:
        await asyncio.sleep(SLOW)
        return Response("ok")

    return Starlette(
        routes=[
            Route("/api/auth.test", auth_test, methods=["POST"]),
            Route("/respond", respond, methods=["POST"]),
        ]
    )


async def ours(port: int, database_url: str, slack_port: int) -> None:
    """Run the bot itself."""
    api = f"http://127.0.0.1:{slack_port}/api/"
    settings = Settings("xoxb-bench", "", SECRET, api, database_url, ("127.0.0.1", port))
    async with running(settings, pace=1_000_000):
        await asyncio.Event().wait()


def main(kind: str, port: str, *more: str) -> None:
    """Serve *kind* on *port* until killed."""
    if kind == "ours":
        with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
            runner.run(ours(int(port), more[0], int(more[1])))
    else:
        app = {"hello": hello, "slack": slack}[kind]()
        uvicorn.run(app, host="127.0.0.1", port=int(port), access_log=False, log_level="error")


if __name__ == "__main__":
    main(*sys.argv[1:])
