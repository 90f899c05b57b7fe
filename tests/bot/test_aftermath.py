"""Who came, and what is told afterwards: by word, by form and by file, in the workspace."""

import csv
from datetime import timedelta

import pytest
import sqlalchemy as sa

from storage.models import Person, Rsvp
from tests.bot.conftest import Story, items
from tests.bot.test_canaries import presses, submits
from tests.bot.test_ordering import front
from tests.bot.test_privacy import files
from tests.bot.test_wishes import beats, reasons, wishes
from tests.factories import altering, every_row

DANA, MARCUS, PRIYA, ZOE, CHLOE = "U0DANA", "U0MARCUS", "U0PRIYA", "U0ZOE", "U0CHLOE"
SAVE, LINK = "briefings.save_checkin", "https://video.example/one"
DAY, HOUR, MINUTE = timedelta(days=1), timedelta(hours=1), timedelta(minutes=1)
BEGINS = 4 * DAY + 5 * HOUR  # from Monday noon
HTTP = pytest.mark.parametrize("story", ["http"], indirect=True)


async def opens(story: Story, user: str = DANA, typed: str = "/briefings checkin E12") -> None:
    await story.workspace.command(user, "C0ANNOUNCE", typed)
    await story.settled()


def offered(story: Story, user: str = DANA) -> dict[str, str]:
    """Give the boxes of the form in front of *user*: the value of each by its label."""
    view = story.workspace.modals(user)[-1]
    fields = [block["element"] for block in view.blocks if block["type"] == "input"]
    return {
        option["text"]["text"]: option["value"] for field in fields for option in field["options"]
    }


async def checks(story: Story, *names: str) -> str:
    """Check those *names* on the form and save it; give what is read back."""
    boxes = offered(story)
    checked = [value for label, value in boxes.items() if label.split(" (")[0] in names]
    await story.workspace.submit(DANA, {"came_0": checked})
    text = front(story, DANA)
    await story.workspace.close_modal(DANA)
    return text


async def test_staff_note_in_a_form_who_came_and_may_do_so_again(story: Story) -> None:
    early = await story.says(DANA, "/briefings checkin E12")
    story.workspace.clock.advance(BEGINS)
    await opens(story)
    boxes = list(offered(story))
    first = await checks(story, boxes[0].split(" (")[0])
    await opens(story)
    again = front(story, DANA)
    second = await checks(story, *(label.split(" (")[0] for label in boxes))

    assert early.startswith("Check-in opens Fri 27 Nov 2026, 11:00 your time")
    assert len(boxes) == 3
    assert first.splitlines()[0].endswith(": 1 person came, 2 did not.")
    assert "Last noted by Dana" in again
    assert second.splitlines()[0].endswith(": 3 people came.")


@HTTP
async def test_nobody_else_opens_or_sends_the_form(story: Story) -> None:
    story.workspace.clock.advance(BEGINS)
    before = every_row(story.bot.units.database)["rsvps"]

    told = [await story.says(user, "/briefings checkin E12") for user in (MARCUS, PRIYA)]
    sent = await submits(story, MARCUS, SAVE, {"came_0": "1\n2\n3"}, "12 1 2 3")
    by_name = await story.says(MARCUS, "/briefings came E12 <@U0MARCUS>")

    assert {*told, by_name} == {"Who came is for the secretariat to note. Ask them."}
    assert "Who came is for the secretariat to note." in str(sent.body)
    assert story.workspace.modals(MARCUS) == []
    assert every_row(story.bot.units.database)["rsvps"] == before


@HTTP
async def test_what_is_no_answer_of_that_briefing_changes_nothing(story: Story) -> None:
    story.workspace.clock.advance(BEGINS)
    before = every_row(story.bot.units.database)["rsvps"]

    for about in ("", "12", "12 999999 0 x", "99999", "0 1 2", "12 12 E1", "x" * 3000):
        sent = await submits(story, DANA, SAVE, {"came_0": "1\n2\n<@U0DANA>\n" + "9" * 40}, about)
        assert sent.body["response_action"] == "errors"

    assert every_row(story.bot.units.database)["rsvps"] == before


