"""What people say of the messages to them, in one form, and what then reaches them."""

from datetime import timedelta

import pytest
import sqlalchemy as sa

from storage.models import Delivery
from tests.bot.conftest import Story, items
from tests.bot.test_canaries import FORMS, submits
from tests.bot.test_ordering import front
from tests.factories import seeing_all

PRIYA, MARCUS, MAEVE, DANA, KWAME, GARETH = (
    *("U0PRIYA", "U0MARCUS", "U0MAEVE", "U0DANA", "U0KWAME", "U0GARETH"),
)
SETTINGS, SAVE = "/coalition settings", "coalition.save_settings"
DAY, HOUR = timedelta(days=1), timedelta(hours=1)
HTTP = pytest.mark.parametrize("story", ["http"], indirect=True)


async def beats(story: Story, by: timedelta = timedelta(seconds=2)) -> None:
    story.workspace.clock.advance(by)
    for _ in range(3):
        await story.bot.scheduler.beat()
        story.workspace.clock.advance(timedelta(seconds=2))


def told(story: Story, user: str) -> list[str]:
    return items(story.workspace.messages(story.workspace.dm(user)))


def typed(story: Story, user: str) -> dict[str, object]:
    """Give what stands in the form in front of *user*, field by field."""
    view = story.workspace.modals(user)[-1]
    state = {block: next(iter(kept.values())) for block, kept in view.state.items()}
    return {
        block: kept.get("selected_time")
        or kept.get("selected_date")
        or [option["value"] for option in kept.get("selected_options") or []]
        or (kept.get("selected_option") or {}).get("value")
        for block, kept in state.items()
    }


async def wishes(story: Story, user: str, **fields: object) -> str:
    """Fill in the form; give what is read back."""
    await story.workspace.command(user, story.workspace.dm(user), SETTINGS)
    await story.workspace.submit(user, fields)
    view = story.workspace.modals(user)[-1]
    text = "\n".join(view.errors.values()) or front(story, user)
    await story.workspace.close_modal(user)
    return text


def reasons(story: Story, kind: str) -> list[str | None]:
    with seeing_all(story.bot.units.database) as session:
        return list(session.scalars(sa.select(Delivery.reason).where(Delivery.kind == kind)))


async def test_all_that_is_wished_is_read_back_and_stands_there_again(story: Story) -> None:
    text = await wishes(
        story,
        PRIYA,
        digest="weekdays",
        at="08:30",
        sections=["items", "resources"],
        topics=["transparency"],
        muted=["actions", "reminders"],
        back="2026-12-03",
        quiet_from="21:00",
        quiet_until="07:00",
    )
    await story.workspace.open_home(PRIYA)
    await story.settled()
    await story.workspace.click_home(PRIYA, "coalition.settings", "open")
    again = typed(story, PRIYA)

    assert text == (
        "You get a digest Monday to Friday at 08:30 your time, next Mon 23 Nov 2026, 08:30 your "
        "time.\nNot told: Reminders of briefings you go to and News of action items.\n"
        "On leave until 3 Dec 2026, when it goes on by itself.\n"
        "Quiet from 21:00 to 07:00, by the clock in Los Angeles."
    )
    assert again == {
        "digest": "weekdays",
        "at": "08:30",
        "sections": ["items", "resources"],
        "topics": ["transparency"],
        "muted": ["reminders", "actions"],
        "back": "2026-12-03",
        "quiet_from": "21:00",
        "quiet_until": "07:00",
    }


@HTTP
@pytest.mark.parametrize("user", [PRIYA, GARETH, KWAME, DANA])
async def test_everybody_says_it_for_themselves_alone(story: Story, user: str) -> None:
    text = await wishes(story, user, digest="none", muted=["groups"])

    assert text == (
        "You get no digest of your own.\nNot told: Who joins and leaves groups you chair."
    )
    assert (await wishes(story, MARCUS)) == "You get no digest of your own."


