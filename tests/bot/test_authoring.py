"""Writing a briefing in two forms: what becomes of it, for its author and for everybody else."""

import asyncio
from datetime import timedelta

import pytest
import sqlalchemy as sa

from storage.models import (
    Audience,
    Briefing,
    GroupSeat,
    Organisation,
    OrganisationKind,
    Person,
    State,
    Tlp,
)
from tests.bot.conftest import Story
from tests.bot.test_canaries import presses, submits
from tests.bot.test_ordering import front, offered
from tests.bot.test_wishes import beats, told
from tests.factories import altering, seeing_all

STAFF, OTHER, CHAIR, MEMBER, GUEST = "U0DANA", "U0ANA", "U0PRIYA", "U0LUKAS", "U0GARETH"
TITLE = "Age assurance round table"
SHOW = f"/briefings show {TITLE}"
HTTP = pytest.mark.parametrize("story", ["http"], indirect=True)


async def fills(story: Story, user: str, **fields: object) -> dict[str, str]:
    """Fill in the form in front of *user* and send it; give what is wrong with it, by field."""
    await story.workspace.submit(user, fields)
    view = story.workspace.modals(user)[-1]
    assert not view.trouble
    return dict(view.errors)


async def begins(story: Story, user: str, **fields: object) -> dict[str, str]:
    """Begin a new one, on a Tuesday in Brussels but for *fields*."""
    await story.workspace.command(user, story.workspace.dm(user), "/briefings create")
    usual = {"title": TITLE, "day": "2026-12-08", "at": "10:00", "until": "11:30"}
    return await fills(story, user, **{**usual, "zone": "Brussels", **fields})


async def publishes(story: Story, user: str = STAFF, **terms: object) -> int:
    """Write one and publish it; give its number."""
    assert await begins(story, user) == {}
    assert await fills(story, user, **terms) == {}
    assert await fills(story, user) == {}
    await story.workspace.close_modal(user)
    return newest(story).id


def newest(story: Story) -> Briefing:
    with seeing_all(story.bot.units.database) as session:
        return session.query(Briefing).order_by(Briefing.id.desc()).first()  # type: ignore[return-value]


def fields_of(story: Story, user: str) -> list[str]:
    return [block["block_id"] for block in story.workspace.modals(user)[-1].blocks]


async def edits(story: Story, number: int, user: str = STAFF) -> None:
    await story.workspace.command(user, story.workspace.dm(user), f"/briefings edit E{number}")


async def test_a_briefing_is_written_read_back_and_published(story: Story) -> None:
    first = await begins(story, STAFF, summary="What changed", agenda="Law\n\nPractice")
    second = await fills(story, STAFF, capacity="2", hosts="Roblox", company_seats="1")
    read_back = front(story, STAFF)
    hidden = await story.says(MEMBER, SHOW)
    listed = await story.says(MEMBER, "/briefings")
    third = await fills(story, STAFF)
    number = newest(story).id

    assert (first, second, third) == ({}, {}, {})
    assert read_back == (
        f"*E{number} {TITLE}*\n"
        "Tue 8 Dec 2026, 10:00 to 11:30 Brussels\n"
        "Tue 8 Dec 2026, 04:00 to 05:30 New York\n"
        "Tue 8 Dec 2026, 01:00 to 02:30 Los Angeles\n"
        "Briefing, online\n"
        "For members · TLP:AMBER\n"
        "2 seats, at most 1 for each organisation, then a waitlist\n"
        "Hosted by Roblox\n"
        "• Competition law: no talk of prices, customers or plans of a company"
    )
    assert f"There is nothing called «{TITLE}» here that you can see." in hidden
    assert TITLE not in listed
    assert f"*E{number} {TITLE}* is published for members." in front(story, STAFF)
    assert await story.says(MEMBER, SHOW) == (
        f"E{number} {TITLE}\n"
        "Tue 8 Dec 2026, 10:00 your time (Brussels)\n"
        "online\n"
        "Briefing\n"
        "Host: Roblox\n"
        "0 of 2 seats taken\n"
        "What changed\n"
        "• Law\n"
        "• Practice\n"
        "For members · TLP:AMBER\n"
        "Competition law: no talk of prices, customers or plans of a company"
    )


