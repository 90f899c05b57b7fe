"""What is done daily goes on with each beat until nothing is left, and rests until tomorrow."""

from datetime import datetime, timedelta

from bot.daily import Daily
from bot.units import Units
from bot.workspace import Clock
from storage.database import Database, Session
from tests.factories import NOON


async def test_it_goes_on_until_nothing_is_left_and_again_tomorrow(sqlite_url: str) -> None:
    left, units, clock = [200, 50, 0, 7, 0], Units(Database(sqlite_url)), Clock(frozen_at=NOON)

    def verb(_session: Session, _now: datetime) -> int:
        return left.pop(0)

    daily = Daily(units, verb, clock)
    for _ in range(5):
        await daily()
    today = list(left)
    clock.advance(timedelta(hours=11))
    await daily()
    tonight = list(left)
    clock.advance(timedelta(hours=2))
    for _ in range(5):
        await daily()
    units.close()

    assert (today, tonight, left) == ([7, 0], [7, 0], [])
