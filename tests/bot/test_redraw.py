"""A briefing's post is kept as the briefing is: changed where it stands, or taken back."""

from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from bot import audience
from bot.workspace import Message
from storage import posts
from storage.models import Delivery
from tests.bot.conftest import Story
from tests.bot.test_authoring import STAFF, TITLE, edits, fills, publishes
from tests.bot.test_changes import SINGAPORE, reloaded
from tests.bot.test_expected import says
from tests.bot.test_post_here import MEMBER, MEMBERS
from tests.bot.test_wishes import beats, reasons, told
from tests.factories import seeing_all

HTTP = pytest.mark.parametrize("story", ["http"], indirect=True)
FIRST, DAY = "U0LUKAS", timedelta(days=1)
UPDATE = "chat.update"


async def posted(story: Story, channel: str = MEMBERS, **terms: object) -> int:
    """Write a briefing and post it; give its number."""
    number = await publishes(story, STAFF, **terms)
    await posts_it(story, number, channel)
    return number


async def posts_it(story: Story, number: int, channel: str = MEMBERS) -> None:
    await story.says(MEMBER, f"/briefings show E{number}", channel)
    await story.clicks(MEMBER, "briefings.post_here", channel=channel)
    await beats(story)


def standing(story: Story, channel: str = MEMBERS) -> list[Message]:
    return [message for message in story.workspace.messages(channel) if not message.ephemeral]


def buttons(story: Story) -> list[str]:
    (message,) = standing(story)
    rows = [block["elements"] for block in message.blocks if block["type"] == "actions"]
    return [element["action_id"] for row in rows for element in row]


def states(story: Story) -> list[str]:
    with seeing_all(story.bot.units.database) as session:
        redraws = sa.select(Delivery.state).where(Delivery.kind == posts.KIND)
        return [state.value for state in session.scalars(redraws)]


def updates(story: Story) -> int:
    return sum(call.method == UPDATE for call in story.workspace.sent)


async def changes(story: Story, number: int, **fields: object) -> None:
    """Change what, when and where a briefing is."""
    await edits(story, number)
    assert await fills(story, STAFF, **fields) == {}
    await story.workspace.close_modal(STAFF)
    await story.settled()


async def redrawn(story: Story, after: timedelta = posts.HOLD) -> None:
    await beats(story, after)


async def calls_off(story: Story, number: int) -> None:
    await story.says(STAFF, f"/briefings cancel E{number}")
    await story.clicks(STAFF, "briefings.cancel")


async def test_a_post_shows_what_was_changed_since_where_it_stands(story: Story) -> None:
    number = await posted(story)
    (before,) = standing(story)
    was, heard = before.text, told(story, MEMBER)

    await changes(story, number, title="Another title", summary="Nothing is as it was", city="Rome")
    early = standing(story)[0].text
    await redrawn(story)

    (after,) = standing(story)
    assert (early, after.ts) == (was, before.ts)
    assert after.text.startswith(f"E{number} Another title\n")
    assert "Nothing is as it was" in after.text
    assert after.text.splitlines()[-1] == was.splitlines()[-1]
    assert "Posted for " in after.text
    assert TITLE not in str(after.blocks)
    assert told(story, MEMBER) == heard


async def test_whoever_answers_is_counted_in_it(story: Story) -> None:
    number = await posted(story, capacity="2")
    first = standing(story)[0].text
    message = standing(story)[0]

    await story.workspace.click(FIRST, message, "briefings.going")
    await story.settled()
    await redrawn(story)
    going = standing(story)[0].text
    await says(story, FIRST, number, "no")
    await redrawn(story)

    assert "0 of 2 seats taken" in first
    assert "1 of 2 seats taken" in going
    assert standing(story)[0].text == first


@HTTP
async def test_what_changes_within_half_a_minute_is_drawn_at_once(story: Story) -> None:
    number = await posted(story)
    was = standing(story)[0].text

    await changes(story, number, title="One")
    await changes(story, number, title="Two")
    await redrawn(story)
    twice = (updates(story), standing(story)[0].text.splitlines()[0])
    await changes(story, number, title="Three")
    await changes(story, number, title=TITLE)
    await redrawn(story)

    assert twice == (1, f"E{number} Two")
    assert standing(story)[0].text == was
    assert len(standing(story)) == 1


async def test_called_off_it_says_so_without_buttons_once_people_are_told(story: Story) -> None:
    number = await posted(story)
    was, text_was = buttons(story), standing(story)[0].text

    await calls_off(story, number)
    await redrawn(story, timedelta(minutes=9))
    early = (buttons(story), standing(story)[0].text)
    await redrawn(story, timedelta(minutes=1))

    assert early == (was, text_was)
    assert {"briefings.going", "briefings.ics"} <= set(was)
    assert standing(story)[0].text.startswith(f"CANCELLED · E{number} {TITLE}\n")
    assert buttons(story) == []