@HTTP
async def test_a_draft_is_found_again_by_its_author_and_by_no_member(story: Story) -> None:
    await begins(story, STAFF)
    await story.workspace.close_modal(STAFF)
    number = newest(story).id

    assert f"*E{number} {TITLE}*" in await story.says(OTHER, "/briefings drafts")
    assert f"DRAFT · E{number}" in await story.says(OTHER, SHOW)
    for word in ("show", "who", "ics", "edit", "publish", "cancel"):
        asked = await story.says(MEMBER, f"/briefings {word} E{number}")
        assert asked == f"There is nothing called «E{number}» here that you can see. " + (
            "Check the spelling, or list them first."
        )
    assert "written by the secretariat" in await story.says(MEMBER, "/briefings drafts")


@HTTP
async def test_who_neither_keeps_the_year_nor_chairs_a_group_writes_nothing(story: Story) -> None:
    for user in (MEMBER, GUEST, "U0KWAME"):
        answer = await story.says(user, "/briefings create", story.workspace.dm(user).id)

        assert answer == (
            "Briefings are written by the secretariat, and by chairs for their own group. Ask the "
            "secretariat."
        )
        assert story.workspace.modals(user) == []
    assert (await story.says(MEMBER, "/briefings edit E1")).startswith("Only the secretariat, and")


@HTTP
async def test_a_chair_writes_for_their_own_group_alone(story: Story) -> None:
    assert await begins(story, CHAIR, kind="group_meeting") == {}
    choices = offered(story, CHAIR, "audience")
    forged = await fills(story, CHAIR, audience=choices[0])
    number = newest(story).id

    assert [choice.split(":")[0] for choice in choices] == ["group"]
    assert forged == {}
    assert await fills(story, CHAIR) == {}
    assert f"E{number} {TITLE}" in await story.says(CHAIR, SHOW)
    assert "There is nothing called" in await story.says(GUEST, SHOW)


@HTTP
async def test_a_right_withdrawn_while_the_form_is_open_is_gone(story: Story) -> None:
    await begins(story, CHAIR, kind="group_meeting")
    with altering(story.bot.units.database) as session:
        session.execute(sa.update(GroupSeat).values(is_chair=False))

    refused = await fills(story, CHAIR)

    assert list(refused) == ["hosts"]
    assert newest(story).state is State.DRAFT


@HTTP
@pytest.mark.parametrize(
    ("fields", "field", "sentence"),
    [
        ({"zone": "IST"}, "zone", "Write Asia/Kolkata or Europe/Dublin or Asia/Jerusalem."),
        ({"zone": "CET"}, "zone", "write Europe/Brussels, which keeps its clocks."),
        ({"zone": "Nowhere"}, "zone", "Write a time zone by its city"),
        ({"until": "09:00"}, "until", "It would end before it begins."),
        ({"last_day": "2026-12-07"}, "last_day", "The last day comes before the first."),
        ({"last_day": "2027-12-10"}, "last_day", "It lasts at most a year."),
        ({"day": "2041-12-09"}, "day", "That is more than ten years away."),
        ({"title": " "}, "title", "Give it a title."),
        ({"join_link": "http://example.org"}, "join_link", "begins with https://"),
        ({"join_link": "https://u@example.org"}, "join_link", "begins with https://"),
        ({"join_link": "https://example.org", "place": "in_person"}, "join_link", "In person"),
        ({"summary": "d41d8cd98f00b204e9800998ecf8427e"}, "summary", "This looks like a report"),
        ({"agenda": "\n".join("abcdefghijklmnopqrstu")}, "agenda", "These are 21 points; 20 fit."),
        (
            {"day": "2027-03-28", "at": "02:30"},
            "at",
            "the clocks in Brussels are put forward over 02:30. Choose 01:30 or 03:30.",
        ),
    ],
)
async def test_what_cannot_be_is_said_at_its_field_and_nothing_is_lost(
    story: Story, fields: dict[str, object], field: str, sentence: str
) -> None:
    was = newest(story).id

    wrong = await begins(story, STAFF, **fields)

    assert list(wrong) == [field]
    assert sentence in wrong[field]
    assert newest(story).id == was


