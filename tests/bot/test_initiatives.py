"""Initiatives, as members use them: how they stand, and saying what moved, in a form."""

import asyncio
from datetime import timedelta

import pytest
from sqlalchemy import update

from bot.workspace.faults import Fault
from storage.database import Session, writes
from storage.models import Person, Role
from tests.bot.conftest import Story, items

MARCUS, MAEVE, DANA, DELPHINE, KWAME = "U0MARCUS", "U0MAEVE", "U0DANA", "U0DELPHINE", "U0KWAME"
HTTP = pytest.mark.parametrize("story", ["http"], indirect=True)
NAMED = "*I3 NCMEC reporting template*"


def told(story: Story, user: str) -> list[str]:
    messages = story.workspace.messages(story.workspace.dm(user), seen_by=user)
    return items(message for message in messages if not message.ephemeral)


def read(story: Story, user: str) -> str:
    """Give what the top modal says."""
    view = story.workspace.modals(user)[-1]
    return "\n".join(block["text"]["text"] for block in view.blocks if "text" in block)


def typed(story: Story, user: str) -> dict[str, str | None]:
    """Give what stands in the fields of the top modal."""
    values = story.workspace.modals(user)[-1].state
    return {
        field: state.get("value") or (state.get("selected_option") or {}).get("value")
        for block in values.values()
        for field, state in block.items()
    }


async def beat(story: Story) -> None:
    await story.settled()
    story.workspace.clock.advance(timedelta(seconds=2))  # one message a second, for each reader
    await story.bot.scheduler.beat()


@writes
def unlinked(session: Session, user: str) -> None:
    session.execute(update(Person).where(Person.slack_user == user).values(role=Role.UNKNOWN))


async def test_bare_lists_the_most_urgent_first(story: Story) -> None:
    text = await story.says(MARCUS, "/initiatives")

    assert text.splitlines()[:5] == [
        "Initiatives under way",
        NAMED,
        "*AT RISK* · led by Maeve Ní Dhuibhlinn (Microsoft) · last moved 4 days ago",
        "Next: All four agencies' comments in, due 21 Nov 2026",
        "*I2 Industry Classification System review*",
    ]
    assert "*no update for 44 days (due every 21)*" in text
    assert text.endswith("1–5 of 16 initiatives.")


@HTTP
async def test_the_pages_turn_and_end_on_both_sides(story: Story) -> None:
    first = await story.says(MARCUS, "/initiatives")
    text = first
    for page in ("1", "2", "3"):
        await story.workspace.click(
            MARCUS, story.last(MARCUS), "initiatives.more_active", value=page
        )
        await story.settled()
        text = story.last(MARCUS).text
    back = await story.clicks(MARCUS, "initiatives.more_active")

    assert text.endswith("16 of 16 initiatives.")
    assert back.endswith("11–15 of 16 initiatives.")


async def test_the_lead_says_what_moved_and_the_initiative_moves(story: Story) -> None:
    await story.says(MAEVE, "/initiatives show I3")
    await story.clicks(MAEVE, "initiatives.update")
    asked = read(story, MAEVE)
    await story.workspace.submit(MAEVE, {"health": "on_track", "text": "All four have answered."})

    assert asked == f"{NAMED}, now at risk.\nYour update moves it."
    assert read(story, MAEVE).startswith(f"{NAMED} is now *on track*; it was at risk.\n")
    shown = await story.says(MARCUS, "/initiatives show I3")
    assert "on track · led by Maeve Ní Dhuibhlinn (Microsoft) · last moved today" in shown
    assert "_23 Nov 2026, Maeve Ní Dhuibhlinn: on track_\nAll four have answered." in shown


async def test_a_form_is_refused_field_by_field_and_keeps_what_was_typed(story: Story) -> None:
    await story.workspace.command(MAEVE, "C0ANNOUNCE", "/initiatives update I3")
    await story.workspace.submit(
        MAEVE, {"health": "off_track", "text": "  \n ", "reason": "Later."}
    )
    blank = story.workspace.modals(MAEVE)[-1].errors
    kept = typed(story, MAEVE)
    await story.workspace.submit(MAEVE, {"text": "Two withdrew.", "reason": ""})
    unexplained = story.workspace.modals(MAEVE)[-1].errors
    await story.workspace.submit(MAEVE, {"reason": "No capacity."})

    assert blank == {"text": "Say in a sentence what moved."}
    assert kept["health"] == "off_track"
    assert kept["reason"] == "Later."
    assert unexplained == {"reason": "It was at risk; say in a sentence why it is now off track."}
    assert read(story, MAEVE).startswith(f"{NAMED} is now *off track*; it was at risk.\n")


