"""A programme: written as a whole, read back, seen by day, chosen from, told when it changes."""

import copy
from datetime import timedelta
from typing import Any
from zoneinfo import ZoneInfo

import icalendar
import pytest
import sqlalchemy as sa

from storage import facts
from storage.models import Briefing, GroupSeat, Pick, Talk
from tests.bot.conftest import TEAM, Story
from tests.bot.test_authoring import edits, fills, newest, publishes
from tests.bot.test_canaries import presses, submits
from tests.bot.test_feeds import get, paths
from tests.bot.test_ordering import front
from tests.bot.test_privacy import files
from tests.bot.test_wishes import beats, reasons, told
from tests.factories import altering, seeing_all

STAFF, OTHER, CHAIR, MEMBER, FAR, GUEST = (
    *("U0DANA", "U0ANA", "U0PRIYA", "U0LUKAS", "U0ANH", "U0GARETH"),
)
TITLE = "Age assurance round table"
SAVE = "briefings.save_sessions"
DAY, MINUTE = timedelta(days=1), timedelta(minutes=1)
HTTP = pytest.mark.parametrize("story", ["http"], indirect=True)
FIRST, SECOND = "day_2026-12-08", "day_2026-12-09"
TUESDAY = """\
09:30-10:00 | Opening
10:00–11:30 | Hashing in practice | Track A | Room 2 | Roblox
10:30-12:00 | Law enforcement panel | Track B | Room 3
"""
WEDNESDAY = "9.00 to 12.00 | Hands on | | Room 2"


async def multi_day(story: Story) -> int:
    """Publish one that lasts two days in Brussels."""
    number = await publishes(story)
    with altering(story.bot.units.database) as session:
        found = session.get_one(Briefing, number)
        found.starts_at -= timedelta(hours=1)
        found.ends_at += DAY + timedelta(hours=6)
    return number


async def opens(story: Story, number: int, user: str = STAFF) -> None:
    await story.workspace.command(user, story.workspace.dm(user), f"/briefings sessions E{number}")
    await story.settled()


async def writes(story: Story, number: int, user: str = STAFF, **days: str) -> dict[str, str]:
    """Write a programme, read it back and save it; give what is wrong, by field."""
    await opens(story, number, user)
    wrong = await fills(story, user, **days)
    if not wrong:
        wrong = await fills(story, user)
    await story.workspace.close_modal(user)
    return wrong


async def programmed(story: Story) -> int:
    """Publish one with a programme of two days."""
    number = await multi_day(story)
    assert await writes(story, number, **{FIRST: TUESDAY, SECOND: WEDNESDAY}) == {}
    return number


def talks(story: Story) -> dict[str, Talk]:
    with seeing_all(story.bot.units.database) as session:
        return {talk.title: talk for talk in session.query(Talk).order_by(Talk.id)}


async def chooses(story: Story, user: str, *titles: str) -> str:
    """Let *user* put sessions on their agenda; give the text of the programme after the last."""
    for title in titles:
        await presses(story, user, "briefings.add_talk", f"{talks(story)[title].id} 0")
    await story.settled()
    return await story.says(user, f"/briefings agenda E{newest(story).id}")


def news(story: Story, user: str) -> list[str]:
    return [text for text in told(story, user) if text.startswith("What changed of your sessions")]


