"""Seats held, sent and answered for, as people meet them in the workspace."""

from datetime import timedelta

import pytest
import sqlalchemy as sa

from bot.workspace.places import Message
from storage.models import Briefing, Person, Rsvp
from tests.bot.conftest import MONDAY, Story
from tests.factories import altering, seeing_all

DANA, MARCUS, ANH, CHLOE, MAEVE, RAFAEL = (
    *("U0DANA", "U0MARCUS", "U0ANH"),
    *("U0CHLOE", "U0MAEVE", "U0RAFAEL"),
)
WORKSHOP = "Workshop: Industry Classification System"
ROUND_TABLE = "Round table: testing and mitigation resource"
HOUR = timedelta(hours=1)


def alter(story: Story, title: str, **values: object) -> int:
    """Change a briefing behind everybody's back; give its number."""
    with altering(story.bot.units.database) as session:
        briefing = session.scalars(sa.select(Briefing).where(Briefing.title == title)).one()
        for name, value in values.items():
            setattr(briefing, name, value)
        return briefing.id


def colleague_of(story: Story, user: str, other: str) -> None:
    """Let *other* speak for the organisation of *user*, as *user* does."""
    with altering(story.bot.units.database) as session:
        home = session.scalars(sa.select(Person).where(Person.slack_user == user)).one()
        found = session.scalars(sa.select(Person).where(Person.slack_user == other)).one()
        found.organisation_id = home.organisation_id


def standing(story: Story, user: str, number: int) -> str:
    with seeing_all(story.bot.units.database) as session:
        own = sa.select(Rsvp.standing).join(Rsvp.person)
        own = own.where(Person.slack_user == user, Rsvp.briefing_id == number)
        return str(session.scalars(own).one())


def told(story: Story, user: str) -> Message:
    """Give the newest message that the bot has sent *user* by itself."""
    return story.workspace.messages(story.workspace.dm(user), seen_by=user)[-1]


async def presses(story: Story, user: str, action: str) -> str:
    """Press a button of that message; give what then is newest there."""
    await story.workspace.click(user, told(story, user), action)
    await story.settled()
    return told(story, user).text


@pytest.fixture
async def soon(story: Story) -> int:
    """Let the workshop begin in ten hours, and free a seat of it: E13."""
    begins = MONDAY + 10 * HOUR
    number = alter(story, WORKSHOP, starts_at=begins, ends_at=begins + HOUR)
    await story.says(CHLOE, f"/briefings rsvp E{number} no")
    await story.bot.scheduler.beat()
    return number


async def test_a_seat_freed_on_the_last_day_is_offered_with_two_buttons(
    story: Story, soon: int
) -> None:
    message = told(story, MAEVE)

    assert message.text.startswith(
        f"A seat is free at *E{soon} {WORKSHOP}*, and it is held for you until Mon 23 Nov 2026, "
    )
    assert "After that it goes to the next on the waitlist." in message.text
    assert [e["text"]["text"] for e in message.blocks[-1]["elements"]] == ["Take it", "Pass"]


async def test_taken_it_is_theirs(story: Story, soon: int) -> None:
    text = await presses(story, MAEVE, "briefings.going")

    assert text.startswith(f"You are going to *E{soon} {WORKSHOP}*.")


async def test_passed_on_it_is_offered_to_the_next(story: Story, soon: int) -> None:
    text = await presses(story, MAEVE, "briefings.declined")
    await story.bot.scheduler.beat()

    assert text.startswith("You are not going to")
    assert told(story, RAFAEL).text.startswith("A seat is free at")


async def test_what_nobody_takes_goes_on_by_itself(story: Story, soon: int) -> None:
    story.workspace.clock.advance(4 * HOUR)
    await story.bot.scheduler.beat()

    assert told(story, RAFAEL).text.startswith("A seat is free at")
    shown = await story.says(MAEVE, f"/briefings show E{soon}")
    assert "You are on the waitlist, number 1" in shown


