"""Linking and leaving as people see it, through the whole app."""

from tests.bot.conftest import Story

DANA, PRIYA, NOA = "U0DANA", "U0PRIYA", "U0NOA"


async def test_whoever_asks_is_told_whom_the_bot_takes_them_for(story: Story) -> None:
    assert (await story.says(PRIYA, "/members")).startswith("You are *Priya")
    assert "not linked you to an organisation yet" in await story.says(
        "U0KWAME", "/members me", story.workspace.dm("U0KWAME").id
    )


async def test_staff_link_somebody_who_then_sees_more_and_is_told(story: Story) -> None:
    story.workspace.add_user("Noa Levi", id=NOA, tz="Asia/Jerusalem")
    story.workspace.world.channels["C0ANNOUNCE"].members.append(NOA)
    before = await story.says(NOA, "/briefings")

    linked = await story.says(DANA, f"/members link <@{NOA}> Discord")
    await story.bot.scheduler.beat()
    after = await story.says(NOA, "/briefings")

    assert linked.startswith("*Noa Levi (Discord)* is linked, role: member.")
    assert len(after) > len(before)
    told = story.workspace.messages(NOA, seen_by=NOA)[-1].text
    assert told.startswith("The secretariat has linked you: you are *Noa Levi (Discord)*")


async def test_staff_see_who_waits_and_members_do_not(story: Story) -> None:
    assert (await story.says(DANA, "/members waiting")).startswith("To link or confirm")
    assert (await story.says(PRIYA, "/members waiting")) == (
        "Linking people is for the secretariat. Ask them."
    )


async def test_offboarding_says_first_what_it_will_do(story: Story) -> None:
    asked = await story.says(DANA, f"/members offboard <@{PRIYA}>")
    still = await story.says(PRIYA, "/members")
    await story.clicks(DANA, "members.offboard")

    assert "1 person would lose their rights." in asked
    assert still.startswith("You are *Priya")
    assert "not linked you to an organisation yet" in await story.says(PRIYA, "/members")