async def test_a_programme_is_pasted_read_back_and_seen_by_day_in_ones_own_time(
    story: Story,
) -> None:
    number = await multi_day(story)
    await opens(story, number)
    labels = [
        block["label"]["text"]
        for block in story.workspace.modals(STAFF)[-1].blocks
        if block["type"] == "input"
    ]
    first = await fills(story, STAFF, **{FIRST: TUESDAY, SECOND: WEDNESDAY})
    read_back, before = front(story, STAFF), talks(story)
    second = await fills(story, STAFF)
    saved = front(story, STAFF)
    await story.workspace.close_modal(STAFF)

    assert labels == ["Tuesday 8 December 2026", "Wednesday 9 December 2026"]
    assert (first, before, second) == ({}, {}, {})
    assert read_back == (
        "*Is it right?* Nothing is saved yet.\n"
        "4 new. Nobody has to be told.\n"
        "• Opening: Tue 8 Dec 2026, 03:30–04:00 your time (09:30–10:00 Brussels)\n"
        "• Hashing in practice: Tue 8 Dec 2026, 04:00–05:30 your time (10:00–11:30 Brussels) · "
        "Track A · Room 2 · Roblox\n"
        "• Law enforcement panel: Tue 8 Dec 2026, 04:30–06:00 your time (10:30–12:00 Brussels) · "
        "Track B · Room 3\n"
        "• Hands on: Wed 9 Dec 2026, 03:00–06:00 your time (09:00–12:00 Brussels) · Room 2"
    )
    assert saved == (
        f"*E{number} {TITLE}* has 4 sessions now: 4 new. Nobody has to be told.\n"
        f"See them with `/briefings programme E{number}`."
    )
    assert f"4 sessions: `/briefings programme E{number}`" in await story.says(
        MEMBER, f"/briefings show E{number}"
    )
    assert await story.clicks(MEMBER, "briefings.programme") == (
        f"Programme of E{number} {TITLE}\n"
        "*Tue 8 Dec 2026*\n"
        "*Opening*\n"
        "09:30–10:00 your time (Brussels)\n"
        "*Hashing in practice*\n"
        "10:00–11:30 your time (Brussels) · Track A · Room 2 · Roblox\n"
        "*Law enforcement panel*\n"
        "10:30–12:00 your time (Brussels) · Track B · Room 3\n"
        "*Wed 9 Dec 2026*\n"
        "*Hands on*\n"
        "09:00–12:00 your time (Brussels) · Room 2\n"
        "4 sessions in all."
    )


@HTTP
async def test_where_it_is_another_day_the_programme_is_by_the_readers_own(story: Story) -> None:
    number = await multi_day(story)
    await writes(story, number, **{FIRST: "22:30-23:30 | Late | | Bar"})
    with altering(story.bot.units.database) as session:
        session.execute(sa.text("UPDATE people SET zone='Australia/Sydney' WHERE name LIKE 'Luk%'"))

    shown = await story.says(MEMBER, f"/briefings programme E{number}")

    assert (
        "*Wed 9 Dec 2026*\n*Late*\n08:30–09:30 your time (Tue 22:30–23:30 Brussels) · Bar" in shown
    )


@HTTP
async def test_one_opens_it_again_as_it_was_written_and_changes_it_as_a_whole(story: Story) -> None:
    number = await programmed(story)
    await opens(story, number)
    there = {
        block["block_id"]: block["element"].get("initial_value", "")
        for block in story.workspace.modals(STAFF)[-1].blocks
        if block["type"] == "input"
    }
    ids = {title: talk.id for title, talk in talks(story).items()}
    changed = there[FIRST].replace("Room 3", "Room 5").replace("Opening", "Welcome")
    assert await fills(story, STAFF, **{FIRST: changed, SECOND: ""}) == {}
    read_back = front(story, STAFF)
    assert await fills(story, STAFF) == {}

    assert there == {
        FIRST: "09:30-10:00 | Opening\n"
        "10:00-11:30 | Hashing in practice | Track A | Room 2 | Roblox\n"
        "10:30-12:00 | Law enforcement panel | Track B | Room 3",
        SECOND: "09:00-12:00 | Hands on |  | Room 2",
    }
    assert "2 changed, 1 off. Nobody has to be told." in read_back
    assert "*Off*\n• Hands on: Wed 9 Dec 2026" in read_back
    assert "· Room 5; before: Law enforcement panel: Tue 8 Dec" in read_back
    now = talks(story)
    assert (now["Welcome"].id, now["Hands on"].gone_at is None) == (ids["Opening"], False)
    assert now["Law enforcement panel"].id == ids["Law enforcement panel"]
    assert "Hands on" not in await story.says(MEMBER, f"/briefings programme E{number}")


