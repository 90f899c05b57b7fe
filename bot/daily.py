"""What is done once a day: a little with each beat, until nothing is left for that day."""

from collections.abc import Callable
from datetime import date, datetime

from bot.units import Units
from storage.database import Session


class Daily:
    """Runs *verb*, which says how much it did, with each beat until it did nothing.

    A process that starts anew begins again; then there is little left to do.
    """

    def __init__(
        self,
        units: Units,
        verb: Callable[[Session, datetime], int],
        clock: Callable[[], datetime],
    ) -> None:
        self._units, self._verb, self._clock = units, verb, clock
        self._done: date | None = None

    async def __call__(self) -> None:
        """Go on with what is left for today."""
        now = self._clock()
        if self._done != now.date() and not await self._units.run(self._verb, now):
            self._done = now.date()
