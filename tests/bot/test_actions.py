"""Action items, as members use them: adding, proposing, taking, declining, doing, undoing."""

import asyncio
from datetime import timedelta

import pytest

from bot.workspace.faults import Fault
from tests.bot.conftest import Story, items

MARCUS, PRIYA, LUKAS, MAEVE, DANA = "U0MARCUS", "U0PRIYA", "U0LUKAS", "U0MAEVE", "U0DANA"
DELPHINE, KWAME = "U0DELPHINE", "U0KWAME"
HTTP = pytest.mark.parametrize("story", ["http"], indirect=True)


def told(story: Story, user: str) -> list[str]:
    messages = story.workspace.messages(story.workspace.dm(user), seen_by=user)
    return items(message for message in messages if not message.ephemeral)


async def beat(story: Story) -> None:
    await story.settled()
    story.workspace.clock.advance(timedelta(seconds=2))  # one message a second, for each reader
    await story.bot.scheduler.beat()


async def test_what_one_adds_for_oneself_is_done_and_undone_by_button(story: Story) -> None:
    added = await story.says(MARCUS, "/actions add Draft the agenda due 3 June")
    done = await story.clicks(MARCUS, "actions.done")
    again = await story.clicks(MARCUS, "actions.reopen")
    listed = await story.says(MARCUS, "/actions")

    assert added == "*A14 Draft the agenda* is yours. Due 3 Jun 2027."
    assert done == "*A14 Draft the agenda* is done."
    assert again == "*A14 Draft the agenda* is open again."
    assert listed.splitlines()[:3] == [
        "Your action items",
        "*A14 Draft the agenda*",
        "due 3 Jun 2027",
    ]
    assert listed.endswith("2 action items in all.")


async def test_what_is_proposed_is_asked_by_message_and_taken_there(story: Story) -> None:
    said = await story.says(MARCUS, "/actions add Priya to send the notes due tomorrow")
    await beat(story)
    asked = told(story, PRIYA)
    dm = story.workspace.dm(PRIYA).id
    took = await story.clicks(PRIYA, "actions.accept", channel=dm)
    await beat(story)

    assert said == (
        "*A14 send the notes* is proposed to Priya Venkatarajan (Google). It is theirs once they "
        "take it; you will hear. Due 24 Nov 2026."
    )
    assert asked == [
        "Marcus Oyelaran-Pike (Verizon) proposes to you: *A14 send the notes*, due 24 Nov 2026. "
        "It is yours once you take it."
    ]
    assert took == ("*A14 send the notes* is yours. Due 24 Nov 2026. Marcus Oyelaran-Pike is told.")
    assert told(story, MARCUS) == [
        "Priya Venkatarajan (Google) took *A14 send the notes*, due 24 Nov 2026."
    ]


async def test_what_is_declined_goes_back_with_the_reason(story: Story) -> None:
    await story.says(MARCUS, "/actions add Priya to send the notes")
    said = await story.says(PRIYA, "/actions decline A14 not our field.")
    await beat(story)
    after_all = await story.clicks(PRIYA, "actions.accept")

    assert said == (
        "*A14 send the notes* is declined. Marcus Oyelaran-Pike is told. Reason: not our field."
    )
    assert told(story, MARCUS) == [
        "Priya Venkatarajan (Google) declined *A14 send the notes*, no due date. If it is still "
        "needed, add it again for somebody else.\nReason: not our field."
    ]
    assert after_all.startswith("*A14 send the notes* is yours. It has no due date.")


@HTTP
async def test_news_that_is_no_longer_true_is_not_told(story: Story) -> None:
    # The bot beats by itself too: without this, the first news might go before it is untrue.
    story.workspace.faults.add("chat.postMessage", Fault.rate_limited(retry_after=1))
    await story.says(MARCUS, "/actions add Priya to send the notes")
    await story.says(PRIYA, "/actions decline A14 no time")
    await story.says(PRIYA, "/actions accept A14")
    await beat(story)
    await beat(story)

    assert told(story, PRIYA) == []
    assert [text.split(" took ")[0] for text in told(story, MARCUS)] == [
        "Priya Venkatarajan (Google)"
    ]


@HTTP
async def test_a_colleague_is_given_it_and_told(story: Story) -> None:
    said = await story.says(LUKAS, "/actions add Priya to send the notes")
    await beat(story)
    dm = story.workspace.dm(PRIYA).id
    done = await story.clicks(PRIYA, "actions.done", channel=dm)

    assert said == (
        "*A14 send the notes* is given to Priya Venkatarajan (Google), who is told. "
        "It has no due date."
    )
    assert told(story, PRIYA) == [
        "Lukas Brandstöttner (Google) gave you *A14 send the notes*, no due date."
    ]
    assert done == "*A14 send the notes* is done."


