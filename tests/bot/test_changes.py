"""A briefing that is moved or called off: whoever answered hears it once, as it is by then."""

import copy
from datetime import timedelta
from typing import Any

from storage import facts
from tests.bot.conftest import TEAM, Story, items

PRIYA, TABLE = "U0PRIYA", "Round table: testing and mitigation resource"
SINGAPORE = "Generative AI briefing, Singapore"
GOES, MAY, NOT = "U0ANH", "U0HARUTO", "U0GARETH"


async def reloaded(story: Story, coalition: dict[str, Any], **values: Any) -> None:
    """Load the coalition's file again, with other *values* for the briefing in Singapore."""
    told = copy.deepcopy(coalition)
    entry = next(one for one in told["briefings"] if one["title"] == SINGAPORE)
    entry.update(values)
    await story.bot.units.run(facts.load, told, TEAM, story.workspace.clock())


async def heard(story: Story, user: str, after: timedelta = timedelta(minutes=10)) -> list[str]:
    story.workspace.clock.advance(after)
    for _ in range(3):
        await story.bot.scheduler.beat()
        story.workspace.clock.advance(timedelta(seconds=2))
    texts = items(story.workspace.messages(user, seen_by=user))
    return [text for text in texts if "Singapore" in text]


async def test_whoever_answered_hears_where_it_is_now_and_what_they_know_stands(
    story: Story, coalition: dict[str, Any]
) -> None:
    await story.says(PRIYA, f"/briefings rsvp {SINGAPORE} maybe")
    await reloaded(story, coalition, venue="Hall 2", join_link="https://meet.example/other")

    early = await heard(story, GOES, timedelta(minutes=9))
    (going,) = await heard(story, GOES, timedelta(minutes=1))
    (maybe,) = await heard(story, PRIYA)

    assert early == []
    assert going.splitlines()[:3] == [
        f"*E16 {SINGAPORE}* has changed.",
        "The place is now: Hall 2 · Singapore, or online",
        "The join link is now: <https://meet.example/other|https://meet.example/other>",
    ]
    assert "meet.example" not in maybe
    assert "Your answer stands. Are you still coming?" in maybe
    assert await heard(story, NOT) == []


async def test_called_off_it_is_told_once_and_a_file_takes_it_off_the_calendar(
    story: Story, coalition: dict[str, Any]
) -> None:
    await reloaded(story, coalition, state="cancelled")

    (told,) = await heard(story, GOES)
    again = await heard(story, GOES, timedelta(days=1))

    was = "Sat 5 Dec 2026, 10:00 your time"
    assert told == f"*E16 {SINGAPORE}* does not take place. It was to be: {was}."
    assert len(again) == 1


async def test_changed_and_changed_back_nobody_hears_of_it(
    story: Story, coalition: dict[str, Any]
) -> None:
    for state in ("cancelled", "published"):
        await reloaded(story, coalition, state=state)

    assert await heard(story, GOES) == []
