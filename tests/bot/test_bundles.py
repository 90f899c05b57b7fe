"""What one person is to hear at the same time is one message: each item once, none lost."""

import re
from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any

import pytest

from bot import bundling, digests
from bot.workspace.faults import Fault
from commands import blocks
from commands.blocks import MESSAGE_BLOCKS, UPDATE_LIMIT
from storage import changes, recordings, redaction, reminders, restored, rsvps
from storage.asker import Asker
from storage.deliveries import AUDIT, LEASE, PACE, SETTLE
from storage.models import Answer, Briefing, DeliveryState, Preference, Standing
from tests.bot.conftest import Story
from tests.bot.office import POST, SECOND, Office, opened
from tests.bot.test_doubt import HISTORY, killed, late_copy
from tests.factories import NOON
from tests.storage.test_changes import change, moved
from tests.storage.test_recordings import answer

HOUR, MINUTE, DAY = timedelta(hours=1), timedelta(minutes=1), timedelta(days=1)
MARCUS, PRIYA = "U0MARCUS", "U0PRIYA"


@pytest.fixture
async def office(database_url: str) -> AsyncIterator[Office]:
    async with opened(database_url) as made:
        yield made


def remind(office: Office, asker: Asker, briefing: Briefing, **given: Any) -> None:
    """Owe somebody who goes the reminder of the day before."""
    key = f"remind:{briefing.id}:24h:{int(briefing.starts_at.timestamp())}:{asker.person}"
    office.owe(asker, briefing, **{"key": key, "kind": "reminder", **given})


def reminded(office: Office, *titles: str, **given: Any) -> tuple[Asker, list[Briefing]]:
    """Make Ana, who is owed a reminder of each of *titles*, tomorrow's."""
    ana, made = office.member("Ana"), [office.world.briefing(title) for title in titles]
    for briefing in made:
        office.going(ana, briefing)
        remind(office, ana, briefing, **given)
    return ana, made


def told(office: Office, asker: Asker) -> list[list[str]]:
    """List of each message to somebody the titles of briefings, in their order."""
    return [re.findall(r"\*E\d+ ([^*]+)\*", text) for text in office.texts(asker)]


async def pumped(office: Office, times: int = 4) -> None:
    for _ in range(times):
        await office.pump_after(PACE)


async def test_what_the_night_held_back_is_one_message_in_the_morning(office: Office) -> None:
    eight, ana, run = NOON + 19 * HOUR, office.member("Ana"), office.world.database.run  # Brussels
    quiet = {"quiet_from": "20:00", "quiet_until": "08:00"}
    office.world.add(Preference(person_id=ana.person, muted=[], **quiet))
    tomorrow = [office.world.briefing(f"Talk {n}", starts_at=eight + DAY) for n in range(3)]
    forum = office.world.briefing("Forum", starts_at=NOON + 9 * DAY)
    for briefing in (*tomorrow, forum):
        office.going(ana, briefing)
    for number in range(2):
        over = office.world.briefing(f"Past {number}", starts_at=NOON - DAY)
        answer(office.world, over, ana, Standing.GOING, came=True)
        link = f"https://video.example/{number}"
        run(recordings.add, office.world.staff(), eight - 9 * HOUR, f"E{over.id}", link)

    await office.pump_after(eight - 8 * HOUR - NOON)
    run(reminders.plan, office.workspace.clock())
    change(office.world, forum, eight - changes.HOLD, **moved(forum, HOUR))
    await office.pump_after(8 * HOUR - SECOND)
    by_night = office.texts(ana)
    await office.pump_after(SECOND)
    await pumped(office)

    assert by_night == []
    (titles,) = told(office, ana)
    assert sorted(titles) == ["Forum", "Past 0", "Past 1", "Talk 0", "Talk 1", "Talk 2"]
    due = [row for row in office.rows() if row.due_at == eight]
    assert [row.state for row in due] == [DeliveryState.SENT] * 6
    assert len({(row.channel, row.ts) for row in due}) == 1


async def test_each_item_stands_there_as_it_would_alone(office: Office) -> None:
    ana, _ = reminded(office, "One", "Two")
    ben = office.member("Ben")
    for briefing in office.all_of(Briefing):
        office.going(ben, briefing)
        remind(office, ben, briefing, due_at=NOON + briefing.id * MINUTE)

    await office.sender.pump()
    for _ in range(2):
        await office.pump_after(MINUTE)

    (both,) = office.workspace.messages(ana.slack_user)
    one, two = office.workspace.messages(ben.slack_user)
    assert [plain(block) for block in both.blocks] == [
        plain(block) for block in (*one.blocks, blocks.divider(), *two.blocks)
    ]
    assert both.text == f"{one.text}\n{two.text}"


def plain(block: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in block.items() if name != "block_id"}


