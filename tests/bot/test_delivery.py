"""What is owed is posted once, to whoever may read it, and never a second time when in doubt."""

import asyncio
import contextlib
import logging
import socket
from collections import Counter
from collections.abc import AsyncIterator
from datetime import timedelta

import pytest
import sqlalchemy as sa
from slack_sdk.http_retry.builtin_async_handlers import AsyncConnectionErrorRetryHandler
from slack_sdk.web.async_client import AsyncWebClient

from bot import delivery, outcomes, refusals
from bot.installed import Tenant
from bot.refusals import REMEDIES
from bot.units import Units
from bot.unsure import LOST
from bot.workspace.faults import Fault
from storage import own_digests
from storage.asker import Asker
from storage.database import Database
from storage.deliveries import LEASE
from storage.models import Audience, DeliveryState, OwnDigest, Person
from tests.bot.office import (
    POST,
    SECOND,
    Away,
    Office,
    answering,
    calling,
    client_of,
    opened,
    until,
)
from tests.factories import NOON, altering, noted

INFO = "conversations.info"
PATIENCE = 1.5  # seconds: a busy machine may stall for one
DAY = timedelta(days=1)


@pytest.fixture
async def office(sqlite_url: str) -> AsyncIterator[Office]:
    async with opened(sqlite_url, patience=PATIENCE) as made:
        yield made


async def test_what_is_owed_is_posted_once_and_recorded(office: Office) -> None:
    ana = office.promoted()

    await office.sender.pump()
    await office.pump_after(DAY)

    (text,) = office.texts(ana)
    assert text.startswith("A seat was freed")
    assert (office.row.state, office.calls()) == (DeliveryState.SENT, 1)
    dm = office.workspace.dm(ana.slack_user)
    assert (office.row.channel, office.row.ts) == (dm.id, office.workspace.messages(dm)[0].ts)


async def test_a_post_says_nothing_to_other_apps_but_an_opaque_key(office: Office) -> None:
    ana = office.promoted()

    await office.sender.pump()

    metadata = office.workspace.sent[-1].args["metadata"]
    assert metadata["event_type"] == "promoted"
    assert set(metadata["event_payload"]) == {"key"}
    assert str(ana.person) != metadata["event_payload"]["key"] != office.row.key


def test_a_client_that_retries_by_itself_is_refused() -> None:
    client = AsyncWebClient("xoxb-1", retry_handlers=[AsyncConnectionErrorRetryHandler()])

    with pytest.raises(ValueError, match="twice"):
        Tenant(1, client)


async def test_told_to_wait_a_lane_waits_and_calls_no_more_than_it_must(office: Office) -> None:
    ana = office.promoted("Ana")
    office.owe(ana, office.world.briefing(), key="second")
    office.workspace.faults.add(POST, Fault.rate_limited(retry_after=7))

    await office.sender.pump()
    ben = office.promoted("Ben")
    await office.pump_after(6 * SECOND)
    early = (office.states, office.calls())
    await office.pump_after(SECOND)

    assert early == (["pending", "pending", "sent"], 2)
    assert office.texts(ben)
    assert (office.calls(), office.states[0], office.rows()[0].attempts) == (3, "sent", 1)


async def test_three_told_to_wait_are_as_if_all_were_and_every_replica_keeps_to_it(
    office: Office,
) -> None:
    people = [office.promoted(name) for name in ("Ana", "Ben", "Eve")]
    for seconds in (7, 30, 2):
        office.workspace.faults.add(POST, Fault.rate_limited(seconds))

    await office.sender.pump()
    people.append(office.promoted("Kim"))
    async with calling(office.workspace) as client:
        replica = office.sender_with(client)
        office.workspace.clock.advance(29 * SECOND)
        await replica.pump()
        early = office.calls()
        office.workspace.clock.advance(SECOND)
        await replica.pump()

    assert early == 3
    assert [len(office.texts(person)) for person in people] == [1, 1, 1, 1]
    assert office.calls() == 7


async def test_where_a_name_leads_nowhere_it_is_tried_later(office: Office) -> None:
    ana = office.promoted()

    async with client_of("http://slack.invalid/api/") as client:
        await office.sender_with(client).pump()
    waits = office.states
    await office.pump_after(DAY)

    assert (waits, len(office.texts(ana))) == (["pending"], 1)


