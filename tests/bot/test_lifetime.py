"""What a process has loaded stays out of the collector's looks, also what it loads a while later."""

import asyncio
import gc
import sys

import pytest

from bot import lifetime


async def test_what_is_loaded_after_the_start_is_looked_at_no_more(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(lifetime, "WARM", (0.05,))
    turn = sys.getswitchinterval()
    try:
        lifetime.settle()
        at_first = gc.get_freeze_count()
        loaded = [[number] for number in range(1000)]
        await asyncio.sleep(0.1)

        assert at_first > 0
        assert gc.get_freeze_count() >= at_first + len(loaded)
    finally:
        gc.unfreeze()
        sys.setswitchinterval(turn)
