"""Towns to try the workspace in: without a bot, with one over HTTP, or over each transport."""

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack
from typing import Any

import pytest
from slack_sdk.errors import SlackApiError

from tests.bot.workspace.crier import Bot, Town, build, serving_http, serving_socket


@pytest.fixture
async def quiet() -> AsyncIterator[Town]:
    """Give a served town in which no bot listens."""
    town = build()
    async with town.workspace.serving():
        yield town


@pytest.fixture
async def http() -> AsyncIterator[Town]:
    """Give a town whose bot is reached over HTTP."""
    town = build()
    async with town.workspace.serving():
        town.bot = Bot(town.workspace)
        async with serving_http(town.bot):
            yield town


@pytest.fixture(params=["http", "socket"])
async def town(request: pytest.FixtureRequest) -> AsyncIterator[Town]:
    """Give a town whose bot is reached over each transport in turn."""
    town = build()
    serve = serving_http if request.param == "http" else serving_socket
    async with AsyncExitStack() as stack:
        await stack.enter_async_context(town.workspace.serving())
        town.bot = Bot(town.workspace)
        await stack.enter_async_context(serve(town.bot))
        yield town


@pytest.fixture
def refusal() -> Callable[[Awaitable[Any]], Awaitable[Any]]:
    """Give a way to call Slack's API and get the answer that refuses."""

    async def called(call: Awaitable[Any]) -> Any:
        with pytest.raises(SlackApiError) as caught:
            await call
        return caught.value.response

    return called
