"""Answers that were lost: what was posted is found again, what was not is sent, copies go."""

import asyncio
import contextlib
from collections.abc import AsyncIterator
from datetime import timedelta

import pytest
from slack_sdk.web.async_client import AsyncWebClient

from bot import delivery, outcomes, posting, unsure
from bot.unsure import IN_DOUBT, LOST, TRIES
from bot.workspace.faults import Fault
from storage.asker import Asker
from storage.deliveries import AUDIT, LEASE, SETTLE
from storage.models import Audience, DeliveryState
from tests.bot.office import POST, SECOND, Office, answering, calling, opened, until

HISTORY = "conversations.history"
PATIENCE = 1.5  # seconds: a busy machine may stall for one
DAY = timedelta(days=1)


@pytest.fixture
async def office(sqlite_url: str) -> AsyncIterator[Office]:
    async with opened(sqlite_url, patience=PATIENCE) as made:
        yield made


async def killed(office: Office) -> None:
    """Claim, post and die before the answer comes."""
    office.workspace.faults.add(POST, Fault.hang(seconds=30))
    async with calling(office.workspace, patience=60) as client:
        doomed = asyncio.create_task(office.sender_with(client).pump())
        await until(lambda: office.calls())
        doomed.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await doomed


async def late_copy(office: Office, ana: Asker) -> None:
    """Let Slack take, late, what nobody waits for any more."""
    args = dict(next(sent.args for sent in office.workspace.sent if sent.method == POST))
    async with calling(office.workspace) as client:
        await client.chat_postMessage(**args)
    assert len(office.texts(ana)) == 2


@pytest.mark.parametrize(
    ("fault", "is_there"),
    [
        (Fault.server_error(500), False),
        (Fault.server_error(503), False),
        (Fault.error("internal_error"), False),
        (Fault.error("fatal_error"), False),
        (Fault.error("never_heard_of"), False),
        (Fault.server_error(500, is_done=True), True),
        (Fault.server_error(502, is_done=True), True),
        (Fault.server_error(503, is_done=True), True),
        (Fault.error("internal_error", is_done=True), True),
        (Fault.error("fatal_error", is_done=True), True),
        (Fault.hang(seconds=PATIENCE + 0.3), True),
        (Fault.drip(seconds=PATIENCE + 0.3), True),
        (Fault.drop_after_accept(), True),
        (Fault.half(), True),
    ],
    ids=lambda value: (
        f"{value.kind} {value.name} {value.status}" if isinstance(value, Fault) else str(value)
    ),
)
async def test_in_doubt_it_is_looked_for_and_sent_again_only_where_it_is_not(
    office: Office, fault: Fault, is_there: bool
) -> None:
    ana = office.promoted()
    office.workspace.faults.add(POST, fault)

    await office.sender.pump()
    doubt = office.row
    await office.pump_after(SETTLE - SECOND)
    early = office.calls(HISTORY)
    await office.pump_after(SECOND)

    assert (doubt.state, doubt.reason, early) == (DeliveryState.SENDING, LOST, 0)
    assert (office.states, len(office.texts(ana))) == (["sent"], 1)
    assert office.calls() == 1 + (not is_there)
    dm = office.workspace.dm(ana.slack_user)
    assert (office.row.channel, office.row.ts) == (dm.id, office.workspace.messages(dm)[0].ts)


async def test_what_slack_takes_while_it_is_not_looked_for_yet_is_found(office: Office) -> None:
    ana = office.promoted()
    office.workspace.faults.add(POST, Fault.late(seconds=0.2))

    await office.sender.pump()
    await until(lambda: office.texts(ana))
    await office.pump_after(SETTLE)

    assert (office.states, len(office.texts(ana)), office.calls()) == (["sent"], 1, 1)


async def test_what_slack_takes_later_than_that_is_taken_back(office: Office) -> None:
    ana = office.promoted()
    office.workspace.faults.add(POST, Fault.late(seconds=1))

    await office.sender.pump()
    await office.pump_after(SETTLE)
    once = len(office.texts(ana))
    await until(lambda: len(office.texts(ana)) == 2)
    office.workspace.clock.advance(AUDIT)
    await office.auditor()

    assert (once, office.states, len(office.texts(ana))) == (1, ["sent"], 1)


@pytest.mark.parametrize(("lag", "posts"), [(SETTLE - SECOND, 1), (SETTLE + SECOND, 2)])
async def test_what_slack_shows_late_stands_there_once_in_the_end(
    office: Office, lag: timedelta, posts: int
) -> None:
    ana = office.promoted()
    office.workspace.faults.add(POST, Fault.drop_after_accept())
    office.workspace.faults.add(HISTORY, Fault.lag(lag.total_seconds()))

    await office.sender.pump()
    await office.pump_after(SETTLE)
    shown = len(office.texts(ana))
    office.workspace.clock.advance(AUDIT)
    await office.auditor()

    assert (shown, office.calls()) == (posts, posts)
    assert (office.states, len(office.texts(ana))) == (["sent"], 1)