@HTTP
async def test_by_name_one_notes_who_came_and_hears_of_whom_nothing_can_be_noted(
    story: Story,
) -> None:
    story.workspace.clock.advance(BEGINS)
    await story.says(MARCUS, "/briefings rsvp E12 no")

    told = await story.says(DANA, "/briefings came E12 <@U0MARCUS> and <@U0ANH>, <@U0NOBODY>")
    same = await story.says(DANA, "/briefings came E12 <@U0MARCUS>")
    unread = await story.says(DANA, "/briefings came E12 everybody")

    assert told.splitlines()[0].startswith("Noted for *E12")
    assert told.splitlines()[0].endswith(": 1 person came.")
    assert "never answered: Trịnh Ngọc Ánh" in told
    assert "and somebody the bot has not met." in told
    assert same.startswith("Nothing changed for *E12")
    assert unread.startswith("Say which briefing and who came")


async def test_staff_read_who_came_and_get_it_as_a_file(story: Story) -> None:
    story.workspace.clock.advance(BEGINS)
    await opens(story)
    await checks(story, next(iter(offered(story))).split(" (")[0])

    told = await story.says(DANA, "/briefings attendance round table")
    sent = await story.clicks(DANA, "briefings.attendance_file")
    await presses(story, DANA, "briefings.attendance_file", "12")  # within the same minute
    await beats(story)

    assert told.startswith("Who came to E12 Round table: testing and mitigation resource")
    assert "*Came: 1 person*" in told
    assert "*Did not come: 2 people*" in told
    assert sent.endswith("comes by direct message, as a file for spreadsheets.")
    (file,) = files(story, DANA)
    ((name, content),) = file.items()
    rows = list(csv.reader(content.decode("utf-8-sig").splitlines()))
    assert "E12" in name
    assert rows[0] == ["organisation", "kind", "name", "answer", "came"]
    assert sorted(row[4] for row in rows[1:]) == ["no", "no", "yes"]


@HTTP
async def test_who_did_not_come_is_told_to_staff_alone(story: Story) -> None:
    story.workspace.clock.advance(BEGINS)

    words = [await story.says(one, "/briefings attendance E12") for one in (MARCUS, PRIYA)]
    await presses(story, MARCUS, "briefings.attendance_file", "12")
    await presses(story, DANA, "briefings.attendance_file", "12 or 13")
    await beats(story)

    assert set(words) == {"Who came and who did not is for the secretariat to see. Ask them."}
    assert files(story, MARCUS) == files(story, DANA) == []


@HTTP
async def test_from_who_comes_staff_reach_who_came_and_whose_answer_was_recorded(
    story: Story,
) -> None:
    with altering(story.bot.units.database) as session:
        dana, zoe = (
            sa.select(Person.id).where(Person.slack_user == one).scalar_subquery()
            for one in (DANA, ZOE)
        )
        recorded = sa.update(Rsvp).where(Rsvp.person_id == zoe, Rsvp.briefing_id == 12)
        session.execute(recorded.values(recorded_by_id=dana))
    story.workspace.clock.advance(BEGINS)

    mine, theirs = [await story.says(one, "/briefings who E12") for one in (DANA, MARCUS)]
    came = await story.clicks(DANA, "briefings.attendance")

    assert mine.splitlines()[1] == "As of Fri 27 Nov 2026, 12:00 your time"
    assert (": recorded by Dana" in mine, "recorded by" in theirs) == (True, False)
    assert came.startswith("Who came to E12")


@HTTP
async def test_the_button_beside_who_came_opens_the_form(story: Story) -> None:
    story.workspace.clock.advance(BEGINS)
    await story.says(DANA, "/briefings attendance E12")
    await story.workspace.click(DANA, story.last(DANA), "briefings.check_in")

    assert len(offered(story)) == 3


async def test_a_recap_counts_and_names_hosts_alone_once_it_is_over(story: Story) -> None:
    early = await story.says(DANA, "/briefings recap E12")
    story.workspace.clock.advance(BEGINS + 2 * HOUR)
    signed = await story.says(DANA, "/briefings recap E12")
    await opens(story)
    await checks(story, next(iter(offered(story))).split(" (")[0])
    checked = await story.says(DANA, "/briefings recap E12")
    refused = await story.says(MARCUS, "/briefings recap E12")

    assert early.startswith("It is not over yet. Ask for its recap after Fri 27 Nov 2026, ")
    line = " member companies signed up for “Round table: testing and mitigation resource” on"
    assert line in signed.splitlines()[1]
    assert "1 member company took part in “Round table" in checked
    assert "hosted by Tech Coalition" in checked
    assert "TLP:AMBER" in checked
    assert refused == "A recap is for the secretariat to write. Ask them."


