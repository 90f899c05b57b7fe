"""A digest of one's own, by direct message: ordered, told, called off."""

from datetime import timedelta

import pytest

from tests.bot.conftest import Story

PRIYA, KWAME = "U0PRIYA", "U0KWAME"
DAY = timedelta(days=1)


def told(story: Story, user: str) -> list[str]:
    texts = [message.text for message in story.workspace.messages(story.workspace.dm(user))]
    return [text for text in texts if text.startswith(("Your week", "Today and tomorrow"))]


async def beats(story: Story, by: timedelta) -> None:
    story.workspace.clock.advance(by)
    for _ in range(2):
        await story.bot.scheduler.beat()
        story.workspace.clock.advance(timedelta(seconds=2))


async def test_a_weekly_one_comes_on_its_day_with_what_is_theirs_first(story: Story) -> None:
    answer = await story.says(PRIYA, "/coalition digest weekly tuesday 9:30")
    await beats(story, 2 * DAY)

    assert answer.startswith("You get a digest by direct message each Tuesday at 09:30 your time")
    assert "Tue 24 Nov 2026, 09:30 your time" in answer
    (text,) = told(story, PRIYA)
    lines = [line for line in text.splitlines() if line.startswith("*") and "*:" not in line]
    assert lines[0] in {"*Waiting on you*", "*Your action items*", "*Your next briefings*"}
    assert "Do you come?" in text
    assert "/coalition digest off" in text
    named = [line.split()[1] for line in text.splitlines() if line.startswith("• *E")]
    assert len(named) == len(set(named))


async def test_it_says_who_waits_for_whom(story: Story) -> None:
    await story.says(PRIYA, "/actions add <@U0MARCUS> to send the notes due 3 June 2027")
    await story.says(PRIYA, "/coalition digest weekly tuesday 9:30")
    await story.says("U0MARCUS", "/coalition digest weekly tuesday 9:30")
    await beats(story, 2 * DAY)

    (of_priya,), (of_marcus,) = told(story, PRIYA), told(story, "U0MARCUS")
    waits = of_priya.split("*You wait for*")[1].splitlines()[1]
    assert "send the notes*: Marcus Oyelaran-Pike" in waits
    assert waits.endswith(", not accepted yet")
    assert "send the notes*: Priya Venkatarajan proposes it to you" in of_marcus
    assert "*You wait for*" not in of_marcus
    assert "*Who is waiting on whom*" not in of_priya + of_marcus


async def test_it_tells_an_outsider_nothing_of_the_members(story: Story) -> None:
    await story.says(KWAME, "/coalition digest weekly tuesday 06:00", story.workspace.dm(KWAME).id)
    await beats(story, 2 * DAY)

    assert told(story, KWAME)
    assert "Workshop: Industry Classification System" not in "".join(told(story, KWAME))


async def test_a_daily_one_comes_each_day_only_where_something_is_near(story: Story) -> None:
    await story.says(PRIYA, "/coalition digest daily 08:30")

    counts = []
    for _ in range(3):
        await beats(story, DAY)
        counts.append(len(told(story, PRIYA)))

    assert counts[-1] <= 3
    assert not any("*Moved*" in text or "*New resources*" in text for text in told(story, PRIYA))


async def test_on_working_days_alone_it_comes_as_a_daily_one(story: Story) -> None:
    answer = await story.says(PRIYA, "/coalition digest weekdays 8:30")

    assert answer.startswith("You get a digest by direct message Monday to Friday at 08:30")
    assert "first Mon 23 Nov 2026, 08:30 your time" in answer


async def test_called_off_it_comes_no_more(story: Story) -> None:
    await story.says(PRIYA, "/coalition digest weekly tuesday 9:30")

    stopped = await story.says(PRIYA, "/coalition digest off")
    again = await story.says(PRIYA, "/coalition digest off")
    await beats(story, 2 * DAY)

    assert stopped == "You get no digest of your own any more."
    assert again.startswith("You had ordered none")
    assert told(story, PRIYA) == []


@pytest.mark.parametrize(
    ("asked", "why"),
    [
        ("tomorrow", "Say /coalition digest alone for one now"),
        ("daily monday 9:00", "Say /coalition digest alone for one now"),
        ("weekdays monday 9:00", "Say /coalition digest alone for one now"),
        ("weekly someday 9:00", "someday is no day of the week."),
        ("weekly t 9:00", "Say /coalition digest alone for one now"),
        ("weekly monday 25:00", "25:00 is no time of the day."),
        ("weekly monday 9", "Say /coalition digest alone for one now"),
    ],
)
async def test_what_cannot_be_read_is_explained(story: Story, asked: str, why: str) -> None:
    text = await story.says(PRIYA, f"/coalition digest {asked}")

    assert text.startswith(why)
