"""How fast one person may go on: a bucket each, which fills again with time."""

import math
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum

MOST = 10_000  # people remembered at once; whoever was quiet longest is forgotten first
SLOWLY = (
    "That was a lot at once, so this last one was left out, and so is what follows right away. "
    "Wait ten seconds, then do it again; everything before it stands."
)

Ticks = Callable[[], float]


class Pace(Enum):
    """What to do with one more request."""

    FINE = "fine"
    SAY = "say"  # the first one too many, and again for whoever does not stop
    QUIET = "quiet"  # it was said a moment ago


@dataclass(slots=True)
class _Bucket:
    left: float
    at: float
    told_at: float = -math.inf


class Paces:
    """Counts what each person asks: at most *requests* in *seconds*, by the monotonic *ticks*."""

    def __init__(self, ticks: Ticks, requests: int = 10, seconds: float = 10) -> None:
        self._ticks, self._requests, self._seconds = ticks, requests, seconds
        self._buckets: OrderedDict[tuple[str, str], _Bucket] = OrderedDict()

    def of(self, team: str, user: str, *, hears: bool = True) -> Pace:
        """Count one request of *user*, who *hears* what is answered, and say how it stands."""
        now = self._ticks()
        bucket = self._buckets.setdefault((team, user), _Bucket(self._requests, now))
        self._buckets.move_to_end((team, user))
        if len(self._buckets) > MOST:
            self._buckets.popitem(last=False)
        filled = bucket.left + (now - bucket.at) * self._requests / self._seconds
        bucket.left, bucket.at = min(self._requests, filled), now
        if bucket.left >= 1:
            bucket.left -= 1
            return Pace.FINE
        if now - bucket.told_at < self._seconds or not hears:
            return Pace.QUIET
        bucket.told_at = now
        return Pace.SAY
