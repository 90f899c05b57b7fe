"""One request has one effect: sent five times, retried, kept for later, or to another replica."""

import asyncio
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from bot.units import Lent, Units
from bot.workspace import payloads
from bot.workspace.deliveries import Parcel
from storage import assignments, ledger
from storage.assignments import Draft
from storage.database import Database
from storage.errors import Refusal, Replayed
from storage.models import ActionItem, LedgerEntry
from tests.bot.conftest import Story
from tests.factories import NOON, World, seeing_all
from tests.figures import figure

USER = "U0PRIYA"


def count(database: Database, model: Any) -> int:
    with seeing_all(database) as session:
        return session.scalar(sa.select(sa.func.count()).select_from(model)) or 0


def order(story: Story, text: str) -> Parcel:
    world = story.workspace.world
    channel = world.dm(world.users[USER])
    trigger = world.tickets.trigger(USER, channel.id, text)
    ticket = world.tickets.reply(USER, channel.id, text, command=text)
    command = payloads.command(
        world, world.users[USER], channel, "/actions", f"add {text}", trigger, ticket
    )
    return Parcel("command", command)


async def test_the_same_request_five_times_at_once_has_one_effect(story: Story) -> None:
    database, send = story.bot.units.database, story.workspace.courier.deliver
    before, orders = count(database, ActionItem), figure(ci=10, full=400)

    for number in range(orders):
        parcel = order(story, f"Call number {number}")
        exchanges = await asyncio.gather(*(send(parcel) for _ in range(5)))
        assert all(exchange.acked for exchange in exchanges)

    assert count(database, ActionItem) - before == orders


async def test_a_form_that_was_refused_may_be_sent_again(story: Story) -> None:
    parcel = order(story, "x" * 200)
    await story.workspace.courier.deliver(parcel)

    assert count(story.bot.units.database, LedgerEntry) == 0


async def test_two_requests_that_say_the_same_are_two(story: Story) -> None:
    before = count(story.bot.units.database, LedgerEntry)
    for _ in range(2):
        await story.says(USER, "/actions add Call them")

    assert count(story.bot.units.database, LedgerEntry) - before == 2


async def test_a_copy_sent_after_a_restart_or_to_another_replica_changes_nothing(
    database_url: str,
) -> None:
    first, second = Units(Database(database_url)), Units(Database(database_url))
    world = World(first.database)
    asker = world.member()

    await Lent(first, asker, NOON, "T1")(assignments.give, Draft("Call"))
    for units in (second, first):
        with pytest.raises(Replayed):
            await Lent(units, asker, NOON, "T1")(assignments.give, Draft("Call again"))

    assert count(first.database, ActionItem) == 1
    first.close()
    second.close()


async def test_a_refusal_takes_its_entry_back(database_url: str) -> None:
    units = Units(Database(database_url))
    asker = World(units.database).member()

    with pytest.raises(Refusal):
        await Lent(units, asker, NOON, "T1")(assignments.give, Draft("x" * 200))
    done = await Lent(units, asker, NOON, "T1")(assignments.give, Draft("Call"))

    assert done.changed
    units.close()


async def test_the_ledger_is_kept_for_a_week(database_url: str) -> None:
    units = Units(Database(database_url))
    asker = World(units.database).member()
    await Lent(units, asker, NOON, "T1")(assignments.give, Draft("Call"))

    purged = [
        await units.run(ledger.purge, NOON + timedelta(days=7, seconds=late)) for late in (0, 1)
    ]

    assert purged == [0, 1]
    units.close()


async def test_the_control_without_a_name_a_copy_has_a_second_effect(database_url: str) -> None:
    units = Units(Database(database_url))
    asker = World(units.database).member()

    for _ in range(2):
        draft = Draft(f"Call {_}")
        await Lent(units, asker, NOON)(assignments.give, draft)

    assert count(units.database, ActionItem) == 2
    units.close()
