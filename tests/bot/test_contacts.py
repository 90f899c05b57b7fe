"""People without Slack, as staff meet them: recorded, counted, told by staff, deleted."""

from datetime import timedelta

import pytest
import sqlalchemy as sa

from bot.workspace.places import Message
from storage.models import CONTACT, Delivery, Person
from tests.bot.conftest import MONDAY, Story
from tests.bot.test_authoring import edits, fills
from tests.bot.test_calendar import handed
from tests.bot.test_canaries import presses
from tests.bot.test_seats import (
    CHLOE,
    DANA,
    HOUR,
    MAEVE,
    MARCUS,
    RAFAEL,
    ROUND_TABLE,
    WORKSHOP,
    alter,
    told,
)
from tests.bot.test_wishes import beats
from tests.factories import seeing_all

OTHER, KWAME = "U0ANA", "U0KWAME"
NAMED = 'for "Ana Example" at Roblox'
TEN_MINUTES = timedelta(minutes=10)
HTTP = pytest.mark.parametrize("story", ["http"], indirect=True)


def owed(story: Story) -> list[str]:
    with seeing_all(story.bot.units.database) as session:
        return list(session.scalars(sa.select(Delivery.recipient)))


def labels(message: Message) -> list[str]:
    """Name the buttons of *message*."""
    made = [
        element
        for block in message.blocks
        for element in (*block.get("elements", ()), block.get("accessory") or {})
    ]
    return [one["text"]["text"] for one in made if one.get("type") == "button"]


async def test_staff_record_an_answer_for_somebody_without_slack(story: Story) -> None:
    number = alter(story, ROUND_TABLE, join_link="https://meet.example/round")

    text = await story.says(DANA, f"/briefings record E{number} yes arriving late {NAMED}")
    answer = story.last(DANA)
    again = await story.says(OTHER, f"/briefings record E{number} yes for ana example at roblox")
    roster = await story.says(OTHER, f"/briefings who E{number}")
    to_others = await story.says(MARCUS, f"/briefings who E{number}")
    await beats(story)

    assert text == (
        f"Ana Example (Roblox) is going: *E{number} {ROUND_TABLE}*. They have no Slack, so it is "
        "for you to tell them.\nNote: arriving late"
    )
    assert labels(answer) == ["File to send on"]
    assert "Nothing changed: it was so already." in again
    assert "• Roblox (member): Ana Example (no Slack)" in roster
    assert "Ana Example: recorded by Dana" in roster
    assert "Ana Example" in to_others
    assert "no Slack" not in to_others
    assert [one for one in owed(story) if one.startswith(CONTACT)] == []


async def test_the_file_is_handed_to_staff_with_the_link_of_whoever_goes(story: Story) -> None:
    number = alter(story, ROUND_TABLE, join_link="https://meet.example/round")
    await story.says(DANA, f"/briefings record E{number} yes {NAMED}")

    text = await story.clicks(DANA, "briefings.hand_out")
    await beats(story)

    assert "comes by direct message, as a file to send on." in text
    message = told(story, DANA)
    assert "the file for Ana Example, who has no Slack, to send on" in message.text
    (event,) = handed(story, DANA)
    assert (event["url"], event["status"]) == ("https://meet.example/round", "CONFIRMED")


async def test_moved_staff_hear_whom_to_tell_in_the_message_they_get_anyway(story: Story) -> None:
    number = alter(story, WORKSHOP)
    await story.says(DANA, f"/briefings rsvp E{number} maybe")
    await story.says(DANA, f"/briefings record E{number} maybe {NAMED}")
    await story.says(OTHER, f'/briefings record E{number} maybe for "Bo Other" at Roblox')

    await edits(story, number)
    assert await fills(story, DANA, at="16:30", until="17:30") == {}
    await story.workspace.close_modal(DANA)
    await beats(story, TEN_MINUTES)

    (heard,) = [text for text in texts(story, DANA) if "has changed" in text]
    assert "Are you still coming?" in heard
    assert heard.endswith(
        "*They have no Slack, so tell them by other ways:*\nAna Example (Roblox), maybe"
    )
    (other,) = [text for text in texts(story, OTHER) if "has changed" in text]
    assert "Are you still coming?" not in other
    assert other.endswith("Bo Other (Roblox), maybe")
    assert "File to send on" in labels(told(story, OTHER))


async def test_called_off_staff_are_told_beforehand_and_then_whom_to_tell(story: Story) -> None:
    number = alter(story, "Member webinar: running a small safety team")
    await story.says(DANA, f"/briefings record E{number} yes {NAMED}")

    foreseen = await story.says(DANA, f"/briefings cancel E{number}")
    ended = await story.clicks(DANA, "briefings.cancel")
    await beats(story, TEN_MINUTES)

    assert "Besides, 1 person without Slack: who recorded their answers is told" in foreseen
    assert "will go out in ten minutes" in ended
    heard = told(story, DANA)
    assert "does not take place" in heard.text
    assert "Ana Example (Roblox), going" in heard.text
    assert "Take off calendar" not in labels(heard)
    await story.workspace.click(DANA, heard, "briefings.hand_out")
    await beats(story)
    (event,) = handed(story, DANA)
    assert event["status"] == "CANCELLED"