async def test_what_does_not_fit_comes_in_the_next(office: Office) -> None:
    titles = [f"{number:02} {'word ' * 20}".strip() for number in range(18)]
    ana, _ = reminded(office, *titles)

    await pumped(office, 8)

    messages = office.workspace.messages(ana.slack_user)
    assert [title for found in told(office, ana) for title in found] == titles
    assert 2 <= len(messages) < 6
    assert all(len(message.blocks) <= MESSAGE_BLOCKS for message in messages)
    assert all(len(message.text) < UPDATE_LIMIT for message in messages)
    assert not any("did not fit" in message.text for message in messages)


def test_as_many_go_in_one_as_blocks_and_text_have_room_for() -> None:
    short, long = (
        blocks.message(*[blocks.section("x")] * 9),
        blocks.message(blocks.section("x" * 1400)),
    )

    assert [bundling.fitting([short] * number) for number in (1, 5, 6)] == [1, 5, 5]
    assert [bundling.fitting([long] * number) for number in (1, 2, 3)] == [1, 2, 2]
    assert len(bundling.joined([short] * 5)["blocks"]) == 49


async def test_what_is_about_to_begin_stands_alone_with_its_link(office: Office) -> None:
    ana, _ = reminded(office, "One", "Two")
    soon = office.world.briefing(
        "Soon", starts_at=NOON + 15 * MINUTE, join_link="https://meet.example/soon"
    )
    office.going(ana, soon)
    key = f"remind:{soon.id}:15m:{int(soon.starts_at.timestamp())}:{ana.person}"
    remind(office, ana, soon, key=key, expires_at=soon.starts_at)
    three = office.world.briefing("Three")
    office.going(ana, three)
    remind(office, ana, three)

    await pumped(office)

    assert told(office, ana) == [["One", "Two"], ["Soon"], ["Three"]]
    assert "Begins in " in office.texts(ana)[1]
    assert "https://meet.example/soon" in office.texts(ana)[1]


async def test_each_of_them_keeps_its_own_rules(office: Office) -> None:
    ana, (one, two, three) = reminded(office, "One", "Two", "Three")
    office.world.database.run(rsvps.answer, ana, NOON, two.id, Answer.DECLINED)
    quiet = {"quiet_from": "12:00", "quiet_until": "14:00"}
    office.world.add(Preference(person_id=ana.person, muted=["groups"], **quiet))
    group = office.world.group("Tech")
    for number, kind in enumerate(("group_joined", "invited")):
        details = {"group": group.id, "person": ana.person, "briefing": three.id}
        office.owe(ana, one, f"k{number}", kind=kind, details=details)

    await office.sender.pump()

    *_, muted, held = office.rows()
    assert told(office, ana) == [["One", "Three"]]
    assert office.states == ["sent", "skipped", "sent", "skipped", "pending"]
    assert muted.reason == "They wish not to be told of such things."
    assert held.due_at == NOON + HOUR  # fourteen in Brussels


@pytest.mark.parametrize("odd", [0, 1, 2])
async def test_one_that_cannot_be_worded_keeps_no_other_waiting(office: Office, odd: int) -> None:
    ana, _ = reminded(office, "One", "Two", "Three")
    office.change(office.rows()[odd], key="odd")

    await pumped(office)

    left = ["One", "Two", "Three"]
    del left[odd]
    assert [title for found in told(office, ana) for title in found] == left
    assert office.rows()[odd].state is DeliveryState.PENDING


@pytest.mark.parametrize(("refusals", "left"), [(1, 0), (2, 1)])
async def test_refused_for_good_each_is_tried_alone(
    office: Office, refusals: int, left: int
) -> None:
    ana, _ = reminded(office, "One", "Two", "Three")
    office.workspace.faults.add(POST, Fault.error("invalid_blocks"), times=refusals)

    await office.sender.pump()
    await pumped(office)

    titles = [title for found in told(office, ana) for title in found]
    assert titles == ["One", "Two", "Three"][left:]
    assert office.states.count("dead") == left


async def test_told_to_wait_all_of_it_goes_as_one_later(office: Office) -> None:
    ana, _ = reminded(office, "One", "Two")
    office.workspace.faults.add(POST, Fault.rate_limited(30))

    await office.sender.pump()
    await office.pump_after(29 * SECOND)
    early = office.texts(ana)
    await office.pump_after(SECOND)

    assert (early, told(office, ana), office.calls()) == ([], [["One", "Two"]], 2)


@pytest.mark.parametrize(
    ("fault", "posts"),
    [
        (Fault.server_error(500), 2),
        (Fault.server_error(502, is_done=True), 1),
        (Fault.drop_after_accept(), 1),
    ],
    ids=lambda value: getattr(value, "kind", str(value)),
)
async def test_in_doubt_it_is_looked_for_as_a_whole(
    office: Office, fault: Fault, posts: int
) -> None:
    ana, _ = reminded(office, "One", "Two")
    office.workspace.faults.add(POST, fault)

    await office.sender.pump()
    doubt = office.states
    await office.pump_after(SETTLE)

    assert (doubt, office.states) == (["sending"] * 2, ["sent"] * 2)
    assert (told(office, ana), office.calls(), office.calls(HISTORY)) == (
        [["One", "Two"]],
        posts,
        1,
    )
    assert len({row.ts for row in office.rows()}) == 1


