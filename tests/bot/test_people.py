"""Who asks: met once through Slack, known from then on, and only ever shown what is theirs."""

import asyncio
import html
import re
from typing import Any

import pytest
from sqlalchemy import select

from bot.workspace.faults import Fault
from storage.database import Session
from storage.models import Person
from tests.bot.conftest import Story

MARCUS, DELPHINE, TALIA, FIADH, JONAS = "U0MARCUS", "U0DELPHINE", "U0TALIA", "U0FIADH", "U0JONAS"
DANA = "U0DANA"
ROUND_TABLE = "Round table: testing and mitigation resource"
WEBINAR = "Open webinar: the Safety by Design principles"
HTTP = pytest.mark.parametrize("story", ["http"], indirect=True)


def rows(session: Session, user: str) -> list[tuple[str, str, str, str, bool]]:
    people = session.scalars(select(Person).where(Person.slack_user == user)).all()
    return [(p.slack_team, p.name, p.zone, p.role.value, p.is_active) for p in people]


def looked_up(story: Story) -> list[str]:
    return [sent.args["user"] for sent in story.workspace.sent if sent.method == "users.info"]


def joined(story: Story, **given: Any) -> str:
    """Let somebody come to the workspace whom the bot has never met; give where they type."""
    story.workspace.add_user("Noa Levi", id="U0NOA", tz="Asia/Jerusalem", **given)
    return story.workspace.dm("U0NOA").id


async def change(story: Story, user: str, **given: Any) -> None:
    known = story.workspace.user(user)
    described = {
        "id": user,
        "team_id": known.team_id,
        "name": known.handle,
        "tz": known.tz,
        "deleted": False,
        "profile": {"real_name": known.name},
    }
    await story.workspace.event({"type": "user_change", "user": {**described, **given}})
    await story.settled()


async def test_somebody_new_reads_their_own_zone_in_the_very_first_answer(story: Story) -> None:
    dm = joined(story)

    first = await story.says("U0NOA", "/briefings", dm)
    second = await story.says("U0NOA", "/briefings next", dm)

    assert "Tue 1 Dec 2026, 19:00 your time (12:00 New York)" in first
    assert "19:00 your time" in second
    assert looked_up(story) == ["U0NOA"]
    assert await story.bot.units.run(rows, "U0NOA") == [
        ("T0CONVENE", "Noa Levi", "Asia/Jerusalem", "unknown", True)
    ]


async def test_two_first_commands_at_once_make_one_person(story: Story) -> None:
    dm = joined(story)

    exchanges = await asyncio.gather(
        *(story.workspace.command("U0NOA", dm, "/briefings") for _ in range(3))
    )

    assert [exchange.error for exchange in exchanges] == [None] * 3
    assert len(await story.bot.units.run(rows, "U0NOA")) == 1


@HTTP
@pytest.mark.parametrize(
    "fault",
    [
        Fault.hang(2),
        Fault.server_error(503),
        Fault.error("user_not_found"),
    ],
    ids=lambda fault: fault.kind,
)
async def test_a_slack_that_does_not_say_costs_no_answer(story: Story, fault: Fault) -> None:
    dm = joined(story)
    story.workspace.faults.add("users.info", fault)

    exchange = await story.workspace.command("U0NOA", dm, "/briefings")
    first = story.last("U0NOA", dm).text
    second = await story.says("U0NOA", "/briefings", dm)

    assert (exchange.error, exchange.took_ms < 2500) == (None, True)
    assert "Tue 1 Dec 2026, 17:00 your time (12:00 New York)" in first
    assert "Tue 1 Dec 2026, 19:00 your time (12:00 New York)" in second


@HTTP
async def test_a_stranger_without_a_zone_reads_utc(story: Story) -> None:
    dm = joined(story, is_stranger=True)

    assert "17:00 your time (12:00 New York)" in await story.says("U0NOA", "/briefings", dm)


async def test_whoever_moves_reads_their_new_zone(story: Story) -> None:
    await change(story, MARCUS, tz="Asia/Tokyo", profile={"real_name": "Marcus Pike"})

    assert "your time" in await story.says(MARCUS, "/briefings show E12")
    assert "Sat 28 Nov 2026, 02:00 your time" in story.last(MARCUS).text
    assert await story.bot.units.run(rows, MARCUS) == [
        ("T0CONVENE", "Marcus Pike", "Asia/Tokyo", "member", True)
    ]
    assert looked_up(story) == []


@HTTP
async def test_a_zone_nobody_knows_is_not_taken_over(story: Story) -> None:
    for zone in ("Mars/Olympus", "", None, "../etc/passwd"):
        await change(story, MARCUS, tz=zone)

    assert "Fri 27 Nov 2026, 12:00 your time" in await story.says(MARCUS, "/briefings show E12")


async def test_somebody_deactivated_sees_nothing_until_they_are_back(story: Story) -> None:
    await change(story, MARCUS, deleted=True)
    gone = await story.says(MARCUS, "/briefings")
    refused = await story.says(MARCUS, "/actions add Call them")
    groups = await story.says(MARCUS, "/groups all")
    await change(story, MARCUS)

    assert gone.startswith("No briefing")
    assert refused.startswith("Action items are for people the secretariat has linked")
    assert groups.startswith("There is no working group you can see yet.")
    assert ROUND_TABLE in await story.says(MARCUS, "/briefings")


async def test_the_seat_of_somebody_deactivated_goes_to_whoever_waits_longest(
    story: Story,
) -> None:
    await story.says("U0PRIYA", "/briefings rsvp E12 yes")
    waits = await story.says(MARCUS, "/briefings rsvp E12 yes")

    await change(story, "U0PRIYA", deleted=True)
    await story.bot.scheduler.beat()

    assert "waitlist" in waits
    told = story.workspace.messages(MARCUS, seen_by=MARCUS)[-1].text
    assert "E12 Round table" in told
    assert "*Going: 4 people*" in await story.says(DANA, "/briefings who E12")