async def test_killed_between_claim_and_answer_it_is_found_by_the_next(office: Office) -> None:
    ana = office.promoted()

    await killed(office)
    left = office.states
    await office.pump_after(LEASE - SECOND)
    leased = office.calls(HISTORY)
    await office.pump_after(SECOND)
    await office.pump_after(DAY)

    assert (left, leased, office.states) == (["sending"], 0, ["sent"])
    assert (len(office.texts(ana)), office.calls()) == (1, 1)


async def test_without_the_intent_it_would_be_resent(office: Office) -> None:
    """The control: what the test above looks for can be seen."""
    ana = office.promoted()

    await killed(office)
    office.change(office.row, state=DeliveryState.PENDING)
    await office.pump_after(LEASE)

    assert len(office.texts(ana)) == 2


async def test_what_is_found_again_can_be_taken_back_by_what_it_names(office: Office) -> None:
    office.promoted()
    office.workspace.faults.add(POST, Fault.drop_after_accept())

    await office.sender.pump()
    await office.pump_after(SETTLE)

    assert office.row.about.split()[0].startswith("E")


async def test_what_comes_after_something_in_doubt_waits_and_then_goes(office: Office) -> None:
    ana, second = office.promoted("Ana"), office.world.briefing("Second")
    office.workspace.faults.add(POST, Fault.drop_after_accept())
    office.going(ana, second)
    office.owe(ana, second)

    await office.sender.pump()
    office.promoted("Ben")
    await office.sender.pump()
    meanwhile = office.states
    await office.pump_after(SETTLE)
    await office.pump_after(2 * SECOND)

    assert meanwhile == ["sending", "pending", "sent"]
    assert office.states == ["sent", "sent", "sent"]
    assert len(office.texts(ana)) == 2


async def test_where_history_may_not_be_read_a_person_is_to_say(office: Office) -> None:
    channel = office.digest(Audience.PUBLIC)
    office.workspace.faults.add(POST, Fault.drop_after_accept())

    await office.sender.pump()
    await office.pump_after(SETTLE)
    await office.pump_after(DAY)

    assert (office.rows()[0].state, office.rows()[0].reason) == (DeliveryState.HELD, IN_DOUBT)
    assert len(office.texts(channel)) == 1


async def test_with_the_right_to_read_it_a_channel_is_looked_into(office: Office) -> None:
    channel = office.digest(Audience.PUBLIC)
    office.workspace.scopes.add("channels:history")
    office.workspace.faults.add(POST, Fault.drop_after_accept())

    await office.sender.pump()
    await office.pump_after(SETTLE)

    assert (office.states, len(office.texts(channel)), office.calls()) == (["sent"], 1, 1)


@pytest.mark.parametrize(
    "fault",
    [Fault.server_error(500), Fault.rate_limited(30), Fault.hang(seconds=PATIENCE + 0.3)],
    ids=lambda fault: fault.kind,
)
async def test_history_that_cannot_be_read_now_is_read_later(office: Office, fault: Fault) -> None:
    ana = office.promoted()
    office.workspace.faults.add(POST, Fault.drop_after_accept())
    await office.sender.pump()
    office.workspace.faults.add(HISTORY, fault)

    await office.pump_after(SETTLE)
    open_still = office.states
    await office.pump_after(30 * SECOND)

    assert (open_still, office.states) == (["sending"], ["sent"])
    assert (len(office.texts(ana)), office.calls()) == (1, 1)


async def test_history_that_can_never_be_read_is_left_to_a_person(office: Office) -> None:
    office.promoted()
    office.workspace.faults.add(POST, Fault.drop_after_accept())
    await office.sender.pump()
    office.workspace.faults.add(HISTORY, Fault.error("fatal_error"), times=TRIES)

    for _ in range(TRIES + 1):
        await office.pump_after(5 * 60 * SECOND)

    assert (office.rows()[0].state, office.calls()) == (DeliveryState.HELD, 1)


async def test_without_a_token_that_counts_nobody_is_asked_and_it_is_found_later(
    office: Office,
) -> None:
    ana = office.promoted()
    office.workspace.faults.add(POST, Fault.drop_after_accept())
    await office.sender.pump()
    office.workspace.faults.add(HISTORY, Fault.error("token_revoked"), times=TRIES + 3)

    await office.pump_after(SETTLE)
    for _ in range(TRIES + 2):
        await office.pump_after(outcomes.PARKED)
    parked = office.states
    await office.pump_after(outcomes.PARKED)

    assert (parked, office.states) == (["sending"], ["sent"])
    assert (len(office.texts(ana)), office.calls()) == (1, 1)


async def test_what_goes_wrong_while_looking_is_looked_at_again(
    office: Office, caplog: pytest.LogCaptureFixture
) -> None:
    office.promoted()
    office.workspace.faults.add(POST, Fault.drop_after_accept())
    await office.sender.pump()
    office.workspace.clock.advance(SETTLE)

    async with answering(200, '{"ok": true, "channel": {}}', "application/json") as client:
        await office.sender_with(client).pump()
    odd = office.states
    await office.pump_after(10 * SECOND)

    assert (odd, office.states) == (["sending"], ["sent"])
    assert any(record.exc_info for record in caplog.records)


