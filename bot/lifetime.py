"""From the start until it is told to stop."""

import asyncio
import gc
import signal
import sys
from contextlib import AbstractAsyncContextManager

import uvloop

TURN = 0.001  # seconds that a thread runs while others want to
WARM = (5, 15, 60, 600)  # seconds after a start: much is loaded by what is asked for first


def run(started: AbstractAsyncContextManager[object]) -> None:
    """Run what is *started* until the process is told to stop, by SIGTERM or SIGINT."""
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        runner.run(_run(started))


def settle() -> None:
    """Spare everybody waits: for looks at what has been loaded, which stays; for long turns.

    Where all threads compute, the loop may have to wait for a turn of each.
    """
    sys.setswitchinterval(TURN)
    _keep()
    for warm in WARM:
        asyncio.get_running_loop().call_later(warm, _keep)


def _keep() -> None:
    gc.collect()
    gc.freeze()


async def _run(started: AbstractAsyncContextManager[object]) -> None:
    stop, ready = asyncio.Event(), asyncio.Event()

    async def held() -> None:
        async with started:
            settle()
            ready.set()
            await stop.wait()

    def leave() -> None:
        stop.set()
        if not ready.is_set():
            held_open.cancel()  # a start may be waiting for Slack; nobody waits for the start

    held_open = asyncio.create_task(held())
    for told in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(told, leave)
    await asyncio.wait({held_open})
    if not held_open.cancelled():
        held_open.result()
