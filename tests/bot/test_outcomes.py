"""What comes of a briefing is noted with where it came from, and found from there."""

import pytest

from tests.bot.conftest import Story

STAFF, MEMBER, GUEST, CHAIR = "U0DANA", "U0LUKAS", "U0GARETH", "U0PRIYA"
pytestmark = pytest.mark.parametrize("story", ["http"], indirect=True)


async def test_an_item_knows_of_which_briefing_it_came(story: Story) -> None:
    nothing = await story.says(MEMBER, "/briefings outcomes E14")
    added = await story.says(MEMBER, "/actions add E14: send the slides due 3 December")

    assert nothing == (
        "Nothing is noted that came of *E14 Open webinar: the Safety by Design principles*.\n"
        "To note one: `/actions add E14: Ana to send the notes due 3 June`"
    )
    number = added.split("*A")[1].split(" ")[0]
    found = await story.says(MEMBER, "/briefings outcomes E14")
    assert found.startswith("What came of E14 Open webinar: the Safety by Design principles\n")
    assert f"*A{number} send the slides*" in found
    assert "E14 Open webinar" in await story.says(MEMBER, f"/actions show A{number}")


async def test_of_what_one_may_not_see_nothing_comes(story: Story) -> None:
    draft = "There is nothing called «E99» here that you can see. Check the spelling, or list them"

    assert (await story.says(MEMBER, "/actions add E99: send the slides")).startswith(draft)
    assert (await story.says(MEMBER, "/briefings outcomes E99")).startswith(draft)


async def test_what_comes_of_a_groups_meeting_is_for_the_group(story: Story) -> None:
    await story.says(CHAIR, "/actions add E10: write the minutes")

    assert "write the minutes" in await story.says(CHAIR, "/briefings outcomes E10")
    assert "write the minutes" in await story.says(STAFF, "/briefings outcomes E10")
    assert "There is nothing called" in await story.says(GUEST, "/actions show write the minutes")


async def test_many_before_a_title_are_part_of_it(story: Story) -> None:
    added = await story.says(MEMBER, "/actions add E14: E15: E16: call Ana")

    assert "E15: E16: call Ana" in added
