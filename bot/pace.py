"""How fast one person may go on: a bucket each, which fills again with time."""

from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum

MOST = 10_000  # people remembered at once; whoever was quiet longest is forgotten first
SLOWLY = (
    "That was a lot at once, so this last one was left out. Wait ten seconds, then do it again; "
    "everything before it stands."
)

Ticks = Callable[[], float]


class Pace(Enum):
    """What to do with one more request."""

    FINE = "fine"
    SAY = "say"  # the first one too many
    QUIET = "quiet"  # it has been said


@dataclass(slots=True)
class _Bucket:
    left: float
    at: float
    is_told: bool = False


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
        if filled >= self._requests:
            bucket.is_told = False  # they have waited; what comes now is another burst
        if bucket.left >= 1:
            bucket.left -= 1
            return Pace.FINE
        if bucket.is_told or not hears:
            return Pace.QUIET
        bucket.is_told = True
        return Pace.SAY
