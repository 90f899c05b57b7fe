"""The usual Slack bot, for comparison: synchronous Bolt, a listener for each id, ten threads.

It answers `/briefings` with the same query as the practical limit and the same blocks, and takes a
click as most do: acknowledge, then one transaction, then `chat.update`. The usual one is served by
gunicorn's threads and reads through SQLAlchemy's pool, which asks each connection whether it lives.
The `lean` one has none of that: what a synchronous bot can reach that is written to be fast.
"""

import asyncio
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager
from datetime import UTC, datetime
from typing import Any

import sqlalchemy as sa
from psycopg.rows import dict_row
from psycopg_pool import ConnectionPool
from slack_bolt import Ack, App
from slack_bolt.adapter.starlette.handler import to_bolt_request, to_starlette_response
from slack_bolt.adapter.wsgi import SlackRequestHandler
from slack_sdk import WebClient
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from commands import catalog
from storage.database import sqlalchemy_url
from tests.bench import answer
from tests.bench.load import SECRET
from tests.bench.requests import GOING, TEAM

THREADS = 10
HOLD = "SELECT capacity, taken, title FROM briefings WHERE id = :briefing FOR UPDATE"
OWN = "SELECT standing FROM rsvps WHERE briefing_id = :briefing AND person_id = :person"
SEAT = "UPDATE briefings SET taken = taken + 1 WHERE id = :briefing"
GO = """
    INSERT INTO rsvps (workspace_id, briefing_id, person_id, standing, answered_at, changes)
    VALUES (1, :briefing, :person, 'going', :now, 1)
    ON CONFLICT (briefing_id, person_id) DO UPDATE SET standing = 'going', answered_at = :now
"""

Run = Callable[..., list[Any]]  # runs a statement in the transaction there is, and gives its rows
Lend = Callable[[], AbstractContextManager[Any]]


def usual(url: str, slack: int, items: int, *, uses_models: bool) -> SlackRequestHandler:
    """Make it, with `slack_sdk.models` or with plain dicts; Slack's API is at port *slack*."""
    engine = sa.create_engine(
        sqlalchemy_url(url), pool_size=THREADS, max_overflow=0, pool_pre_ping=True
    )
    made = {one: sa.text(one) for one in _STATEMENTS}

    def run(connection: sa.Connection, statement: str, **values: Any) -> list[Any]:
        done = connection.execute(made[statement], values)
        return list(done.mappings()) if done.returns_rows else []

    app = _app(slack, engine.begin, run, answer.models if uses_models else answer.plain, items)
    return SlackRequestHandler(app, path="/slack/events")


def lean(url: str, slack: int, items: int) -> Starlette:
    """Make it as fast as it can be: psycopg alone, plain dicts, uvicorn and a hop into a thread."""
    given = {"row_factory": dict_row, "autocommit": True}
    pool = ConnectionPool(url, min_size=THREADS, max_size=THREADS, open=True, kwargs=given)
    made = {one: answer.for_psycopg(one) for one in _STATEMENTS}

    def run(connection: Any, statement: str, **values: Any) -> list[Any]:
        done = connection.execute(made[statement], values)
        return list(done) if done.description else []

    app, threads = _app(slack, pool.connection, run, answer.plain, items), _threads()

    async def endpoint(request: Request) -> Response:
        asked = to_bolt_request(request, await request.body())
        loop = asyncio.get_running_loop()
        return to_starlette_response(await loop.run_in_executor(threads, app.dispatch, asked))

    return Starlette(routes=[Route("/slack/events", endpoint, methods=["POST"])])


def _app(slack: int, lend: Lend, run: Run, draw: Callable[..., Any], items: int) -> App:
    client = WebClient("xoxb-bench", base_url=f"http://127.0.0.1:{slack}/api/")
    client.proxy = None
    app = App(
        signing_secret=SECRET,
        client=client,
        token_verification_enabled=False,
        listener_executor=_threads(),
    )

    def upcoming(ack: Ack, body: Mapping[str, Any]) -> None:
        with lend() as held:
            (who,) = run(held, answer.WHO, team=body["team_id"], user=body["user_id"])
            values = answer.values(who["id"], datetime.now(UTC), lambda moment: moment)
            (total,) = run(held, answer.TOTAL, **values)
            rows = run(held, answer.LIST, **values, items=items)
        ack(**draw(rows, total["total"], who["zone"]))

    def going(ack: Ack, body: Mapping[str, Any], client: WebClient) -> None:
        ack()
        number = int(body["actions"][0]["value"])
        with lend() as held:
            (who,) = run(held, answer.WHO, team=TEAM, user=body["user"]["id"])
            (briefing,) = run(held, HOLD, briefing=number)
            own = run(held, OWN, briefing=number, person=who["id"])
            is_going = own and own[0]["standing"] == "going"
            if briefing["taken"] < briefing["capacity"] and not is_going:
                run(held, GO, briefing=number, person=who["id"], now=datetime.now(UTC))
                run(held, SEAT, briefing=number)
        said = f"You are going: {briefing['title']}"
        client.chat_update(channel=body["channel"]["id"], ts="1.1", text=said)

    _listen(app, {"/briefings": upcoming, GOING: going})
    return app


def _listen(app: App, own: Mapping[str, Any]) -> None:
    """Register a listener for every id that our bot has, room by room."""

    def nothing(ack: Ack) -> None:
        ack()

    for room in sorted(catalog.FEATURES, key=lambda room: room.room):
        if room.command:
            app.command(room.command)(own.get(room.command, nothing))
        for button in room.buttons:
            app.action(button)(own.get(button, nothing))
        for form in room.forms:
            app.view(form)(nothing)


def _threads() -> ThreadPoolExecutor:
    return ThreadPoolExecutor(THREADS)


_STATEMENTS = (answer.WHO, answer.TOTAL, answer.LIST, HOLD, OWN, SEAT, GO)
