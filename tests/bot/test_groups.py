"""Working groups, as members use them: by word, by button, and the news that reaches the chairs."""

import asyncio
from datetime import timedelta

import pytest

from tests.bot.conftest import Story, items

MARCUS, PRIYA, MAEVE, DANA = "U0MARCUS", "U0PRIYA", "U0MAEVE", "U0DANA"
DELPHINE, KWAME, ANH, IMOGEN = "U0DELPHINE", "U0KWAME", "U0ANH", "U0IMOGEN"
HTTP = pytest.mark.parametrize("story", ["http"], indirect=True)


def told(story: Story, user: str) -> list[str]:
    messages = story.workspace.messages(story.workspace.dm(user), seen_by=user)
    return items(message for message in messages if not message.ephemeral)


async def beat(story: Story) -> None:
    await story.settled()
    story.workspace.clock.advance(timedelta(seconds=2))  # one message a second, for each reader
    await story.bot.scheduler.beat()


async def test_bare_lists_ones_own_with_what_each_is_for(story: Story) -> None:
    text = await story.says(MARCUS, "/groups")

    assert text.startswith("Your working groups\n*G4 Industry Classification System review*\n")
    assert "5 people · *You sit in it, since 23 Nov 2026*" in text
    assert "3 people · *You chair it, since 23 Nov 2026*" in text
    assert "next meeting Sun 6 Dec 2026, 10:00 your time" in text
    assert text.endswith("3 groups in all.")


async def test_a_seat_is_taken_by_button_and_given_up_by_button(story: Story) -> None:
    await story.says(ANH, "/groups show G4")
    joined = await story.clicks(ANH, "groups.join")
    left = await story.clicks(ANH, "groups.leave")
    back = await story.clicks(ANH, "groups.join")

    named = "*G4 Industry Classification System review*"
    chair = "Imogen Tallis-Wu, who chairs it, will be told."
    assert joined.startswith(f"You now sit in {named} for TikTok. {chair}\nMeets: Monthly")
    assert left == f"You have left {named}. {chair}\nYou can join again whenever you like."
    assert back.startswith(f"You now sit in {named} for TikTok.")


async def test_the_chair_hears_who_joined_and_who_left(story: Story) -> None:
    await story.says(ANH, "/groups join G4")
    await beat(story)
    await story.says(ANH, "/groups leave G4")
    await beat(story)
    await beat(story)

    assert told(story, IMOGEN) == [
        "Trịnh Ngọc Ánh (TikTok) has joined *G4 Industry Classification System review*. "
        "6 people sit in it now.",
        "Trịnh Ngọc Ánh (TikTok) has left *G4 Industry Classification System review*. "
        "TikTok has no seat in it now.",
    ]
    assert told(story, ANH) == []


@HTTP
async def test_the_news_leads_to_the_group(story: Story) -> None:
    await story.says(ANH, "/groups join G4")
    await beat(story)
    dm = story.workspace.dm(IMOGEN).id

    text = await story.clicks(IMOGEN, "groups.show", channel=dm)

    assert text.startswith("G4 Industry Classification System review\n")
    assert "*6 people*" in text


@HTTP
async def test_who_joins_and_leaves_before_the_news_goes_out_is_no_news_of_joining(
    story: Story,
) -> None:
    await story.says(ANH, "/groups join G4")
    await story.says(ANH, "/groups leave G4")
    await beat(story)

    assert [text.split(" (")[1][:15] for text in told(story, IMOGEN)] == ["TikTok) has lef"]


async def test_two_clicks_at_once_are_one_seat_and_one_message(story: Story) -> None:
    await story.says(ANH, "/groups show G4")
    shown = story.last(ANH)

    await asyncio.gather(*(story.workspace.click(ANH, shown, "groups.join") for _ in range(2)))
    await beat(story)

    texts = [m.text for m in story.workspace.messages("C0ANNOUNCE", seen_by=ANH)[-2:]]
    assert sorted(text.split(" sit in")[0] for text in texts) == ["You already", "You now"]
    assert len(told(story, IMOGEN)) == 1


@HTTP
async def test_joining_again_changes_nothing(story: Story) -> None:
    text = await story.says(MARCUS, "/groups join reporting")

    assert text.startswith(
        "You already sit in *G2 Reporting template group* for Verizon, since 23 Nov 2026. "
        "Nothing changed."
    )