async def test_it_is_found_on_a_later_page_and_not_taken_for_another_apps(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(unsure, "PAGE", 3)
    ana = office.promoted()
    office.workspace.faults.add(POST, Fault.drop_after_accept())
    await office.sender.pump()
    async with calling(office.workspace) as client:
        for number in range(7):
            await say(client, ana, f"other {number}")

    await office.pump_after(SETTLE)

    assert (office.states, office.calls(HISTORY)) == (["sent"], 3)
    assert "A seat was freed" in office.texts(ana)[0]
    assert office.row.ts == office.workspace.messages(ana.slack_user)[0].ts


async def test_where_too_much_was_said_since_a_person_is_to_say(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(unsure, "PAGE", 1)
    monkeypatch.setattr(unsure, "PAGES", 2)
    ana = office.promoted()
    office.workspace.faults.add(POST, Fault.drop_after_accept())
    await office.sender.pump()
    async with calling(office.workspace) as client:
        for number in range(3):
            await say(client, ana, f"other {number}")

    await office.pump_after(SETTLE)

    assert office.rows()[0].state is DeliveryState.HELD


async def say(client: AsyncWebClient, to: Asker, text: str) -> None:
    await client.chat_postMessage(
        channel=to.slack_user, text=text, unfurl_links=False, unfurl_media=False
    )


async def test_a_copy_that_slack_takes_late_is_taken_back(office: Office) -> None:
    ana = office.promoted()
    office.workspace.faults.add(POST, Fault.server_error(500))
    await office.sender.pump()
    await office.pump_after(SETTLE)
    kept = office.row.ts
    await late_copy(office, ana)

    office.workspace.clock.advance(AUDIT)
    await office.auditor()

    (left,) = office.workspace.messages(ana.slack_user)
    assert (left.ts, office.row.ts, office.row.audit_at) == (kept, kept, None)


async def test_where_a_person_removed_the_kept_copy_the_other_stays(office: Office) -> None:
    ana = office.promoted()
    office.workspace.faults.add(POST, Fault.server_error(500))
    await office.sender.pump()
    await office.pump_after(SETTLE)
    kept, *_ = office.workspace.messages(ana.slack_user)
    await late_copy(office, ana)
    office.workspace.world.unsay(kept)

    office.workspace.clock.advance(AUDIT)
    await office.auditor()

    (left,) = office.workspace.messages(ana.slack_user)
    assert left.ts != kept.ts
    assert (office.row.ts, office.row.audit_at) == (left.ts, None)


async def test_an_audit_that_cannot_read_tries_again(office: Office) -> None:
    ana = office.promoted()
    office.workspace.faults.add(POST, Fault.server_error(500))
    await office.sender.pump()
    await office.pump_after(SETTLE)
    await late_copy(office, ana)
    office.workspace.faults.add(HISTORY, Fault.server_error(500))

    for _ in range(2):
        office.workspace.clock.advance(AUDIT)
        await office.auditor()
        await office.auditor()  # taken once, however often it is asked

    assert (len(office.texts(ana)), office.calls(HISTORY)) == (1, 3)


async def test_frozen_until_its_lease_is_over_it_posts_nothing(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    ana = office.promoted()
    passed = iter([0.0])
    monkeypatch.setattr(posting, "now", lambda: next(passed, delivery.MARGIN + 0.1))

    await office.sender.pump()
    late = (office.states, office.calls(), office.texts(ana))
    monkeypatch.undo()
    await office.pump_after(10 * SECOND)

    assert late == (["pending"], 0, [])
    assert len(office.texts(ana)) == 1


async def test_a_file_can_carry_no_key_so_a_person_is_to_say(office: Office) -> None:
    ana = office.member()
    details = {"person": ana.person}
    office.owe(ana, office.world.briefing(), key="data", kind="my_data", details=details)
    office.workspace.faults.add("files.completeUploadExternal", Fault.drop_after_accept())

    await office.sender.pump()
    await office.pump_after(SETTLE)

    assert (office.rows()[0].state, office.calls(HISTORY)) == (DeliveryState.HELD, 0)


async def test_taking_back_is_simply_done_again(office: Office) -> None:
    ana = office.promoted()
    await office.sender.pump()
    sent = office.row
    recall = {"kind": "recall", "recipient": sent.channel, "details": {"delivery": sent.id}}
    office.owe(ana, office.world.briefing(), key="recall", **recall)
    office.workspace.faults.add("chat.delete", Fault.hang(seconds=30))
    async with calling(office.workspace, patience=60) as client:
        office.workspace.clock.advance(2 * SECOND)
        doomed = asyncio.create_task(office.sender_with(client).pump())
        await until(lambda: office.calls("chat.delete"))
        doomed.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await doomed

    left = office.states
    await office.pump_after(LEASE)

    assert (left, office.states) == (["sent", "sending"], ["sent", "sent"])
    assert office.texts(ana) == []
