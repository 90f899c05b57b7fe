"""A restored backup: what was sent since is looked for, and not sent again."""

from collections.abc import AsyncIterator
from datetime import timedelta

import pytest
import sqlalchemy as sa

from storage import restored, subscriptions
from storage.models import Audience, Delivery, DeliveryState, Lane, Subscription
from tests.bot.office import SECOND, Office, opened
from tests.factories import NOON, altering

SINCE = NOON - timedelta(minutes=5)


@pytest.fixture
async def office(database_url: str) -> AsyncIterator[Office]:
    """Give an office whose backup knows of no digest and of news not sent, though both were."""
    async with opened(database_url) as made:
        made.workspace.scopes.add("channels:history")
        made.promoted("Ana")
        made.digest(Audience.PUBLIC)
        await made.sender.pump()
        assert made.states == ["sent", "sent"]
        with altering(made.world.database) as session:
            session.execute(sa.delete(Lane))
            session.execute(sa.delete(Delivery).where(Delivery.kind == "weekly_digest"))
            owed = {"state": DeliveryState.PENDING, "sent_at": None, "ts": None, "attempts": 0}
            session.execute(sa.update(Delivery).values(owed))
            session.execute(sa.update(Subscription).values(next_at=NOON - timedelta(hours=3)))
        yield made


def standing(office: Office) -> int:
    return sum(len(messages) for messages in office.workspace.world.messages.values())


async def test_what_was_sent_since_the_backup_is_found_and_not_sent_again(office: Office) -> None:
    now = office.workspace.clock()

    doubted = office.world.database.run(restored.doubt, now, SINCE)
    again = office.world.database.run(restored.doubt, now, SINCE)
    await office.sender.pump()

    assert (doubted, again) == (2, 2)
    assert (standing(office), office.calls()) == (2, 2)
    assert office.states == ["sent", "sent"]


async def test_what_was_not_sent_goes(office: Office) -> None:
    for messages in office.workspace.world.messages.values():
        messages.clear()

    office.world.database.run(restored.doubt, office.workspace.clock(), SINCE)
    await office.sender.pump()

    assert (standing(office), office.states) == (2, ["sent", "sent"])


async def test_without_reconciling_it_would_be_sent_again(office: Office) -> None:
    """The control: what the tests above look for can be seen."""
    office.world.database.run(subscriptions.plan, office.workspace.clock())
    office.workspace.clock.advance(2 * SECOND)

    await office.sender.pump()

    assert standing(office) == 4
