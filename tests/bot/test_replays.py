"""A request that comes again, whichever way and wherever, has the one effect it had before."""

import asyncio
import time
from dataclasses import replace
from datetime import datetime, timedelta

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from bot import demo, once
from bot.settings import Settings
from bot.units import Lent, Units
from bot.workspace.deliveries import Exchange, Parcel
from storage.asker import Asker
from storage.database import Database, writes
from storage.errors import Replayed
from storage.models import ActionItem, Organisation, OrganisationKind
from storage.scoping import lift
from tests.bot.conftest import Story
from tests.factories import NOON, World
from tests.figures import figure

TIMES = 5


@writes
def found(session: Session, asker: Asker, now: datetime, name: str) -> None:
    kind = next(iter(OrganisationKind))
    session.add(Organisation(workspace_id=asker.workspace, name=name, kind=kind))


def founded(session: Session) -> int:
    return session.scalar(sa.select(sa.func.count()).select_from(Organisation)) or 0


def items(session: Session) -> int:
    lift(session, "a test")
    return session.scalar(sa.select(sa.func.count()).select_from(ActionItem)) or 0


async def tried(units: Units, asker: Asker, request: str, name: str) -> bool:
    """Send a request; say whether it had its effect now."""
    try:
        await Lent(units, asker, NOON, request, time.monotonic())(found, name)
    except Replayed:
        return False
    return True


async def test_of_many_at_once_in_two_processes_one_has_the_effect(database: Database) -> None:
    asker, requests = Asker(World(database).id), figure(100, 2000) // TIMES
    replicas = [Units(Database(database.url.render_as_string(False))) for _ in range(2)]
    effects = 0

    for number in range(requests):
        tries = (
            tried(replicas[n % 2], asker, f"T1:trigger:{number}", f"{number}.{n}")
            for n in range(TIMES)
        )
        effects += sum(await asyncio.gather(*tries))
    for each in replicas:
        each.close()
    restarted = Units(Database(database.url.render_as_string(False)))
    late = [await tried(restarted, asker, f"T1:trigger:{n}", "late") for n in range(requests)]

    assert effects == await restarted.run(founded) == requests
    assert not any(late)
    restarted.close()


async def test_without_the_ledger_a_replay_has_two_effects(database: Database) -> None:
    asker, units = Asker(World(database).id), Units(database)

    for name in ("first", "again"):
        await units.run(found, asker, NOON, name)

    assert await units.run(founded) == 2


async def sent(story: Story, parcel: Parcel) -> Exchange:
    """Send *parcel* once more, a minute later for the bot, so that no rule of its own helps."""
    story.workspace.clock.advance(timedelta(minutes=2))
    exchange = await story.workspace.courier.transport.send(parcel)
    await story.settled()
    return exchange


async def test_the_same_command_again_is_acknowledged_and_not_carried_out(story: Story) -> None:
    before = await story.bot.units.run(items)
    await story.says("U0MARCUS", "/actions add Send the minutes")
    parcel = story.workspace.deliveries[-1].parcel
    transport = story.workspace.courier.transport

    one = await sent(story, replace(parcel, attempt=1, reason="http_timeout"))
    many = await asyncio.gather(*(transport.send(parcel) for _ in range(TIMES)))

    assert await story.bot.units.run(items) == before + 1
    assert all(each.acked and not each.body for each in (one, *many))


async def test_five_at_once_are_carried_out_once(story: Story) -> None:
    before = await story.bot.units.run(items)
    await story.says("U0MARCUS", "/actions")
    parcel = story.workspace.deliveries[-1].parcel
    fresh = replace(
        parcel, payload={**parcel.payload, "text": "add Call the chair", "trigger_id": "1.2.3"}
    )
    transport = story.workspace.courier.transport

    many = await asyncio.gather(*(transport.send(fresh) for _ in range(TIMES)))

    assert await story.bot.units.run(items) == before + 1
    assert sum(bool(each.body) for each in many) == 1


async def test_a_restarted_bot_and_a_replica_know_what_was_done(
    database_url: str, coalition: dict[str, object]
) -> None:
    workspace = demo.populated(coalition)
    settings = Settings("", "", "", "", database_url, ("127.0.0.1", 0))
    async with workspace.serving():
        async with demo.running_in(workspace, settings, coalition) as bot:
            story = Story(workspace, bot)
            await story.says("U0MARCUS", "/actions add Send the minutes")
            parcel = workspace.deliveries[-1].parcel
            done = await bot.units.run(items)
            async with demo.running_in(workspace, settings, coalition) as replica:
                beside = await sent(Story(workspace, replica), parcel)
        async with demo.running_in(workspace, settings, coalition) as again:
            later = await sent(Story(workspace, again), parcel)

            assert await again.units.run(items) == done
            assert (beside.acked, later.acked) == (True, True)


@pytest.mark.parametrize(
    ("body", "named"),
    [
        ({"event_id": "Ev1", "trigger_id": "x"}, "T1:event:Ev1"),
        ({"trigger_id": "1.2", "view": {"id": "V1", "hash": "h"}}, "T1:trigger:1.2"),
        ({"view": {"id": "V1", "hash": "h"}}, "T1:view:V1:h"),
    ],
)
def test_a_request_is_named_by_what_slack_calls_it(body: dict[str, object], named: str) -> None:
    assert once.name(body, "T1") == named


def test_what_slack_does_not_name_is_named_by_its_content() -> None:
    first, other = {"a": "1", "b": "\ud800"}, {"a": "2"}

    assert once.name(first, "T1") == once.name(dict(reversed(first.items())), "T1")
    assert once.name(first, "T1") != once.name(other, "T1")
    assert once.name(first, "T1") != once.name(first, "T2")
