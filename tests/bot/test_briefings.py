"""Briefings, as members use them in the workspace: by word, by button, in the Home."""

import asyncio
from datetime import timedelta

from tests.bot.conftest import Story

SOLVEIG, MARCUS, PRIYA, ZOE = "U0SOLVEIG", "U0MARCUS", "U0PRIYA", "U0ZOE"
YUSUF, RAFAEL, ANH, DELPHINE, KWAME, DANA = (
    "U0YUSUF",
    "U0RAFAEL",
    "U0ANH",
    "U0DELPHINE",
    "U0KWAME",
    "U0DANA",
)
ROUND_TABLE = "Round table: testing and mitigation resource"
WORKSHOP = "Workshop: Industry Classification System"


async def test_upcoming_lists_the_next_ones_in_the_readers_own_zone(story: Story) -> None:
    text = await story.says(PRIYA, "/briefings")

    assert "Fri 27 Nov 2026, 09:00 your time (12:00 New York)" in text
    assert text.startswith("Upcoming briefings")
    assert "1–5 of" in text


async def test_more_turns_the_page_in_place(story: Story) -> None:
    await story.says(PRIYA, "/briefings")
    before = len(story.workspace.messages("C0ANNOUNCE", seen_by=PRIYA))

    text = await story.clicks(PRIYA, "briefings.more_upcoming")

    assert "6–" in text
    assert len(story.workspace.messages("C0ANNOUNCE", seen_by=PRIYA)) == before


async def test_what_is_answered_is_seen_by_whoever_asked_alone(story: Story) -> None:
    await story.says(PRIYA, "/briefings")

    assert not story.workspace.messages("C0ANNOUNCE", seen_by=MARCUS)


async def test_next_shows_one_in_full(story: Story) -> None:
    text = await story.says(PRIYA, "/briefings next")

    assert "members' group: regular meeting" in text
    assert "You are going" in text


async def test_a_title_may_be_said_by_some_of_its_words(story: Story) -> None:
    text = await story.says(MARCUS, "/briefings show classification")

    assert WORKSHOP in text
    assert "full (3 seats), 2 waiting" in text.lower()


async def test_a_seat_is_taken_by_word_and_given_back_by_button(story: Story) -> None:
    said = await story.says(MARCUS, f"/briefings rsvp {ROUND_TABLE} yes arriving late")
    back = await story.clicks(MARCUS, "briefings.declined")

    assert said.startswith("You are going to *E")
    assert back.startswith("You are not going to *E")


async def test_the_last_seat_seats_one_and_queues_the_other(story: Story) -> None:
    await asyncio.gather(
        story.workspace.command(MARCUS, "C0ANNOUNCE", f"/briefings rsvp {ROUND_TABLE} yes"),
        story.workspace.command(ANH, "C0ANNOUNCE", f"/briefings rsvp {ROUND_TABLE} yes"),
    )

    texts = sorted(story.last(user).text for user in (MARCUS, ANH))
    assert texts[0].startswith("*E")
    assert "is full (4 seats). You are number 1 on the waitlist" in texts[0]
    assert texts[1].startswith("You are going to *E")


async def test_a_double_click_is_one_answer(story: Story) -> None:
    await story.says(ANH, f"/briefings show {ROUND_TABLE}")
    shown = story.last(ANH)

    await asyncio.gather(
        story.workspace.click(ANH, shown, "briefings.going"),
        story.workspace.click(ANH, shown, "briefings.going"),
    )
    await story.settled()

    who = await story.says(DANA, f"/briefings who {ROUND_TABLE}")
    assert "Going: 4 people" in who
    assert "waitlist" not in who


async def test_a_freed_seat_is_told_to_who_waited_longest(story: Story) -> None:
    await story.says("U0CHLOE", f"/briefings rsvp {WORKSHOP} no")
    await story.bot.scheduler.beat()

    told = story.workspace.messages(story.workspace.dm("U0MAEVE"), seen_by="U0MAEVE")
    assert [message.text.splitlines()[0] for message in told] == [
        f"A seat was freed: you are now going to *E13 {WORKSHOP}*."
    ]
    assert not story.workspace.messages(story.workspace.dm(RAFAEL), seen_by=RAFAEL)


async def test_an_ambiguous_title_lists_choices_and_writes_nothing(story: Story) -> None:
    text = await story.says(PRIYA, "/briefings rsvp generative yes")

    assert "could be any of these" in text
    assert "Nothing was changed" in text


async def test_a_slip_of_the_keyboard_is_met_with_what_was_meant(story: Story) -> None:
    assert "Did you mean `/briefings upcoming`?" in await story.says(ANH, "/briefings upcomming")
    assert "Workshop: Industry Classification System" in await story.says(
        ANH, "/briefings show clasification"
    )


async def test_a_member_of_the_public_sees_what_is_public_only(story: Story) -> None:
    text = await story.says(KWAME, channel=story.workspace.dm(KWAME).id, text="/briefings")

    assert "Open webinar" in text
    assert ROUND_TABLE not in text
    assert "1 briefing in all" in text


