"""What is measured runs in processes of its own, on cores of its own where there are several."""

import asyncio
import contextlib
import json
import os
import socket
import subprocess
import sys
import tempfile
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

from tests.bench.load import calling

ROOT = Path(__file__).parents[2]
CORES = sorted(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else []
# The side that is measured has the first core to itself; whoever asks, and PostgreSQL, the others.
SIDE, REST = (CORES[:1], CORES[1:]) if len(CORES) > 1 else (CORES, CORES)
START = 120.0  # seconds a side may take to begin


@dataclass(frozen=True)
class Served:
    """A process that serves one side."""

    port: int
    pid: int

    def spent(self) -> float:
        """Tell how many seconds of a core it has used; 0 where the system does not say."""
        used = [each.split()[0] for pid in self._all() for each in _told(pid, "task/*/schedstat")]
        return sum(map(int, used)) / 1e9

    def memory(self) -> float:
        """Tell how much memory is resident, in MB; 0 where the system does not say."""
        used = [
            line
            for pid in self._all()
            for told in _told(pid, "status")
            for line in told.splitlines()
        ]
        return sum(int(line.split()[1]) for line in used if line.startswith("VmRSS")) / 1000

    def _all(self) -> list[int]:
        """Give the process and those it has started."""
        children = [told.split() for told in _told(self.pid, "task/*/children")]
        return [self.pid, *(int(child) for each in children for child in each)]


@contextlib.asynccontextmanager
async def served(kind: str, *, cores: list[int] = SIDE, **given: Any) -> AsyncIterator[Served]:
    """Serve *kind* (see tests/bench/serve.py) on *cores* while the block runs."""
    port = free_port()
    told = json.dumps({"kind": kind, "port": port, "cores": cores, **given})
    command = [sys.executable, "-m", "tests.bench.serve", told]
    # What it logs is kept, not shown: in a flood it says of each request that it was refused.
    with tempfile.TemporaryFile("w+") as log, running(command, stderr=log) as process:
        await _listening(port, process, log)
        yield Served(port, process.pid)


async def _listening(port: int, process: "subprocess.Popen[bytes]", log: IO[str]) -> None:
    loop = asyncio.get_running_loop()
    until = loop.time() + START
    while loop.time() < until:
        if process.poll() is not None:
            log.seek(0)
            raise RuntimeError(f"A side ended before it was asked anything.\n{log.read()}")
        with contextlib.suppress(OSError):
            (await calling(port)).close()
            return
        await asyncio.sleep(0.05)
    raise TimeoutError(f"A side that was to be measured did not listen within {START:.0f} s.")


@contextlib.contextmanager
def running(command: list[str], **given: Any) -> "Iterator[subprocess.Popen[bytes]]":
    """Run *command* in the checkout while the block runs."""
    with subprocess.Popen(command, cwd=ROOT, **given) as process:  # noqa: S603 -- our own words
        try:
            yield process
        finally:
            process.terminate()


def _told(pid: int, names: str) -> Iterator[str]:
    """Read what Linux tells of a process in each file that *names* fits."""
    for file in Path(f"/proc/{pid}").glob(names):
        with contextlib.suppress(OSError):  # a thread has just ended
            yield file.read_text(encoding="utf-8")


def free_port() -> int:
    """Find a port nobody listens on."""
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


def keep_to(cores: list[int]) -> None:
    """Let this process, and all that it starts from now on, run on *cores* alone."""
    if cores and hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, cores)