@pytest.mark.parametrize("name", sorted(refusals.NEVER))
async def test_what_slack_will_never_take_is_dead_with_a_reason(office: Office, name: str) -> None:
    office.promoted()
    office.workspace.faults.add(POST, Fault.error(name))

    await office.sender.pump()
    await office.pump_after(DAY)

    assert office.row.state is DeliveryState.DEAD
    assert office.row.reason == REMEDIES.get(name, f"Slack refused it: {name}.")
    assert office.calls() == 1


async def test_a_channel_the_bot_was_removed_from_is_dead_with_the_remedy(office: Office) -> None:
    channel = office.digest(Audience.PUBLIC)
    channel.members.remove("U0CONVENE")

    await office.sender.pump()

    assert (office.states, office.row.reason) == (["dead"], REMEDIES["not_in_channel"])


async def test_a_channel_that_is_gone_is_dead_with_the_remedy(office: Office) -> None:
    channel = office.digest()
    del office.workspace.world.channels[channel.id]

    await office.sender.pump()

    assert (office.states, office.calls()) == (["dead"], 0)
    assert office.row.reason == REMEDIES["channel_not_found"]


@pytest.mark.parametrize("name", sorted(refusals.NOT_NOW))
async def test_without_a_token_that_counts_all_is_parked(
    office: Office, name: str, caplog: pytest.LogCaptureFixture
) -> None:
    ana = office.promoted()
    office.workspace.faults.add(POST, Fault.error(name))

    await office.sender.pump()
    parked = office.row
    await office.pump_after(outcomes.PARKED - SECOND)
    early = office.calls()
    await office.pump_after(SECOND)

    assert (parked.state, parked.attempts, early) == (DeliveryState.PENDING, 0, 1)
    assert any(record.levelno == logging.ERROR for record in caplog.records)
    assert len(office.texts(ana)) == 1


async def test_where_nobody_listens_it_is_tried_later(office: Office) -> None:
    ana = office.promoted()
    async with client_of("http://127.0.0.1:9/api/") as nowhere:
        lost = office.sender_with(nowhere)
        for _ in range(3):
            await lost.pump()
            office.workspace.clock.advance(10 * SECOND)

    row = office.row
    await office.sender.pump()

    assert (row.state, row.attempts) == (DeliveryState.PENDING, 3)
    assert len(office.texts(ana)) == 1


async def test_where_nobody_picks_up_it_is_tried_later(office: Office) -> None:
    ana = office.promoted()
    with socket.socket() as deaf, contextlib.ExitStack() as callers:
        deaf.bind(("127.0.0.1", 0))
        deaf.listen(0)
        for _ in range(2):  # its queue is full: whoever else calls is not answered at all
            caller = callers.enter_context(socket.socket())
            caller.setblocking(False)
            caller.connect_ex(deaf.getsockname())
        async with client_of(f"http://127.0.0.1:{deaf.getsockname()[1]}/api/") as client:
            await office.sender_with(client).pump()

    assert office.row.state is DeliveryState.PENDING
    await office.pump_after(DAY)
    assert len(office.texts(ana)) == 1


@pytest.mark.parametrize(
    ("status", "body", "kind"),
    [
        (200, "<html>", "text/html"),
        (200, "welcome", "text/plain"),
        (200, "<html>", "application/json"),
        (200, "[]", "application/json"),
        (200, "null", "application/json"),
        (502, "<html>", "text/html"),
        (502, "<html>", "application/json"),
        (502, "bad gateway", "text/plain"),
        (502, '"bad gateway"', "application/json"),
    ],
)
async def test_an_answer_nobody_can_read_is_doubt(
    office: Office, status: int, body: str, kind: str
) -> None:
    office.promoted()

    async with answering(status, body, kind) as client:
        await office.sender_with(client).pump()

    assert (office.states, office.row.reason) == (["sending"], LOST)


@pytest.mark.parametrize(
    ("said", "seconds"),
    [("120", 120), ("", 30), ("soon", 30), ("-1", 30), ("²", 30), ("1.5", 30), ("9" * 40, 30)],
)
async def test_a_wait_that_is_not_said_clearly_is_half_a_minute(
    office: Office, said: str, seconds: int
) -> None:
    office.promoted()
    headers = {"Retry-After": said} if said else {}

    async with answering(429, "<html>", "application/json", **headers) as client:
        await office.sender_with(client).pump()

    assert office.row.due_at == office.workspace.clock() + seconds * SECOND


