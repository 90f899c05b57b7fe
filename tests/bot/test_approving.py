"""Organisers approve who comes: what people read who ask for a seat, and who give it."""

from datetime import timedelta

import pytest
import sqlalchemy as sa

from storage.models import Person, Rsvp
from tests.bot.conftest import Story
from tests.bot.test_authoring import TITLE, begins, edits, fills, newest
from tests.bot.test_canaries import presses
from tests.bot.test_expected import FIRST, SECOND, THIRD, says
from tests.bot.test_ordering import front
from tests.bot.test_questions import labels
from tests.bot.test_seats import alter, standing
from tests.bot.test_wishes import beats, told, wishes
from tests.factories import seeing_all

STAFF, OTHER = "U0DANA", "U0ANA"
APPROVE, TURN_DOWN, WHO = "briefings.approve", "briefings.turn_down", "briefings.who"
HEAD = "Who asks for a seat at briefings you organise"
HOUR = timedelta(hours=1)
HTTP = pytest.mark.parametrize("story", ["http"], indirect=True)


async def publishes(story: Story, **terms: object) -> int:
    """Publish one of which organisers approve who comes; give its number."""
    assert await begins(story, STAFF) == {}
    assert await fills(story, STAFF, approval=["yes"], **terms) == {}
    assert await fills(story, STAFF) == {}
    await story.workspace.close_modal(STAFF)
    return newest(story).id


async def dm(story: Story, user: str, text: str) -> str:
    return await story.says(user, text, story.workspace.dm(user).id)


async def decides(story: Story, action: str, user: str = STAFF, answer: str | None = None) -> str:
    return await story.clicks(user, action, answer, story.workspace.dm(user).id)


def answer_of(story: Story, user: str, number: int) -> str:
    with seeing_all(story.bot.units.database) as session:
        own = sa.select(Rsvp.id).join(Rsvp.person)
        own = own.where(Person.slack_user == user, Rsvp.briefing_id == number)
        return str(session.scalars(own).one())


async def test_whoever_says_going_asks_and_an_organiser_gives_the_seat(story: Story) -> None:
    number = await publishes(story, capacity="2", questions="Dietary needs")
    name = f"*E{number} {TITLE}*"
    before = await dm(story, FIRST, f"/briefings show E{number}")

    asked = await says(story, FIRST, number, "yes I lead our team")
    offered = labels(story.last(FIRST, story.workspace.dm(FIRST).id))
    shown = await dm(story, FIRST, f"/briefings show E{number}")
    mine = await dm(story, FIRST, "/briefings mine")
    others = await dm(story, SECOND, f"/briefings who E{number}")
    listed = await dm(story, STAFF, f"/briefings who E{number}")
    approved = await decides(story, APPROVE)
    await beats(story)
    news = story.last(FIRST, story.workspace.dm(FIRST).id)

    assert "Its organisers give the seats: Going asks them for one." in before
    assert asked.startswith(
        f"You asked for a seat at {name}; its organisers decide, and you hear of it by message. "
        "Until then you hold none."
    )
    assert asked.endswith("Your note: I lead our team")
    assert offered == ["Maybe", "Not going", "Undo"]
    for text in (shown, mine):
        assert "*You asked for a seat, the organisers decide*" in text
    assert "0 of 2 seats taken" in shown
    assert others.endswith("Nobody has answered yet.")
    assert "*Ask for a seat: 1 person*" in listed
    assert ", asked Mon 23 Nov 2026, 07:00 your time\nNote: I lead our team" in listed
    assert approved.splitlines()[0].endswith(f"is going to {name}. They are told.")
    assert "1 of 2 seats taken" in approved
    assert "Nobody else asks for a seat." in approved
    assert news.text.startswith(f"The organisers have given you a seat: you are going to {name}.")
    assert labels(news) == ["Maybe", "Not going", "Add to calendar", "Answer 1 question"]
    assert standing(story, FIRST, number) == "going"


async def test_the_home_says_that_one_asked(story: Story) -> None:
    number = await publishes(story)
    await says(story, FIRST, number, "yes")

    await story.workspace.open_home(FIRST)
    await story.settled()

    later = str(story.workspace.home(FIRST)).split("Your next briefings")[1]
    assert "You asked for a seat, the organisers decide" in later


@HTTP
async def test_the_author_reads_back_that_organisers_give_the_seats(story: Story) -> None:
    await begins(story, STAFF)
    await fills(story, STAFF, approval=["yes"], capacity="2")
    read_back = front(story, STAFF)
    await fills(story, STAFF)

    assert "2 seats, given by its organisers\n" in read_back
    assert (newest(story).needs_approval, newest(story).has_waitlist) == (True, False)


async def test_who_is_turned_down_hears_so_once_and_does_not_ask_again(story: Story) -> None:
    number = await publishes(story)
    await says(story, FIRST, number, "yes")
    await dm(story, STAFF, f"/briefings who E{number}")

    declined = await decides(story, TURN_DOWN)
    await beats(story)
    await beats(story, HOUR)
    again = await says(story, FIRST, number, "yes")
    shown = await dm(story, FIRST, f"/briefings show E{number}")
    listed = await dm(story, STAFF, f"/briefings who E{number}")
    approved = await decides(story, APPROVE)

    name = f"*E{number} {TITLE}*"
    assert f"gets no seat at {name}. They are told." in declined
    assert "*Declined by its organisers: 1 person*" in declined
    news = [text for text in told(story, FIRST) if text.startswith("The organisers of")]
    assert news[0] == (
        f"The organisers of {name} could not give you a seat. Thank you for asking. If you have a "
        "question, write to them."
    )
    assert again == (
        f"The organisers of E{number} declined your request, and asking again does not change "
        "that. Write to them, or answer Maybe or Not going."
    )
    assert "*The organisers declined your request for a seat*" in shown
    assert "*Declined by its organisers: 1 person*" in listed
    assert f"is going to {name}. They are told." in approved


