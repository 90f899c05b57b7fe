"""How often one person may ask: ten requests in ten seconds, as in every process for itself."""

import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass

from bot.people import Identity

BURST = 10  # requests at once
REFILL = 1.0  # requests a second
KNOWN = 10_000  # people remembered; whoever was quiet longest is forgotten, and so starts afresh


@dataclass
class _Bucket:
    left: float
    at: float
    is_told: bool = False


class Pace:
    """A bucket of requests for each person."""

    def __init__(self, burst: int = BURST, clock: Callable[[], float] = time.monotonic) -> None:
        self._burst, self._clock = burst, clock
        self._buckets: OrderedDict[Identity, _Bucket] = OrderedDict()

    def allows(self, who: Identity) -> bool:
        """Take one request of *who* off; say whether there was one left."""
        now = self._clock()
        bucket = self._buckets.pop(who, None) or _Bucket(self._burst, now)
        self._buckets[who] = bucket
        while len(self._buckets) > KNOWN:
            self._buckets.popitem(last=False)
        bucket.left = min(self._burst, bucket.left + (now - bucket.at) * REFILL)
        bucket.at = now
        if bucket.left < 1:
            return False
        bucket.left, bucket.is_told = bucket.left - 1, False
        return True

    def tells(self, who: Identity) -> bool:
        """Say whether *who* is to hear that this was too much: once in each burst."""
        bucket = self._buckets[who]
        first, bucket.is_told = not bucket.is_told, True
        return first