@HTTP
@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("Opening", "Line 1 («Opening»): «Opening» is none of its days, which are Tue 8 Dec 2026"),
        ("10:00 | Opening", "write from when to when, as in: 10:00-11:30 | Title"),
        ("10:00-11:30", "it has no title."),
        ("10:00-11:30 | | Track A", "it has no title."),
        ("25:00-26:00 | Opening", "25:00 is no time of a day."),
        ("10:00-09:00 | Opening", "it would end before it begins."),
        (
            "08:00-09:30 | Early",
            "it would be outside the briefing, which lasts from Tue 8 Dec 2026, 09",
        ),
        ("Fri 10:00-11:00 | Later", "«Fri» is none of its days"),
        ("Wed 8 Dec 10:00-11:00 | Which", "«Wed 8 Dec» is none of its days"),
        ("08/12 10:00-11:00 | Which", "«08/12» is none of its days"),
        ("10:00-11:30 | A | B | C | Robloxx", "who is «Robloxx»?"),
        ("10:00-11:30 | A | B | C | Roblox | More", "it has too many parts between | signs."),
        (f"10:00-11:30 | {'x' * 151}", "its title has 151 characters; 150 fit."),
        (f"10:00-11:30 | A | {'x' * 61}", "its track has 61 characters; 60 fit."),
        ("10:00-11:00 | d41d8cd98f00b204e9800998ecf8427e", "This looks like a report"),
        ("x\n\nx\nx\nx\nx", "Line 4 («x»)"),
        ("x\n\nx\nx\nx\nx", "And 2 lines more."),
        ("\n".join(f"10:00-11:00 | {n}" for n in range(60)), "These are 61 sessions; 60 fit."),
    ],
)
async def test_what_cannot_be_read_is_said_by_line_and_nothing_is_lost(
    story: Story, text: str, sentence: str
) -> None:
    number = await multi_day(story)
    await opens(story, number)

    wrong = await fills(story, STAFF, **{FIRST: text, SECOND: WEDNESDAY})

    assert list(wrong) == [FIRST]
    assert sentence in wrong[FIRST]
    assert talks(story) == {}
    assert story.workspace.modals(STAFF)[-1].state[FIRST][FIRST]["value"] == text


@HTTP
async def test_a_whole_programme_is_pasted_at_once_with_its_days_above(story: Story) -> None:
    number = await multi_day(story)
    text = (
        "Tue 8 Dec\n• 10:00-11:00\tOne\tTrack A\n\n"
        "Wednesday:\n09:00-10:00 Two\n8 Dec 12:00-13:00 | Three"
    )

    assert await writes(story, number, **{FIRST: text}) == {}

    days = {title: (talk.starts_at.day, talk.track) for title, talk in talks(story).items()}
    assert days == {"One": (8, "Track A"), "Two": (9, None), "Three": (8, None)}


@HTTP
async def test_what_is_changed_after_it_was_read_back_is_read_back_again(story: Story) -> None:
    number = await multi_day(story)
    await opens(story, number)
    assert await fills(story, STAFF, **{FIRST: TUESDAY}) == {}
    assert await fills(story, STAFF, **{FIRST: WEDNESDAY}) == {}
    again, before = front(story, STAFF), talks(story)
    assert await fills(story, STAFF) == {}

    assert "1 new." in again
    assert (list(before), list(talks(story))) == ([], ["Hands on"])


@HTTP
async def test_two_who_write_at_once_see_what_theirs_would_replace(story: Story) -> None:
    number = await programmed(story)
    for user in (STAFF, OTHER):
        await opens(story, number, user)
    assert await fills(story, STAFF, **{SECOND: f"{WEDNESDAY}\n14:00-15:00 | Added"}) == {}
    assert await fills(story, STAFF) == {}
    assert await fills(story, OTHER, **{SECOND: ""}) == {}
    seen = front(story, OTHER)
    kept = set(talks(story))
    assert await fills(story, OTHER) == {}

    assert seen.startswith("*Somebody else changed it while you wrote.*")
    assert "*Off*\n• Hands on" in seen
    assert "• Added: Wed 9 Dec" in seen
    assert "Added" in kept
    assert talks(story)["Added"].gone_at is not None


@HTTP
async def test_who_may_not_change_a_briefing_writes_no_programme(story: Story) -> None:
    number = await programmed(story)
    before = talks(story).keys()

    refused = await story.says(MEMBER, f"/briefings sessions E{number}")
    hidden = await story.says(GUEST, f"/briefings sessions E{number}")
    sent = await submits(story, MEMBER, SAVE, {FIRST: WEDNESDAY}, str(number))
    shown = await story.says(MEMBER, f"/briefings show E{number}")

    assert refused.startswith("Only the secretariat, and whoever chairs the group it is for")
    assert hidden.startswith(f"There is nothing called «E{number}» here that you can see.")
    assert "Only the secretariat, and whoever chairs" in str(sent.body)
    assert talks(story).keys() == before
    assert "4 sessions" in shown
    assert "briefings.sessions" not in str(story.last(MEMBER).blocks)


