"""What a briefing asks of those who come: written, answered, read by its organisers, forgotten."""

import csv
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from storage.models import Audience, Briefing, Person, Role, Rsvp, State
from tests.bot.conftest import MONDAY, Story
from tests.bot.test_authoring import begins, edits, fields_of, fills, publishes
from tests.bot.test_canaries import submits
from tests.bot.test_ordering import front
from tests.bot.test_privacy import files
from tests.bot.test_seats import alter, colleague_of, presses, told
from tests.bot.test_wishes import beats
from tests.bot.test_wishes import told as heard
from tests.factories import altering, every_row, seeing_all

STAFF, CHAIR, MEMBER, OTHER, THIRD = "U0DANA", "U0PRIYA", "U0LUKAS", "U0MARCUS", "U0HARUTO"
ROUND_TABLE, WORKSHOP = (
    "Round table: testing and mitigation resource",
    "Workshop: Industry Classification System",
)
ASK, SAVE = "briefings.ask", "briefings.save_particulars"
ASKED = ["Badge name *", "Dietary needs"]
CANARY = "cnry-no-nuts"
DAY, HOUR = timedelta(days=1), timedelta(hours=1)
HTTP = pytest.mark.parametrize("story", ["http"], indirect=True)


@pytest.fixture
def round_table(story: Story) -> int:
    """Let the round table, E12, ask two questions, with room for all."""
    return alter(story, ROUND_TABLE, questions=ASKED, capacity=None)


async def opens(story: Story, user: str, number: int) -> dict[str, str]:
    """Open its questions by word; give what stands in the form, by question."""
    await story.workspace.command(user, story.workspace.dm(user), f"/briefings questions E{number}")
    return standing(story, user)


def standing(story: Story, user: str) -> dict[str, str]:
    view = story.workspace.modals(user)[-1]
    inputs = [block for block in view.blocks if block["type"] == "input"]
    return {block["label"]["text"]: block["element"].get("initial_value", "") for block in inputs}


async def answers(story: Story, user: str, number: int, *said: str) -> str:
    """Answer its questions; give what is read back."""
    await opens(story, user, number)
    assert await fills(story, user, **dict(zip(("answer_0", "answer_1"), said, strict=False))) == {}
    text = front(story, user)
    await story.workspace.close_modal(user)
    return text


async def goes(story: Story, user: str, number: int, *said: str, answer: str = "yes") -> str:
    """Answer the briefing by word, then its questions; give what was told of the first."""
    where = story.workspace.dm(user).id
    text = await story.says(user, f"/briefings rsvp E{number} {answer}", where)
    if said:
        await answers(story, user, number, *said)
    return text


def labels(message: Any) -> list[str]:
    return [
        element["text"]["text"]
        for block in message.blocks
        for element in [*block.get("elements", []), block.get("accessory", {})]
        if element.get("type") == "button"
    ]


def kept(story: Story, user: str) -> list[str] | None:
    with seeing_all(story.bot.units.database) as session:
        own = sa.select(Rsvp.particulars).join(Rsvp.person)
        own = own.where(Person.slack_user == user, Rsvp.particulars.is_not(None))
        return session.scalars(own).one_or_none()


async def test_an_author_asks_and_whoever_comes_answers_in_a_form(story: Story) -> None:
    await begins(story, STAFF)
    await fills(story, STAFF, questions="Badge name*\n\nDietary needs\n")
    read_back = front(story, STAFF)
    await fills(story, STAFF)
    await story.workspace.close_modal(STAFF)
    with seeing_all(story.bot.units.database) as session:
        number = session.scalars(sa.select(sa.func.max(Briefing.id))).one()

    text = await goes(story, MEMBER, number)
    message = story.last(MEMBER, story.workspace.dm(MEMBER).id)
    await story.workspace.click(MEMBER, message, ASK)
    fields = standing(story, MEMBER)
    saved = await fills(story, MEMBER, answer_0="Lukas", answer_1="no nuts")

    assert read_back.endswith("Asks whoever comes:\n• Badge name \u2060*\n• Dietary needs")
    assert text.startswith("You are going to *E")
    assert text.endswith(
        f"It asks 2 questions of you, 1 to be answered before it begins: "
        f"`/briefings questions E{number}`"
    )
    assert "Answer 2 questions" in labels(message)
    assert (fields, saved) == ({"Badge name": "", "Dietary needs": ""}, {})
    assert front(story, MEMBER).splitlines()[1:] == [
        "• Badge name: Lukas",
        "• Dietary needs: no nuts",
        f"Until it is over you can change it: `/briefings questions E{number}`",
    ]


