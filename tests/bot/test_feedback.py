"""How a briefing was, asked and said in the workspace: one message, one click, and no names."""

from datetime import timedelta

import pytest
import sqlalchemy as sa

from bot.workspace.places import Message
from storage.models import Person, Rsvp, Verdict
from tests.bot.conftest import Story
from tests.bot.test_canaries import presses
from tests.bot.test_ordering import front
from tests.bot.test_wishes import beats, reasons, told, wishes
from tests.factories import altering, seeing_all

DANA, MARCUS, ZOE, PRIYA, CHAIR = "U0DANA", "U0MARCUS", "U0ZOE", "U0PRIYA", "U0PRIYA"
USEFUL, MORE = "briefings.useful", "briefings.say_more"
TITLE = "Round table: testing and mitigation resource"
NAME = f"*E12 {TITLE}*"
DAY, HOUR = timedelta(days=1), timedelta(hours=1)
ENDS = 4 * DAY + 6.5 * HOUR  # from Monday noon
HTTP = pytest.mark.parametrize("story", ["http"], indirect=True)


def asked(story: Story, user: str) -> list[Message]:
    messages = story.workspace.messages(story.workspace.dm(user))
    return [message for message in messages if message.text.startswith(f"How was {NAME}")]


async def ended(story: Story) -> None:
    """Let the round table be over, and all who went be asked."""
    await beats(story, ENDS)
    await beats(story, DAY)


async def clicks(story: Story, user: str, action: str) -> str:
    await story.workspace.click(user, asked(story, user)[0], action)
    await story.settled()
    return story.workspace.messages(story.workspace.dm(user), seen_by=user)[-1].text


async def test_who_went_is_asked_once_and_says_it_with_one_click(story: Story) -> None:
    await ended(story)
    await beats(story, DAY)
    (question,) = asked(story, ZOE)

    said = await clicks(story, ZOE, USEFUL)
    again = await clicks(story, ZOE, "briefings.not_useful")

    assert question.text.splitlines()[0] == f"How was {NAME}?"
    labels = [button["text"]["text"] for button in question.blocks[1]["elements"]]
    assert labels == ["Useful", "Partly", "Not useful", "Say more"]
    assert said.splitlines()[0] == f"You said of {NAME}: *useful*."
    assert again.splitlines()[0] == f"You said of {NAME}: *not useful*."
    assert asked(story, MARCUS) == []


async def test_more_is_said_in_a_form_and_read_without_a_name(story: Story) -> None:
    await ended(story)
    await clicks(story, ZOE, MORE)
    await story.workspace.submit(ZOE, {"remark": "Send the draft <!channel> a *day* before"})
    kept = front(story, ZOE)
    await story.workspace.close_modal(ZOE)
    await clicks(story, ZOE, MORE)
    (again,) = story.workspace.modals(ZOE)[-1].state["remark"].values()

    read = await story.says(DANA, "/briefings feedback E12")

    assert "And: “Send the draft" in kept
    assert again["value"] == "Send the draft <!channel> a *day* before"
    assert "“Send the draft &lt;!channel&gt; a \u2060*day\u2060* before”" in read
    assert "Zoe" not in read


@HTTP
async def test_an_empty_form_takes_back_what_was_said_more(story: Story) -> None:
    await ended(story)
    for remark in ("Too long", ""):
        await clicks(story, ZOE, MORE)
        await story.workspace.submit(ZOE, {"remark": remark})
        await story.workspace.close_modal(ZOE)

    assert "Too long" not in await story.says(DANA, "/briefings feedback E12")


@HTTP
async def test_organisers_read_numbers_once_there_are_five(story: Story) -> None:
    await ended(story)
    await clicks(story, ZOE, USEFUL)
    few = await story.says(DANA, "/briefings feedback E12")
    with altering(story.bot.units.database) as session:
        values = {"verdict": Verdict.PARTLY, "counted": Verdict.PARTLY}
        session.execute(sa.update(Rsvp).where(Rsvp.briefing_id == 12).values(values))

    await story.says(DANA, "/briefings show E12")
    many = await story.clicks(DANA, "briefings.feedback")

    assert "1 of 3 people who took part answered." in few
    assert "Too few to show what they said: it is shown from 5 answers on." in few
    assert "*Useful 0 · Partly " in many


@HTTP
async def test_others_neither_say_nor_read_how_it_was(story: Story) -> None:
    await ended(story)

    word = await story.says(MARCUS, "/briefings feedback E12")
    await presses(story, MARCUS, USEFUL, "12")
    await presses(story, MARCUS, MORE, "12")
    await story.settled()

    assert word == (
        "How E12 was is said by those who took part, for 30 days, and read by the secretariat and "
        "by whoever chairs its group."
    )
    assert story.workspace.modals(MARCUS) == []
    with seeing_all(story.bot.units.database) as session:
        assert session.scalars(sa.select(Rsvp.verdict).where(Rsvp.verdict.is_not(None))).all() == []


@HTTP
async def test_a_chair_reads_what_is_said_of_their_own_groups_meeting(story: Story) -> None:
    await beats(story, 3 * DAY)

    text = await story.says(CHAIR, "/briefings feedback E10")

    assert "people who took part answered." in text


@HTTP
async def test_who_did_not_come_is_not_asked(story: Story) -> None:
    await beats(story, ENDS)
    with altering(story.bot.units.database) as session:
        zoe = sa.select(Person.id).where(Person.slack_user == ZOE).scalar_subquery()
        own = sa.update(Rsvp).where(Rsvp.briefing_id == 12, Rsvp.person_id == zoe)
        session.execute(own.values(came=False))

    await beats(story, DAY)

    assert asked(story, ZOE) == []
    assert "They did not come, or it did not take place." in reasons(story, "feedback_asked")


@HTTP
async def test_who_wishes_not_to_be_asked_is_not(story: Story) -> None:
    text = await wishes(story, ZOE, muted=["feedback"])

    await ended(story)

    assert "Not told: The question how a briefing was." in text
    assert asked(story, ZOE) == []
    assert f"How was {NAME}?" in told(story, "U0SOLVEIG")[-1]


@HTTP
async def test_who_said_it_before_is_not_asked(story: Story) -> None:
    await beats(story, ENDS)
    await presses(story, ZOE, USEFUL, "12")

    await beats(story, DAY)

    assert asked(story, ZOE) == []
    assert "They have said it already." in reasons(story, "feedback_asked")