@HTTP
async def test_somebody_deactivated_is_given_nothing(story: Story) -> None:
    await change(story, MARCUS, deleted=True)
    text = await story.says("U0PRIYA", "/actions add Marcus Oyelaran-Pike to write to them")

    assert text.startswith("Nobody here is called «Marcus Oyelaran-Pike», so nothing was saved.")


@HTTP
async def test_what_slack_tells_of_people_nobody_met_makes_no_person_and_no_call(
    story: Story,
) -> None:
    told = {"id": "U0NOA", "team_id": "T0CONVENE", "name": "noa"}
    await story.workspace.event({"type": "user_change", "user": told})
    await story.settled()

    assert looked_up(story) == []
    assert await story.bot.units.run(rows, "U0NOA") == []


@HTTP
async def test_whoever_joins_again_is_who_they_were(story: Story) -> None:
    await change(story, MARCUS, deleted=True)
    await story.workspace.event(
        {
            "type": "team_join",
            "user": {
                "id": MARCUS,
                "team_id": "T0CONVENE",
                "tz": "Europe/Paris",
                "profile": {"real_name": "Marcus Oyelaran-Pike"},
            },
        }
    )
    await story.settled()

    assert "18:00 your time" in await story.says(MARCUS, "/briefings show E12")


async def test_somebody_of_another_organisation_stays_one_person(story: Story) -> None:
    await story.workspace.open_home(FIADH)
    await change(story, FIADH, tz="Europe/Athens")
    await story.settled()

    assert await story.bot.units.run(rows, FIADH) == [
        ("T0OTHER", "Fiadh Ní Thiarnáin", "Europe/Athens", "external", True)
    ]


@HTTP
async def test_a_guest_sees_what_their_role_may_and_no_more(story: Story) -> None:
    for guest in (DELPHINE, TALIA):
        text = await story.says(guest, "/briefings")

        assert WEBINAR in text
        assert ROUND_TABLE not in text
        assert "Secretariat planning" not in text


@HTTP
async def test_a_stranger_sees_what_is_public(story: Story) -> None:
    text = await story.says(JONAS, "/briefings", story.workspace.dm(JONAS).id)

    assert text.endswith("1 briefing in all.")
    assert "18:00 your time" in text


@HTTP
async def test_people_of_another_organisation_have_no_commands_but_read_their_home(
    story: Story,
) -> None:
    exchange = await story.workspace.command(FIADH, story.workspace.dm(FIADH).id, "/briefings")
    await story.workspace.open_home(FIADH)
    await story.settled()

    assert exchange.error == "unknown_command"
    assert ROUND_TABLE not in str(story.workspace.home(FIADH))


@HTTP
async def test_a_new_role_counts_from_the_next_request(story: Story) -> None:
    dm = joined(story)
    before = await story.says("U0NOA", "/briefings rsvp E14 yes", dm)

    assert before == (
        "The secretariat has not linked you to an organisation yet, so your answer cannot be "
        "counted. Ask the secretariat to link you, then answer again."
    )
    assert "Noa" not in await story.says(DANA, "/briefings who E14")


async def test_staff_hear_once_who_is_new_and_the_message_goes_once_they_are_linked(
    story: Story,
) -> None:
    joined(story)
    told = {"id": "U0NOA", "team_id": "T0CONVENE", "name": "noa", "tz": "Asia/Jerusalem"}
    for kind in ("team_join", "user_change", "team_join"):
        await story.workspace.event({"type": kind, "user": told})
    await story.settled()
    await story.bot.scheduler.beat()

    heard = [message.text for message in story.workspace.messages(DANA, seen_by=DANA)]
    assert len(heard) == 1
    assert heard[0].startswith("*noa* · not linked")
    assert "`/members link @Ana Adobe`" in heard[0]
    assert looked_up(story) == []
    assert await story.bot.units.run(rows, "U0NOA") == [
        ("T0CONVENE", "noa", "Asia/Jerusalem", "unknown", True)
    ]


async def test_staff_hear_once_who_left_slack_and_type_what_the_message_says(
    story: Story,
) -> None:
    await change(story, MARCUS, deleted=True)
    await change(story, MARCUS, deleted=True, tz="Asia/Tokyo")
    await story.bot.scheduler.beat()
    (heard,) = [message.text for message in story.workspace.messages(DANA, seen_by=DANA)]
    (command,) = re.findall("`(/members offboard [^`]+)`", html.unescape(heard))

    asked = await story.says(DANA, command)
    await story.clicks(DANA, "members.offboard")

    assert heard.startswith("*Marcus Oyelaran-Pike* has left Slack")
    assert command == "/members offboard <@U0MARCUS>"
    assert asked.startswith("*Marcus Oyelaran-Pike*: 1 person would lose their rights.")
    assert "is offboarded" in story.last(DANA).text
    assert await story.bot.units.run(rows, MARCUS) == [
        ("T0CONVENE", "Marcus Oyelaran-Pike", "Asia/Tokyo", "unknown", False)
    ]


async def test_the_chairs_hear_that_a_seat_of_theirs_is_empty(story: Story) -> None:
    await story.says(DANA, "/members offboard <@U0PRIYA>")
    await story.clicks(DANA, "members.offboard")
    await story.bot.scheduler.beat()

    heard = [message.text for message in story.workspace.messages("U0YUSUF", seen_by="U0YUSUF")]
    assert len(heard) == 1
    assert heard[0].startswith("Priya Venkatarajan (Google) has left *G3 ")
    assert "Google has no seat in it now." in heard[0]