@HTTP
@pytest.mark.parametrize(
    ("fields", "field", "sentence"),
    [
        *(
            ({"capacity": many}, "capacity", "Write a whole number from 1 to 100,000")
            for many in ("0", "-1", "1000000", "two")
        ),
        ({"company_seats": "0"}, "company_seats", "Write a whole number"),
        ({"hosts": "Robloxx"}, "hosts", "Did you mean Roblox"),
        ({"label": "RED"}, "label", "For them it is TLP:CLEAR, TLP:GREEN"),
        ({"opens": "2026-12-09"}, "hosts", "Registration would open after the briefing ends."),
        ({"opens": "2026-12-04", "closes": "2026-12-02"}, "hosts", "close before it opens"),
        ({"audience": "public"}, None, ""),
    ],
)
async def test_terms_that_cannot_be_are_said_and_nothing_is_lost(
    story: Story, fields: dict[str, object], field: str | None, sentence: str
) -> None:
    await begins(story, STAFF)

    if field is None:
        assert "public" not in offered(story, STAFF, "audience")
        return
    wrong = await fills(story, STAFF, **fields)

    assert list(wrong) == [field]
    assert sentence in wrong[field]
    assert newest(story).capacity is None


@HTTP
async def test_a_time_that_comes_twice_is_asked_about(story: Story) -> None:
    assert await begins(story, STAFF, day="2027-10-31", at="02:30", until="04:00") == {}
    asked = fields_of(story, STAFF)
    assert await fills(story, STAFF, which="1") == {}

    assert "which" in asked
    assert newest(story).starts_at.isoformat() == "2027-10-31T01:30:00+00:00"
    await story.workspace.close_modal(STAFF)
    await edits(story, newest(story).id)
    assert "which" in fields_of(story, STAFF)
    assert await fills(story, STAFF) == {}
    assert newest(story).starts_at.isoformat() == "2027-10-31T01:30:00+00:00"


@HTTP
async def test_what_is_over_is_recorded_by_staff_who_say_so_and_by_nobody_else(
    story: Story,
) -> None:
    assert await begins(story, STAFF, day="2026-11-02") == {}
    assert "past" in fields_of(story, STAFF)
    assert await fills(story, STAFF, past=["yes"]) == {}
    assert newest(story).starts_at.date().isoformat() == "2026-11-02"

    assert await begins(story, CHAIR, day="2026-11-02") == {
        "day": "That day is over. Choose one to come."
    }


@HTTP
async def test_whole_days_last_to_the_end_of_the_last(story: Story) -> None:
    wrong = await begins(story, STAFF, at="", until="", last_day="2026-12-09")
    await fills(story, STAFF)

    assert wrong == {}
    assert newest(story).ends_at.isoformat() == "2026-12-09T23:00:00+00:00"
    assert "8 Dec 2026 to 9 Dec 2026, by the calendar in Brussels" in front(story, STAFF)


@HTTP
async def test_two_who_write_at_once_see_each_other(story: Story) -> None:
    number = await publishes(story)
    for user in (STAFF, OTHER):
        await edits(story, number, user)

    assert await fills(story, STAFF, city="Ghent", place="hybrid") == {}
    assert await fills(story, OTHER, title="Another title") == {}
    seen = front(story, OTHER)
    kept = story.workspace.modals(OTHER)[-1].blocks[1]["element"]["initial_value"]
    assert newest(story).title == TITLE
    assert await fills(story, OTHER) == {}

    assert "*Somebody else changed it while you wrote.*" in seen
    assert f"• Title: {TITLE}" in seen
    assert "• City: Ghent" in seen
    assert kept == "Another title"
    assert newest(story).title == "Another title"


