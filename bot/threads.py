"""Threads that take calls in turn, and bring each outcome back to the loop that waits for it."""

import asyncio
import threading
import time
from collections import deque
from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass
from queue import Empty, SimpleQueue
from typing import Any

from storage.database import Call
from storage.errors import Away
from storage.together import Outcome

MOST = 16  # calls that are run together: whoever is last waits for all of them
LONG = 1000  # calls in the queue: whoever came after so many would wait for a second, or for more


@dataclass(eq=False, slots=True)
class _Job:
    call: Call
    outcome: asyncio.Future[Any]
    tickets: list[None]

    def is_begun(self) -> bool:
        """Take it, for a thread or for whoever waits no longer: False for the second of them."""
        try:
            self.tickets.pop()
        except IndexError:
            return False
        return True


class Threads:
    """So many threads, each of which lets *run* do what it takes: one call, or several of a turn.

    Calls of one turn never run at once: those that came meanwhile run together. Any other call
    runs as soon as a thread is free. Threads begin when none is free: each takes memory.
    """

    def __init__(
        self, count: int, name: str, run: Callable[[Sequence[Call]], Sequence[Outcome]]
    ) -> None:
        self._run = run
        self._is_closed = False
        self._queue: SimpleQueue[_Job | Hashable] = SimpleQueue()
        self._turns: dict[Hashable, deque[_Job]] = {}
        self._lock = threading.Lock()
        self._count, self._name, self._free = count, name, 0
        self._threads: list[threading.Thread] = []

    async def do(self, call: Call, turn: Hashable = None, patience: float | None = None) -> Any:
        """Give what *call* gives; raises what it raises.

        Raises Away where *patience* seconds went by and no thread had begun: then none will. So
        it does at once where the queue is too long for anybody of limited patience.
        """
        if patience is not None and self._queue.qsize() > LONG:
            raise Away("TooManyWait")
        loop = asyncio.get_running_loop()
        job = _Job(call, loop.create_future(), [None])
        self._put(job, turn)
        timer = loop.call_later(patience, _give_up, job) if patience is not None else None
        try:
            return await job.outcome
        finally:
            if timer is not None:
                timer.cancel()

    def close(self) -> None:
        """Take no more calls, and wait for those there are."""
        with self._lock:
            self._is_closed = True
        while self._turns:
            time.sleep(0.005)
        for _ in self._threads:
            self._queue.put(None)
        for thread in self._threads:
            thread.join()

    def _put(self, job: _Job, turn: Hashable) -> None:
        with self._lock:
            if self._is_closed:
                raise RuntimeError("These threads are closed.")
            if turn is None:
                self._offer(job)
            elif turn in self._turns:
                self._turns[turn].append(job)
            else:
                self._turns[turn] = deque([job])
                self._offer(turn)

    def _offer(self, next_: _Job | Hashable) -> None:
        """Put *next_* where a thread takes it; whoever calls holds the lock."""
        self._queue.put(next_)
        if self._free:
            self._free -= 1
        elif len(self._threads) < self._count:
            name = f"{self._name}-{len(self._threads)}"
            thread = threading.Thread(target=self._serve, name=name, daemon=True)
            self._threads.append(thread)
            thread.start()

    def _taken(self) -> _Job | Hashable:
        with self._lock:
            try:
                return self._queue.get_nowait()
            except Empty:
                self._free += 1
        return self._queue.get()

    def _serve(self) -> None:
        while (next_ := self._taken()) is not None:
            if isinstance(next_, _Job):
                self._do([next_])
                continue
            with self._lock:
                waiting = self._turns[next_]
                jobs = [waiting.popleft() for _ in range(min(len(waiting), MOST))]
            self._do(jobs)
            with self._lock:
                if waiting:
                    self._offer(next_)
                else:
                    del self._turns[next_]

    def _do(self, jobs: Sequence[_Job]) -> None:
        begun = [job for job in jobs if job.is_begun()]
        if not begun:
            return
        outcomes = self._run([job.call for job in begun])
        loop = begun[0].outcome.get_loop()
        if not loop.is_closed():
            loop.call_soon_threadsafe(_settle, begun, outcomes)


def _give_up(job: _Job) -> None:
    if job.is_begun():
        job.outcome.set_exception(Away("TooManyWait"))


def _settle(jobs: Sequence[_Job], outcomes: Sequence[Outcome]) -> None:
    for job, (result, error) in zip(jobs, outcomes, strict=True):
        if job.outcome.done():
            continue  # whoever waited was cancelled
        if error is None:
            job.outcome.set_result(result)
        else:
            job.outcome.set_exception(error)