async def test_where_a_seat_is_held_it_is_said_everywhere(story: Story, soon: int) -> None:
    shown = await story.says(MAEVE, f"/briefings show E{soon}")
    mine = await story.says(MAEVE, "/briefings mine")
    await story.workspace.open_home(MAEVE)
    await story.settled()

    assert "A seat is held for you until Mon 23 Nov 2026" in shown
    assert "A seat is held for you" in mine
    waiting = str(story.workspace.home(MAEVE)).split("Your next briefings")[0]
    assert "A seat is held for you" in waiting


async def test_a_company_that_has_its_seats_is_told_by_whom(story: Story) -> None:
    number = alter(story, ROUND_TABLE, company_seats=1)
    colleague_of(story, MARCUS, ANH)
    await story.says(MARCUS, f"/briefings rsvp E{number} yes")

    text = await story.says(ANH, f"/briefings rsvp E{number} yes")

    assert "is taken by Marcus" in text
    assert "You are on your company's waitlist, number 1 of all who wait" in text


async def full_company(story: Story) -> int:
    """Let Marcus have the one seat that his company may have, and Anh wait for it."""
    number = alter(story, ROUND_TABLE, company_seats=1)
    colleague_of(story, MARCUS, ANH)
    await story.says(MARCUS, f"/briefings rsvp E{number} yes")
    await story.says(ANH, f"/briefings rsvp E{number} yes")
    return number


async def test_whoever_meets_a_full_company_is_given_a_seat_by_whom_they_ask(story: Story) -> None:
    number = await full_company(story)
    name = f"*E{number} {ROUND_TABLE}*"

    listed = await story.clicks(ANH, "briefings.swap")
    asked = await story.clicks(ANH, "briefings.ask_swap")
    await story.bot.scheduler.beat()
    question = told(story, MARCUS).text
    given = await presses(story, MARCUS, "briefings.give_seat")
    await story.bot.scheduler.beat()

    assert listed.splitlines()[1:] == ["Marcus Oyelaran-Pike"]
    assert asked.startswith(
        f"Marcus Oyelaran-Pike was asked for their seat at {name}. Without their"
    )
    assert f"asks for your seat at {name}: your organisation has all that it may" in question
    assert given.endswith(f"has your seat at {name}, so you are not going.")
    assert told(story, ANH).text.startswith(
        f"Marcus Oyelaran-Pike gave you their seat: you are going to {name}."
    )
    assert (standing(story, ANH, number), standing(story, MARCUS, number)) == ("going", "declined")


async def test_whoever_keeps_a_seat_that_is_asked_for_says_so_and_is_asked_once(
    story: Story,
) -> None:
    number = await full_company(story)
    await story.says(ANH, f"/briefings swap E{number}")
    await story.clicks(ANH, "briefings.ask_swap")
    await story.bot.scheduler.beat()
    message = told(story, MARCUS)

    kept = await presses(story, MARCUS, "briefings.keep_seat")
    await story.bot.scheduler.beat()
    await story.workspace.click(MARCUS, message, "briefings.give_seat")
    await story.settled()
    again = await story.says(ANH, f"/briefings swap E{number}")

    assert kept.startswith(f"You keep your seat at *E{number} {ROUND_TABLE}*.")
    assert "keeps their seat at" in told(story, ANH).text
    assert "You are number 1 on the waitlist." in told(story, ANH).text
    assert told(story, MARCUS).text.startswith("There is nothing to answer here any more")
    assert again.splitlines()[1:] == ["Marcus Oyelaran-Pike: asked already"]
    assert standing(story, MARCUS, number) == "going"


async def test_a_seat_given_up_meanwhile_is_not_asked_for(story: Story) -> None:
    number = await full_company(story)
    await story.clicks(ANH, "briefings.swap")
    await story.clicks(ANH, "briefings.ask_swap")
    await story.says(MARCUS, f"/briefings rsvp E{number} no")
    before = len(story.workspace.messages(story.workspace.dm(MARCUS), seen_by=MARCUS))

    await story.bot.scheduler.beat()

    assert len(story.workspace.messages(story.workspace.dm(MARCUS), seen_by=MARCUS)) == before