@HTTP
async def test_what_was_said_stands_in_the_form_and_may_be_changed(
    story: Story, round_table: int
) -> None:
    await goes(story, OTHER, round_table, "Marc", "none")

    again = await goes(story, OTHER, round_table)
    message = story.last(OTHER, story.workspace.dm(OTHER).id)

    assert "It asks" not in again
    assert "Your answers" in labels(message)
    assert await opens(story, OTHER, round_table) == {
        "Badge name": "Marc",
        "Dietary needs": "none",
    }
    assert "Badge name: Marcus" in await answers(story, OTHER, round_table, "Marcus", "")
    assert kept(story, OTHER) == ["Marcus", ""]


@HTTP
async def test_whoever_gives_up_the_seat_takes_the_answers_along(
    story: Story, round_table: int
) -> None:
    await goes(story, OTHER, round_table, "Marcus", CANARY)

    left = await goes(story, OTHER, round_table, answer="no")
    back = await goes(story, OTHER, round_table)

    assert left.endswith("What you answered to its questions is deleted.")
    assert "It asks 2 questions of you" in back
    assert await opens(story, OTHER, round_table) == {"Badge name": "", "Dietary needs": ""}
    assert CANARY not in str(every_row(story.bot.units.database))


@HTTP
async def test_in_the_home_the_button_stands_beside_the_briefing(
    story: Story, round_table: int
) -> None:
    await story.workspace.open_home(OTHER)
    await story.settled()
    await story.workspace.click_home(OTHER, "briefings.going", str(round_table))
    await story.settled()
    home = story.workspace.home(OTHER)
    assert home is not None
    notice, offered = home.blocks[0]["text"]["text"], labels(home)
    await story.workspace.click_home(OTHER, ASK, str(round_table))
    await fills(story, OTHER, answer_0="Marcus")
    await story.workspace.close_modal(OTHER)
    await story.workspace.open_home(OTHER)
    await story.settled()

    assert f"`/briefings questions E{round_table}`" in notice
    assert "Answer 2 questions" in offered
    assert kept(story, OTHER) == ["Marcus", ""]
    assert "Answer 2 questions" not in labels(story.workspace.home(OTHER))


@HTTP
async def test_a_seat_that_was_offered_sent_or_recorded_is_asked_about_too(story: Story) -> None:
    begins_at = MONDAY + 10 * HOUR
    offered = alter(story, WORKSHOP, starts_at=begins_at, ends_at=begins_at + HOUR, questions=ASKED)
    await story.says("U0CHLOE", f"/briefings rsvp E{offered} no")
    await beats(story)
    taken = await presses(story, "U0MAEVE", "briefings.going")

    number = alter(story, ROUND_TABLE, questions=ASKED, capacity=None)
    colleague_of(story, OTHER, "U0ANH")
    await goes(story, OTHER, number, "Marcus", CANARY)
    await story.says(OTHER, f"/briefings send <@U0ANH> E{number}")
    await beats(story)
    sent = await presses(story, "U0ANH", "briefings.take_seat")
    blank = await opens(story, "U0ANH", number)

    await story.says(STAFF, f"/briefings record <@{THIRD}> E{number} yes")
    await beats(story)

    asked = "It asks 2 questions of you, 1 to be answered before it begins"
    assert all(asked in text for text in (taken, sent, told(story, THIRD).text))
    assert "Answer 2 questions" in labels(told(story, THIRD))
    assert blank == {"Badge name": "", "Dietary needs": ""}
    assert CANARY not in str(every_row(story.bot.units.database))


