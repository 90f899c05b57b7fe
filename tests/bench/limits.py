"""What ours is measured beside: the limits of Python, of Bolt, and of the database's driver."""

import asyncio
import hashlib
import hmac
import json
import sqlite3
import threading
from collections.abc import Awaitable, Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from typing import Any
from urllib.parse import parse_qsl

import psycopg
from psycopg.rows import dict_row
from slack_bolt.adapter.starlette.async_handler import AsyncSlackRequestHandler
from slack_bolt.app.async_app import AsyncApp
from slack_bolt.authorization import AuthorizeResult
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from tests.bench import answer
from tests.bench.load import SECRET

THREADS = 8  # four answer 0.9 times as much, two 0.84

Answering = Callable[[dict[str, str]], Awaitable[bytes]]
Asgi = Callable[[Any, Any, Any], Awaitable[None]]


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


def bare() -> Asgi:
    """Make the limit of Python: an endpoint that checks the signature and answers one word."""

    async def answered(_form: dict[str, str]) -> bytes:
        return b"hello"

    return _endpoint(answered, reads=False)


def on_sqlite(path: str, items: int) -> Asgi:
    """Make the practical limit on SQLite: the same answer by its driver alone, in the loop."""
    connection = sqlite3.connect(path, isolation_level=None)
    connection.row_factory = sqlite3.Row

    async def answered(form: dict[str, str]) -> bytes:
        def run(statement: str, values: Mapping[str, Any]) -> list[Any]:
            return connection.execute(statement, values).fetchall()

        return _answer(run, form, items, "{:%Y-%m-%d %H:%M:%S.%f}".format)

    return _endpoint(answered)


def on_postgresql(url: str, items: int) -> Asgi:
    """Make the practical limit on PostgreSQL: the same answer by psycopg alone, in threads."""
    threads, own = ThreadPoolExecutor(THREADS), threading.local()

    def connection() -> psycopg.Connection[dict[str, Any]]:
        if not hasattr(own, "held"):
            own.held = psycopg.connect(url, autocommit=True, row_factory=dict_row)
        held: psycopg.Connection[dict[str, Any]] = own.held
        return held

    def run(statement: str, values: Mapping[str, Any]) -> list[Any]:
        return connection().execute(_POSTGRESQL[statement], values).fetchall()

    async def answered(form: dict[str, str]) -> bytes:
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(threads, _answer, run, form, items, lambda moment: moment)

    return _endpoint(answered)


_POSTGRESQL = {one: answer.for_psycopg(one) for one in (answer.WHO, answer.TOTAL, answer.LIST)}


def _answer(
    run: Callable[[str, Mapping[str, Any]], list[Any]],
    form: dict[str, str],
    items: int,
    as_stored: Callable[[datetime], Any],
) -> bytes:
    (who,) = run(answer.WHO, {"team": form["team_id"], "user": form["user_id"]})
    values = answer.values(who["id"], datetime.now(UTC), as_stored)
    (total,) = run(answer.TOTAL, values)
    rows = run(answer.LIST, values | {"items": items})
    return json.dumps(answer.plain(rows, total["total"], who["zone"])).encode()


def _endpoint(answered: Answering, *, reads: bool = True) -> Asgi:
    secret = SECRET.encode()

    async def endpoint(scope: Any, receive: Any, send: Any) -> None:
        body, more = b"", True
        while more:
            message = await receive()
            body, more = body + message.get("body", b""), message.get("more_body", False)
        headers = dict(scope["headers"])
        stamp = headers[b"x-slack-request-timestamp"]
        wanted = hmac.new(secret, b"v0:" + stamp + b":" + body, hashlib.sha256).hexdigest()
        is_signed = hmac.compare_digest(f"v0={wanted}".encode(), headers[b"x-slack-signature"])
        form = dict(parse_qsl(body.decode())) if reads else {}
        said = await answered(form) if is_signed else b""
        kind = b"application/json" if reads else b"text/plain"
        sent = [(b"content-type", kind), (b"content-length", str(len(said)).encode())]
        status = 200 if is_signed else 401
        await send({"type": "http.response.start", "status": status, "headers": sent})
        await send({"type": "http.response.body", "body": said})

    return endpoint