async def test_staff_record_an_answer_and_the_person_says_otherwise(story: Story) -> None:
    number = alter(story, ROUND_TABLE)

    text = await story.says(DANA, f"/briefings record <@{MARCUS}> E{number} yes by phone")
    await story.bot.scheduler.beat()

    assert f"is going: *E{number}" in text
    assert "They are told." in text
    message = told(story, MARCUS).text
    assert message.startswith("Dana")
    assert f"recorded your answer to *E{number}" in message
    assert "*You are going*" in message
    assert "The note with it: by phone" in message
    assert (await presses(story, MARCUS, "briefings.declined")).startswith("You are not going")


async def test_what_was_recorded_and_corrected_at_once_is_told_once(story: Story) -> None:
    number = alter(story, ROUND_TABLE)
    for words in ("yes by phone", "maybe arrives late"):
        await story.says(DANA, f"/briefings record <@{MARCUS}> E{number} {words}")
    for _ in range(2):
        await story.bot.scheduler.beat()
        story.workspace.clock.advance(timedelta(seconds=2))

    heard = [
        message.text
        for message in story.workspace.messages(story.workspace.dm(MARCUS), seen_by=MARCUS)
        if "recorded your answer" in message.text
    ]
    assert len(heard) == 1
    assert "The note with it: arrives late" in heard[0]


async def test_whoever_is_no_staff_records_for_nobody(story: Story) -> None:
    text = await story.says(ANH, f"/briefings record <@{MARCUS}> E11 yes")

    assert text == "Answers of others are recorded by the secretariat. Ask them."


@pytest.mark.parametrize(
    "typed", ["record", "record E11 yes", f"record <@{MARCUS}>", f"record <@{MARCUS}> E11"]
)
async def test_what_is_missing_is_said_with_an_example(story: Story, typed: str) -> None:
    assert "/briefings r" in await story.says(DANA, f"/briefings {typed}")


async def test_a_seat_is_sent_to_a_colleague_who_takes_it(story: Story) -> None:
    colleague_of(story, MARCUS, ANH)
    number = alter(story, ROUND_TABLE)
    await story.says(MARCUS, f"/briefings rsvp E{number} yes")

    text = await story.says(MARCUS, f"/briefings send <@{ANH}> E{number}")
    await story.bot.scheduler.beat()
    asked = told(story, ANH).text
    taken = await presses(story, ANH, "briefings.take_seat")
    await story.bot.scheduler.beat()

    assert "was asked to take your seat at *E" in text
    assert "asks you to take their seat at *E" in asked
    assert taken.startswith(f"You are going to *E{number} {ROUND_TABLE}*, with the seat of Marcus")
    assert "took your seat at" in told(story, MARCUS).text
    assert standing(story, ANH, number) == "going"
    assert standing(story, MARCUS, number) == "declined"


async def test_a_colleague_who_passes_leaves_the_seat_and_the_giver_is_told(story: Story) -> None:
    colleague_of(story, MARCUS, ANH)
    number = alter(story, ROUND_TABLE)
    await story.says(MARCUS, f"/briefings rsvp E{number} yes")
    await story.says(MARCUS, f"/briefings send <@{ANH}> to E{number}")
    await story.bot.scheduler.beat()

    text = await presses(story, ANH, "briefings.pass_seat")
    await story.bot.scheduler.beat()

    assert text.startswith("Marcus")
    assert "keeps the seat at" in text
    assert "It stays yours." in told(story, MARCUS).text
    assert standing(story, MARCUS, number) == "going"


async def test_a_seat_taken_back_is_not_asked_about(story: Story) -> None:
    colleague_of(story, MARCUS, ANH)
    number = alter(story, ROUND_TABLE)
    await story.says(MARCUS, f"/briefings rsvp E{number} yes")
    await story.says(MARCUS, f"/briefings send <@{ANH}> E{number}")
    await story.says(MARCUS, f"/briefings rsvp E{number} no")
    before = len(story.workspace.messages(story.workspace.dm(ANH), seen_by=ANH))

    await story.bot.scheduler.beat()

    assert len(story.workspace.messages(story.workspace.dm(ANH), seen_by=ANH)) == before