@HTTP
async def test_terms_changed_by_two_at_once_are_shown_to_the_second(story: Story) -> None:
    number = await publishes(story)
    for user in (STAFF, OTHER):
        await edits(story, number, user)
        assert await fills(story, user) == {}

    assert await fills(story, STAFF, capacity="5") == {}
    assert await fills(story, OTHER, capacity="9") == {}

    assert "Somebody else changed these" in front(story, OTHER)
    assert "• Seats: 5\nSend yours again" in front(story, OTHER)
    assert newest(story).capacity == 5
    assert await fills(story, OTHER) == {}
    assert newest(story).capacity == 9


@HTTP
async def test_a_new_time_is_told_old_beside_new_ten_minutes_later_and_once(story: Story) -> None:
    number = await publishes(story)
    await story.says(MEMBER, f"/briefings rsvp E{number} yes")
    before = len(told(story, MEMBER))
    for at in ("14:00", "15:00"):
        await edits(story, number)
        assert await fills(story, STAFF, at=at, until="16:00") == {}
        await story.workspace.close_modal(STAFF)
    await beats(story, timedelta(minutes=5))
    early = told(story, MEMBER)[before:]
    await beats(story, timedelta(minutes=6))

    news = told(story, MEMBER)[before:]
    assert early == []
    assert len(news) == 1
    assert "Now: *Tue 8 Dec 2026, 15:00 your time (Brussels)*" in news[0]
    assert "Before: Tue 8 Dec 2026, 10:00 your time (Brussels)" in news[0]
    assert "Are you still coming?" in news[0]


@HTTP
async def test_staff_see_who_has_not_said_since_it_moved_that_they_still_come(
    story: Story,
) -> None:
    number = await publishes(story)
    for user in (MEMBER, "U0ZOE"):
        await story.says(user, f"/briefings rsvp E{number} yes")
    before = await story.says(STAFF, f"/briefings who E{number}")
    await edits(story, number)
    assert await fills(story, STAFF, at="14:00", until="16:00") == {}
    await story.workspace.close_modal(STAFF)
    moved = await story.says(STAFF, f"/briefings who E{number}")
    await story.says(MEMBER, f"/briefings rsvp E{number} yes")
    after = await story.says(STAFF, f"/briefings who E{number}")
    others = await story.says(MEMBER, f"/briefings who E{number}")

    silent = "not confirmed since it was moved: "
    assert [text.count(silent) for text in (before, moved, after, others)] == [0, 2, 1, 0]


@HTTP
async def test_another_title_is_no_news(story: Story) -> None:
    number = await publishes(story)
    await story.says(MEMBER, f"/briefings rsvp E{number} yes")
    before = len(told(story, MEMBER))
    await edits(story, number)
    assert await fills(story, STAFF, title="A better title", summary="More of it") == {}
    await beats(story, timedelta(minutes=11))

    assert told(story, MEMBER)[before:] == []


@HTTP
async def test_called_off_it_is_told_once_after_ten_minutes(story: Story) -> None:
    number = await publishes(story)
    await story.says(MEMBER, f"/briefings rsvp E{number} yes")
    before = len(told(story, MEMBER))

    asked = await story.says(STAFF, f"/briefings cancel E{number}")
    await story.clicks(STAFF, "briefings.cancel")
    done = story.last(STAFF).text
    await beats(story, timedelta(minutes=11))

    assert "1 person hears of it: 1 going." in asked
    assert f"*E{number} {TITLE}* is called off; 1 message will go out in ten minutes." in done
    (news,) = told(story, MEMBER)[before:]
    assert "does not take place" in news
    assert f"CANCELLED · E{number}" in await story.says(MEMBER, SHOW)
    assert "was cancelled" in await story.says(MEMBER, f"/briefings rsvp E{number} yes")