async def test_a_suggestion_reaches_the_lead_who_takes_it_over(story: Story) -> None:
    await story.workspace.command(MARCUS, "C0ANNOUNCE", "/initiatives update I3")
    asked = read(story, MARCUS)
    await story.workspace.submit(MARCUS, {"health": "on_track", "text": "They *all* answered."})
    saved = read(story, MARCUS)
    await beat(story)
    news = told(story, MAEVE)
    dm = story.workspace.dm(MAEVE)
    await story.workspace.click(
        MAEVE, story.workspace.messages(dm, seen_by=MAEVE)[-1], "initiatives.take_over"
    )
    filled = typed(story, MAEVE)
    await story.workspace.submit(MAEVE)

    assert asked.endswith("You do not lead it, so what you post is a suggestion to its lead.")
    assert saved.startswith(
        f"Your suggestion for {NAMED} is saved. Maeve Ní Dhuibhlinn, who leads it, is told and "
        "can take it over. Until then it stands as before.\n"
    )
    assert news == [
        f"Marcus Oyelaran-Pike suggests an update on {NAMED}: on track.\n"
        "They \u2060*all\u2060* answered.\nNext: Agree dates at the review meeting."
    ]
    assert filled["text"] == "They *all* answered."
    assert read(story, MAEVE).startswith(f"{NAMED} is now *on track*; it was at risk.\n")


@HTTP
async def test_a_suggestion_overtaken_by_an_update_is_not_told(story: Story) -> None:
    for user in (MARCUS, MAEVE):
        await story.workspace.command(user, "C0ANNOUNCE", "/initiatives update I3")
    await story.workspace.submit(MARCUS, {"text": "They answered."})
    story.workspace.clock.advance(timedelta(seconds=2))
    await story.workspace.submit(MAEVE, {"text": "Two have answered."})
    await beat(story)

    assert told(story, MAEVE) == []


async def test_a_form_submitted_twice_at_once_is_one_update(story: Story) -> None:
    await story.workspace.command(MAEVE, "C0ANNOUNCE", "/initiatives update I3")
    view = story.workspace.modals(MAEVE)[-1]
    values = {"text": "Two have answered."}
    await story.workspace.submit(MAEVE, values)
    first = read(story, MAEVE)
    await story.workspace.close_modal(MAEVE)
    await story.workspace.command(MAEVE, "C0ANNOUNCE", "/initiatives update I3")
    await story.workspace.submit(MAEVE, values)

    assert view.title == "Update I3"
    assert first.startswith(f"Your update on {NAMED} is posted; it is at risk.\n")
    assert read(story, MAEVE).startswith(
        f"You had just said the same of {NAMED}. Nothing changed.\n"
    )
    assert (await story.says(MARCUS, "/initiatives show I3")).count("Two have answered.") == 1


async def test_two_submissions_at_once_are_one_update(story: Story) -> None:
    await story.workspace.command(MAEVE, "C0ANNOUNCE", "/initiatives update I3")

    await asyncio.gather(
        *(story.workspace.submit(MAEVE, {"text": "Two have answered."}) for _ in range(2))
    )

    assert (await story.says(MARCUS, "/initiatives show I3")).count("Two have answered.") == 1


async def test_a_right_withdrawn_meanwhile_is_not_used(story: Story) -> None:
    await story.workspace.command(MARCUS, "C0ANNOUNCE", "/initiatives update I11")
    await story.bot.units.run(unlinked, MARCUS)
    await story.workspace.submit(MARCUS, {"text": "They answered."})

    assert story.workspace.modals(MARCUS)[-1].errors == {
        "health": "Updates are for people the secretariat has linked to an organisation. "
        "Ask the secretariat to link you, then post it again."
    }
    assert typed(story, MARCUS)["text"] == "They answered."
    assert "They answered." not in await story.says(MAEVE, "/initiatives show I11")


