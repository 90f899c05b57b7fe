"""Schedules, edits, kills and a blackout: every occurrence is owed once, by the clock it had."""

import asyncio
import contextlib
import random
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from datetime import time as clock
from multiprocessing.process import BaseProcess
from zoneinfo import ZoneInfo

import pytest
import sqlalchemy as sa

from storage import orders, own_digests, subscriptions
from storage.asker import Asker
from storage.database import Database, Session, writes
from storage.errors import Away
from storage.models import Audience, Delivery, OwnDigest, Subscription
from storage.scoping import lift
from storage.wall_time import next_weekly
from tests.bot.planning import Work, planner, ready
from tests.factories import MARKS, NOON, World, seeing_all
from tests.figures import figure

SCHEDULES, PROCESSES = figure(60, 1_000), figure(2, 4)
SECONDS, BLACKOUT = figure(6, 60), figure(3, 10)
EDITS, KILLS = figure(20, 500), figure(3, 40)  # at least
DARK = 100  # hours without a planner
EDITORS = 4  # each has schedules of its own
CHANCE = random.Random()  # noqa: S311 -- of edits and kills
ZONES = ("UTC", "Europe/Brussels", "America/New_York", "Asia/Kolkata", "Pacific/Auckland")
A_DAY = timedelta(days=1)


@dataclass(frozen=True)
class Version:
    """What held from *since*, after *planned* had been owed; *at* None: nothing."""

    since: datetime
    weekday: int | None
    at: str | None
    planned: int = 0


@dataclass
class Schedule:
    """A standing order and all that it ever said."""

    prefix: str
    zone: str
    versions: list[Version]
    asker: Asker
    subscription: int = 0

    def edit(self, database: Database, now: datetime) -> None:
        """Change it as people do: another day or hour, off, on again."""
        last = self.versions[-1]
        weekday: int | None = CHANCE.choice((None, CHANCE.randrange(7)))
        at: clock | None = clock(CHANCE.randrange(24), CHANCE.choice((0, 15, 30)))
        if self.subscription:
            at = None if last.at else clock.fromisoformat(self.versions[0].at or "")
            weekday = last.weekday
        elif last.at and CHANCE.random() < 0.2:
            at = None
        planned = database.run(_edited, self, now, weekday, at)
        self.versions.append(Version(now, weekday, f"{at:%H:%M}" if at else None, planned))


@writes
def _edited(
    session: Session, schedule: Schedule, now: datetime, weekday: int | None, at: clock | None
) -> int:
    """Edit, and count what had been owed by then: nobody plans it while this holds it."""
    asked = (session, schedule.asker, now)
    if schedule.subscription:
        orders.pause(*asked, schedule.subscription, is_on=at is not None)
    elif at is None:
        own_digests.cancel(*asked)
    else:
        own_digests.order(*asked, weekday, at)
    session.flush()
    owed = sa.select(sa.func.count(Delivery.id)).where(Delivery.key.startswith(schedule.prefix))
    return session.scalar(owed) or 0


@dataclass
class Verdict:
    """What was owed and should not have been, or the reverse."""

    owed: int = 0
    unexpected: list[str] = field(default_factory=list)
    stale: list[str] = field(default_factory=list)
    missing: list[str] = field(default_factory=list)
    caught_up: int = 0


