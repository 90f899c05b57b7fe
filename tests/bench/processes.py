"""What is measured runs in processes of its own, so that measuring costs it nothing."""

import asyncio
import contextlib
import subprocess
import sys
from collections.abc import AsyncIterator, Iterator
from pathlib import Path


@contextlib.asynccontextmanager
async def served(kind: str, port: int, *more: str) -> AsyncIterator[None]:
    """Serve *kind* (see tests/bench/serve.py) on *port* while the block runs."""
    with _process([sys.executable, "-m", "tests.bench.serve", kind, str(port), *more]):
        for _ in range(200):
            with contextlib.suppress(OSError):
                _, writer = await asyncio.open_connection("127.0.0.1", port)
                writer.close()
                break
            await asyncio.sleep(0.05)
        yield


@contextlib.contextmanager
def _process(command: list[str]) -> Iterator[None]:
    with subprocess.Popen(command, cwd=Path(__file__).parents[2]) as process:  # noqa: S603 -- our own words
        try:
            yield
        finally:
            process.terminate()
