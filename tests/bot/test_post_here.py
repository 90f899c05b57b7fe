"""Post here: the button, the answer at once, and what becomes of it."""

import re
from datetime import timedelta

import pytest

from bot import audience
from bot.workspace import Workspace
from tests.bot.conftest import Story

MEMBER, SECRETARY = "U0PRIYA", "U0ANA"
MEMBERS, SHARED = "C0MEMBERS", "C0ANNOUNCE"
WORKSHOP = "/briefings show Workshop: Industry Classification System"
FEW_SECONDS = timedelta(seconds=5)


def buttons(story: Story, channel: str) -> set[str]:
    return {
        element["action_id"]
        for block in story.last(MEMBER, channel).blocks
        if block["type"] == "actions"
        for element in block["elements"]
    }


def standing(workspace: Workspace, channel: str) -> list[str]:
    return [message.text for message in workspace.messages(channel)]


async def beats(story: Story) -> None:
    for _ in range(2):
        await story.bot.scheduler.beat()
        story.workspace.clock.advance(FEW_SECONDS)


async def test_what_is_posted_here_stands_for_all_in_the_channel(story: Story) -> None:
    await story.says(MEMBER, WORKSHOP, MEMBERS)

    answer = await story.clicks(MEMBER, "briefings.post_here", channel=MEMBERS)
    await beats(story)

    assert answer.startswith("It will appear here in a moment.")
    (text,) = standing(story.workspace, MEMBERS)
    assert "Workshop: Industry Classification System" in text
    assert re.search(r"Posted for .*Priya", text)


@pytest.mark.parametrize(("room", "listing"), [("resources", "new"), ("initiatives", "active")])
async def test_each_sort_of_item_has_its_button(story: Story, room: str, listing: str) -> None:
    text = await story.says(MEMBER, f"/{room} {listing}", MEMBERS)
    found = re.search(r"\b[RI]\d+\b", text)
    assert found is not None
    await story.says(MEMBER, f"/{room} show {found[0]}", MEMBERS)

    await story.clicks(MEMBER, f"{room}.post_here", channel=MEMBERS)
    await beats(story)

    (text,) = standing(story.workspace, MEMBERS)
    assert found[0] in text


async def test_where_outsiders_read_it_stays_away_and_asker_and_staff_hear_why(
    story: Story,
) -> None:
    await story.says(MEMBER, WORKSHOP, SHARED)
    await story.clicks(MEMBER, "briefings.post_here", channel=SHARED)

    await beats(story)

    assert standing(story.workspace, SHARED) == []
    why = "\n".join(standing(story.workspace, story.workspace.dm(MEMBER).id))
    assert f"was not posted in <#{SHARED}>.\n{audience.OUTSIDE}" in why
    told = "\n".join(standing(story.workspace, story.workspace.dm(SECRETARY).id))
    assert f"did not go to <#{SHARED}>.\n{audience.OUTSIDE}" in told
    assert "Classification" not in told


async def test_alone_with_the_bot_there_is_no_button(story: Story) -> None:
    dm = story.workspace.dm(MEMBER).id

    await story.says(MEMBER, WORKSHOP, dm)

    assert "briefings.who" in buttons(story, dm)
    assert "briefings.post_here" not in buttons(story, dm)