@HTTP
async def test_a_chair_writes_for_their_own_group_until_they_chair_it_no_more(story: Story) -> None:
    await story.workspace.command(CHAIR, story.workspace.dm(CHAIR), "/briefings create")
    usual = {"title": TITLE, "day": "2026-12-08", "at": "09:00", "until": "17:00"}
    assert await fills(story, CHAIR, **usual, zone="Brussels", kind="group_meeting") == {}
    await story.workspace.close_modal(CHAIR)
    number = newest(story).id
    assert await writes(story, number, CHAIR, **{FIRST: "10:00-11:00 | One"}) == {}
    await opens(story, number, CHAIR)
    with altering(story.bot.units.database) as session:
        session.execute(sa.update(GroupSeat).values(is_chair=False))

    refused = await fills(story, CHAIR, **{FIRST: "10:00-11:00 | Two"})

    assert list(refused) == [FIRST]
    assert list(talks(story)) == ["One"]


@HTTP
async def test_ones_agenda_says_what_overlaps_and_gives_up_what_one_leaves(story: Story) -> None:
    number = await programmed(story)
    await story.says(MEMBER, f"/briefings programme E{number}")
    ids = {title: talk.id for title, talk in talks(story).items()}
    one = await story.clicks(MEMBER, "briefings.add_talk", f"{ids['Hashing in practice']} 0")
    two = await story.clicks(MEMBER, "briefings.add_talk", f"{ids['Law enforcement panel']} 0")
    again = await chooses(story, MEMBER, "Law enforcement panel")
    everything = await story.says(MEMBER, "/briefings agenda")
    left = await story.clicks(MEMBER, "briefings.drop_mine", f"{ids['Hashing in practice']} 0 0")
    others = await story.says(CHAIR, f"/briefings agenda E{number}")

    assert "«Hashing in practice» is on your agenda.\n" in one
    assert (
        "«Law enforcement panel» is on your agenda, at the same time as Hashing in practice." in two
    )
    assert two.count("*On your agenda*, at the same time as ") == 2
    assert again.startswith(f"Your agenda at E{number} {TITLE}\n*Tue 8 Dec 2026*\n*Hashing in")
    assert again.count("*On your agenda*") == 2
    assert f"Track A · Room 2 · Roblox · E{number} {TITLE}" in everything
    assert "«Hashing in practice» is off your agenda." in left
    assert left.count("*On your agenda*\n") + left.endswith("*On your agenda*") >= 1
    assert others.startswith(f"There is no session at *E{number} {TITLE}* on your agenda.")


async def says_to_a_press(story: Story, user: str, action: str, value: str) -> str:
    """Let *user* press a button in their Home; give what is said there."""
    await presses(story, user, action, value)
    await story.settled()
    view = story.workspace.home(user)
    assert view is not None
    return str(view.blocks[0]["text"]["text"])


@HTTP
async def test_chosen_twice_it_stands_once_and_what_cannot_be_chosen_says_why(story: Story) -> None:
    number = await programmed(story)
    hands, add = f"{talks(story)['Hands on'].id} 0", "briefings.add_talk"
    twice = [await says_to_a_press(story, MEMBER, add, hands) for _ in range(2)]
    hidden = await says_to_a_press(story, GUEST, add, hands)
    missing = await says_to_a_press(story, GUEST, add, "99999 0")
    never = await says_to_a_press(story, CHAIR, "briefings.drop_talk", hands)
    odd = [await says_to_a_press(story, GUEST, add, f"{hands} {more}") for more in ("x", "1=1")]
    assert await writes(story, number, **{FIRST: TUESDAY, SECOND: ""}) == {}
    off = await says_to_a_press(story, CHAIR, add, hands)
    story.workspace.clock.advance(30 * DAY)
    late = await says_to_a_press(story, CHAIR, add, f"{talks(story)['Opening'].id} 0")

    assert "«Hands on» is on your agenda.\n" in twice[0]
    assert "«Hands on» is on your agenda. Nothing changed: it was so already." in twice[1]
    assert {hidden, missing, *odd} == {
        "There is no such session that you can see. Look at the programme again."
    }
    assert "«Hands on» is off your agenda. Nothing changed: it was so already." in never
    assert off.startswith("It does not take place.")
    assert late.startswith("It is over, so it cannot go on your agenda any more.")
    with seeing_all(story.bot.units.database) as session:
        assert len(session.query(Pick).all()) == 1