async def test_killed_while_it_posts_it_is_found_by_the_next(office: Office) -> None:
    ana, _ = reminded(office, "One", "Two")

    await killed(office)
    three = office.world.briefing("Three")
    office.going(ana, three)
    remind(office, ana, three)
    await office.pump_after(LEASE)
    await pumped(office)

    assert told(office, ana) == [["One", "Two"], ["Three"]]
    assert office.states == ["sent"] * 3


async def test_found_late_it_counts_for_what_it_told_and_the_rest_is_told(office: Office) -> None:
    ana, _ = reminded(office, "One", "Two")
    office.workspace.faults.add(POST, Fault.drop_after_accept())
    office.workspace.faults.add(HISTORY, Fault.lag((SETTLE + SECOND).total_seconds()))
    await office.sender.pump()
    three = office.world.briefing("Three")
    office.going(ana, three)
    remind(office, ana, three)
    office.workspace.faults.add(POST, Fault.server_error(500))

    await office.pump_after(SETTLE)
    second = office.calls()
    await office.pump_after(SETTLE)
    await pumped(office)
    office.workspace.clock.advance(AUDIT)
    await office.auditor()

    assert (second, office.states) == (2, ["sent"] * 3)
    assert told(office, ana) == [["One", "Two"], ["Three"]]


async def test_a_second_copy_is_taken_back_and_all_of_it_stays_once(office: Office) -> None:
    ana, _ = reminded(office, "One", "Two")
    office.workspace.faults.add(POST, Fault.server_error(500))
    await office.sender.pump()
    await office.pump_after(SETTLE)
    await late_copy(office, ana)

    office.workspace.clock.advance(AUDIT)
    await office.auditor()

    assert told(office, ana) == [["One", "Two"]]
    assert {row.audit_at for row in office.rows()} == {None}


async def test_a_copy_in_which_others_are_told_stays_and_the_other_goes(office: Office) -> None:
    ana, _ = reminded(office, "One", "Two")
    await office.sender.pump()
    first, second = office.rows()
    office.change(first, state=DeliveryState.PENDING)
    await office.pump_after(PACE)
    for row in office.rows():
        office.change(row, unsure_since=NOON, audit_at=NOON)
    twice = told(office, ana)

    await office.auditor()

    assert twice == [["One", "Two"], ["One"]]
    assert told(office, ana) == [["One", "Two"]]
    assert {row.ts for row in office.rows()} == {second.ts}


async def test_after_a_restored_backup_nothing_of_it_is_sent_again(office: Office) -> None:
    ana, _ = reminded(office, "One", "Two")
    await office.sender.pump()
    three = office.world.briefing("Three")
    office.going(ana, three)
    remind(office, ana, three)
    for row in office.rows()[:2]:
        office.change(row, state=DeliveryState.PENDING, sent_at=None, ts=None)

    office.world.database.run(restored.doubt, office.workspace.clock(), NOON - MINUTE)
    await pumped(office)

    assert told(office, ana) == [["One", "Two"], ["Three"]]
    assert office.states[:3] == ["sent"] * 3


async def test_when_words_are_removed_the_rest_of_the_message_is_told_anew(office: Office) -> None:
    ana, (one, _) = reminded(office, "One", "Two")
    await office.sender.pump()

    office.world.database.run(redaction.redact, office.world.staff(), NOON, f"E{one.id}")
    await pumped(office)

    assert told(office, ana) == [[redaction.REMOVED, "Two"]]


async def test_a_button_acts_on_its_item_and_the_others_stay(story: Story) -> None:
    dm = story.workspace.dm(PRIYA)
    for number in (1, 2):
        await story.says(MARCUS, f"/actions add Priya to read draft {number}")
    story.workspace.clock.advance(2 * SECOND)
    await story.bot.scheduler.beat()
    (message,) = [one for one in story.workspace.messages(dm) if "draft" in one.text]
    before = list(message.blocks)
    rows = [block["elements"] for block in before if block["type"] == "actions"]
    taking = [row for row in rows if row[0]["action_id"] == "actions.accept"]

    await story.workspace.click(PRIYA, message, "actions.accept", taking[1][0]["value"])
    await story.settled()

    taken = story.workspace.messages(dm, seen_by=PRIYA)[-1].text
    assert [[button["text"]["text"] for button in row] for row in taking] == [
        ["Take it", "Decline"]
    ] * 2
    assert "draft 2" in taken
    assert "draft 1" not in taken
    (still,) = [one for one in story.workspace.messages(dm) if one.ts == message.ts]
    assert still.blocks == before


def test_what_may_be_bundled_is_for_one_person_and_has_a_key() -> None:
    assert set(digests.KINDS) >= digests.BUNDLED
    for_channels = {"posted_here", "recall", "weekly_digest"}
    assert not digests.BUNDLED & (digests.TRACELESS | digests.REPEATABLE | for_channels)
