"""Whom a briefing is for and who has not answered is asked, once; reminders of one go and come."""

import re
from datetime import timedelta

import pytest

from storage.models import Delivery
from tests.bot.conftest import Story, items
from tests.bot.test_canaries import presses
from tests.bot.test_reminders import DAY_BEFORE, later, of_singapore
from tests.bot.test_wishes import beats, wishes
from tests.factories import seeing_all

DANA, PRIYA, ANH, GARETH = "U0DANA", "U0PRIYA", "U0ANH", "U0GARETH"
ASK = "briefings.invite"
HTTP = pytest.mark.parametrize("story", ["http"], indirect=True)


def heard(story: Story, user: str) -> list[str]:
    """Give the invitations that *user* got."""
    texts = items(story.workspace.messages(story.workspace.dm(user)))
    return [text for text in texts if text.startswith("You are invited:")]


def invited(story: Story) -> int:
    with seeing_all(story.bot.units.database) as session:
        return session.query(Delivery).filter_by(kind="invited").count()


async def test_staff_ask_all_who_have_not_answered_and_each_hears_once(story: Story) -> None:
    foreseen = await story.says(DANA, "/briefings invite E16")
    (number,) = re.findall(r"is for (\d+) people who have not answered", foreseen)
    first = await story.clicks(DANA, ASK)
    await beats(story, timedelta(minutes=10))
    again = await story.says(DANA, "/briefings invite E16")

    assert f"{number} people are asked whether they come." in first
    assert again.endswith(f"{number} people were asked before and not again.")
    assert invited(story) == int(number)
    assert heard(story, ANH) == []
    (text,) = heard(story, PRIYA)
    assert text.startswith("You are invited: *E16 Generative AI briefing, Singapore*")
    assert "Fri 4 Dec 2026, 18:00 your time (Sat 10:00 Singapore)" in text


async def test_somebody_is_asked_by_name_and_answers_by_a_press(story: Story) -> None:
    said = await story.says(DANA, f"/briefings invite E16 <@{PRIYA}> and <@{ANH}>")
    await beats(story, timedelta(minutes=10))
    answered = await story.clicks(PRIYA, "briefings.going", channel=story.workspace.dm(PRIYA).id)

    assert "1 person is asked whether they come." in said
    assert "Answered already: " in said
    assert len(heard(story, PRIYA)) == 1
    assert "E16" in answered


@HTTP
async def test_who_may_not_see_it_is_not_asked_and_the_asker_hears_why(story: Story) -> None:
    said = await story.says(DANA, f"/briefings invite E12 <@{GARETH}>")
    await beats(story, timedelta(minutes=10))

    assert "May not see it, so not asked: " in said
    assert (heard(story, GARETH), invited(story)) == ([], 0)


@HTTP
async def test_who_answers_before_it_comes_or_mutes_invitations_hears_nothing(
    story: Story,
) -> None:
    await wishes(story, "U0ZOE", muted=["invitations"])
    await story.says(DANA, f"/briefings invite E16 <@{PRIYA}> <@U0ZOE>")
    await story.says(PRIYA, "/briefings rsvp E16 no")
    await beats(story, timedelta(minutes=10))

    assert heard(story, PRIYA) == heard(story, "U0ZOE") == []


@HTTP
@pytest.mark.parametrize(
    ("user", "typed", "told"),
    [
        (PRIYA, "E16", "Inviting is for the secretariat, and for chairs at their own group's"),
        (DANA, f"E16 perhaps <@{PRIYA}> soon", "Say which briefing, and whom if not all"),
        (DANA, "", "Say which one: its number"),
        (DANA, "E16 <@U0NOBODY>", "The person you mentioned is not known here"),
    ],
)
async def test_what_asks_nobody_says_why(story: Story, user: str, typed: str, told: str) -> None:
    assert (await story.says(user, f"/briefings invite {typed}")).startswith(told)
    assert invited(story) == 0


@HTTP
async def test_a_button_nobody_was_shown_asks_nobody(story: Story) -> None:
    await presses(story, PRIYA, ASK, "16")

    assert invited(story) == 0


async def test_whoever_wishes_no_reminder_of_one_gets_none_until_they_do(story: Story) -> None:
    await later(story, timedelta(days=10))
    off = await story.says(ANH, "/briefings remind E16 off")
    await later(story, timedelta(hours=15))
    silent = of_singapore(story, ANH)
    on = await story.says(ANH, "/briefings remind E16 on")
    await later(story, timedelta(minutes=1))
    back = of_singapore(story, ANH)

    assert timedelta(days=10, hours=15) > DAY_BEFORE
    assert off.startswith("You are not reminded of *E16 Generative AI briefing, Singapore*")
    assert on.startswith("You are reminded of *E16 Generative AI briefing, Singapore*")
    assert silent == []
    assert len(back) == 1


@HTTP
@pytest.mark.parametrize(
    ("user", "typed", "told"),
    [
        (PRIYA, "E16 off", "You are not reminded of it: you have not said that you come"),
        (ANH, "E16", "Say which briefing, and on or off"),
        (ANH, "off", "Say which briefing, and on or off"),
        (ANH, "E9999 off", "There is nothing called «E9999» here"),
    ],
)
async def test_a_reminder_that_is_none_is_said_to_be(
    story: Story, user: str, typed: str, told: str
) -> None:
    assert (await story.says(user, f"/briefings remind {typed}")).startswith(told)