def schedules(world: World) -> list[Schedule]:
    """Make as many of each kind."""
    staff, made = world.staff("Dana"), []
    for number in range(SCHEDULES // 2):
        zone = CHANCE.choice(ZONES)
        at = clock(CHANCE.randrange(24), CHANCE.choice((0, 15, 30)))
        reader = world.asker(world.person(zone=zone))
        world.database.run(own_digests.order, reader, NOON, None, at)
        first = Version(NOON, None, f"{at:%H:%M}")
        made.append(Schedule(f"own:{reader.person}:", zone, [first], reader))
        weekday = CHANCE.randrange(7)
        order = Subscription(
            channel=f"C{number:05}", weekday=weekday, at=f"{at:%H:%M}", zone=zone,
            next_at=next_weekly(weekday, f"{at:%H:%M}", zone, NOON),
            audience=Audience.PUBLIC, tlp=MARKS[Audience.PUBLIC],
        )  # fmt: skip
        row = world.add(order).id
        first = Version(NOON, weekday, f"{at:%H:%M}")
        made.append(Schedule(f"digest:{row}:", zone, [first], staff, row))
    return made


def judged(
    made: list[Schedule], rows: list[Delivery], dark: tuple[datetime, datetime], end: datetime
) -> Verdict:
    """Compare what was owed with what each version said."""
    verdict = Verdict(len(rows))
    by_prefix: dict[str, list[Delivery]] = {}
    for row in rows:
        by_prefix.setdefault(row.key[: row.key.rindex(":") + 1], []).append(row)
    for schedule in made:
        owed = by_prefix.get(schedule.prefix, [])
        ends = [*(version.planned for version in schedule.versions[1:]), len(owed)]
        followed = [*schedule.versions[1:], Version(end, None, "")]
        for version, last, following in zip(schedule.versions, ends, followed, strict=True):
            # A planner may have read the clock a little later than whoever edited after it.
            said = set(occurrences(schedule, version, following.since + A_DAY))
            for row in owed[version.planned : last]:
                if row.due_at not in said:
                    is_old = row.due_at <= version.since
                    (verdict.stale if is_old else verdict.unexpected).append(row.key)
            for moment in missed(schedule, version, following, owed):
                if dark[0] - A_DAY <= moment <= dark[1]:
                    verdict.caught_up += 1
                else:
                    verdict.missing.append(f"{schedule.prefix} {moment}")
    return verdict


def missed(
    schedule: Schedule, version: Version, following: Version, owed: list[Delivery]
) -> list[datetime]:
    """List what *version* said and nobody owed for its date."""
    keys, zone = {row.key for row in owed}, ZoneInfo(schedule.zone)
    said = list(occurrences(schedule, version, following.since))
    unowed = [m for m in said if f"{schedule.prefix}{m.astimezone(zone).date()}" not in keys]
    # What had come due in the moment in which it was called off is not wanted any more.
    return unowed[:-1] if following.at is None and unowed[-1:] == said[-1:] else unowed


def occurrences(schedule: Schedule, version: Version, until: datetime) -> Iterator[datetime]:
    """List what *version* says up to *until*."""
    if version.at is None:
        return
    moment = version.since
    while True:
        moment = next_weekly(version.weekday, version.at, schedule.zone, moment)
        if moment > until:
            return
        yield moment


@pytest.mark.timeout(600)
async def test_every_occurrence_is_owed_once_by_the_clock_it_had(
    database: Database, capsys: pytest.CaptureFixture[str]
) -> None:
    made = schedules(World(database))
    url = database.url.render_as_string(hide_password=False)
    await asyncio.to_thread(ready)
    work = Work(url, NOON)
    parts = (made[number::EDITORS] for number in range(EDITORS))
    planners = await all_up(work)
    edits = asyncio.gather(*(asyncio.to_thread(edited, database, part, work) for part in parts))
    passing = asyncio.create_task(passes(database, work))
    kills = await churned(planners, work)
    passing.cancel()
    await asyncio.sleep(0.5)  # it may be looking still
    since = work.now()
    for process in planners:
        process.kill()
    for _ in range(DARK):
        await asyncio.sleep(BLACKOUT / DARK)
        work.hours.value += 1
    dark = (since, work.now())
    planners = await all_up(work)
    passing = asyncio.create_task(passes(database, work))
    kills += PROCESSES + await churned(planners, work)
    count = sum(await edits)
    passing.cancel()
    await asyncio.sleep(0.5)
    alive = [process.is_alive() for process in planners]
    for process in planners:
        process.kill()
        process.join()
    end = work.now()
    while database.run(subscriptions.plan, end) + database.run(own_digests.plan, end):
        pass

    with seeing_all(database) as session:
        rows = list(session.scalars(sa.select(Delivery).order_by(Delivery.id)))
    verdict = judged(made, rows, dark, end)
    with capsys.disabled():
        print(  # noqa: T201 -- a measured figure
            f"\nplanning: {SCHEDULES} schedules, {verdict.owed} owed, {count} edits, "
            f"{kills} kills, {verdict.caught_up} caught up after a blackout of {BLACKOUT} s"
        )
    assert (verdict.missing, verdict.unexpected, verdict.stale) == ([], [], [])
    assert (count >= EDITS, kills >= KILLS, all(alive)) == (True, True, True)
    assert verdict.owed >= figure(10, 1_000)


def edited(database: Database, made: list[Schedule], work: Work) -> int:
    """Edit again and again; say how often."""
    count, until = 0, time.monotonic() + SECONDS
    while time.monotonic() < until or count < EDITS / EDITORS:
        with contextlib.suppress(Away):  # on SQLite others may hold the lock: then nothing changed
            CHANCE.choice(made).edit(database, work.now())
            count += 1
        time.sleep(SECONDS / EDITS)
    return count


async def passes(database: Database, work: Work) -> None:
    """Let an hour pass whenever all that has come due is planned: planners may be slow."""
    while True:
        await asyncio.sleep(0.02)
        with contextlib.suppress(Away):
            work.hours.value += not await asyncio.to_thread(database.run, _due, work.now())


def _due(session: Session, now: datetime) -> int:
    lift(session, "a test")
    due = sa.select(sa.func.count()).select_from(OwnDigest).where(OwnDigest.next_at <= now)
    standing = sa.select(sa.func.count()).select_from(Subscription)
    standing = standing.where(Subscription.next_at <= now, Subscription.is_on)
    return (session.scalar(due) or 0) + (session.scalar(standing) or 0)


async def all_up(work: Work) -> list[BaseProcess]:
    """Start every planner."""
    return await asyncio.gather(*(planner(work) for _ in range(PROCESSES)))


async def churned(planners: list[BaseProcess], work: Work) -> int:
    """Kill each again and again once another plans in its place; say how often."""
    until = time.monotonic() + (SECONDS - BLACKOUT) / 2
    every = (_churned(planners, number, work, until) for number in range(PROCESSES))
    return sum(await asyncio.gather(*every))


async def _churned(planners: list[BaseProcess], number: int, work: Work, until: float) -> int:
    kills = 0
    while time.monotonic() < until or kills < KILLS / PROCESSES / 2:
        following = await planner(work)
        await asyncio.sleep(CHANCE.uniform(0, 1))
        planners[number].kill()
        planners[number] = following
        kills += 1
    return kills