@HTTP
async def test_taken_back_within_ten_minutes_nobody_hears_of_it(story: Story) -> None:
    number = await publishes(story)
    await story.says(MEMBER, f"/briefings rsvp E{number} yes")
    before = len(told(story, MEMBER))

    await story.says(STAFF, f"/briefings cancel E{number}")
    await story.clicks(STAFF, "briefings.cancel")
    await story.clicks(STAFF, "briefings.restore")
    back = story.last(STAFF).text
    await beats(story, timedelta(minutes=11))

    assert back == f"*E{number} {TITLE}* takes place, and nobody was told otherwise."
    assert told(story, MEMBER)[before:] == []
    assert "CANCELLED" not in await story.says(MEMBER, SHOW)


@HTTP
async def test_it_is_not_taken_back_once_people_know(story: Story) -> None:
    number = await publishes(story)
    await story.says(STAFF, f"/briefings cancel E{number}")
    await story.clicks(STAFF, "briefings.cancel")
    story.workspace.clock.advance(timedelta(minutes=10))

    await story.clicks(STAFF, "briefings.restore")

    assert "more than ten minutes ago" in story.last(STAFF).text
    assert newest(story).state is State.CANCELLED


@HTTP
async def test_a_draft_is_discarded_without_a_trace(story: Story) -> None:
    await begins(story, STAFF)
    number = newest(story).id
    await story.workspace.close_modal(STAFF)

    await story.says(STAFF, f"/briefings cancel E{number}")
    await story.clicks(STAFF, "briefings.cancel")

    assert story.last(STAFF).text == f"*E{number} {TITLE}* is discarded."
    assert "There is nothing called" in await story.says(STAFF, f"/briefings show E{number}")


@HTTP
async def test_a_form_of_what_was_discarded_meanwhile_says_so(story: Story) -> None:
    await begins(story, STAFF)
    number = newest(story).id
    await story.says(OTHER, f"/briefings cancel E{number}")
    await story.clicks(OTHER, "briefings.cancel")

    wrong = await fills(story, STAFF)

    assert wrong["hosts"].startswith(f"There is nothing called «E{number}» here")


@HTTP
async def test_a_copy_keeps_the_terms_and_nothing_that_was_of_that_day(story: Story) -> None:
    number = await publishes(story, capacity="12", hosts="Roblox", closes="2026-12-07")
    await story.workspace.command(STAFF, story.workspace.dm(STAFF), f"/briefings copy E{number}")

    assert list(await fills(story, STAFF)) == ["day"]
    assert await fills(story, STAFF, day="2027-01-12") == {}
    await fills(story, STAFF)

    copy = newest(story)
    assert (copy.title, copy.capacity, copy.closes_at, copy.taken) == (TITLE, 12, None, 0)
    assert "Hosted by Roblox" in front(story, STAFF)


@HTTP
async def test_fewer_seats_than_are_taken_are_refused_with_the_number(story: Story) -> None:
    number = await publishes(story)
    await asyncio.gather(
        *(story.says(user, f"/briefings rsvp E{number} yes") for user in (MEMBER, CHAIR))
    )
    await edits(story, number)
    await fills(story, STAFF)

    wrong = await fills(story, STAFF, capacity="1")

    assert "2 seats" in wrong["hosts"]
    assert newest(story).capacity is None


@HTTP
async def test_others_at_the_same_time_are_named_before_it_is_published(story: Story) -> None:
    number = await publishes(story)
    await begins(story, OTHER, title="Another", at="11:00", until="12:00")
    await fills(story, OTHER)

    assert f"*At the same time:*\n• E{number} {TITLE}" in front(story, OTHER)