@HTTP
async def test_a_moved_session_is_told_once_old_beside_new_to_who_chose_it(story: Story) -> None:
    number = await programmed(story)
    await chooses(story, MEMBER, "Hashing in practice", "Opening", "Law enforcement panel")
    await chooses(story, CHAIR, "Opening")
    for text in (
        TUESDAY.replace("Room 2", "Room 7"),
        TUESDAY.replace("10:00–11:30", "13:00-14:00").replace("Room 2", "Hall"),
    ):
        assert await writes(story, number, **{FIRST: text, SECOND: WEDNESDAY}) == {}
    await beats(story, 5 * MINUTE)
    early = news(story, MEMBER)
    await beats(story, 6 * MINUTE)
    await beats(story, 30 * MINUTE)

    assert early == []
    assert news(story, MEMBER) == [
        f"What changed of your sessions at *E{number} {TITLE}*:\n"
        "*Hashing in practice*\n"
        "Now: *Tue 8 Dec 2026, 13:00–14:00 your time (Brussels) · Hall*\n"
        "Before: Tue 8 Dec 2026, 10:00–11:30 your time (Brussels) · Room 2"
    ]
    assert news(story, CHAIR) == []


@HTTP
async def test_who_speaks_and_comes_hears_that_their_session_moved(story: Story) -> None:
    number = await programmed(story)
    with seeing_all(story.bot.units.database) as session:
        roblox = talks(story)["Hashing in practice"].organisation_id
        (speaker, *_) = session.scalars(
            sa.text(
                "SELECT slack_user FROM people WHERE organisation_id = :o AND is_active"
            ).bindparams(o=roblox)
        )
    await story.says(speaker, f"/briefings rsvp E{number} yes")
    text = TUESDAY.replace("10:00–11:30", "13:00-14:00")

    await opens(story, number)
    assert await fills(story, STAFF, **{FIRST: text}) == {}
    read_back = front(story, STAFF)
    assert await fills(story, STAFF) == {}
    await beats(story, 11 * MINUTE)

    assert "1 person hears of it in ten minutes" in read_back
    (heard,) = news(story, speaker)
    assert heard.endswith("Your organisation speaks in it.")


@HTTP
async def test_who_may_not_see_it_any_more_or_left_it_hears_nothing(story: Story) -> None:
    number = await programmed(story)
    for user in (MEMBER, CHAIR):
        await chooses(story, user, "Opening")
    text = TUESDAY.replace("Opening", "Opening | | Hall")
    assert await writes(story, number, **{FIRST: text, SECOND: WEDNESDAY}) == {}
    await story.says(STAFF, f"/members link <@{MEMBER}> ECPAT")
    await presses(story, CHAIR, "briefings.drop_talk", f"{talks(story)['Opening'].id} 0")
    await story.says(STAFF, f"/coalition share E{number} with staff")
    await beats(story, 11 * MINUTE)

    assert news(story, MEMBER) + news(story, CHAIR) == []
    assert reasons(story, "agenda_changed") == ["They may no longer see this briefing."] * 2


@HTTP
async def test_off_and_back_within_ten_minutes_nobody_hears_of_it(story: Story) -> None:
    number = await programmed(story)
    await chooses(story, MEMBER, "Hands on")
    was = talks(story)["Hands on"].id
    for text in ("", WEDNESDAY):
        assert await writes(story, number, **{FIRST: TUESDAY, SECOND: text}) == {}
    await beats(story, 11 * MINUTE)

    assert news(story, MEMBER) == []
    assert talks(story)["Hands on"].id == was


