"""Linking and leaving as people see it, through the whole app."""

from datetime import timedelta

import sqlalchemy as sa

from storage.models import Person
from tests.bot.conftest import MONDAY, Story
from tests.factories import altering

DANA, PRIYA, NOA, MARCUS = "U0DANA", "U0PRIYA", "U0NOA", "U0MARCUS"


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


async def test_a_role_that_costs_a_seat_is_lowered_after_a_second_word(story: Story) -> None:
    await story.says(PRIYA, "/briefings rsvp E12 yes")
    await story.says(MARCUS, "/briefings rsvp E12 yes")

    asked = await story.says(DANA, f"/members role <@{PRIYA}> external")
    still = await story.says(PRIYA, "/members")
    await story.clicks(DANA, "members.change")
    done = story.last(DANA).text
    await story.bot.scheduler.beat()

    assert "would be external, and lose 1 seat at what is coming" in asked
    assert "role: member" in still
    assert done.startswith("*Priya Venkatarajan (Google)* is external now. Freed: 1 seat")
    told = [story.workspace.messages(user, seen_by=user)[-1].text for user in (PRIYA, MARCUS)]
    assert "role: external" in told[0]
    assert "E12 Round table" in told[1]


async def test_whoever_was_linked_by_mistake_is_unlinked(story: Story) -> None:
    story.workspace.add_user("Noa Levi", id=NOA, tz="Asia/Jerusalem")
    story.workspace.world.channels["C0ANNOUNCE"].members.append(NOA)
    await story.says(NOA, "/members")
    await story.says(DANA, f"/members link <@{NOA}> Discord")

    asked = await story.says(DANA, f"/members unlink <@{MARCUS}>")
    unlinked = await story.says(DANA, f"/members unlink <@{NOA}>")
    again = await story.says(DANA, f"/members unlink <@{NOA}>")

    assert "would be unlinked, and lose 3 seats" in asked
    assert unlinked.startswith("*Noa Levi (Discord)* is unlinked now.")
    assert again == "*Noa Levi* is already unlinked. Nothing changed."
    assert "not linked you to an organisation yet" in await story.says(NOA, "/members")
    assert (await story.says(PRIYA, f"/members unlink <@{DANA}>")) == (
        "Linking people is for the secretariat. Ask them."
    )
    assert (await story.says(DANA, "/members role Marcus")).startswith("Say who and what they are")
    assert (await story.says(DANA, "/members unlink Marcus")).startswith("Say who:")


async def test_staff_confirm_a_guest_again_before_the_link_lapses(story: Story) -> None:
    with altering(story.bot.units.database) as session:
        guest = sa.update(Person).where(Person.slack_user == MARCUS)
        session.execute(guest.values(is_guest=True, linked_at=MONDAY - timedelta(days=160)))

    listed = await story.says(DANA, "/members waiting")
    value = next(value for value in confirming(story, DANA) if value)
    confirmed = await story.clicks(DANA, "members.link", value)

    assert "member for Verizon, confirmed until 13 Dec 2026" in listed
    assert "is linked, role: member. It is confirmed from today." in confirmed
    assert "Marcus" not in await story.says(DANA, "/members waiting")
    assert "by 22 May 2027; after that" in await story.says(MARCUS, "/members")


def confirming(story: Story, user: str) -> list[str]:
    drawn = [block.get("elements", []) for block in story.last(user).blocks]
    buttons = [element for elements in drawn for element in elements if "action_id" in element]
    return [button["value"] for button in buttons if button["text"]["text"] == "Confirm again"]


async def test_what_somebody_held_goes_to_whoever_is_named(story: Story) -> None:
    asked = await story.says(DANA, "/members offboard <@U0YUSUF> to <@U0RAFAEL>")
    await story.clicks(DANA, "members.offboard")
    done = story.last(DANA).text
    await story.bot.scheduler.beat()

    given = "To *Rafael Noguchi Prado (Discord)*: "
    assert given in asked
    assert "the chair of G3" in asked
    assert asked.partition(given)[2].splitlines()[0] == done.partition(given)[2].splitlines()[0]
    heard = [message.text for message in story.workspace.messages("U0RAFAEL", seen_by="U0RAFAEL")]
    (told,) = [text for text in heard if "It is yours now" in text]
    assert told.startswith("Dana Whitlock-Reyes handed you what somebody who left held.")
    assert "• *G3 " in told
    assert (await story.says(DANA, f"/members offboard <@{PRIYA}> to <@U0KWAME>")) == (
        "Kwame Asantewaa-Boyle is not linked to an organisation, so nothing can be handed to them. "
        "Name somebody else. Nothing was changed."
    )


async def test_a_verified_address_proposes_whom_somebody_speaks_for(story: Story) -> None:
    listed = await story.says(DANA, "/members waiting")
    await story.clicks(DANA, "members.link")
    await story.bot.scheduler.beat()

    assert "*Kwame Asantewaa-Boyle* · not linked · their e-mail address is of Discord" in listed
    assert story.last(DANA).text.startswith("*Kwame Asantewaa-Boyle (Discord)* is linked")
    told = story.workspace.messages("U0KWAME", seen_by="U0KWAME")[-1].text
    assert told.startswith("The secretariat has linked you")