@HTTP
async def test_a_series_is_changed_and_called_off_as_far_as_one_says(story: Story) -> None:
    first = await publishes(story)
    made = await story.says(STAFF, f"/briefings repeat E{first} weekly 2")
    await edits(story, first + 1)
    assert await fills(story, STAFF, reach="later", city="Ghent", place="hybrid") == {}
    await story.workspace.close_modal(STAFF)
    cities = [await story.says(MEMBER, f"/briefings show E{first + n}") for n in range(3)]
    await story.says(STAFF, f"/briefings cancel E{first + 1}")
    labels = [each["text"]["text"] for each in story.last(STAFF).blocks[-1]["elements"]]
    await story.clicks(STAFF, "briefings.cancel_later")
    off = story.last(STAFF).text
    await story.clicks(STAFF, "briefings.restore")

    assert made == (
        f"*E{first} {TITLE}* is followed by 2 more, published:\n"
        f"• E{first + 1}, Tue 15 Dec 2026, 04:00 your time (10:00 Brussels)\n"
        f"• E{first + 2}, Tue 22 Dec 2026, 04:00 your time (10:00 Brussels)"
    )
    assert ["Ghent" in text for text in cities] == [False, True, True]
    assert labels == ["Call it off", "It and 1 later", "It and all 2 others"]
    assert off.startswith(f"*E{first + 1} {TITLE}* and 1 other of its series are called off")
    assert "and 1 other of its series take place" in story.last(STAFF).text


@HTTP
async def test_a_rhythm_nobody_knows_is_asked_for_again(story: Story) -> None:
    for typed in ("E1", "E1 daily 3", "E1 weekly", "E1 weekly many", ""):
        answer = await story.says(STAFF, f"/briefings repeat {typed}")

        assert answer.startswith("Say which briefing, how often (weekly, fortnightly or monthly)")


@HTTP
async def test_who_said_maybe_hears_once_that_registration_closes(story: Story) -> None:
    number = await publishes(story, closes="2026-12-04")
    await story.says(MEMBER, f"/briefings rsvp E{number} maybe")
    await story.says(CHAIR, f"/briefings rsvp E{number} yes")
    before = {user: len(told(story, user)) for user in (MEMBER, CHAIR)}
    await beats(story, timedelta(days=10, hours=12))
    await beats(story, timedelta(hours=2))

    news = [text for text in told(story, MEMBER)[before[MEMBER] :] if TITLE in text]
    assert len(news) == 1
    assert news[0].startswith(f"Registration closes soon: *E{number} {TITLE}*")
    assert "You said maybe, which holds none." in news[0]
    assert not [text for text in told(story, CHAIR)[before[CHAIR] :] if "closes soon" in text]


@HTTP
async def test_notices_stand_wherever_one_reads_of_it(story: Story) -> None:
    number = await publishes(story, notices=["recording", "chatham_house"], speakers="Roblox")
    await story.says(MEMBER, f"/briefings rsvp E{number} yes")
    await beats(story, timedelta(days=14))

    shown = await story.says(MEMBER, SHOW)
    reminder = [text for text in told(story, MEMBER) if text.startswith(f"Coming up: *E{number}")]
    for text in (shown, *reminder):
        assert "It is recorded" in text
        assert "Chatham House Rule: who comes is counted, not named" in text
    assert len(reminder) == 1
    assert "Speaking: Roblox" in shown


@HTTP
async def test_discarded_a_draft_takes_its_hosts_along_and_leaves_what_was_noted(
    story: Story,
) -> None:
    await begins(story, STAFF)
    await fills(story, STAFF, hosts="Roblox\nDiscord", speakers="Adobe")
    number = newest(story).id
    await story.workspace.close_modal(STAFF)
    await story.says(STAFF, f"/actions add E{number}: ask for a room")

    await story.says(STAFF, f"/briefings cancel E{number}")
    await story.clicks(STAFF, "briefings.cancel")

    assert story.last(STAFF).text == f"*E{number} {TITLE}* is discarded."
    assert "ask for a room" in await story.says(STAFF, "/actions mine")


