"""What nobody can look up: staff are asked, their word counts once, and nobody else's does."""

import pytest

from bot.digests import KINDS
from bot.workspace.faults import Fault
from commands.coalition import posts
from storage.deliveries import SETTLE
from tests.bot.conftest import Story
from tests.bot.office import POST, SECOND
from tests.bot.test_canaries import presses

MEMBER, SECRETARY, COLLEAGUE = "U0PRIYA", "U0ANA", "U0DANA"
MEMBERS = "C0MEMBERS"
WORKSHOP = "/briefings show Workshop: Industry Classification System"
ASKS = "A post that somebody asked for to <#C0MEMBERS> is in doubt since "


@pytest.fixture
async def doubt(story: Story) -> Story:
    """Let a member's post stand in a channel, of which Slack never said so."""
    story.workspace.faults.add(POST, Fault.drop_after_accept())
    await story.says(MEMBER, WORKSHOP, MEMBERS)
    await story.clicks(MEMBER, "briefings.post_here", channel=MEMBERS)
    await story.bot.scheduler.beat()
    story.workspace.clock.advance(SETTLE)
    for _ in range(2):
        await story.bot.scheduler.beat()
        story.workspace.clock.advance(2 * SECOND)
    return story


def dm(story: Story, user: str) -> str:
    return story.workspace.dm(user).id


async def posted(story: Story) -> int:
    for _ in range(2):
        await story.bot.scheduler.beat()
        story.workspace.clock.advance(2 * SECOND)
    return len(story.workspace.messages(MEMBERS))


async def test_all_of_the_secretariat_are_asked_and_nobody_else(doubt: Story) -> None:
    for staff in (SECRETARY, COLLEAGUE):
        text = doubt.last(staff, dm(doubt, staff)).text
        assert text.startswith(ASKS)
        assert "Workshop" not in text
    assert not any(ASKS in message.text for message in doubt.workspace.messages(dm(doubt, MEMBER)))


async def test_what_is_there_is_not_sent_again(doubt: Story) -> None:
    answer = await doubt.clicks(SECRETARY, "coalition.arrived", channel=dm(doubt, SECRETARY))

    assert answer == "Noted: it arrived."
    assert await posted(doubt) == 1
    assert "nothing failed" in await doubt.says(SECRETARY, "/coalition messages")


async def test_what_is_not_there_goes_again(doubt: Story) -> None:
    doubt.workspace.world.unsay(doubt.workspace.messages(MEMBERS)[0])

    answer = await doubt.clicks(SECRETARY, "coalition.send_again", channel=dm(doubt, SECRETARY))

    assert answer.startswith("It goes out again now")
    assert await posted(doubt) == 1


async def test_the_second_word_changes_nothing(doubt: Story) -> None:
    await doubt.clicks(SECRETARY, "coalition.arrived", channel=dm(doubt, SECRETARY))

    answer = await doubt.clicks(COLLEAGUE, "coalition.send_again", channel=dm(doubt, COLLEAGUE))

    assert answer == "That has been settled already. Nothing changed."
    assert await posted(doubt) == 1


async def test_nobody_but_staff_settles_it(doubt: Story) -> None:
    for number in range(1, 20):
        await presses(doubt, MEMBER, "coalition.send_again", str(number))

    assert await posted(doubt) == 1


async def test_the_list_names_what_is_in_doubt_with_its_buttons(doubt: Story) -> None:
    text = await doubt.says(SECRETARY, "/coalition messages")

    assert "Nothing is due that has not been sent." in text
    assert "*A post that somebody asked for* to <#C0MEMBERS>" in text
    await doubt.clicks(SECRETARY, "coalition.arrived")
    assert "nothing failed" in await doubt.says(SECRETARY, "/coalition messages")


async def test_the_list_is_for_the_secretariat(doubt: Story) -> None:
    text = await doubt.says(MEMBER, "/coalition messages")

    assert text == "What became of the bot's messages is for the secretariat. Ask them."


def test_every_kind_of_message_has_a_name_for_the_list() -> None:
    assert set(posts.WHAT) == set(KINDS) - {"in_doubt"}
