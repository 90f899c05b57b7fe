"""A briefing for one's calendar: a file, as one may see it, which changes what an older one did."""

from datetime import timedelta
from typing import Any

import icalendar
import pytest

from storage.models import Briefing, State, Tlp
from tests.bot.conftest import Story
from tests.bot.test_privacy import files
from tests.factories import altering

PRIYA, GUEST, DANA = "U0PRIYA", "U0GARETH", "U0DANA"
TABLE = "Round table: testing and mitigation resource"
HTTP = pytest.mark.parametrize("story", ["http"], indirect=True)


def handed(story: Story, user: str) -> list[Any]:
    """Give what stands in the files that *user* got, in their order."""
    texts = [text.decode() for one in files(story, user) for text in one.values()]
    return [icalendar.Event.from_ical(text).walk("VEVENT")[0] for text in texts]


async def asks(story: Story, user: str, called: str = TABLE) -> str:
    """Let *user* ask for a file, a minute after whatever was asked before; give the answer."""
    story.workspace.clock.advance(timedelta(minutes=1))
    said = await story.says(user, f"/briefings ics {called}")
    await story.bot.scheduler.beat()
    return said


def change(story: Story, **values: object) -> None:
    with altering(story.bot.units.database) as session:
        found = session.query(Briefing).filter_by(title=TABLE).one()
        for name, value in values.items():
            setattr(found, name, value)


async def test_who_goes_gets_a_file_with_the_link_by_direct_message(story: Story) -> None:
    change(story, join_link="https://meet.example/table", place="hybrid")
    await asks(story, PRIYA)
    await story.says(PRIYA, f"/briefings rsvp {TABLE} yes")
    said = await asks(story, PRIYA)

    before, after = handed(story, PRIYA)
    assert said.endswith("comes by direct message, as a file for your calendar.")
    assert before["uid"] == after["uid"]
    assert (before["status"], after["status"]) == ("TENTATIVE", "CONFIRMED")
    assert "meet.example" not in str(before.to_ical())
    assert after["url"] == "https://meet.example/table"


@HTTP
async def test_what_its_label_lets_nobody_take_away_is_a_time_alone(story: Story) -> None:
    change(story, tlp=Tlp.AMBER_STRICT, join_link="https://meet.example/table")
    await story.says(PRIYA, f"/briefings rsvp {TABLE} yes")
    await asks(story, PRIYA)

    (event,) = handed(story, PRIYA)
    number = event["summary"].removeprefix("Closed session (").removesuffix(")")
    assert event["description"] == f"TLP:AMBER+STRICT. See /briefings show {number}"
    assert event["dtstart"].dt
    assert not {"location", "url", "categories"} & {name.lower() for name in event}
    assert "Round" not in event.to_ical().decode()


@HTTP
async def test_a_button_hands_it_out_too_once_a_minute(story: Story) -> None:
    await story.says(PRIYA, f"/briefings show {TABLE}")
    shown = story.last(PRIYA)
    for _ in range(2):
        await story.workspace.click(PRIYA, shown, "briefings.ics")
    await story.bot.scheduler.beat()

    assert len(handed(story, PRIYA)) == 1


@HTTP
async def test_moved_or_cancelled_a_new_file_takes_the_old_ones_place(story: Story) -> None:
    await asks(story, PRIYA)
    with altering(story.bot.units.database) as session:
        found = session.query(Briefing).filter_by(title=TABLE).one()
        found.starts_at += timedelta(hours=1)
        found.ends_at += timedelta(hours=1)
    await asks(story, PRIYA)
    change(story, state=State.CANCELLED)
    await asks(story, PRIYA)

    first, moved, off = handed(story, PRIYA)
    assert moved["dtstart"].dt - first["dtstart"].dt == timedelta(hours=1)
    assert [one["sequence"] for one in (first, moved, off)] == [0, 1, 2]
    assert len({one["uid"] for one in (first, moved, off)}) == 1
    assert off["status"] == "CANCELLED"


@HTTP
async def test_what_is_not_ones_own_to_see_reads_like_what_is_not_there(story: Story) -> None:
    hidden = await asks(story, GUEST)
    missing = await asks(story, GUEST, "Round trip")

    assert hidden.partition("»")[2] == missing.partition("»")[2]
    assert handed(story, GUEST) == []


@HTTP
async def test_where_only_the_month_is_known_it_says_so(story: Story) -> None:
    said = await asks(story, PRIYA, "Industry briefing on generative AI")

    assert said.endswith(
        "only the month is known. Ask again once its day is; /briefings show E7 says."
    )


@HTTP
async def test_whose_words_were_removed_is_taken_back_from_who_has_the_file(story: Story) -> None:
    await asks(story, PRIYA)
    number = story.workspace.messages(PRIYA, seen_by=PRIYA)[-1].text.partition(",")[0]
    await story.says(DANA, f"/coalition redact {number}")
    await story.clicks(DANA, "coalition.redact")
    await story.bot.scheduler.beat()

    assert files(story, PRIYA) == []
    assert "Round" not in "".join(
        message.text for message in story.workspace.messages(PRIYA, seen_by=PRIYA)
    )


async def test_a_draft_goes_into_no_calendar(story: Story) -> None:
    change(story, state=State.DRAFT)

    answer = await story.says("U0DANA", f"/briefings ics {TABLE}")

    assert "is a draft. Publish it before it goes into calendars." in answer
    shown = await story.says("U0DANA", f"/briefings show {TABLE}")
    assert "DRAFT" in shown
    assert not [b for b in story.last("U0DANA").blocks if "briefings.ics" in str(b)]