@HTTP
async def test_a_seat_given_up_while_it_was_called_off_goes_on_once_it_is_back(
    story: Story,
) -> None:
    number = await publishes(story, capacity="1")
    for user in (MEMBER, CHAIR):
        await story.says(user, f"/briefings rsvp E{number} yes")
    await story.says(STAFF, f"/briefings cancel E{number}")
    await story.clicks(STAFF, "briefings.cancel")
    await story.says(STAFF, f"/members offboard <@{MEMBER}>")
    await story.clicks(STAFF, "members.offboard")
    await story.says(STAFF, f"/briefings cancel E{number}")
    await presses(story, STAFF, "briefings.restore", str(number))
    await story.settled()

    assert "*You are going*" in await story.says(CHAIR, f"/briefings show E{number}")


def values_of(story: Story, user: str) -> list[str]:
    return [each["value"] for each in story.last(user).blocks[-1].get("elements", [])]


@HTTP
async def test_called_off_with_a_draft_it_can_be_taken_back(story: Story) -> None:
    await begins(story, STAFF)
    await story.workspace.close_modal(STAFF)
    first = newest(story).id
    await story.says(STAFF, f"/briefings repeat E{first} weekly 1")
    await story.workspace.command(
        STAFF, story.workspace.dm(STAFF), f"/briefings publish E{first + 1}"
    )
    assert await fills(story, STAFF) == {}
    await story.workspace.close_modal(STAFF)

    await story.says(STAFF, f"/briefings cancel E{first}")
    await story.clicks(STAFF, "briefings.cancel_later")
    off, offered = story.last(STAFF).text, values_of(story, STAFF)
    await story.clicks(STAFF, "briefings.restore")

    assert "are called off; nobody has to be told." in off
    assert offered == [str(first + 1)]
    assert story.last(STAFF).text.startswith(f"*E{first + 1} {TITLE}* takes place")


@HTTP
async def test_before_a_series_is_called_off_its_people_are_counted_for_each_reach(
    story: Story,
) -> None:
    first = await publishes(story)
    await story.says(STAFF, f"/briefings repeat E{first} weekly 2")
    for user, number in ((MEMBER, 0), (MEMBER, 1), (CHAIR, 2)):
        await story.says(user, f"/briefings rsvp E{first + number} yes")

    asked = [await story.says(STAFF, f"/briefings cancel E{first + n}") for n in range(3)]
    await presses(story, STAFF, "briefings.cancel", str(first))
    await story.says(STAFF, f"/briefings cancel E{first + 2}")
    labels = [each["text"]["text"] for each in story.last(STAFF).blocks[-1]["elements"]]

    assert "1 person hears of it: 1 going." in asked[0]
    assert "With 2 later ones: 2 people hear of it." in asked[0]
    assert "With 1 later one: 2 people hear of it." in asked[1]
    assert "With all 2 others: 2 people hear of it." in asked[2]
    assert labels == ["Call it off", "It and 1 other"]


@HTTP
async def test_what_is_published_or_off_is_not_read_back_as_if_it_were_saved(story: Story) -> None:
    number = await publishes(story)
    published = await story.says(STAFF, f"/briefings publish E{number}")
    await story.says(STAFF, f"/briefings cancel E{number}")
    await story.clicks(STAFF, "briefings.cancel")
    off = await story.says(STAFF, f"/briefings publish E{number}")

    name = f"*E{number} {TITLE}*"
    assert published == f"{name} is published already. Change it with `/briefings edit E{number}`."
    assert off == f"{name} was cancelled. Write one like it with `/briefings copy E{number}`."


@HTTP
@pytest.mark.parametrize(
    ("audience", "sentence"),
    [
        (
            Audience.PUBLIC,
            "They are for the community: to show them to everybody takes two of you.",
        ),
        (Audience.NAMED, "They are for staff: who else may see them is named for each one anew."),
    ],
)
async def test_repeated_it_is_said_for_whom_the_others_are(
    story: Story, audience: Audience, sentence: str
) -> None:
    number = await publishes(story)
    with altering(story.bot.units.database) as session:
        found = session.get_one(Briefing, number)
        found.audience, found.tlp = (
            audience,
            Tlp.CLEAR if audience is Audience.PUBLIC else found.tlp,
        )

    assert sentence in await story.says(STAFF, f"/briefings repeat E{number} weekly 1")


