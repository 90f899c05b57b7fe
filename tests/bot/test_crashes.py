"""A process that dies at any named point, and the next one: every message stands there once."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import datetime, timedelta

import pytest

from bot.delivery import MARGIN
from bot.workspace.faults import Fault
from bot.workspace.places import Channel
from storage import rsvps
from storage.asker import Asker
from storage.deliveries import AUDIT, LEASE, SETTLE
from storage.models import Answer, Audience, Briefing, DeliveryState, Subscription
from tests.bot import crashing
from tests.bot.crashing import DIED, Start
from tests.bot.office import POST, SECOND, Office, opened
from tests.bot.test_bundles import remind, told
from tests.bot.test_doubt import late_copy
from tests.factories import MARKS, NOON

COLUMNS = {
    "sqlite": ("sqlite", False),
    "postgresql": ("postgresql", False),
    "postgresql with Procrastinate": ("postgresql", True),
}
pytestmark = pytest.mark.parametrize(
    ("database_url", "is_driven"), COLUMNS.values(), ids=COLUMNS, indirect=["database_url"]
)
DEAD = [
    "before enqueue",
    "after enqueue",
    "before plan",
    "after plan",
    "after claim",
    "before body",
    "after body",
    "after response",
    "before settle",
    "after settle",
]


BUNDLE = ["before part", "after part", *DEAD[4:]]


@dataclass
class Owed:
    """Somebody who is owed the news of a seat, and a channel whose digest has come due."""

    office: Office
    ana: Asker
    briefing: Briefing
    channel: Channel
    is_driven: bool

    async def process(self, now: datetime, dies: str = "", *, owes: bool = False) -> int:
        """Run a process that may die."""
        return await crashing.run(self.start(now, dies, owes=owes))

    def start(
        self, now: datetime, dies: str = "", *, owes: bool = False, margin: float = MARGIN
    ) -> Start:
        """Say what a process is to do."""
        office = self.office
        return Start(
            office.world.database.url.render_as_string(hide_password=False),
            f"{office.workspace.url}/api/",
            office.workspace.bot_token,
            office.world.id,
            now,
            dies,
            (self.ana, self.briefing.id) if owes else None,
            margin,
            self.is_driven,
        )

    def standing(self) -> tuple[int, int]:
        """Count the messages that stand in the direct messages and in the channel."""
        return len(self.office.texts(self.ana)), len(self.office.texts(self.channel))


@pytest.fixture
async def owed(database_url: str, is_driven: bool) -> AsyncIterator[Owed]:
    async with opened(database_url) as office:
        ana, briefing = office.member("Ana"), office.world.briefing()
        office.going(ana, briefing)
        marks = {"audience": Audience.PUBLIC, "tlp": MARKS[Audience.PUBLIC]}
        office.world.briefing("Round table", **marks)
        channel = office.workspace.add_channel("news", members=[ana.slack_user])
        office.workspace.scopes.add("channels:history")
        weekly = {"weekday": 0, "at": "09:00", "zone": "UTC", "next_at": NOON - timedelta(hours=3)}
        office.world.add(Subscription(channel=channel.id, **weekly, **marks))
        yield Owed(office, ana, briefing, channel, is_driven)


@pytest.mark.parametrize("point", DEAD)
async def test_after_a_crash_at_any_point_each_message_stands_there_once(
    owed: Owed, point: str
) -> None:
    died = await owed.process(NOON, point, owes=True)
    # What was never committed is asked for again by whoever got no answer.
    lived = [
        await owed.process(NOON + LEASE, owes=point == "before enqueue"),
        await owed.process(NOON + LEASE + 2 * SECOND),
        await owed.process(NOON + LEASE + AUDIT),
    ]

    assert (died, lived) == (DIED, [0, 0, 0])
    assert owed.standing() == (1, 1)
    assert owed.office.states == ["sent", "sent"]


def bundle(owed: Owed) -> None:
    """Owe somebody three reminders at once, of which the second is not needed any more."""
    for answer in (Answer.GOING, Answer.DECLINED, Answer.GOING):
        briefing = owed.office.world.briefing(f"Talk {answer}")
        owed.office.world.database.run(rsvps.answer, owed.ana, NOON, briefing.id, answer)
        remind(owed.office, owed.ana, briefing)


@pytest.mark.parametrize("point", BUNDLE)
async def test_after_a_crash_at_any_point_each_of_a_bundle_stands_there_once(
    owed: Owed, point: str
) -> None:
    bundle(owed)

    died = await owed.process(NOON, point)
    lived = [await owed.process(NOON + LEASE + after) for after in (0 * SECOND, 2 * SECOND, AUDIT)]

    assert (died, lived) == (DIED, [0, 0, 0])
    assert told(owed.office, owed.ana) == [["Talk going", "Talk going"]]
    assert owed.office.states == ["sent", "skipped", "sent", "sent"]
    assert len({row.ts for row in owed.office.rows()[:3] if row.ts}) == 1


@pytest.mark.parametrize("point", ["before absent", "after absent"])
async def test_after_a_crash_between_looking_and_sending_a_bundle_again_it_stands_there_once(
    owed: Owed, point: str
) -> None:
    bundle(owed)
    owed.office.workspace.faults.add(POST, Fault.server_error(500), times=2)
    first = await owed.process(NOON)
    died = await owed.process(NOON + SETTLE, point)
    lived = await owed.process(NOON + SETTLE + LEASE)

    assert (first, died, lived) == (0, DIED, 0)
    assert told(owed.office, owed.ana) == [["Talk going", "Talk going"]]


@pytest.mark.parametrize("point", ["before absent", "after absent"])
async def test_after_a_crash_between_looking_and_sending_again_it_stands_there_once(
    owed: Owed, point: str
) -> None:
    owed.office.workspace.faults.add(POST, Fault.server_error(500), times=2)
    first = await owed.process(NOON, owes=True)
    died = await owed.process(NOON + SETTLE, point)
    left = owed.standing()
    lived = await owed.process(NOON + SETTLE + LEASE)

    assert (first, died, lived) == (0, DIED, 0)
    assert (left, owed.standing()) == ((0, 0), (1, 1))


async def test_after_a_crash_before_a_second_copy_is_taken_back_it_goes_the_next_time(
    owed: Owed,
) -> None:
    owed.office.workspace.faults.add(POST, Fault.server_error(500), times=2)
    await owed.process(NOON, owes=True)
    await owed.process(NOON + SETTLE)
    await late_copy(owed.office, owed.ana)

    died = await owed.process(NOON + SETTLE + AUDIT, "before delete")
    left = owed.standing()
    lived = await owed.process(NOON + SETTLE + 2 * AUDIT)

    assert (died, lived) == (DIED, 0)
    assert (left, owed.standing()) == ((2, 1), (1, 1))


@pytest.mark.parametrize("margin", [0.3, 1e6], ids=["in time", "control"])
async def test_a_process_frozen_before_the_body_posts_nothing_once_another_may(
    owed: Owed, margin: float
) -> None:
    sleeper = await crashing.frozen(owed.start(NOON, owes=True, margin=margin))
    await asyncio.sleep(0.4)
    other = await owed.process(NOON + LEASE)
    meanwhile = owed.standing()
    woken = await crashing.thawed(sleeper)
    after = owed.standing()
    await owed.process(NOON + LEASE + AUDIT)

    assert (other, woken, meanwhile) == (0, 0, (1, 1))
    # The control: without the deadline it posts what the other one has posted.
    assert sum(after) == 2 if margin < 1 else sum(after) > 2
    assert owed.standing() == (1, 1)


async def test_without_looking_a_crash_after_the_body_would_post_twice(owed: Owed) -> None:
    """The control: what the tests above look for can be seen."""
    died = await owed.process(NOON, "after response", owes=True)
    for row in owed.office.rows():
        owed.office.change(row, state=DeliveryState.PENDING)

    await owed.process(NOON + LEASE)

    assert died == DIED
    assert sum(owed.standing()) > 2