@pytest.mark.parametrize(
    "fault",
    [
        Fault.server_error(500),
        Fault.error("fatal_error"),
        Fault.error("never_heard_of"),
        Fault.hang(seconds=PATIENCE + 0.3),
        Fault.drop_after_accept(),
        Fault.rate_limited(2),
        Fault.error("invalid_auth"),
    ],
    ids=lambda fault: f"{fault.kind} {fault.name}",
)
async def test_a_channel_that_cannot_be_checked_gets_nothing_yet(
    office: Office, fault: Fault
) -> None:
    channel = office.digest()
    # Twice: what only reads is asked again by aiohttp where a connection kept open breaks.
    office.workspace.faults.add(INFO, fault, times=2)

    await office.sender.pump()
    unchecked = (office.states, office.calls())
    office.workspace.faults.clear()
    await office.pump_after(outcomes.PARKED)

    assert unchecked == (["pending"], 0)
    assert len(office.texts(channel)) == 1


async def test_a_channel_nobody_can_check_with_these_rights_is_dead(office: Office) -> None:
    office.digest()
    office.workspace.scopes.difference_update({"groups:read"})

    await office.sender.pump()

    assert (office.states, office.calls()) == (["dead"], 0)
    assert office.row.reason == REMEDIES["missing_scope"]


async def test_an_answer_without_a_channel_is_no_check(office: Office) -> None:
    office.digest()

    async with answering(200, '{"ok": true}', "application/json") as client:
        await office.sender_with(client).pump()

    assert office.states == ["pending"]


@pytest.mark.parametrize("audience", [Audience.MEMBERS, Audience.STAFF])
@pytest.mark.parametrize("became", ["is_ext_shared", "is_pending_ext_shared", "is_archived"])
async def test_a_channel_that_changed_since_it_was_planned_gets_nothing(
    office: Office, became: str, audience: Audience
) -> None:
    channel = office.digest(audience, **{became: True})

    await office.sender.pump()
    await office.pump_after(DAY)

    assert (office.states, office.calls(), office.texts(channel)) == (["dead"], 0, [])
    assert "hoose another" in str(office.row.reason)


@pytest.mark.parametrize("audience", [Audience.COMMUNITY, Audience.MEMBERS, Audience.STAFF])
async def test_what_is_for_some_never_goes_to_a_channel_that_anybody_may_join(
    office: Office, audience: Audience
) -> None:
    channel = office.digest(audience, kind="public")

    await office.sender.pump()

    assert (office.states, office.calls(), office.texts(channel)) == (["dead"], 0, [])
    assert "Choose a private channel" in str(office.row.reason)


async def test_what_is_for_everybody_may_go_to_a_shared_channel(office: Office) -> None:
    channel = office.digest(Audience.PUBLIC, is_ext_shared=True)

    await office.sender.pump()

    (text,) = office.texts(channel)
    assert "Round table" in text