@HTTP
async def test_a_session_that_goes_is_told_and_is_off_in_ones_calendar(story: Story) -> None:
    number = await programmed(story)
    await chooses(story, MEMBER, "Hands on", "Opening")
    path = await paths(story, MEMBER)
    before = await sessions_in(story, path["mine"])
    others = [await sessions_in(story, (await paths(story, user))["mine"]) for user in (CHAIR,)]
    path = await paths(story, MEMBER)
    everything = await sessions_in(story, path["all"])
    assert await writes(story, number, **{FIRST: TUESDAY, SECOND: ""}) == {}
    await beats(story, 11 * MINUTE)
    after = await sessions_in(story, path["mine"])
    await story.says(MEMBER, f"/briefings ics E{number}")
    await story.bot.scheduler.beat()
    events = {str(one["summary"]): one for one in calendar_of(story, MEMBER)}

    (heard,) = news(story, MEMBER)
    assert "*Hands on* does not take place. It was to be: Wed 9 Dec 2026, 09:00–12:00" in heard
    assert set(before) == {"Hands on", "Opening"}
    assert (others, everything) == ([{}], {})
    was, off = before["Hands on"], after["Hands on"]
    assert (was["status"], off["status"]) == ("CONFIRMED", "CANCELLED")
    assert (was["uid"], off["sequence"] > was["sequence"]) == (off["uid"], True)
    assert after["Opening"]["status"] == "CONFIRMED"
    assert set(events) == {TITLE, "Hands on", "Opening"}
    assert events["Hands on"]["status"] == "CANCELLED"
    assert events["Opening"]["dtstart"].dt.isoformat() == "2026-12-08T09:30:00+01:00"
    assert "CANCELLED · Hands on" in await story.says(MEMBER, f"/briefings agenda E{number}")


async def sessions_in(story: Story, path: str) -> dict[str, Any]:
    status, text, _ = await get(story, path)
    assert status == 200
    found = icalendar.Calendar.from_ical(text).walk("VEVENT")
    return {str(one["summary"]): one for one in found if str(one["uid"]).startswith("session-")}


def calendar_of(story: Story, user: str) -> list[Any]:
    (last,) = files(story, user)[-1].values()
    return list(icalendar.Calendar.from_ical(last.decode()).walk("VEVENT"))


@HTTP
async def test_moved_as_a_whole_its_sessions_move_along_and_else_they_stay(story: Story) -> None:
    number = await programmed(story)
    await chooses(story, FAR, "Opening")
    await chooses(story, MEMBER, "Opening")
    await story.says(MEMBER, f"/briefings rsvp E{number} yes")
    await edits(story, number)
    assert await fills(story, STAFF, at="10:00") == {
        "title": "«Opening» would be outside it. Sessions move along when its beginning and its "
        "end move by as much, else they stay. Move both, or change its sessions first: "
        f"/briefings sessions E{number}"
    }
    assert (
        await fills(
            story, STAFF, day="2026-12-15", last_day="2026-12-16", at="10:00", until="18:30"
        )
        == {}
    )
    assert await fills(story, STAFF) == {}
    along = str(story.workspace.modals(STAFF)[-1].blocks)
    await story.workspace.close_modal(STAFF)
    hours = {title: f"{talk.starts_at:%d %H:%M}" for title, talk in talks(story).items()}
    await beats(story, 11 * MINUTE)
    (moved,) = [text for text in told(story, MEMBER) if "has changed." in text]

    assert (hours["Opening"], hours["Hands on"]) == ("15 09:30", "16 09:00")
    assert "It has 4 sessions. They move along where its beginning and its end move by as" in along
    assert f"4 sessions: `/briefings programme E{number}`" in moved
    assert news(story, MEMBER) == []
    (heard,) = news(story, FAR)
    assert "Before: Tue 8 Dec 2026" in heard