@HTTP
async def test_whoever_moves_up_from_the_queue_is_asked(story: Story) -> None:
    number = alter(story, ROUND_TABLE, questions=ASKED, capacity=3)
    waits = await goes(story, OTHER, number)
    await story.says("U0ZOE", f"/briefings rsvp E{number} no")
    await beats(story)

    assert "It asks 2 questions of you" in waits
    assert told(story, OTHER).text.startswith("A seat was freed: you are now going to")
    assert "It asks 2 questions of you" in told(story, OTHER).text
    assert "Answer 2 questions" in labels(told(story, OTHER))


@HTTP
async def test_all_of_a_series_are_answered_and_each_asks(story: Story) -> None:
    number = await publishes(story, questions="Dietary needs")
    await story.says(STAFF, f"/briefings repeat E{number} weekly 2")
    where = story.workspace.dm(MEMBER).id
    await goes(story, MEMBER, number, "no nuts")

    await story.says(MEMBER, f"/briefings show E{number}", where)
    await goes(story, MEMBER, number)
    text = await story.clicks(MEMBER, "briefings.going_later", channel=where)
    shown = labels(story.last(MEMBER, where))
    filled = await opens(story, MEMBER, number + 1)

    assert f"It asks 1 question of you: `/briefings questions E{number + 1}`" in text
    assert "What you answer to one stands in the form of the next." in text
    assert shown == ["Answer 1 question"] * 2
    assert filled == {"Dietary needs": "no nuts"}


async def test_what_must_be_answered_is_asked_for_once_more_three_days_before(
    story: Story, round_table: int
) -> None:
    begins_at = MONDAY + 10 * DAY
    alter(story, ROUND_TABLE, starts_at=begins_at, ends_at=begins_at + HOUR)
    await goes(story, OTHER, round_table)
    await goes(story, THIRD, round_table, "Haruto")
    await beats(story, 6 * DAY)
    early = [text for text in heard(story, OTHER) if "Not answered yet" in text]
    for _ in range(4):
        await beats(story, DAY - 10 * timedelta(seconds=1))

    asked = [text for text in heard(story, OTHER) if "Not answered yet" in text]
    assert (early, len(asked)) == ([], 1)
    assert asked[0].startswith(f"Not answered yet: *E{round_table} {ROUND_TABLE}*")
    assert "It asks 2 questions of you, 1 to be answered before it begins" in asked[0]
    assert not [text for text in heard(story, THIRD) if "Not answered yet" in text]
    # Whoever never answers keeps the seat.
    assert "You are going" in await story.says(OTHER, f"/briefings show E{round_table}")


@HTTP
async def test_what_was_answered_meanwhile_is_not_asked_for_again(
    story: Story, round_table: int
) -> None:
    begins_at = MONDAY + 4 * DAY
    alter(story, ROUND_TABLE, starts_at=begins_at, ends_at=begins_at + HOUR)
    await goes(story, OTHER, round_table)
    await beats(story)
    await answers(story, OTHER, round_table, "Marcus")

    await beats(story, 2 * DAY)

    assert not [text for text in heard(story, OTHER) if "Not answered yet" in text]


async def test_organisers_read_the_answers_and_staff_get_them_as_a_file(
    story: Story, round_table: int
) -> None:
    alter(story, ROUND_TABLE, questions=["=Badge name *", "Dietary needs"])
    await goes(story, OTHER, round_table, "=1+1", "no nuts")

    who = await story.says(STAFF, f"/briefings who E{round_table}")
    await story.says(STAFF, f"/briefings attendance E{round_table}")
    await story.clicks(STAFF, "briefings.attendance_file")
    await beats(story)

    name = "Marcus Oyelaran-Pike"
    assert f"*=Badge name*\n• {name}: =1+1\n*Dietary needs*\n• {name}: no nuts" in who
    assert f"As a file: `/briefings attendance E{round_table}`" in who
    (file,) = files(story, STAFF)
    rows = list(csv.reader(next(iter(file.values())).decode("utf-8-sig").splitlines()))
    assert rows[0][-2:] == ["'=Badge name", "Dietary needs"]
    assert [row[-2:] for row in rows[1:] if row[2] == name] == [["'=1+1", "no nuts"]]
    assert [row[-2:] for row in rows[1:] if row[2] != name] == [["", ""]] * 3


