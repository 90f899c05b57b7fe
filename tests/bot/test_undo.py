"""Undo: an answer taken back by its button, and what people read who press it too late or twice."""

from datetime import timedelta

import pytest

from storage import undoing
from tests.bot.conftest import Story
from tests.bot.test_authoring import TITLE, publishes
from tests.bot.test_canaries import presses
from tests.bot.test_expected import FIRST, SECOND, THIRD, says
from tests.bot.test_wishes import beats, told

MINUTE = timedelta(minutes=1)
UNDO = "briefings.undo"
HTTP = pytest.mark.parametrize("story", ["http"], indirect=True)


async def undoes(story: Story, user: str) -> str:
    return await story.clicks(user, UNDO, channel=story.workspace.dm(user).id)


def labels(story: Story, user: str) -> list[str]:
    blocks = story.last(user, story.workspace.dm(user).id).blocks
    return [button["text"]["text"] for button in blocks[-1]["elements"]]


async def test_a_seat_given_up_by_mistake_is_had_again_with_one_click(story: Story) -> None:
    number = await publishes(story, capacity="1")
    await says(story, FIRST, number, "yes arriving late")
    await says(story, FIRST, number, "no")
    offered = labels(story, FIRST)

    undone = await undoes(story, FIRST)

    assert offered == ["Going", "Maybe", "Undo"]
    assert undone == f"Undone: you are going to *E{number} {TITLE}*.\nYour note: arriving late"
    # What said that they do not go stands there no more, nor does its button.
    assert labels(story, FIRST) == ["Maybe", "Not going"]
    shown = story.workspace.messages(story.workspace.dm(FIRST), seen_by=FIRST)
    assert "You are not going" not in str([message.text for message in shown])


@HTTP
async def test_whoever_left_the_waitlist_has_the_old_place_again(story: Story) -> None:
    number = await publishes(story, capacity="1")
    for user in (FIRST, SECOND, THIRD):
        await says(story, user, number, "yes")
    await says(story, SECOND, number, "no")

    undone = await undoes(story, SECOND)

    assert undone == (
        f"Undone for *E{number} {TITLE}*. You are number 1 on the waitlist and move up when a seat "
        "is freed."
    )
    assert "number 2 on the waitlist" in await says(story, THIRD, number, "yes")


@HTTP
async def test_a_seat_that_the_next_was_given_is_not_taken_back(story: Story) -> None:
    number = await publishes(story, capacity="1")
    for user in (FIRST, SECOND):
        await says(story, user, number, "yes")
    await says(story, FIRST, number, "no")
    before = len(told(story, SECOND))

    undone = await undoes(story, FIRST)
    await beats(story)

    assert undone == (
        f"*E{number} {TITLE}*: somebody else has your seat by now, so it is not taken back. You "
        "are number 1 on the waitlist and move up when a seat is freed."
    )
    (news,) = told(story, SECOND)[before:]
    assert news.startswith(f"A seat was freed: you are now going to *E{number} {TITLE}*.")


@HTTP
async def test_who_had_not_answered_has_not_answered(story: Story) -> None:
    number = await publishes(story)
    await says(story, FIRST, number, "maybe")

    undone = await undoes(story, FIRST)

    assert undone == f"Undone: you have not answered *E{number} {TITLE}*."
    assert labels(story, FIRST) == ["Going", "Maybe", "Not going"]


@HTTP
async def test_too_late_or_a_second_time_it_says_so_and_changes_nothing(story: Story) -> None:
    number = await publishes(story)
    await says(story, FIRST, number, "yes")
    shown = story.last(FIRST, story.workspace.dm(FIRST).id)
    value = shown.blocks[-1]["elements"][-1]["value"]
    await undoes(story, FIRST)
    await presses(story, FIRST, UNDO, value)
    await story.settled()
    home = story.workspace.home(FIRST)
    await says(story, FIRST, number, "no")
    story.workspace.clock.advance(5 * MINUTE)

    late = await undoes(story, FIRST)

    assert home is not None
    assert undoing.GONE in str(home.blocks)
    assert late == undoing.LATE
    assert "You are not going" in await story.says(FIRST, f"/briefings show E{number}")


@HTTP
async def test_a_button_of_somebody_else_undoes_nothing(story: Story) -> None:
    number = await publishes(story)
    await says(story, FIRST, number, "yes")
    value = story.last(FIRST, story.workspace.dm(FIRST).id).blocks[-1]["elements"][-1]["value"]

    for user in (SECOND, "U0DANA", "U0KWAME"):
        await presses(story, user, UNDO, value)
    await story.settled()

    assert "You are going" in await story.says(FIRST, f"/briefings show E{number}")