async def test_a_recording_reaches_who_came_and_who_missed_it_once(story: Story) -> None:
    story.workspace.clock.advance(BEGINS + 2 * HOUR)
    said = await story.says(DANA, f"/briefings recording round table {LINK}")
    await beats(story)
    held = heard(story, ZOE)
    await beats(story, 10 * MINUTE)
    again = await story.says(DANA, f"/briefings recording E12 {LINK}")
    await beats(story, HOUR)

    assert said.startswith("*E12 Round table: testing and mitigation resource* links to: <https://")
    assert " hear of it at " in said
    assert held == []
    assert again.endswith("has that link already. Nothing changed.")
    for user in (ZOE, CHLOE):
        (text,) = heard(story, user)
        assert text.splitlines()[0].endswith(f"<{LINK}|{LINK}>")
    assert heard(story, MARCUS) == heard(story, DANA) == []
    assert LINK in await story.says(MARCUS, "/briefings show E12")


@HTTP
async def test_of_two_links_the_second_alone_is_told(story: Story) -> None:
    story.workspace.clock.advance(BEGINS + 2 * HOUR)
    await story.says(DANA, "/briefings recording E12 https://video.example/wrong")
    await story.says(DANA, f"/briefings recording E12 {LINK}")
    await beats(story, 10 * MINUTE)

    (text,) = heard(story, ZOE)
    assert LINK in text
    assert set(reasons(story, "recording_added")) == {None, "Another link took its place."}


@HTTP
async def test_a_link_that_comes_back_is_told_though_another_had_its_place(story: Story) -> None:
    story.workspace.clock.advance(BEGINS + 2 * HOUR)
    await story.says(DANA, f"/briefings recording E12 {LINK}")
    story.workspace.clock.advance(9 * MINUTE)
    await story.says(DANA, "/briefings recording E12 https://video.example/wrong")
    await beats(story, 2 * MINUTE)
    back = await story.says(DANA, f"/briefings recording E12 {LINK}")
    await beats(story, 10 * MINUTE)
    await story.says(DANA, "/briefings recording E12 https://video.example/wrong")
    again = await story.says(DANA, f"/briefings recording E12 {LINK}")

    (text,) = heard(story, ZOE)
    assert LINK in text
    assert " hear of it at " in back
    assert again.endswith("Nobody is told again: all who would hear of it were told already.")


@HTTP
async def test_a_recording_is_told_to_nobody_who_may_not_see_it_any_more(story: Story) -> None:
    story.workspace.clock.advance(BEGINS + 2 * HOUR)
    await story.says(DANA, f"/briefings recording E12 {LINK}")
    await story.says(DANA, "/coalition share E12 with staff")
    await beats(story, 10 * MINUTE)

    assert heard(story, ZOE) == heard(story, CHLOE) == []


@HTTP
async def test_whoever_mutes_recordings_hears_of_none(story: Story) -> None:
    await wishes(story, ZOE, muted=["recordings"])
    story.workspace.clock.advance(BEGINS + 2 * HOUR)
    await story.says(DANA, f"/briefings recording E12 {LINK}")
    await beats(story, 10 * MINUTE)

    assert (heard(story, ZOE), len(heard(story, CHLOE))) == ([], 1)


@HTTP
@pytest.mark.parametrize(
    ("user", "typed", "told"),
    [
        (MARCUS, f"E12 {LINK}", "Adding a recording is for the secretariat, and for chairs"),
        (DANA, "E12 http://video.example/one", "That is no link that can be shown."),
        (DANA, "E12", "Say which briefing and where its recording or notes are"),
        (DANA, f"{LINK}", "Say which briefing and where its recording or notes are"),
        (DANA, f"E13 {LINK}", "It has not begun yet. Add a link after "),
    ],
)
async def test_what_is_no_recording_of_ours_is_refused(
    story: Story, user: str, typed: str, told: str
) -> None:
    story.workspace.clock.advance(BEGINS)

    assert (await story.says(user, f"/briefings recording {typed}")).startswith(told)


def heard(story: Story, user: str) -> list[str]:
    """Give the news of recordings that *user* got."""
    dm = story.workspace.dm(user)
    texts = items(story.workspace.messages(dm))
    return [text for text in texts if text.startswith("Recording or notes of")]