@HTTP
async def test_a_chair_reads_them_of_their_group_and_no_member_anywhere(story: Story) -> None:
    with altering(story.bot.units.database) as session:
        meeting = session.get_one(Briefing, 10)
        meeting.questions, meeting.title = ASKED, "Asking"
    await goes(story, "U0ZOE", 10, "Zoe", CANARY)
    shown = await story.says(CHAIR, "/briefings who E10")
    before = len(story.workspace.sent)
    for user in (MEMBER, "U0RAFAEL", "U0MAEVE", "U0GARETH", "U0KWAME"):
        for word in ("who", "show", "attendance", "questions", "outcomes"):
            text = await story.says(user, f"/briefings {word} E10", story.workspace.dm(user).id)
            assert CANARY not in text
        await story.says(user, "/coalition digest daily", story.workspace.dm(user).id)
    await story.says(STAFF, "/briefings ics E10")
    await beats(story, 20 * HOUR)
    await beats(story, 8 * DAY)

    assert f": {CANARY}\nWhat they answered is for whoever organises it." in shown
    sent = b"".join(each.body for each in story.workspace.sent[before:])
    assert CANARY.encode() not in sent


@HTTP
async def test_the_questions_are_read_only_once_somebody_has_answered(story: Story) -> None:
    number = await publishes(story, questions="Dietary needs")
    await edits(story, number)
    await fills(story, STAFF)
    before = fields_of(story, STAFF)
    await goes(story, MEMBER, number, "no nuts")

    late = await fills(story, STAFF, questions="T-shirt size", capacity="7")
    await story.workspace.close_modal(STAFF)
    await edits(story, number)
    await fills(story, STAFF)
    after, says = fields_of(story, STAFF), front(story, STAFF)
    saved = await fills(story, STAFF, capacity="7")
    await story.workspace.close_modal(STAFF)
    await story.workspace.command(STAFF, story.workspace.dm(STAFF), f"/briefings copy E{number}")
    await fills(story, STAFF, day="2027-01-12")
    copied = story.workspace.modals(STAFF)[-1].state["questions"]

    assert ("questions" in before, "questions" in after) == (True, False)
    assert late["hosts"].startswith("Somebody has answered, so the questions are read-only.")
    assert says.endswith(
        "*What whoever comes is asked*\n• Dietary needs\nSomebody has answered, so the questions "
        "are read-only. Say what else you need to know in the summary, or ask it in a copy."
    )
    assert saved == {}
    assert next(iter(copied.values()))["value"] == "Dietary needs"


@HTTP
async def test_two_authors_see_what_the_other_asks(story: Story) -> None:
    number = await publishes(story, questions="Dietary needs")
    for author in (STAFF, "U0ANA"):
        await edits(story, number, author)
        await fills(story, author)
    await fills(story, "U0ANA", questions="T-shirt size *")

    await fills(story, STAFF, questions="Access needs")
    says = front(story, STAFF)
    await fills(story, STAFF)

    assert "• What whoever comes is asked: T-shirt size \u2060*" in says
    assert "Asks whoever comes:\n• Access needs" in front(story, STAFF)


@HTTP
@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ("1\n2\n3\n4\n5\n6", "These are 6; ask at most 5."),
        ("x" * 151, "Shorten each to 150 characters."),
    ],
)
async def test_too_many_and_too_long_questions_are_said_at_their_field(
    story: Story, typed: str, sentence: str
) -> None:
    await begins(story, STAFF)

    assert await fills(story, STAFF, questions=typed) == {"questions": sentence}


def demoted(session: Any) -> None:
    session.execute(sa.update(Person).where(Person.slack_user == OTHER).values(role=Role.UNKNOWN))


def hidden(session: Any) -> None:
    session.get_one(Briefing, 12).audience = Audience.STAFF


