"""Standing orders for digests: staff look ahead, send early once, pause and go on."""

from datetime import timedelta

import pytest

from tests.bot.conftest import Story
from tests.bot.test_canaries import presses
from tests.bot.test_weekly_digest import TO_THE_HOUR, posted

STAFF, MEMBER = "U0ANA", "U0LUKAS"
STATUS = "/coalition digest status"
WEEK, DAY = timedelta(days=7), timedelta(days=1)


async def test_staff_see_when_each_digest_goes(story: Story) -> None:
    text = await story.says(STAFF, STATUS)

    assert "*<#C0MEMBERS>*: next Mon 23 Nov 2026, 09:00 your time" in text


async def test_a_preview_is_for_whoever_asks_alone_and_as_the_channel_would_read_it(
    story: Story,
) -> None:
    await story.says(STAFF, STATUS)

    text = await story.clicks(STAFF, "coalition.preview_digest")
    await story.workspace.advance(TO_THE_HOUR)

    (later,) = posted(story)
    assert text.startswith("Only you see this. <#C0MEMBERS> would be told this now.")
    assert "Secretariat planning" not in text
    assert text.endswith(later)


async def test_sent_now_it_stands_for_this_week_and_cannot_go_twice(story: Story) -> None:
    await story.says(STAFF, STATUS)

    text = await story.clicks(STAFF, "coalition.send_digest")
    again = await story.clicks(STAFF, "coalition.send_digest")
    await story.bot.scheduler.beat()
    await story.workspace.advance(TO_THE_HOUR + DAY)

    assert "next Mon 30 Nov 2026" in text
    assert again == "The digest of this week has been sent early. The next one comes by itself."
    assert len(posted(story)) == 1


async def test_paused_it_rests_and_goes_on_without_what_was_missed(story: Story) -> None:
    await story.says(STAFF, STATUS)

    paused = await story.clicks(STAFF, "coalition.pause_digest")
    story.workspace.clock.advance(2 * WEEK)
    await story.bot.scheduler.beat()
    rested = posted(story)
    resumed = await story.clicks(STAFF, "coalition.resume_digest")
    await story.bot.scheduler.beat()
    silent = posted(story)
    story.workspace.clock.advance(WEEK)
    await story.bot.scheduler.beat()

    assert "*<#C0MEMBERS>*: paused." in paused
    assert "next Mon 7 Dec 2026" in resumed
    assert (rested, silent, len(posted(story))) == ([], [], 1)


@pytest.mark.parametrize("action", ["preview", "send", "pause", "resume", "change", "call_off"])
async def test_nobody_but_staff_touches_them(story: Story, action: str) -> None:
    text = await story.says(MEMBER, STATUS)
    await presses(story, MEMBER, f"coalition.{action}_digest", "1")
    await story.settled()

    assert text == (
        "When digests go is for the secretariat and the chairs of groups to say. Ask them."
    )
    assert story.last(MEMBER).text == text
    assert "next Mon 23 Nov 2026" in await story.says(STAFF, STATUS)
    await story.bot.scheduler.beat()
    assert posted(story) == []
