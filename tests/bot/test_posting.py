"""Files arrive in one message or in none, and what the bot posted can be taken back."""

from collections.abc import AsyncIterator

import pytest

from bot import digests, refusals
from bot.digests import Composed, File, Recall
from bot.outcomes import PARKED
from bot.unsure import IN_DOUBT
from bot.workspace.faults import Fault
from commands import blocks
from storage.asker import Asker
from tests.bot.office import POST, SECOND, Office, opened

PATIENCE = 0.4
COMPLETE = "files.completeUploadExternal"
DELETE = "chat.delete"
FILES = (File("my-data.json", b'{"a": 1}', "Your data"), File("my-data.csv", b"a\r\n1\r\n", "Rows"))
HARMLESS = ["conversations.open", "files.getUploadURLExternal", "upload"]
FAULTS = [
    Fault.server_error(500),
    Fault.error("internal_error"),
    Fault.hang(seconds=PATIENCE + 0.3),
    Fault.drop_after_accept(),
]


@pytest.fixture
async def office(sqlite_url: str, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Office]:
    message = blocks.message(blocks.section("Here is what the bot knows of you."))
    monkeypatch.setitem(digests.KINDS, "with_files", lambda *_: Composed(message, files=FILES))
    monkeypatch.setitem(
        digests.KINDS,
        "recall",
        lambda _session, claimed, _now: Recall(claimed.recipient, claimed.details["ts"]),
    )
    monkeypatch.setattr(digests, "TRACELESS", frozenset({"with_files"}))
    async with opened(sqlite_url, patience=PATIENCE) as made:
        yield made


def described(fault: Fault) -> str:
    return f"{fault.kind} {fault.name}"


def owed(office: Office) -> Asker:
    ana = office.member("Ana")
    office.owe(ana, office.world.briefing(), kind="with_files")
    return ana


def files(office: Office, ana: Asker) -> list[tuple[str, str, bytes | None]]:
    known = office.workspace.world.files
    return [
        (known[file].name, known[file].title, known[file].content)
        for message in office.workspace.messages(ana.slack_user)
        for file in message.files
    ]


async def test_files_arrive_in_one_message_in_the_readers_direct_messages(office: Office) -> None:
    ana = owed(office)

    await office.sender.pump()
    await office.pump_after(PARKED)

    assert office.texts(ana) == ["Here is what the bot knows of you."]
    assert files(office, ana) == [(each.name, each.title, each.content) for each in FILES]
    assert (office.states, office.calls(POST), office.calls(COMPLETE)) == (["sent"], 0, 1)
    dm = office.workspace.dm(ana.slack_user)
    told = office.workspace.messages(ana.slack_user)[-1]
    assert (office.row.channel, (office.row.ts or "").split()) == (dm.id, told.files)


@pytest.mark.parametrize("fault", [*FAULTS, Fault.rate_limited(2)], ids=described)
@pytest.mark.parametrize("method", HARMLESS)
async def test_before_the_last_call_all_may_be_done_again(
    office: Office, method: str, fault: Fault
) -> None:
    ana = owed(office)
    office.workspace.faults.add(method, fault, times=2)

    await office.sender.pump()
    failed = (office.states, office.texts(ana))
    office.workspace.faults.clear()
    await office.pump_after(PARKED)

    assert failed == (["pending"], [])
    assert (office.states, len(office.texts(ana)), office.calls(COMPLETE)) == (["sent"], 1, 1)


@pytest.mark.parametrize("fault", FAULTS, ids=described)
async def test_an_unknown_outcome_of_the_last_call_never_becomes_a_second_message(
    office: Office, fault: Fault
) -> None:
    ana = owed(office)
    office.workspace.faults.add(COMPLETE, fault)

    await office.sender.pump()
    await office.pump_after(PARKED)

    assert (office.states, office.row.reason) == (["held"], IN_DOUBT)
    assert office.calls(COMPLETE) == 1
    assert len(office.texts(ana)) <= 1


async def test_told_to_wait_with_files_it_waits(office: Office) -> None:
    ana = owed(office)
    office.workspace.faults.add(COMPLETE, Fault.rate_limited(7))

    await office.sender.pump()
    await office.pump_after(6 * SECOND)
    early = office.calls(COMPLETE)
    await office.pump_after(SECOND)

    assert (early, len(office.texts(ana)), office.states) == (1, 1, ["sent"])


async def test_without_the_right_to_hand_out_files_it_is_dead_with_the_remedy(
    office: Office,
) -> None:
    owed(office)
    office.workspace.scopes.discard("files:write")

    await office.sender.pump()

    assert (office.states, office.row.reason) == (["dead"], refusals.REMEDIES["missing_scope"])


async def posted(office: Office) -> Asker:
    """Post somebody a message, then owe its recall."""
    ana = office.promoted()
    await office.sender.pump()
    where = {"recipient": office.row.channel, "details": {"ts": office.row.ts}}
    office.owe(ana, office.world.briefing(), key="recall", kind="recall", **where)
    return ana


async def test_what_the_bot_posted_is_taken_back(office: Office) -> None:
    ana = await posted(office)

    await office.pump_after(2 * SECOND)

    assert (office.texts(ana), office.states) == ([], ["sent", "sent"])


@pytest.mark.parametrize("fault", [*FAULTS, Fault.rate_limited(2)], ids=described)
async def test_a_recall_is_tried_until_the_message_is_gone(office: Office, fault: Fault) -> None:
    ana = await posted(office)
    office.workspace.faults.add(DELETE, fault)

    await office.pump_after(2 * SECOND)
    tried = office.states
    await office.pump_after(PARKED)

    assert tried == ["sent", "pending"]
    assert (office.texts(ana), office.states) == ([], ["sent", "sent"])


@pytest.mark.parametrize("name", ["message_not_found", "channel_not_found"])
async def test_what_is_gone_already_counts_as_taken_back(office: Office, name: str) -> None:
    await posted(office)
    office.workspace.faults.add(DELETE, Fault.error(name))

    await office.pump_after(2 * SECOND)

    assert (office.states, office.calls(DELETE)) == (["sent", "sent"], 1)


@pytest.mark.parametrize("name", ["cant_delete_message", "compliance_exports_prevent_deletion"])
async def test_what_slack_will_not_delete_is_dead_with_a_reason(office: Office, name: str) -> None:
    await posted(office)
    office.workspace.faults.add(DELETE, Fault.error(name))

    await office.pump_after(2 * SECOND)

    assert office.states == ["sent", "dead"]
    assert office.rows()[1].reason == f"Slack refused it: {name}."
