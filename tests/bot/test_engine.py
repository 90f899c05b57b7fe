"""Procrastinate wakes the sender at once; what it loses the sweep makes good."""

import asyncio
import contextlib
from collections.abc import AsyncIterator

import pytest

from bot.engine import Engine
from tests.bot.office import Office, opened, until

pytestmark = pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)


@pytest.fixture
async def office(database_url: str) -> AsyncIterator[Office]:
    async with opened(database_url) as made:
        yield made


@contextlib.asynccontextmanager
async def engaged(office: Office) -> AsyncIterator[Engine]:
    """Let a worker's engine run beside the test."""
    engine = Engine(office.world.database, office.sender)
    engine.start(1)
    try:
        await until(lambda: engine.is_running)
        yield engine
    finally:
        await engine.stop()


async def test_what_is_owed_goes_within_a_second(office: Office) -> None:
    async with engaged(office):
        await asyncio.sleep(1)
        ana = office.promoted()
        await until(lambda: office.texts(ana), 1)
