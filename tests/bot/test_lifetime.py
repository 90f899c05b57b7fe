"""What a process has loaded is not looked at again and again by the collector."""

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
        loaded = [object()]
        is_looked_at = _is_looked_at(loaded)
        await asyncio.sleep(0.1)

        assert is_looked_at
        assert not _is_looked_at(loaded)
    finally:
        gc.unfreeze()
        sys.setswitchinterval(turn)


def _is_looked_at(one: object) -> bool:
    return any(each is one for each in gc.get_objects())