@HTTP
async def test_what_is_muted_does_not_reach_them_and_a_freed_seat_does(story: Story) -> None:
    await wishes(story, PRIYA, muted=["reminders", "actions", "groups", "suggestions"])

    await story.says(MARCUS, "/actions add <@U0PRIYA> to send the notes")
    await beats(story)

    assert [text for text in told(story, PRIYA) if "send the notes" in text] == []
    assert reasons(story, "action_proposed")[-1] == "They wish not to be told of such things."


@HTTP
async def test_in_quiet_hours_news_waits_for_the_morning(story: Story) -> None:
    # Monday 12:00 UTC is 04:00 in Los Angeles.
    await wishes(story, PRIYA, quiet_from="22:00", quiet_until="07:00")

    await story.says(MARCUS, "/actions add <@U0PRIYA> to send the notes")
    await beats(story)
    night = [text for text in told(story, PRIYA) if "send the notes" in text]
    await beats(story, 3 * HOUR)
    morning = [text for text in told(story, PRIYA) if "send the notes" in text]

    assert (night, len(morning)) == ([], 1)


@HTTP
async def test_on_leave_nothing_comes_that_can_wait_and_then_it_goes_on(story: Story) -> None:
    await wishes(story, PRIYA, digest="daily", at="09:00", sections=["items"], back="2026-11-26")

    await story.says(MARCUS, "/actions add <@U0PRIYA> to send the notes due 27 Nov")
    await beats(story, 2 * DAY)
    away = told(story, PRIYA)
    story.workspace.clock.advance(DAY)
    await story.says(MARCUS, "/actions add <@U0PRIYA> to read the notes")
    await beats(story)

    assert away == []
    assert reasons(story, "action_proposed")[0] == "They are on leave."
    # A meeting that ended meanwhile is asked about.
    back = [text for text in told(story, PRIYA) if not text.startswith("How was")]
    assert ["read the notes" in text for text in back] == [True]


@HTTP
async def test_ones_own_digest_tells_what_was_selected(story: Story) -> None:
    await wishes(
        story, PRIYA, digest="tuesday", at="06:00", sections=["briefings", "coming", "attention"]
    )
    ahead = await story.says(PRIYA, "/coalition digest preview")
    none = await story.says(MARCUS, "/coalition digest preview")
    await beats(story, 2 * DAY)

    assert ahead.startswith("Your own digest would say this now.\nYour week\n")
    assert none == "You have ordered none. To order one: `/coalition settings`"
    (text,) = [text for text in told(story, PRIYA) if text.startswith("Your week")]
    titles = [line for line in text.splitlines() if line.startswith("*") and line.endswith("*")]
    assert titles == ["*Your next briefings*", "*Needs attention*", "*Next 14 days*"]


@HTTP
async def test_a_lead_on_leave_is_not_asked_and_staff_are(story: Story) -> None:
    await wishes(story, MAEVE, back="2027-03-01")

    await beats(story, 60 * DAY)
    await beats(story, 10 * DAY)

    leads = [text for text in told(story, DANA) if "*Maeve Ní Dhuibhlinn* leads it" in text]
    assert leads
    assert all("leads it and is on leave." in text for text in leads)
    assert [text for text in told(story, MAEVE) if text.startswith("How does")] == []


@HTTP
@pytest.mark.parametrize(
    ("fields", "wrong"),
    [
        ({"digest": "sometimes"}, "Choose how often it comes, or none."),
        ({"at": "9"}, "Choose a time, such as 09:00."),
        ({"sections": ""}, "Choose at least one."),
        ({"topics": "no such topic"}, "A topic that was chosen is not there any more."),
        ({"back": "2026-11-23"}, "Choose a day to come, within a year."),
        ({"back": "2028-01-01"}, "Choose a day to come, within a year."),
        ({"back": "soon"}, "Choose a day."),
        ({"quiet_until": ""}, "Choose both times, or neither."),
        ({"quiet_from": "06:00", "quiet_until": "22:00"}, "Quiet hours last at most 14 hours."),
    ],
)
async def test_what_cannot_be_taken_is_explained(
    story: Story, fields: dict[str, str], wrong: str
) -> None:
    exchange = await submits(story, PRIYA, SAVE, {**FORMS[SAVE], **fields}, "")

    assert wrong in str(exchange.body)
