"""The workspace's clock: it runs with real time, or stands still, and can be moved forward."""

from __future__ import annotations

import asyncio
import time
from datetime import UTC, datetime, timedelta


class Clock:
    """Tell the time, aware and in UTC.

    ``Clock()`` starts now and ``Clock(moment)`` then; both run on with real time.
    ``Clock(frozen_at=moment)`` stands still until it is advanced.
    """

    def __init__(self, start: datetime | None = None, *, frozen_at: datetime | None = None) -> None:
        if start is not None and frozen_at is not None:
            raise ValueError("A clock either runs from a start or stands still, not both.")
        begin = frozen_at or start or datetime.now(UTC)
        if begin.tzinfo is None:
            raise ValueError("A clock needs an aware moment: give it a time zone.")
        self._begin = begin.astimezone(UTC)
        self._is_frozen = frozen_at is not None
        self._started = time.monotonic()
        self._added = timedelta()
        self._moved = asyncio.Event()

    def __call__(self) -> datetime:
        """Tell the time."""
        return self._begin + self._added + self._elapsed()

    def advance(self, by: timedelta) -> None:
        """Move forward; raises ValueError for a step back."""
        if by < timedelta():
            raise ValueError("This clock only moves forward.")
        self._added += by
        moved, self._moved = self._moved, asyncio.Event()
        moved.set()

    async def sleep_until(self, moment: datetime) -> None:
        """Return once this clock shows *moment*, by real time passing or by being advanced."""
        while (left := (moment - self()).total_seconds()) > 0:
            moved = self._moved
            try:
                await asyncio.wait_for(moved.wait(), None if self._is_frozen else left)
            except TimeoutError:
                continue

    def _elapsed(self) -> timedelta:
        if self._is_frozen:
            return timedelta()
        return timedelta(seconds=time.monotonic() - self._started)