@HTTP
async def test_what_may_no_longer_be_seen_reads_as_missing_in_the_form(story: Story) -> None:
    await story.workspace.command(MARCUS, "C0ANNOUNCE", "/initiatives update I1")
    await story.bot.units.run(unlinked, MARCUS)
    await story.workspace.submit(MARCUS, {"text": "A & B <answered>."})

    (error,) = story.workspace.modals(MARCUS)[-1].errors.values()
    assert error == (
        "There is nothing called «I1» here that you can see. "
        "Check the spelling, or list them first."
    )


async def test_the_form_opens_within_the_life_of_its_trigger(story: Story) -> None:
    exchange = await story.workspace.command(MARCUS, "C0ANNOUNCE", "/initiatives update I3")

    assert exchange.took_ms < 2500
    assert [sent.ok for sent in story.workspace.sent if sent.method == "views.open"] == [True]


@HTTP
@pytest.mark.parametrize(
    "fault",
    [Fault.server_error(503), Fault.rate_limited(3), Fault.drop_after_accept(), Fault.hang(2.4)],
    ids=lambda fault: fault.kind,
)
async def test_a_form_slack_does_not_open_is_told_in_one_sentence(
    story: Story, fault: Fault
) -> None:
    story.workspace.faults.add("views.open", fault)

    text = await story.says(MARCUS, "/initiatives update I3")

    assert text == (
        "Slack did not open the form in time. Nothing was changed; if no form stands in front of "
        "you, try once more."
    )


@HTTP
async def test_a_trigger_that_is_over_is_told_in_one_sentence(story: Story) -> None:
    story.workspace.faults.add("views.open", Fault.error("trigger_expired"))
    await story.says(MARCUS, "/initiatives show I3")
    shown = story.last(MARCUS)

    text = await story.clicks(MARCUS, "initiatives.update")
    await story.workspace.click(MARCUS, shown, "initiatives.update")

    assert text == (
        "Slack closed the form before it could be opened. Nothing was changed; try once more."
    )
    assert len(story.workspace.modals(MARCUS)) == 1


@HTTP
async def test_whoever_may_not_update_opens_no_form(story: Story) -> None:
    dm = story.workspace.dm(KWAME).id

    linked = await story.says(KWAME, "/initiatives update I11", dm)
    hidden = await story.says(KWAME, "/initiatives update I1", dm)

    assert linked.startswith("Updates are for people the secretariat has linked")
    assert hidden == (await story.says(KWAME, "/initiatives update I99", dm)).replace("I99", "I1")
    assert "Post an update" not in str(story.last(KWAME, dm).blocks)
    assert not story.workspace.modals(KWAME)


@HTTP
async def test_only_the_lead_takes_a_suggestion_over(story: Story) -> None:
    await story.workspace.command(MARCUS, "C0ANNOUNCE", "/initiatives update I3")
    await story.workspace.submit(MARCUS, {"text": "They answered."})

    assert "*Suggested*" in await story.says(MARCUS, "/initiatives show I3")
    assert "Take over" not in str(story.last(MARCUS).blocks)
    assert "*Suggested*" not in await story.says("U0ZOE", "/initiatives show I3")
    assert "*Suggested*" in await story.says(DANA, "/initiatives show I3")
    await story.clicks(DANA, "initiatives.take_over")
    assert typed(story, DANA)["text"] == "They answered."


@HTTP
async def test_a_title_of_several_opens_no_form(story: Story) -> None:
    text = await story.says(MARCUS, "/initiatives update grant")

    assert text.startswith("«grant» could be any of these. Nothing was changed; choose one.")
    assert not story.workspace.modals(MARCUS)


@HTTP
async def test_hostile_text_in_a_form_stays_text(story: Story) -> None:
    await story.workspace.command(MAEVE, "C0ANNOUNCE", "/initiatives update I3")
    await story.workspace.submit(
        MAEVE, {"text": "<!channel> *b* \u202erevers\0ed", "next_step": "x" * 300}
    )

    shown = await story.says(MARCUS, "/initiatives show I3")
    assert "&lt;!channel&gt; \u2060*b\u2060* reversed" in shown
    assert "<!channel>" not in shown