async def test_two_clicks_at_once_are_done_once(story: Story) -> None:
    await story.says(MARCUS, "/actions")
    shown = story.last(MARCUS)

    await asyncio.gather(*(story.workspace.click(MARCUS, shown, "actions.done") for _ in range(2)))
    await story.settled()

    texts = [m.text for m in story.workspace.messages("C0ANNOUNCE", seen_by=MARCUS)[-2:]]
    assert sorted(texts) == [
        "*A13 Propose a topic for the next forum* is already done by Marcus Oyelaran-Pike on "
        "23 Nov 2026. Nothing changed.",
        "*A13 Propose a topic for the next forum* is done.",
    ]


async def test_the_same_sent_twice_at_once_is_one_item(story: Story) -> None:
    text = "/actions add Priya to send the notes due 3 June"
    await asyncio.gather(*(story.workspace.command(MARCUS, "C0ANNOUNCE", text) for _ in range(2)))
    await beat(story)
    await beat(story)

    answers = [m.text for m in story.workspace.messages("C0ANNOUNCE", seen_by=MARCUS)]
    assert [answer[:4] for answer in answers] == ["*A14", "*A14"]
    assert sum("You had just added it, so nothing changed." in answer for answer in answers) == 1
    assert len(told(story, PRIYA)) == 1


@HTTP
async def test_done_twice_says_who_did_it(story: Story) -> None:
    first = await story.says(MARCUS, "/actions done “Propose a topic for the next forum” sent")
    second = await story.says(MARCUS, "/actions done A13 sent again")

    assert first == "*A13 Propose a topic for the next forum* is done.\nNote: sent"
    assert second.endswith(
        "is already done by Marcus Oyelaran-Pike on 23 Nov 2026. Nothing changed."
    )


@HTTP
async def test_somebody_elses_is_theirs_to_change(story: Story) -> None:
    for text in ("done A1", "reopen A1"):
        assert await story.says(MARCUS, f"/actions {text}") == (
            "A1 belongs to Solveig Håkanstad. Only they and the secretariat can change it; "
            "ask Solveig Håkanstad."
        )
    for text in ("accept A1", "decline A1"):
        assert await story.says(MARCUS, f"/actions {text}") == (
            "A1 is for Solveig Håkanstad; only they can take or decline it."
        )
    assert (await story.says(DANA, "/actions done A1")).endswith("is done.")


@HTTP
async def test_one_in_full_says_where_it_came_from(story: Story) -> None:
    await story.says(MARCUS, "/actions")
    text = await story.clicks(MARCUS, "actions.show")

    assert text.splitlines() == [
        "A13 Propose a topic for the next forum",
        "*Open* · no due date",
        "Owner: Marcus Oyelaran-Pike (Verizon)",
        "Added by Marcus Oyelaran-Pike (Verizon) on 23 Nov 2026",
        "From E21 Global multi-stakeholder forum, next edition",
        "From I17 Financial sextortion: after the forum",
        "For the community · TLP:GREEN",
    ]


@HTTP
async def test_what_is_overdue_says_so_in_the_list_and_the_whole(story: Story) -> None:
    listed = await story.says("U0IMOGEN", "/actions")
    shown = await story.says("U0IMOGEN", "/actions show A5")

    assert "*OVERDUE*, was due 15 Nov 2026" in listed
    assert "*Open* · *OVERDUE*, was due 15 Nov 2026" in shown


@HTTP
async def test_pages_turn_and_end_on_both_sides(story: Story) -> None:
    for number in range(5):
        await story.says(MARCUS, f"/actions add Item {number} due in {number} days".replace(
            "in 0 days", "today"))  # fmt: skip
    first = await story.says(MARCUS, "/actions")
    second = await story.clicks(MARCUS, "actions.more_mine")
    again = await story.clicks(MARCUS, "actions.more_mine")

    assert first.endswith("1–5 of 6 action items.")
    assert second.splitlines()[1:] == [
        "*A13 Propose a topic for the next forum*",
        "no due date",
        "6 of 6 action items.",
    ]
    assert again == first


@HTTP
async def test_how_one_writes_it_is_how_it_is_read(story: Story) -> None:
    for typed, answer in (
        ("‘me’ to call them due “tomorrow”", "*A14 call them* is yours. Due 24 Nov 2026."),
        ("ME to write - due 2026-12-03", "*A15 write* is yours. Due 3 Dec 2026."),
        ("Check due process", "*A16 Check due process* is yours. It has no due date."),
        ("@Priya Venkatarajan to phone", "*A17 phone* is proposed to Priya Venkatarajan (Google)."),
        ("<!channel> & <b>", "*A18 &lt;!channel&gt; &amp; &lt;b&gt;* is yours."),
        ("tidy\0 *up*\n now", "*A19 tidy \u2060*up\u2060* now* is yours."),
    ):
        assert (await story.says(MARCUS, f"/actions add {typed}")).startswith(answer), typed