@HTTP
async def test_called_off_with_its_briefing_who_only_chose_hears_once(story: Story) -> None:
    number = await programmed(story)
    await chooses(story, MEMBER, "Opening")
    await chooses(story, CHAIR, "Opening")
    await story.says(CHAIR, f"/briefings rsvp E{number} maybe")
    path = (await paths(story, MEMBER))["mine"]
    before = await sessions_in(story, path)
    await story.says(STAFF, f"/briefings cancel E{number}")
    off = await story.clicks(STAFF, "briefings.cancel")
    await beats(story, 11 * MINUTE)
    after = await sessions_in(story, path)
    refused = await story.says(STAFF, f"/briefings sessions E{number}")

    assert "2 messages will go out in ten minutes." in off
    (heard,) = news(story, MEMBER)
    assert "*Opening* does not take place. It was to be: Tue 8 Dec 2026, 09:30–10:00" in heard
    assert news(story, CHAIR) == []
    assert after["Opening"]["status"] == "CANCELLED"
    assert after["Opening"]["sequence"] > before["Opening"]["sequence"]
    assert refused.startswith("This briefing was cancelled, so there is nothing to change.")


@HTTP
async def test_taken_back_in_time_the_news_of_its_sessions_still_goes(story: Story) -> None:
    number = await programmed(story)
    await chooses(story, MEMBER, "Opening")
    await story.says(MEMBER, f"/briefings rsvp E{number} yes")
    text = TUESDAY.replace("Opening", "Opening | | Hall")
    assert await writes(story, number, **{FIRST: text, SECOND: WEDNESDAY}) == {}
    await story.says(STAFF, f"/briefings cancel E{number}")
    await story.clicks(STAFF, "briefings.cancel")
    await beats(story, 8 * MINUTE)
    await beats(story, MINUTE)
    await story.says(STAFF, f"/briefings cancel E{number}")
    await presses(story, STAFF, "briefings.restore", str(number))
    await beats(story, 11 * MINUTE)

    (heard,) = news(story, MEMBER)
    assert "· Hall*" in heard


@HTTP
async def test_a_copy_and_a_repetition_have_no_sessions(story: Story) -> None:
    number = await programmed(story)
    await story.workspace.command(STAFF, story.workspace.dm(STAFF), f"/briefings copy E{number}")
    assert await fills(story, STAFF, day="2027-01-12") == {}
    await story.workspace.close_modal(STAFF)
    copied = newest(story).id
    await story.says(STAFF, f"/briefings repeat E{number} weekly 1")

    for other in (copied, newest(story).id):
        shown = await story.says(STAFF, f"/briefings programme E{other}")
        assert shown == f"*E{other} {TITLE}* has no sessions yet."
        assert "sessions:" not in await story.says(STAFF, f"/briefings show E{other}")


@HTTP
async def test_sixty_sessions_are_turned_through_by_twenty(story: Story) -> None:
    number = await multi_day(story)
    text = "\n".join(f"{9 + n // 6:02}:{n % 6}0-17:00 | Session {n} | {n}" for n in range(40))
    assert await writes(story, number, **{FIRST: text, SECOND: WEDNESDAY}) == {}
    await story.says(MEMBER, f"/briefings programme E{number}")
    second = await story.clicks(MEMBER, "briefings.more_programme")
    talk = talks(story)["Session 25"].id
    there = await story.clicks(MEMBER, "briefings.add_talk", f"{talk} 1")

    assert second.endswith("21–40 of 41 sessions.")
    assert "*Session 25*" in second
    assert there.startswith(f"Programme of E{number} {TITLE}\n«Session 25» is on your agenda.")
    assert there.endswith("21–40 of 41 sessions.")


@HTTP
async def test_clocks_that_skip_a_time_or_show_it_twice_are_asked_about_by_line(
    story: Story,
) -> None:
    number = await multi_day(story)
    with altering(story.bot.units.database) as session:
        found = session.get_one(Briefing, number)
        found.starts_at = found.starts_at.replace(year=2027, month=3, day=27)
        found.ends_at = found.ends_at.replace(year=2027, month=10, day=31, hour=20)
    too_long = await story.says(STAFF, f"/briefings sessions E{number}")
    with altering(story.bot.units.database) as session:
        session.get_one(Briefing, number).ends_at = found.starts_at + 2 * DAY
    await opens(story, number)
    spring = await fills(story, STAFF, **{"day_2027-03-28": "02:30-04:00 | Night watch"})
    await story.workspace.close_modal(STAFF)
    with altering(story.bot.units.database) as session:
        found = session.get_one(Briefing, number)
        found.starts_at = found.starts_at.replace(month=10, day=30)
        found.ends_at = found.starts_at + 2 * DAY
    await opens(story, number)
    autumn = await fills(story, STAFF, **{"day_2027-10-31": "02:30-04:00 | Night watch"})
    await story.workspace.close_modal(STAFF)
    second = {"day_2027-10-31": "02:30 (second)-04:00 | Night watch"}

    assert "lasts 219 days, and a programme can be written for up to 14." in too_long
    assert "put forward over 02:30. Write 01:30 or 03:30." in spring["day_2027-03-28"]
    assert "show 02:30 twice. Write 02:30 (first) or 02:30 (second)." in autumn["day_2027-10-31"]
    assert await writes(story, number, **second) == {}
    assert talks(story)["Night watch"].starts_at.isoformat() == "2027-10-31T01:30:00+00:00"
    await opens(story, number)
    view = story.workspace.modals(STAFF)[-1]
    (kept,) = [b["element"] for b in view.blocks if b.get("block_id") == "day_2027-10-31"]
    assert kept["initial_value"] == second["day_2027-10-31"]