async def test_hidden_and_missing_read_alike(story: Story) -> None:
    hidden = await story.says(
        KWAME, channel=story.workspace.dm(KWAME).id, text="/briefings show E11"
    )
    missing = await story.says(
        KWAME, channel=story.workspace.dm(KWAME).id, text="/briefings show E99911"
    )

    assert hidden == missing.replace("E99911", "E11")


async def test_who_comes_is_numbers_for_outside_bodies_and_names_for_members(story: Story) -> None:
    names = await story.says(MARCUS, "/briefings who Open webinar")
    numbers = await story.says(DELPHINE, "/briefings who Open webinar")

    assert "Tomasz" in names
    assert "Tomasz" not in numbers
    assert "Going: 3 people" in numbers


async def test_somebody_nobody_linked_cannot_answer_and_is_told_what_to_do(story: Story) -> None:
    text = await story.says(
        KWAME, channel=story.workspace.dm(KWAME).id, text="/briefings rsvp Open webinar yes"
    )

    assert "Ask the secretariat to link you" in text


async def test_a_command_may_say_payload(story: Story) -> None:
    assert "«payload" in await story.says(ANH, "/briefings show payload=nothing & more")


async def test_forty_thousand_characters_get_one_sentence(story: Story) -> None:
    text = await story.says(ANH, "/briefings rsvp " + "x" * 40_000 + " yes")

    assert "There is nothing called «xxxx" in text
    assert len(text) < 400


async def test_markup_in_what_people_type_stays_text(story: Story) -> None:
    text = await story.says(ANH, "/briefings show <!channel> *bold* <https://x.example|y>")

    assert "<!" not in text
    assert "&lt;" in text or "!channel" in text


async def test_the_home_shows_what_waits_and_answers_in_place(story: Story) -> None:
    await story.workspace.open_home(ANH)
    await story.settled()
    home = story.workspace.home(ANH)
    assert home is not None

    first = next(block for block in home.blocks if "'briefings.going'" in str(block))
    await story.workspace.click_home(ANH, "briefings.going", block_id=first["block_id"])
    await story.settled()

    after = story.workspace.home(ANH)
    assert after is not None
    assert "You are going to" in str(after.blocks)


async def test_a_note_is_read_by_who_wrote_it_and_by_the_secretariat_alone(story: Story) -> None:
    told = await story.says(PRIYA, "/briefings rsvp E14 yes arriving late")
    seen = [await story.says(who, "/briefings who E14") for who in (DANA, MARCUS, DELPHINE)]

    assert "Your note: arriving late" in told
    assert ["Priya Venkatarajan: arriving late" in text for text in seen] == [True, False, False]


async def test_what_took_place_is_listed_newest_first_without_buttons_to_answer(
    story: Story,
) -> None:
    text = await story.says(PRIYA, "/briefings past")
    before = [line for line in text.splitlines() if line.startswith("*E")]
    story.workspace.clock.advance(timedelta(days=5))
    after = await story.says(PRIYA, "/briefings past")

    assert text.startswith("Past briefings")
    assert ROUND_TABLE not in text
    assert ROUND_TABLE in after.splitlines()[1]
    assert len(before) == 5
    assert "briefings.going" not in str(story.last(PRIYA).blocks)


async def test_staff_see_which_member_companies_send_nobody(story: Story) -> None:
    before = await story.says(DANA, f"/briefings missing {ROUND_TABLE}")
    await story.says(MARCUS, f"/briefings rsvp {ROUND_TABLE} yes")
    after = await story.says(DANA, f"/briefings missing {ROUND_TABLE}")
    refused = await story.says(PRIYA, f"/briefings missing {ROUND_TABLE}")

    number = int(before.partition(" from ")[2].partition(" of ")[0])
    assert before.splitlines()[0].endswith("of 27 member companies:")
    assert f" from {number - 1} of 27 member companies:" in after
    assert len(before.splitlines()) == number + 1
    assert refused == "Who sends nobody is for the secretariat to see. Ask them."


async def test_briefings_are_found_by_words_kind_place_and_seats(story: Story) -> None:
    texts = {
        words: await story.says("U0MARCUS", f"/briefings search {words}")
        for words in ("webinars", "webinar seats", "workshop seats", "london", "singapore online")
    }
    none = await story.says("U0MARCUS", "/briefings search zzzz qqqq")
    empty = await story.says("U0MARCUS", "/briefings search")

    assert texts["webinars"].startswith("Briefings for «webinars»\n")
    assert "E14 Open webinar" in texts["webinar seats"]
    assert "E15 Office hours" not in texts["webinar seats"]  # it was cancelled
    assert texts["workshop seats"].startswith("Nothing you can see fits «workshop seats».")
    assert "E13 Workshop" in texts["london"]
    assert "E16 Generative AI briefing, Singapore" in texts["singapore online"]
    assert none.startswith("Nothing you can see fits «zzzz qqqq».")
    assert empty.startswith("Say what to look for")


async def test_a_search_is_turned_page_by_page(story: Story) -> None:
    first = await story.says("U0MARCUS", "/briefings search generative")
    second = await story.clicks("U0MARCUS", "briefings.more_found")

    assert "Briefings for «generative»" in first
    assert "Briefings for «generative»" in second
    assert first != second
