"""The hours in which somebody is left in peace, by the clock where they are."""

from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

from storage.wall_time import moment

DAY = timedelta(days=1)
LONGEST = timedelta(hours=14)


@dataclass(frozen=True)
class Hours:
    """From *since* until *until*, which may be on the day after."""

    since: time
    until: time

    def hold(self, at: time) -> bool:
        """Say whether it is quiet when clocks show *at*."""
        if self.since < self.until:
            return self.since <= at < self.until
        return at >= self.since or at < self.until

    @property
    def length(self) -> timedelta:
        """How long they last; a whole day where they end when they begin."""
        day = datetime(2026, 1, 1, tzinfo=UTC)
        since = datetime.combine(day, self.since, UTC)
        until = datetime.combine(day, self.until, UTC)
        return until - since if self.since < self.until else until + DAY - since


USUAL = Hours(time(20), time(8))


def began(at: datetime, zone: str, hours: Hours) -> datetime | None:
    """Give the moment at which the quiet began that *at* falls into; None where it is not quiet."""
    local = at.astimezone(ZoneInfo(zone))
    if not hours.hold(local.time()):
        return None
    day = local.date() if local.time() >= hours.since else local.date() - DAY
    return moment(day, hours.since, zone)


def over(at: datetime, zone: str, hours: Hours) -> datetime | None:
    """Give the moment at which the quiet ends that *at* falls into; None where it is not quiet."""
    local = at.astimezone(ZoneInfo(zone))
    if not hours.hold(local.time()):
        return None
    day = local.date() if local.time() < hours.until else local.date() + DAY
    # Where clocks show it twice, it is quiet until the second.
    again = datetime.combine(day, hours.until.replace(fold=1), ZoneInfo(zone)).astimezone(UTC)
    return max(moment(day, hours.until, zone), again)