async def test_organisers_hear_in_one_message_of_all_who_ask(story: Story) -> None:
    number = await publishes(story, capacity="2")
    for user in (FIRST, SECOND):
        await says(story, user, number, "yes")
        await beats(story, timedelta(minutes=5))
    early = told(story, STAFF)
    for _ in range(5):
        await beats(story, 6 * HOUR)

    assert [text for text in early if text.startswith(HEAD)] == []
    for user in (STAFF, OTHER):
        (text,) = [text for text in told(story, user) if text.startswith(HEAD)]
        assert f"*E{number} {TITLE}*: 2 people ask for a seat\n" in text
        assert "0 of 2 seats taken" in text
    assert [text for text in told(story, THIRD) if text.startswith(HEAD)] == []
    (message,) = (
        message
        for message in story.workspace.messages(story.workspace.dm(STAFF))
        if message.text.startswith(HEAD)
    )
    await story.workspace.click(STAFF, message, WHO)
    await story.settled()
    shown = story.last(STAFF, story.workspace.dm(STAFF).id).text
    assert "*Ask for a seat: 2 people*" in shown


@HTTP
async def test_who_decided_meanwhile_or_wishes_it_not_hears_nothing(story: Story) -> None:
    number = await publishes(story)
    await wishes(story, OTHER, muted=["requests"])
    await says(story, FIRST, number, "yes")
    await says(story, SECOND, number, "yes")
    await says(story, SECOND, number, "no")
    await dm(story, STAFF, f"/briefings who E{number}")
    await decides(story, APPROVE)

    for _ in range(5):
        await beats(story, 6 * HOUR)

    for user in (STAFF, OTHER):
        assert [text for text in told(story, user) if text.startswith(HEAD)] == []


@HTTP
async def test_a_full_briefing_is_said_and_the_request_stays(story: Story) -> None:
    number = await publishes(story, capacity="1")
    for user in (FIRST, SECOND):
        await says(story, user, number, "yes")
    await dm(story, STAFF, f"/briefings who E{number}")
    first = await decides(story, APPROVE, answer=answer_of(story, FIRST, number))

    second = await decides(story, APPROVE)

    assert "*Ask for a seat: 1 person*" in first
    assert second == (
        f"E{number} is full: all 1 seats are taken. Raise the seats first (/briefings edit "
        f"E{number}), or decline. The request stays."
    )
    assert standing(story, SECOND, number) == "asked"


@HTTP
async def test_a_form_that_would_end_what_somebody_waits_for_says_so(story: Story) -> None:
    number = await publishes(story, capacity="1")
    await says(story, FIRST, number, "yes")
    await edits(story, number)
    await fills(story, STAFF)

    wrong = await fills(story, STAFF, approval=[])

    assert wrong["hosts"] == (
        f"1 person asks for a seat. Decide first, then leave approval out: /briefings who E{number}"
    )
    assert newest(story).needs_approval


@HTTP
async def test_a_forged_button_decides_nothing(story: Story) -> None:
    number = await publishes(story)
    await says(story, FIRST, number, "yes")
    answer = answer_of(story, FIRST, number)

    for user in (FIRST, SECOND, "U0GARETH", "U0KWAME"):
        for action in (APPROVE, TURN_DOWN):
            await presses(story, user, action, answer)
    await beats(story)

    assert standing(story, FIRST, number) == "asked"
    assert not [text for text in told(story, FIRST) if text.startswith("The organisers")]


@HTTP
async def test_called_off_who_asks_is_counted_and_hears_of_it(story: Story) -> None:
    number = await publishes(story)
    await says(story, FIRST, number, "yes")

    foreseen = await dm(story, STAFF, f"/briefings cancel E{number}")
    await decides(story, "briefings.cancel")
    await beats(story, timedelta(minutes=11))

    assert "1 person hears of it: 1 asking for a seat." in foreseen
    assert f"*E{number} {TITLE}* does not take place." in told(story, FIRST)[-1]


@HTTP
async def test_all_of_a_series_are_asked_for_at_once(story: Story) -> None:
    number = await publishes(story)
    await dm(story, STAFF, f"/briefings repeat E{number} weekly 2")

    await says(story, FIRST, number, "yes")
    later = await decides(story, "briefings.going_later", FIRST)

    assert later.count("you asked for a seat, the organisers decide") == 2


@HTTP
async def test_who_was_going_keeps_the_seat_when_approval_begins(story: Story) -> None:
    number = await publishes(story)
    alter(story, TITLE, needs_approval=False)
    await says(story, FIRST, number, "yes")
    await edits(story, number)
    await fills(story, STAFF)

    assert await fills(story, STAFF, approval=["yes"]) == {}

    assert standing(story, FIRST, number) == "going"
    assert "You asked for a seat" in await says(story, SECOND, number, "yes")
