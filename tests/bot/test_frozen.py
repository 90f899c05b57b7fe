"""A process frozen after its last look at the clock: what it then says twice is taken back."""

import asyncio
from multiprocessing.synchronize import Event

import aiohttp
import pytest

from storage.deliveries import AUDIT, LEASE
from tests.bot import crashing, test_crashes
from tests.bot.crashing import Start
from tests.bot.test_crashes import Owed
from tests.factories import NOON

owed = test_crashes.owed
pytestmark = pytest.mark.parametrize(
    ("database_url", "is_driven"),
    [("sqlite", False), ("postgresql", False)],
    ids=["sqlite", "postgresql"],
    indirect=["database_url"],
)


def freezes_after_the_check(start: Start, stops: Event) -> None:
    """Work like any other, but stop between the check of the deadline and the first byte."""
    write = aiohttp.BytesPayload.write_with_length
    freezing = crashing._freezes_before(write, stops)
    aiohttp.BytesPayload.write_with_length = freezing  # type: ignore[method-assign]
    asyncio.run(crashing._beat(start))


@pytest.mark.parametrize("is_audited", [True, False], ids=["audited", "control"])
async def test_a_process_frozen_after_the_check_leaves_one_copy_in_the_end(
    owed: Owed, is_audited: bool
) -> None:
    stops = crashing.PROCESSES.Event()
    given = (owed.start(NOON, owes=True), stops)
    sleeper = crashing.PROCESSES.Process(target=freezes_after_the_check, args=given)
    sleeper.start()
    await asyncio.to_thread(stops.wait, 20)
    other = await owed.process(NOON + LEASE)
    meanwhile = owed.standing()
    woken = await crashing.thawed(sleeper)
    twice = owed.standing()
    await owed.process(NOON + LEASE + (AUDIT if is_audited else AUDIT / 2))

    assert (other, woken, meanwhile) == (0, 0, (1, 1))
    assert sum(twice) > 2
    assert (sum(owed.standing()) == 2) is is_audited