@HTTP
async def test_that_it_is_called_off_is_taken_back_before_its_post_says_so(story: Story) -> None:
    number = await posted(story)
    text = standing(story)[0].text

    await calls_off(story, number)
    await redrawn(story, timedelta(minutes=9))
    await story.clicks(STAFF, "briefings.restore")
    seen = []
    for _ in range(4):
        await redrawn(story)
        seen.append(standing(story)[0].text)

    assert seen == [text] * 4
    assert "pending" not in states(story)


async def test_with_somebody_in_the_channel_who_may_not_see_it_it_is_taken_back(
    story: Story,
) -> None:
    number = await posted(story)
    before = len(told(story, STAFF))
    story.workspace.channel(MEMBERS).members.append("U0GARETH")

    await changes(story, number, title="For members alone")
    await redrawn(story)
    await changes(story, number, title="For nobody here")
    await redrawn(story)

    assert standing(story) == []
    assert updates(story) == 0
    news = [text for text in told(story, STAFF)[before:] if f"<#{MEMBERS}>" in text]
    assert news == [
        f"The post of a briefing is kept up to date no more in <#{MEMBERS}>.\n"
        f"{audience.TAKEN_BACK} {audience.SOME}"
    ]


@HTTP
async def test_narrowed_it_is_taken_back(story: Story) -> None:
    number = await posted(story)

    await story.says(STAFF, f"/coalition share E{number} with staff")
    await redrawn(story)

    assert standing(story) == []
    assert any(audience.SOME in text for text in told(story, STAFF))


@HTTP
async def test_for_nobody_to_read_it_is_taken_back(story: Story) -> None:
    number = await posted(story)

    await story.says(STAFF, f"/coalition share E{number} with staff TLP:RED")
    await redrawn(story)

    assert standing(story) == []


@HTTP
async def test_whoever_deletes_it_in_slack_hears_no_more_of_it(story: Story) -> None:
    number = await posted(story)
    before = told(story, STAFF)
    story.workspace.world.unsay(standing(story)[0])

    await changes(story, number, title="Another title")
    await redrawn(story)
    tried = updates(story)
    await changes(story, number, title="One more")
    await redrawn(story)

    assert (tried, updates(story), standing(story)) == (1, 1, [])
    assert reasons(story, posts.KIND) == ["Somebody has deleted it in Slack."]
    assert told(story, STAFF) == before


@HTTP
@pytest.mark.parametrize("what", ["archived", "left"])
async def test_where_it_cannot_be_reached_staff_hear_so_once(story: Story, what: str) -> None:
    number = await posted(story)
    was, before = standing(story)[0].text, len(told(story, STAFF))
    place = story.workspace.channel(MEMBERS)
    if what == "archived":
        place.is_archived = True
    else:
        place.members.remove("U0CONVENE")

    for title in ("One", "Two", "Three"):
        await changes(story, number, title=title)
        await redrawn(story)

    news = [text for text in told(story, STAFF)[before:] if f"<#{MEMBERS}>" in text]
    assert len(news) == 1
    assert news[0].startswith(f"The post of a briefing is kept up to date no more in <#{MEMBERS}>.")
    assert len(reasons(story, posts.KIND)) == 1
    assert standing(story)[0].text == was


@HTTP
async def test_every_post_of_it_is_drawn_anew_and_no_other(story: Story) -> None:
    number, other = await posted(story), await posted(story)
    story.workspace.clock.advance(timedelta(minutes=1))
    await posts_it(story, number)
    was = [message.text for message in standing(story)]

    await changes(story, number, title="Another title")
    await redrawn(story)
    await redrawn(story)

    texts = [message.text for message in standing(story)]
    assert [text.startswith(f"E{number} Another title\n") for text in texts] == [True, False, True]
    assert texts[1] == was[1]
    assert f"E{other} " in texts[1]


@HTTP
async def test_what_the_coalitions_file_says_anew_is_drawn_too(
    story: Story, coalition: dict[str, Any]
) -> None:
    await posts_it(story, 16)
    await reloaded(story, coalition)
    same = reasons(story, posts.KIND)

    await reloaded(story, coalition, venue="Hall 2")
    await redrawn(story)

    assert same == []
    assert standing(story)[0].text.startswith(f"E16 {SINGAPORE}\n")
    assert "Hall 2 · Singapore" in standing(story)[0].text
    assert updates(story) == 1


@HTTP
async def test_two_weeks_after_its_end_it_stands_as_it_was(story: Story) -> None:
    number = await posted(story)
    story.workspace.clock.advance(16 * DAY)  # it ended yesterday

    await says(story, STAFF, number, "yes")  # refused: that changes nothing
    await adds_recording(story, number, "first")
    await redrawn(story)
    soon = standing(story)[0].text
    story.workspace.clock.advance(14 * DAY)
    await adds_recording(story, number, "second")
    await redrawn(story)

    assert "https://files.example/first" in soon
    assert standing(story)[0].text == soon
    assert updates(story) == 1


async def adds_recording(story: Story, number: int, name: str) -> None:
    where = story.workspace.dm(STAFF).id
    await story.says(STAFF, f"/briefings recording E{number} https://files.example/{name}", where)