@HTTP
async def test_leaving_where_one_does_not_sit_says_so(story: Story) -> None:
    assert await story.says(ANH, "/groups leave G2") == (
        "You do not sit in G2 Reporting template group, so there is nothing to leave."
    )


@HTTP
async def test_the_only_chair_cannot_leave(story: Story) -> None:
    text = await story.says(MARCUS, "/groups leave G6")

    assert text == (
        "You are the only chair of G6 Working with law enforcement, so you cannot leave it yet. "
        "Ask the secretariat to name another chair first."
    )
    assert "*You chair it" in await story.says(MARCUS, "/groups mine")


async def test_the_pages_end_on_both_sides(story: Story) -> None:
    first = await story.says(MARCUS, "/groups all")
    second = await story.clicks(MARCUS, "groups.more_all")
    again = await story.clicks(MARCUS, "groups.more_all")

    assert first.endswith("1–5 of 6 groups.")
    assert second.endswith("\n6 of 6 groups.")
    assert again == first


@HTTP
async def test_a_page_is_counted_from_one_by_whoever_types_it(story: Story) -> None:
    assert (await story.says(MARCUS, "/groups all 1")).endswith("1–5 of 6 groups.")
    assert (await story.says(MARCUS, "/groups all 2")).endswith("\n6 of 6 groups.")


@HTTP
async def test_outside_bodies_read_names_only_where_they_sit(story: Story) -> None:
    inside = await story.says(DELPHINE, "/groups show G2")
    outside = await story.says(DELPHINE, "/groups show G6")

    assert "• Microsoft: Maeve Ní Dhuibhlinn" in inside
    assert "• Member: 2" in outside
    assert "Marcus" not in outside
    assert "Names are shown to those who sit here and to member companies." in outside


@HTTP
async def test_hidden_and_missing_read_alike(story: Story) -> None:
    hidden = await story.says(DELPHINE, "/groups show G1")
    missing = await story.says(DELPHINE, "/groups show G99")

    assert hidden == missing.replace("G99", "G1")
    assert await story.says(DELPHINE, "/groups join G1") == hidden


@HTTP
async def test_somebody_nobody_linked_is_told_whom_to_ask(story: Story) -> None:
    dm = story.workspace.dm(KWAME).id

    assert await story.says(KWAME, "/groups", dm) == (
        "You sit in no working group. See which there are with `/groups all`."
    )
    assert await story.says(KWAME, "/groups all", dm) == (
        "There is no working group you can see yet. The secretariat has not linked you to an "
        "organisation yet, so you see what is public. Ask the secretariat to link you."
    )


@HTTP
async def test_a_title_that_fits_several_joins_none(story: Story) -> None:
    text = await story.says(ANH, "/groups join group")

    assert text.startswith("«group» could be any of these. Nothing was changed; choose one.")
    assert await story.says(ANH, "/groups leave G2") == (
        "You do not sit in G2 Reporting template group, so there is nothing to leave."
    )


@HTTP
async def test_a_group_is_called_in_many_ways(story: Story) -> None:
    for called in ("“G4”", " g4 ", "G#4", "4", "«Industry classification system review»", "CLASSI"):
        text = await story.says(MARCUS, f"/groups SHOW   {called}  ")

        assert text.startswith("G4 Industry Classification System review\n"), called
        assert "You joined on 23 Nov 2026." in text


@HTTP
async def test_what_is_no_group_is_said_in_one_sentence(story: Story) -> None:
    for called in ("E12", "-4", "G0", "G99999999999999999999", "4.0", "G4 G2"):
        assert await story.says(MARCUS, f"/groups leave {called}") == (
            f"There is nothing called «{called}» here that you can see. "
            "Check the spelling, or list them first."
        )


@HTTP
async def test_a_seat_lost_meanwhile_is_not_given_up_twice(story: Story) -> None:
    await story.says(PRIYA, "/groups show G3")
    shown = story.last(PRIYA)
    await story.workspace.click(PRIYA, shown, "groups.leave")
    await story.settled()

    await story.workspace.click(PRIYA, shown, "groups.leave")
    await story.settled()

    assert story.last(PRIYA).text == (
        "You do not sit in G3 Lantern programme contacts, so there is nothing to leave."
    )
