"""The weekly digest, by the clock: once, in the right channel, with every section right."""

from datetime import timedelta

from bot.running import running
from bot.settings import Settings
from tests.bot.conftest import Story

MEMBERS = "C0MEMBERS"
TO_THE_HOUR = timedelta(hours=2)  # Monday 12:00 UTC is 07:00 in New York; the digest is at 09:00


def posted(story: Story) -> list[str]:
    return [message.text for message in story.workspace.messages(MEMBERS, seen_by="U0PRIYA")]


async def test_nothing_is_posted_before_its_hour(story: Story) -> None:
    await story.workspace.advance(TO_THE_HOUR - timedelta(minutes=1))

    assert posted(story) == []


async def test_it_is_posted_once_with_every_section(story: Story) -> None:
    await story.workspace.advance(TO_THE_HOUR)
    await story.bot.scheduler.beat()

    (text,) = posted(story)
    titles = [line for line in text.splitlines() if line.startswith("*") and "I" not in line[:2]]
    assert titles == [
        "*Needs attention*",
        "*How the initiatives stand:* 14 on track, 1 at risk and 1 paused",
        "*Moved since the last digest*",
        "*Next 14 days*",
        "*Who is waiting on whom*",
        "*Newly done*",
        "*New resources*",
    ]


async def test_it_says_what_needs_attention_first_and_who_leads_it(story: Story) -> None:
    await story.workspace.advance(TO_THE_HOUR)

    (text,) = posted(story)
    attention = text.split("*Moved")[0]
    assert "is AT RISK, led by" in attention
    assert "no update for 44 days (due every 21)" in attention


async def test_it_shows_a_channel_of_members_nothing_that_is_not_for_members(story: Story) -> None:
    await story.workspace.advance(TO_THE_HOUR)

    (text,) = posted(story)
    assert "Workshop: Industry Classification System" in text
    assert "Secretariat planning" not in text
    assert "regular meeting" not in text


async def test_times_stand_in_the_events_zone_and_in_each_readers(story: Story) -> None:
    await story.workspace.advance(TO_THE_HOUR)

    (text,) = posted(story)
    assert "Sun 29 Nov 2026, 14:00 London (<!date^1795960800^{time} your time|14:00 UTC>)" in text


async def test_no_other_channel_gets_it(story: Story) -> None:
    await story.workspace.advance(TO_THE_HOUR)

    posts = [sent for sent in story.workspace.sent if sent.method == "chat.postMessage"]
    channels = {sent.args["channel"] for sent in posts if sent.args["channel"].startswith("C")}
    assert channels == {MEMBERS}


async def test_a_week_later_only_what_moved_since_is_told(story: Story) -> None:
    await story.workspace.advance(TO_THE_HOUR)
    await story.workspace.advance(timedelta(days=7))

    _, second = posted(story)
    assert "*Newly done*" not in second
    assert "*New resources*" not in second


async def test_a_second_beat_posts_nothing(story: Story) -> None:
    await story.workspace.advance(TO_THE_HOUR)
    for _ in range(3):
        await story.bot.scheduler.beat()

    assert len(posted(story)) == 1


async def test_a_restart_posts_nothing(story: Story, sqlite_url: str) -> None:
    await story.workspace.advance(TO_THE_HOUR)
    again = Settings(
        story.workspace.bot_token,
        "",
        story.workspace.signing_secret,
        f"{story.workspace.url}/api/",
        sqlite_url,
        ("127.0.0.1", 0),
    )
    async with running(again, story.workspace.clock) as second:
        await second.scheduler.beat()

    assert len(posted(story)) == 1


async def test_a_month_away_is_caught_up_with_one_digest(story: Story) -> None:
    story.workspace.clock.advance(timedelta(days=31))
    await story.bot.scheduler.beat()

    assert len(posted(story)) <= 1


async def test_on_request_it_always_answers(story: Story) -> None:
    text = await story.says("U0MARCUS", "/coalition digest")

    assert text.startswith("What moved, and what is next")


async def test_to_somebody_who_sees_nothing_it_says_so(story: Story) -> None:
    dm = story.workspace.dm("U0KWAME").id

    text = await story.says("U0KWAME", "/coalition digest", dm)

    assert text.startswith(("What moved", "Nothing you can see moved"))
