"""The Home: what waits for one person, answered in place, and nothing of anybody else's."""

import asyncio

import pytest

from bot.workspace.faults import Fault
from commands import blocks
from tests.bot.conftest import Story

MARCUS, PRIYA, KWAME, FIADH, ANH = "U0MARCUS", "U0PRIYA", "U0KWAME", "U0FIADH", "U0ANH"
HTTP = pytest.mark.parametrize("story", ["http"], indirect=True)


async def opened(story: Story, user: str) -> str:
    await story.workspace.open_home(user)
    await story.settled()
    return home(story, user)


def home(story: Story, user: str) -> str:
    view = story.workspace.home(user)
    assert view is not None
    return blocks.text_of(view.blocks)


def part(text: str, title: str, until: str) -> str:
    return text.split(f"{title}\n")[1].split(f"\n{until}")[0]


async def clicked(story: Story, user: str, action: str, value: str) -> str:
    await story.workspace.click_home(user, action, value)
    await story.settled()
    return home(story, user)


async def test_it_says_what_waits_then_what_is_next(story: Story) -> None:
    text = await opened(story, MARCUS)

    waiting = part(text, "Waiting on you", "Your next briefings")
    assert waiting.startswith("*E12 Round table: testing and mitigation resource*\n")
    assert waiting.endswith("6 briefings wait for your answer. See them all with `/briefings`.")
    assert "*E13 Workshop: Industry Classification System*" in part(
        text, "Your next briefings", "Your action items"
    )
    assert part(text, "Your action items", "Your working groups").splitlines() == [
        "*A13 Propose a topic for the next forum*",
        "no due date",
    ]
    assert "*G6 Working with law enforcement*" in text
    assert text.endswith(
        "As of Mon 23 Nov 2026, 07:00 your time. What you can say: `/coalition help`"
    )


async def test_an_answer_given_there_is_shown_there(story: Story) -> None:
    await opened(story, MARCUS)

    text = await clicked(story, MARCUS, "briefings.going", "14")

    assert text.startswith("You are going to *E14 Open webinar: the Safety by Design principles*.")
    assert "*E14" not in part(text, "Waiting on you", "Your next briefings")
    assert "*E14" in part(text, "Your next briefings", "Your action items")


async def test_an_item_is_done_there_and_what_was_said_goes_with_the_next_opening(
    story: Story,
) -> None:
    await opened(story, MARCUS)
    done = await clicked(story, MARCUS, "actions.done", "13")
    fresh = await opened(story, MARCUS)

    assert done.startswith("*A13 Propose a topic for the next forum* is done.\nWaiting on you")
    assert fresh.startswith("Waiting on you")
    assert "Nothing to do. Note something with `/actions add`." in fresh


@HTTP
async def test_what_was_proposed_waits_and_is_taken_there(story: Story) -> None:
    await story.says(MARCUS, "/actions add Priya to send the notes")
    before = await opened(story, PRIYA)
    after = await clicked(story, PRIYA, "actions.accept", "14")

    assert "*A14 send the notes*" in part(before, "Waiting on you", "Your next briefings")
    assert after.startswith("*A14 send the notes* is yours.")
    assert "*A14 send the notes*" in part(after, "Your action items", "Your working groups")


@HTTP
async def test_what_was_proposed_waits_however_much_is_due_sooner(story: Story) -> None:
    for number in range(6):
        await story.says(PRIYA, f"/actions add item {number} due tomorrow")
    await story.says(MARCUS, "/actions add Priya to send the notes")

    text = await opened(story, PRIYA)

    assert "*A20 send the notes*" in part(text, "Waiting on you", "Your next briefings")
    assert "*A20" not in part(text, "Your action items", "Your working groups")


@HTTP
async def test_what_is_ones_own_is_listed_however_much_is_proposed(story: Story) -> None:
    await story.says(PRIYA, "/actions add read the paper")
    for number in range(6):
        await story.says(MARCUS, f"/actions add Priya to send note {number} due tomorrow")

    text = await opened(story, PRIYA)

    assert "6 items wait for you to take or decline." in text
    assert "*A14 read the paper*" in part(text, "Your action items", "Your working groups")


@HTTP
async def test_details_are_shown_on_top(story: Story) -> None:
    await opened(story, MARCUS)

    text = await clicked(story, MARCUS, "briefings.show", "12")

    assert text.startswith("E12 Round table: testing and mitigation resource\nFri 27 Nov 2026")


@HTTP
async def test_a_refusal_is_shown_there_too(story: Story) -> None:
    await story.says(MARCUS, "/actions add Priya to send the notes")
    await opened(story, PRIYA)
    await story.says(PRIYA, "/actions accept A14")

    text = await clicked(story, PRIYA, "actions.decline", "14")

    assert text.startswith("A14 is already yours. Mark it done, or ask Marcus Oyelaran-Pike.\n")


@HTTP
async def test_two_clicks_at_once_are_one_answer(story: Story) -> None:
    await opened(story, ANH)
    await asyncio.gather(
        *(story.workspace.click_home(ANH, "briefings.going", "12") for _ in range(2))
    )
    await story.settled()

    assert "*E12" in part(home(story, ANH), "Your next briefings", "Your action items")
    assert "Going: 4 people" in await story.says(MARCUS, "/briefings who E12")


@HTTP
async def test_somebody_nobody_linked_is_told_whom_to_ask_and_offered_nothing(
    story: Story,
) -> None:
    text = await opened(story, KWAME)

    assert text.splitlines() == [
        "Waiting on you",
        "The secretariat has not linked you to an organisation yet, so you see what is public. "
        "Ask the secretariat to link you.",
        "Your next briefings",
        "You have not said yes or maybe to anything still to come.",
        "Your action items",
        "Nothing to do.",
        "Your working groups",
        "You sit in no working group. See them with `/groups all`.",
        "As of Mon 23 Nov 2026, 12:00 your time. What you can say: `/coalition help`",
    ]


@HTTP
async def test_somebody_of_another_organisation_is_who_they_are(story: Story) -> None:
    text = await opened(story, FIADH)

    assert "The secretariat has not linked you" not in text
    assert "*E21 Global multi-stakeholder forum, next edition*" in text


@HTTP
async def test_a_home_slack_does_not_take_costs_no_answer(story: Story) -> None:
    await opened(story, MARCUS)
    story.workspace.faults.add("views.publish", Fault.server_error(500))
    await story.workspace.click_home(MARCUS, "briefings.going", "14")
    await story.settled()

    assert "You are going" in await story.says(MARCUS, "/briefings show E14")
    assert "*E14" in part(await opened(story, MARCUS), "Your next briefings", "Your action items")


@HTTP
async def test_the_messages_tab_publishes_nothing(story: Story) -> None:
    await story.workspace.event(
        {"type": "app_home_opened", "user": MARCUS, "channel": "D0", "tab": "messages"}
    )
    await story.settled()

    assert story.workspace.home(MARCUS) is None