@HTTP
async def test_of_one_member_company_or_none_it_is_said_so(story: Story) -> None:
    number = await publishes(story)
    await story.says(MEMBER, f"/briefings rsvp E{number} yes")
    with altering(story.bot.units.database) as session:
        own = session.query(Person).filter_by(slack_user=MEMBER).one().organisation_id
        others = sa.update(Organisation).where(Organisation.id != own)
        session.execute(others.values(kind=OrganisationKind.PARTNER))
    one = await story.says(STAFF, f"/briefings missing E{number}")
    with altering(story.bot.units.database) as session:
        session.execute(sa.update(Organisation).values(kind=OrganisationKind.PARTNER))
    none = await story.says(STAFF, f"/briefings missing E{number}")

    assert one == f"The only member company is at *E{number} {TITLE}*."
    assert none == "There is no member company yet."


@HTTP
@pytest.mark.parametrize(
    ("waitlist", "sentence"),
    [
        (["yes"], "you can still join the waitlist. You said maybe, which holds no place in it."),
        ([], "but all seats are taken. You said maybe, which holds none."),
    ],
)
async def test_who_said_maybe_to_what_is_full_is_offered_no_seat(
    story: Story, waitlist: list[str], sentence: str
) -> None:
    number = await publishes(story, closes="2026-12-04", capacity="1", waitlist=waitlist)
    await story.says(MEMBER, f"/briefings rsvp E{number} maybe")
    await story.says(CHAIR, f"/briefings rsvp E{number} yes")
    before = len(told(story, MEMBER))
    await beats(story, timedelta(days=10, hours=12))
    await beats(story, timedelta(hours=2))

    (news,) = [text for text in told(story, MEMBER)[before:] if "closes soon" in text]
    assert sentence in news
    assert "you can take a seat" not in news


@HTTP
async def test_of_a_draft_that_is_to_be_posted_it_is_said_who_sees_it(story: Story) -> None:
    number = await publishes(story)
    await story.says(STAFF, f"/briefings show E{number}")
    with altering(story.bot.units.database) as session:
        session.get_one(Briefing, number).state = State.DRAFT
    await story.clicks(STAFF, "briefings.post_here")

    assert "only staff see it, and the chairs of the group it is for." in story.last(STAFF).text


@HTTP
@pytest.mark.parametrize("fields", [{"city": "Ghent", "place": "hybrid"}, {}])
async def test_what_was_changed_since_it_was_read_back_is_read_back_again(
    story: Story, fields: dict[str, object]
) -> None:
    await begins(story, STAFF)
    await fills(story, STAFF)
    number = newest(story).id
    await edits(story, number, OTHER)
    assert await fills(story, OTHER, **fields) == {}
    assert await fills(story, OTHER, capacity="" if fields else "5") == {}

    assert await fills(story, STAFF) == {}
    again, state = front(story, STAFF), newest(story).state
    assert await fills(story, STAFF) == {}

    assert again.startswith("*It was changed while you read it.*")
    assert ("Ghent" if fields else "5 seats") in again
    assert (state, newest(story).state) == (State.DRAFT, State.PUBLISHED)


@HTTP
async def test_marks_that_are_forged_or_missing_publish_nothing(story: Story) -> None:
    await begins(story, STAFF)
    await story.workspace.close_modal(STAFF)
    number = newest(story).id

    for forged in ("", " ", " 0", f" {'0' * 16} {'0' * 16}", "x" * 3000):
        answer = await submits(story, STAFF, "briefings.publish", {}, f"{number}{forged}")
        assert answer.status == 200

    assert newest(story).state is State.DRAFT