def gone(session: Any) -> None:
    session.execute(sa.delete(Briefing).where(Briefing.id == 12))


def called_off(session: Any) -> None:
    session.get_one(Briefing, 12).state = State.CANCELLED


def over(session: Any) -> None:
    briefing = session.get_one(Briefing, 12)
    briefing.starts_at, briefing.ends_at = MONDAY - DAY, MONDAY - HOUR


def asked_anew(session: Any) -> None:
    session.get_one(Briefing, 12).questions = ["T-shirt size"]


@HTTP
@pytest.mark.parametrize(
    ("became", "sentence"),
    [
        (demoted, "There is nothing called «E12» here that you can see."),
        (hidden, "There is nothing called «E12» here that you can see."),
        (gone, "There is nothing called «E12» here that you can see."),
        (called_off, "This briefing was cancelled"),
        (over, "This briefing ended"),
        (asked_anew, "The questions were changed while you wrote, so nothing was saved."),
    ],
)
async def test_what_became_of_it_under_the_form_is_said_and_nothing_is_kept(
    story: Story, round_table: int, became: Callable[[Any], None], sentence: str
) -> None:
    await goes(story, OTHER, round_table)
    await opens(story, OTHER, round_table)
    with altering(story.bot.units.database) as session:
        became(session)

    wrong = await fills(story, OTHER, answer_0="Marcus", answer_1=CANARY)

    assert wrong["answer_0"].startswith(sentence)
    assert CANARY not in str(every_row(story.bot.units.database))


@HTTP
async def test_an_answer_withdrawn_under_the_form_keeps_nothing(
    story: Story, round_table: int
) -> None:
    await goes(story, OTHER, round_table)
    await opens(story, OTHER, round_table)
    await goes(story, OTHER, round_table, answer="no")

    wrong = await fills(story, OTHER, answer_0="Marcus", answer_1=CANARY)

    assert wrong["answer_0"].startswith("Only who has a seat at E12, or waits for one,")
    assert CANARY not in str(every_row(story.bot.units.database))


@HTTP
async def test_a_form_that_was_never_opened_keeps_nothing(story: Story, round_table: int) -> None:
    await goes(story, OTHER, round_table)

    for about in ("", "12", "12 " + "0" * 16, "99999", "x" * 3000, "12 12"):
        sent = await submits(story, OTHER, SAVE, {"answer_0": "a", "answer_1": "b"}, about)
        assert sent.body["response_action"] == "errors"

    assert kept(story, OTHER) is None


@HTTP
async def test_what_is_too_long_is_said_at_its_field(story: Story, round_table: int) -> None:
    await goes(story, OTHER, round_table)

    sent = await submits(story, OTHER, SAVE, {"answer_0": "a", "answer_1": "b" * 301}, "12")

    assert sent.body["errors"] == {"answer_1": "This has 301 characters; 300 fit. Shorten it."}


@HTTP
async def test_who_is_asked_nothing_is_told_why(story: Story, round_table: int) -> None:
    where = story.workspace.dm(OTHER).id
    told_ = [
        await story.says(OTHER, f"/briefings questions {what}", where)
        for what in (f"E{round_table}", "E11", "E14")
    ]

    assert told_[0] == (
        "Only who has a seat at E12, or waits for one, is asked its questions. Answer Going first."
    )
    assert told_[1].startswith("There is nothing called «E11» here that you can see.")
    assert told_[2] == "E14 asks nothing of those who come."


@HTTP
async def test_one_sees_and_deletes_what_one_answered(story: Story, round_table: int) -> None:
    await goes(story, OTHER, round_table, "Marcus", CANARY)
    await story.says(OTHER, "/coalition privacy my data")
    await beats(story)
    (mine,) = files(story, OTHER)

    await story.says(OTHER, "/coalition privacy delete me")
    await story.clicks(OTHER, "coalition.erase")

    assert set(mine) == {"my-data.csv", "my-data.json"}
    assert all(CANARY.encode() in content for content in mine.values())
    assert CANARY not in str(every_row(story.bot.units.database))
