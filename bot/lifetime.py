"""From the start until it is told to stop."""

import asyncio
import gc
import signal
from contextlib import AbstractAsyncContextManager

import uvloop


def run(started: AbstractAsyncContextManager[object]) -> None:
    """Run what is *started* until the process is told to stop, by SIGTERM or SIGINT."""
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        runner.run(_run(started))


def settle() -> None:
    """Look for garbage no more in what a start has loaded: it stays, and everybody would wait."""
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