async def moves_up(story: Story, number: int) -> None:
    await story.says(DANA, f"/briefings record E{number} yes {NAMED}")
    for user in (MAEVE, RAFAEL, CHLOE):
        await story.says(user, f"/briefings rsvp E{number} no")
    await beats(story)


async def test_whoever_moves_up_is_told_by_staff(story: Story) -> None:
    number = alter(story, WORKSHOP)

    await moves_up(story, number)

    heard = told(story, DANA)
    assert heard.text.startswith(f"Ana Example (Roblox) has a seat now at *E{number} {WORKSHOP}*.")
    assert "tell them by other ways" in heard.text
    assert labels(heard) == ["File to send on"]


@HTTP
async def test_on_the_last_day_a_seat_is_given_to_them(story: Story) -> None:
    begins = MONDAY + 10 * HOUR
    number = alter(story, WORKSHOP, starts_at=begins, ends_at=begins + HOUR, closes_at=None)

    await moves_up(story, number)

    assert "has a seat now" in told(story, DANA).text


@HTTP
async def test_what_they_may_not_see_is_refused_with_the_reason(story: Story) -> None:
    number = alter(story, ROUND_TABLE)

    text = await story.says(DANA, f"/briefings record E{number} yes for Bo Example at INHOPE")

    assert text == (
        f"Bo Example (INHOPE) may not see E{number}, so nothing was recorded: without Slack they "
        f"count among outside bodies. To show it to all of those: /coalition share E{number} with "
        "community"
    )
    with seeing_all(story.bot.units.database) as session:
        assert session.scalars(sa.select(Person).where(Person.is_contact)).all() == []


@HTTP
@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ("E11 yes for Ana Example", "for example: /briefings record @Ana E12 yes"),
        ("E11 yes for <@U0MARCUS> at Roblox", "for example: /briefings record @Ana E12 yes"),
        ("E11 for Ana Example at Roblox", "somebody without Slack: /briefings record E12 yes for"),
        ("E11 yes for Ana Example at Robloks", "Did you mean Roblox?"),
        ("E11 yes for Marcus Oyelaran-Pike at Verizon", "is on Slack, and is told there"),
    ],
)
async def test_what_is_not_clear_gets_one_sentence(story: Story, typed: str, sentence: str) -> None:
    number = alter(story, ROUND_TABLE)

    text = await story.says(DANA, f"/briefings record {typed.replace('E11', f'E{number}')}")

    assert sentence in text
    assert "\n" not in text


async def test_staff_delete_them(story: Story) -> None:
    number = alter(story, ROUND_TABLE)
    await story.says(DANA, f"/briefings record E{number} yes {NAMED}")
    typed = '/coalition privacy delete "Ana Example" at Roblox'
    refused = await story.says(MARCUS, typed)
    with seeing_all(story.bot.units.database) as session:
        contact = session.scalars(sa.select(Person.id).where(Person.is_contact)).one()
    await presses(story, MARCUS, "coalition.erase", f"person {contact}")

    asked = await story.says(OTHER, typed)
    done = await story.clicks(OTHER, "coalition.erase")

    assert refused == "Deleting somebody without Slack is for the secretariat. Ask them."
    assert asked.startswith("*Ana Example* has no Slack.")
    assert done == "They are deleted: nothing here says any more who they were."
    assert "Ana Example" not in await story.says(DANA, f"/briefings who E{number}")


async def test_once_they_come_to_slack_they_are_one_person(story: Story) -> None:
    number = alter(story, ROUND_TABLE)
    await story.says(DANA, f"/briefings record E{number} yes {NAMED}")
    await story.says(OTHER, f"/members link <@{KWAME}> Roblox")
    await beats(story)

    unclear = await story.says(DANA, f"/members merge Ana Example with <@{KWAME}>")
    text = await story.says(DANA, f'/members merge "Ana Example" at Roblox with <@{KWAME}>')
    await beats(story)

    assert unclear.startswith("Say who it is without Slack, and who with it, for example:")
    assert text == (
        "*Kwame Asantewaa-Boyle (Roblox)* has Slack now: 1 answer recorded before is theirs, and "
        "they are told of what is to come. The contact is deleted."
    )
    assert "recorded your answer to" in told(story, KWAME).text
    roster = await story.says(DANA, f"/briefings who E{number}")
    assert "• Roblox (member): Kwame Asantewaa-Boyle" in roster
    assert "no Slack" not in roster


def texts(story: Story, user: str) -> list[str]:
    return [one.text for one in story.workspace.messages(story.workspace.dm(user), seen_by=user)]