@HTTP
async def test_what_cannot_be_read_is_refused_with_what_to_write(story: Story) -> None:
    before = await story.says(MARCUS, "/actions")
    for typed, answer in (
        ("", "Write what is to be done: /actions add"),
        ("due tomorrow", "Say what is to be done, for example: /actions add"),
        ("Call due 03/06/2027", "«03/06/2027» can be read in two ways. Write 2027-06-03"),
        ("Call due yesterday", "«yesterday» cannot be read as one certain day. Write it like"),
        ("Call due 31 June", "There is no 31 June in the year to come. Write it like"),
        ("Call due 2020-01-01", "That day is over: it was 1 Jan 2020."),
        ("Call due 12 EST", "«EST» means different zones to different people."),
        ("Nobody Here to call", "Nobody here is called «Nobody Here», so nothing was saved."),
        ("x" * 40_000, "Your item has 40000 characters; 150 fit. Nothing was saved;"),
        ("<@U0NOBODY> to call", "The person you mentioned is not known here, so"),
        ("@Kwame Asantewaa-Boyle to call", "Kwame Asantewaa-Boyle is not linked"),
    ):
        assert (await story.says(MARCUS, f"/actions add {typed}")).startswith(answer), typed[:40]
    assert await story.says(MARCUS, "/actions") == before


@HTTP
async def test_a_note_too_long_is_refused_and_nothing_done(story: Story) -> None:
    text = await story.says(MARCUS, "/actions done A13 " + "x" * 301)

    assert text == (
        "Your note has 301 characters; 300 fit. Nothing was saved; shorten it and send it again."
    )
    assert "A13" in await story.says(MARCUS, "/actions")


@HTTP
async def test_a_members_item_is_hidden_from_outside_bodies_as_if_missing(story: Story) -> None:
    for word in ("show", "done", "reopen", "accept", "decline"):
        hidden = await story.says(DELPHINE, f"/actions {word} A1")

        assert hidden == (await story.says(DELPHINE, f"/actions {word} A99")).replace("A99", "A1")


@HTTP
async def test_an_outside_body_may_propose_to_a_member(story: Story) -> None:
    await story.says(DELPHINE, "/actions add Marcus to review the form")

    assert "proposed by Delphine Okwuosa, not taken yet" in await story.says(MARCUS, "/actions")


@HTTP
async def test_somebody_nobody_linked_is_told_whom_to_ask(story: Story) -> None:
    dm = story.workspace.dm(KWAME).id

    assert (await story.says(KWAME, "/actions", dm)).endswith("Ask the secretariat to link you.")
    assert await story.says(KWAME, "/actions add Call them", dm) == (
        "Action items are for people the secretariat has linked to an organisation. "
        "Ask the secretariat to link you, then add it again."
    )


@HTTP
async def test_an_old_button_meets_the_item_as_it_is_now(story: Story) -> None:
    await story.says(MARCUS, "/actions add Priya to send the notes")
    await beat(story)
    dm = story.workspace.dm(PRIYA).id
    await story.clicks(PRIYA, "actions.accept", channel=dm)
    asked = story.workspace.messages(dm, seen_by=PRIYA)[0]

    await story.workspace.click(PRIYA, asked, "actions.decline")
    await story.settled()

    assert story.last(PRIYA, dm).text == (
        "A14 is already yours. Mark it done, or ask Marcus Oyelaran-Pike."
    )


@HTTP
async def test_a_page_that_is_gone_by_now_is_the_last_one_there_is(story: Story) -> None:
    for user, text, end in (
        (MARCUS, "/actions mine 99999", "1 action item in all."),
        (MARCUS, "/groups all 99", "6 of 6 groups."),
        (MARCUS, "/groups mine 2", "3 groups in all."),
        (MARCUS, "/initiatives active 99", "16 of 16 initiatives."),
        (MARCUS, "/resources new 99", "31–32 of 32 resources."),
        (MARCUS, "/briefings upcoming 99", "6–9 of 9 briefings."),
    ):
        assert (await story.says(user, text)).endswith(end), text


@HTTP
async def test_ones_own_item_is_not_declined_but_done(story: Story) -> None:
    assert await story.says(MARCUS, "/actions decline A13") == (
        "A13 is already yours. Mark it done."
    )