@HTTP
async def test_redacted_no_word_of_its_sessions_is_left_and_its_news_is_taken_back(
    story: Story,
) -> None:
    number = await multi_day(story)
    words = "10:00-11:00 | cnrytitle | cnrytrack | cnryroom"
    assert await writes(story, number, **{FIRST: words}) == {}
    await chooses(story, MEMBER, "cnrytitle")
    later = words.replace("10:00", "10:30")
    assert await writes(story, number, **{FIRST: later}) == {}
    await beats(story, 11 * MINUTE)
    (heard,) = news(story, MEMBER)
    await story.says(STAFF, f"/coalition redact E{number}")
    await story.clicks(STAFF, "coalition.redact")
    await beats(story)

    assert "cnryroom" in heard
    assert news(story, MEMBER) == []
    with seeing_all(story.bot.units.database) as session:
        left = session.execute(sa.text("SELECT title, track, room FROM talks")).all()
        assert "cnry" not in str(session.execute(sa.text("SELECT room FROM former_talks")).all())
    assert left == [("(removed by the secretariat)", None, None)]


@HTTP
async def test_a_label_for_what_is_said_in_the_room_alone_goes_with_no_programme(
    story: Story,
) -> None:
    number = await programmed(story)

    refused = await story.says(STAFF, f"/coalition share E{number} with staff TLP:RED")
    with altering(story.bot.units.database) as session:
        session.execute(
            sa.text("UPDATE briefings SET audience='staff', tlp='RED' WHERE id=:n"), {"n": number}
        )
    hidden = await story.says(STAFF, f"/briefings programme E{number}")
    written = await story.says(STAFF, f"/briefings sessions E{number}")

    assert refused.startswith("TLP:RED is for what is said in the room and nowhere else")
    assert hidden == f"*E{number} {TITLE}* has no sessions yet."
    assert written.startswith("It is TLP:RED")


@HTTP
async def test_where_only_a_month_is_known_there_can_be_no_sessions(story: Story) -> None:
    refused = await story.says(STAFF, "/briefings sessions Industry briefing on generative AI")

    assert refused.startswith("Its day is not known yet, so it can have no sessions.")


@HTTP
async def test_what_has_been_written_stays_when_the_file_is_loaded_again(
    story: Story, coalition: dict[str, Any]
) -> None:
    number = 16  # of the file
    await opens(story, number)
    fields = [
        b["block_id"] for b in story.workspace.modals(STAFF)[-1].blocks if b["type"] == "input"
    ]
    await story.workspace.close_modal(STAFF)
    with seeing_all(story.bot.units.database) as session:
        found = session.get_one(Briefing, number)
        there = found.starts_at.astimezone(ZoneInfo(found.zone))
    assert (
        await writes(story, number, **{fields[0]: f"{there:%H:%M}-{there + MINUTE:%H:%M} | One"})
        == {}
    )
    told = copy.deepcopy(coalition)
    for entry in told["briefings"]:
        if "minutes" in entry:
            entry["minutes"] += 1
    await story.bot.units.run(facts.load, told, TEAM, story.workspace.clock())

    with seeing_all(story.bot.units.database) as session:
        after = session.get_one(Briefing, number)
    assert (after.starts_at, after.ends_at) == (found.starts_at, found.ends_at)
    assert list(talks(story)) == ["One"]