async def test_a_slow_lane_keeps_no_other_waiting(
    sqlite_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(delivery, "PAUSE", 0.02)
    async with opened(sqlite_url) as office:
        office.promoted("Slow")
        office.workspace.faults.add(POST, Fault.hang(seconds=4))
        pumping = asyncio.create_task(office.sender.pump())
        await until(lambda: office.calls())
        ben = office.promoted("Ben")
        second = office.world.briefing()
        office.going(ben, second)
        office.owe(ben, second)

        await until(lambda: office.states[1] == "sent")
        office.workspace.clock.advance(2 * SECOND)
        await until(lambda: len(office.texts(ben)) == 2)

        assert not pumping.done()
        assert office.states[0] == "sending"
        await pumping
        assert office.states == ["sent", "sent", "sent"]


async def test_one_message_per_second_for_each_recipient(office: Office) -> None:
    ana, ben = office.member("Ana"), office.member("Ben")
    for asker in (ana, ben):
        for _ in range(3):
            briefing = office.world.briefing()
            office.going(asker, briefing)
            office.owe(asker, briefing)

    said = []
    for step in (0, 1, 0.04, 0.01, 1.05):
        await office.pump_after(step * SECOND)
        said.append((len(office.texts(ana)), len(office.texts(ben))))

    assert said == [(1, 1), (1, 1), (1, 1), (2, 2), (3, 3)]


async def test_what_cannot_be_worded_waits_and_stops_nobody(
    office: Office, caplog: pytest.LogCaptureFixture
) -> None:
    ana, ben = office.member("Ana"), office.promoted("Ben")
    office.owe(ana, office.world.briefing(), kind="of_a_newer_version")

    await office.sender.pump()

    assert office.texts(ben)
    assert sorted(office.states) == ["pending", "sent"]
    assert any(record.exc_info for record in caplog.records)


async def test_what_cannot_be_worded_keeps_nothing_else_from_its_reader(office: Office) -> None:
    ana = office.promoted("Ana")
    early = {"due_at": office.workspace.clock() - SECOND}
    office.owe(ana, office.world.briefing(), "odd", kind="of_a_newer_version", **early)

    await office.sender.pump()

    assert len(office.texts(ana)) == 1


async def test_resting_it_claims_nothing(office: Office) -> None:
    office.promoted()
    office.sender.rest()

    await office.sender.pump()

    assert office.states == ["pending"]


async def test_a_turn_ends_although_more_is_due(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(delivery, "TURN", -1)
    office.promoted()

    await office.sender.pump()

    assert office.states == ["pending"]


async def test_two_senders_on_one_database_post_nothing_twice(database_url: str) -> None:
    async with opened(database_url) as office, calling(office.workspace) as client:
        briefing = office.world.briefing()
        people = [office.promoted(f"Person {number}", briefing) for number in range(40)]
        units = Units(Database(database_url))
        second = office.sender_with(client, units)

        # On a busy machine a turn may end before the last has gone, and some connections be late.
        for _ in range(6):
            await asyncio.gather(office.sender.pump(), second.pump())
            office.workspace.clock.advance(4 * SECOND)
        units.close()

        assert Counter(len(office.texts(person)) for person in people) == {1: 40}
        assert (office.states, office.calls()) == (["sent"] * 40, 40)


async def test_two_who_only_look_what_is_due_post_twice(database_url: str) -> None:
    """The control: without the claim, the test above would fail."""
    async with opened(database_url) as office, calling(office.workspace) as client:
        briefing = office.world.briefing()
        people = [office.promoted(f"Person {number}", briefing) for number in range(5)]

        async def naive() -> None:
            for row in office.rows():
                if row.state is DeliveryState.PENDING:
                    await client.chat_postMessage(
                        channel=row.recipient, text="hi", unfurl_links=False, unfurl_media=False
                    )
                    office.change(row, state=DeliveryState.SENT)

        await asyncio.gather(naive(), naive())

        assert sum(len(office.texts(person)) for person in people) > len(people)


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
async def test_an_answer_that_comes_while_the_database_is_away_is_kept(
    database_url: str, postgres_template: str
) -> None:
    async with opened(database_url) as office:
        ana = office.promoted()
        office.workspace.faults.add(POST, Fault.hang(seconds=0.3))
        pumping = asyncio.create_task(office.sender.pump())
        await until(lambda: office.calls())

        with Away(database_url, postgres_template), contextlib.suppress(Exception):
            await pumping
        left = office.states
        await office.pump_after(LEASE + SECOND)

        assert (left, office.states) == (["sending"], ["sent"])
        assert len(office.texts(ana)) == 1


async def test_a_message_is_worded_as_things_are_when_it_goes(office: Office) -> None:
    briefing = office.world.briefing("Old title")
    ana = office.promoted("Ana", briefing)
    office.change(briefing, title="New title")

    await office.sender.pump()

    (text,) = office.texts(ana)
    assert "New title" in text
    assert "Old title" not in text


def ordered(office: Office, people: int) -> list[Asker]:
    """Let *people* be due their own digests, with something in them."""
    office.world.briefing("Round table", starts_at=NOON + 3 * DAY)
    found = [office.member(f"Member {number}") for number in range(people)]
    for asker in found:
        due = {"weekday": None, "at": "13:00", "next_at": NOON}
        office.world.add(OwnDigest(person_id=asker.person, **due))
        office.world.action(asker, "Figures", due_on=NOON.date())
    assert office.world.database.run(own_digests.plan, NOON) == people
    return found


async def test_those_due_together_are_worded_in_as_many_statements_as_two(office: Office) -> None:
    asked = []
    for people in (2, 15):
        found = ordered(office, people)
        with noted(office.world.database.reader) as statements:
            await office.sender.pump()
        asked.append(len(statements))
        for asker in found:
            (text,) = office.texts(asker)
            assert "Figures" in text

    assert asked[0] == asked[1]


async def test_one_that_cannot_be_worded_keeps_no_other_waiting(
    office: Office, caplog: pytest.LogCaptureFixture
) -> None:
    ana, ben, cleo = ordered(office, 3)
    with altering(office.world.database) as session:
        session.execute(sa.update(Person).where(Person.id == ben.person).values(zone="Mars/Base"))

    await office.sender.pump()

    assert [len(office.texts(asker)) for asker in (ana, ben, cleo)] == [1, 0, 1]
    assert Counter(office.states) == {"sent": 2, "pending": 1}
    assert "delivery.apart" in caplog.messages
