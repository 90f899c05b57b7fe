"""A digest's chart: drawn where Slack takes it, told in words everywhere, and never sent twice."""

import time
from collections.abc import AsyncIterator
from datetime import timedelta

import pytest

from bot.workspace.faults import Fault
from storage import subscriptions
from storage.models import DeliveryState, Health
from tests.bot.office import POST, SECOND, Office, opened

CHART = "data_visualization"
NO_CHARTS = Fault.unsupported(CHART)
WEEK = timedelta(days=7)


@pytest.fixture
async def office(database_url: str) -> AsyncIterator[Office]:
    async with opened(database_url) as made:
        made.world.initiative("One", health=Health.ON_TRACK)
        made.world.initiative("Two", health=Health.ON_TRACK)
        made.world.initiative("Three", health=Health.AT_RISK)
        made.world.initiative("Over", health=Health.DONE)
        yield made


def posts(office: Office) -> list[list[str]]:
    """List the types of the blocks of each post that was tried."""
    return [
        [block["type"] for block in sent.args["blocks"]]
        for sent in office.workspace.sent
        if sent.method == POST
    ]


async def a_week_later(office: Office) -> None:
    """Owe the next digest, with one more briefing as its news."""
    office.world.briefing("Next", starts_at=office.workspace.clock() + WEEK + timedelta(days=2))
    office.workspace.clock.advance(WEEK)
    await office.units.run(subscriptions.plan, office.workspace.clock())
    await office.sender.pump()


async def test_a_channels_digest_shows_how_the_initiatives_stand(office: Office) -> None:
    channel = office.digest()

    await office.sender.pump()

    (message,) = office.workspace.messages(channel)
    (chart,) = [block for block in message.blocks if block["type"] == CHART]
    (series,) = chart["chart"]["series"]
    numbers = {point["label"]: point["value"] for point in series["data"]}
    assert numbers == {"On track": 2, "At risk": 1, "Off track": 0, "Paused": 0}
    assert "*How the initiatives stand:* 2 on track and 1 at risk" in message.text


async def test_where_slack_takes_no_chart_the_same_goes_without_it_at_once(office: Office) -> None:
    channel = office.digest()
    office.workspace.faults.add(POST, NO_CHARTS, times=9)

    await office.sender.pump()

    (message,) = office.workspace.messages(channel)
    first, second = posts(office)
    assert [kind for kind in first if kind != CHART] == second
    assert "2 on track and 1 at risk" in message.text
    assert office.row.state is DeliveryState.SENT


async def test_a_refused_chart_is_not_tried_again_for_a_month(office: Office) -> None:
    office.digest()
    office.workspace.faults.add(POST, NO_CHARTS, times=1)
    await office.sender.pump()

    for _ in range(5):
        await a_week_later(office)

    assert [CHART in tried for tried in posts(office)] == [True, *[False] * 5, True]


async def test_what_slack_refuses_with_and_without_its_chart_is_said_to_be_refused(
    office: Office,
) -> None:
    channel = office.digest()
    office.workspace.faults.add(POST, Fault.error("invalid_blocks"), times=2)

    await office.sender.pump()
    await a_week_later(office)

    assert office.workspace.messages(channel)
    assert [CHART in tried for tried in posts(office)] == [True, False, True]
    assert office.rows()[0].reason == "Slack refused it: invalid_blocks."


async def test_a_message_without_a_chart_is_not_tried_twice(office: Office) -> None:
    office.promoted()
    office.workspace.faults.add(POST, Fault.error("invalid_blocks"))

    await office.sender.pump()

    assert (office.row.state, office.calls()) == (DeliveryState.DEAD, 1)


async def test_a_lost_answer_to_the_second_is_looked_for_and_not_sent_again(
    office: Office,
) -> None:
    channel = office.digest()
    office.workspace.faults.add(POST, NO_CHARTS)
    office.workspace.faults.add(POST, Fault.drop_after_accept())

    await office.sender.pump()
    for _ in range(9):
        await office.pump_after(40 * SECOND)

    assert len(office.workspace.messages(channel)) == 1


async def test_frozen_between_the_two_the_second_is_not_sent_late(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    channel = office.digest()
    office.workspace.faults.add(POST, NO_CHARTS)
    told = time.clock_gettime
    monkeypatch.setattr(time, "clock_gettime", lambda clock: told(clock) + 60 * office.calls())

    await office.sender.pump()
    late = (office.calls(), office.workspace.messages(channel))
    monkeypatch.undo()
    await office.pump_after(10 * SECOND)

    assert late == (1, [])
    assert len(office.workspace.messages(channel)) == 1
