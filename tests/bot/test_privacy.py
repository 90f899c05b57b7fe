"""What the bot holds about somebody: they see it, take it away, and have it deleted."""

import csv
import io
import json
import time
from datetime import datetime, timedelta
from itertools import product
from typing import Any

import pytest

from storage import deliveries
from storage.database import Session, writes
from storage.models import AuditEntry, Briefing, Person, Role, Rsvp, Standing, State
from storage.scoping import lift
from tests.bot.conftest import MONDAY, Story
from tests.bot.test_canaries import presses
from tests.factories import seeing_all
from tests.figures import figure

PRIYA, OTHER, DANA, NOA = "U0PRIYA", "U0DELPHINE", "U0DANA", "U0NOA"
ROUND_TABLE = "/briefings rsvp Round table: testing and mitigation resource yes cnry-note"
HTTP = pytest.mark.parametrize("story", ["http"], indirect=True)


def rows(story: Story, model: Any) -> list[Any]:
    with seeing_all(story.bot.units.database) as session:
        return list(session.query(model).order_by(model.id))


def person(story: Story, user: str) -> Person | None:
    return next((one for one in rows(story, Person) if one.slack_user == user), None)


def files(story: Story, user: str) -> list[dict[str, bytes]]:
    """Give the files of each direct message to *user*, by name."""
    known = story.workspace.world.files
    return [
        {known[file].name: known[file].content or b"" for file in message.files}
        for message in story.workspace.messages(user, seen_by=user)
        if message.files
    ]


def stranger(story: Story) -> str:
    """Let somebody come whom the bot has never met; give where they type."""
    story.workspace.add_user("Noa Levi", id=NOA, tz="Asia/Jerusalem")
    return story.workspace.dm(NOA).id


async def test_one_sees_all_that_is_held_and_how_to_get_it_or_end_it(story: Story) -> None:
    await story.says(PRIYA, ROUND_TABLE)

    text = await story.says(PRIYA, "/coalition privacy")

    assert text.startswith("What the bot holds about you\n*Priya")
    assert "role: member" in text
    assert f"Slack account: {PRIYA} of T0CONVENE, met on" in text
    assert "• answers to briefings: " in text
    kept = "• answers to briefings, and sessions on your agenda: 180 days after the briefing, then"
    assert f"{kept} without your name" in text
    assert {
        element["action_id"]
        for block in story.last(PRIYA).blocks
        if block["type"] == "actions"
        for element in block["elements"]
    } == {"coalition.my_data", "coalition.delete_me"}


@pytest.mark.parametrize("way", ["button", "word"])
async def test_ones_data_comes_as_two_files_to_oneself_alone(story: Story, way: str) -> None:
    await story.says(PRIYA, ROUND_TABLE)
    await story.says(PRIYA, "/coalition privacy" + (" my data" if way == "word" else ""))
    if way == "button":
        await story.clicks(PRIYA, "coalition.my_data")
    assert story.last(PRIYA).text.startswith("It is on its way")

    await story.bot.scheduler.beat()

    (handed,) = files(story, PRIYA)
    assert files(story, OTHER) == []
    data = json.loads(handed["my-data.json"])
    assert data["profile"][0]["slack_user"] == PRIYA
    assert [row["note"] for row in data["answers to briefings"]].count("cnry-note") == 1
    table = list(csv.DictReader(io.StringIO(handed["my-data.csv"].decode("utf-8-sig"))))
    assert {row["what"] for row in table} == set(data)
    assert [row["value"] for row in table if row["field"] == "note"].count("cnry-note") == 1
    assert "export" in {entry.verb for entry in rows(story, AuditEntry)}


@HTTP
async def test_it_comes_once_a_minute_and_to_nobody_else(story: Story) -> None:
    priya = person(story, PRIYA)
    assert priya is not None
    for _ in range(2):
        await story.says(PRIYA, "/coalition privacy my data")
    await story.bot.scheduler.beat()
    once = len(files(story, PRIYA))
    story.workspace.clock.advance(timedelta(minutes=1))
    await story.says(PRIYA, "/coalition privacy my data")
    await story.bot.units.run(_owe_to, priya, OTHER, MONDAY)
    await story.bot.scheduler.beat()

    assert (once, len(files(story, PRIYA)), files(story, OTHER)) == (1, 2, [])


@HTTP
async def test_a_button_of_somebody_elses_gives_and_deletes_nothing(story: Story) -> None:
    priya = person(story, PRIYA)
    assert priya is not None

    for user, action in product((OTHER, DANA), ("coalition.my_data", "coalition.erase")):
        await presses(story, user, action, f"person {priya.id}")
    await story.bot.scheduler.beat()

    assert files(story, OTHER) == files(story, DANA) == files(story, PRIYA) == []
    assert all(person(story, user) for user in (PRIYA, OTHER, DANA))


async def test_deleting_says_first_what_goes_and_then_nobody_is_left(story: Story) -> None:
    await story.says(PRIYA, ROUND_TABLE)
    await story.says(PRIYA, "/coalition privacy")

    asked = await story.clicks(PRIYA, "coalition.delete_me")
    still_there = person(story, PRIYA)
    done = await story.clicks(PRIYA, "coalition.erase")

    assert "Goes at once:" in asked
    assert "Stays, without your name:" in asked
    assert still_there is not None
    assert done.startswith("You are deleted")
    assert person(story, PRIYA) is None
    kept = [one for one in rows(story, Rsvp) if one.person_id == still_there.id]
    assert {one.note for one in kept} == {None}
    assert "not linked you" in await story.says(PRIYA, "/members me")
    new = person(story, PRIYA)
    assert new is not None
    assert (new.id != still_there.id, new.role) == (True, Role.UNKNOWN)


async def test_somebody_unlinked_may_do_the_same(story: Story) -> None:
    dm = stranger(story)

    text = await story.says(NOA, "/coalition privacy", dm)
    await story.clicks(NOA, "coalition.my_data", channel=dm)
    await story.bot.scheduler.beat()
    await story.says(NOA, "/coalition privacy delete me", dm)
    await story.clicks(NOA, "coalition.erase", channel=dm)

    assert "*Noa Levi*, role: unknown" in text
    assert len(files(story, NOA)) == 1
    assert person(story, NOA) is None


@HTTP
async def test_the_last_admin_is_told_what_to_do_first(story: Story) -> None:
    for one in rows(story, Person):
        if one.role is Role.ADMIN and one.slack_user != DANA:
            await story.bot.units.run(_set_role, one.id, Role.STAFF)
    dana = person(story, DANA)
    assert dana is not None
    await story.bot.units.run(_set_role, dana.id, Role.ADMIN)
    await story.says(DANA, "/coalition privacy delete me")

    answer = await story.clicks(DANA, "coalition.erase")

    assert answer.startswith("You are the only admin")
    assert "Make a colleague admin first" in answer
    assert person(story, DANA) is not None


@HTTP
async def test_an_admin_deletes_somebody_once_they_have_left(story: Story) -> None:
    dana, priya = person(story, DANA), person(story, PRIYA)
    assert dana is not None
    assert priya is not None
    typed = f"/coalition privacy delete <@{PRIYA}>"
    as_staff = await story.says(DANA, typed)
    await story.bot.units.run(_set_role, dana.id, Role.ADMIN)
    still_there = await story.says(DANA, typed)
    gone = {"id": PRIYA, "team_id": story.workspace.team, "name": "priya", "deleted": True}
    await story.workspace.event({"type": "user_change", "user": gone})
    await presses(story, OTHER, "coalition.erase", f"person {priya.id}")

    asked = await story.says(DANA, typed)
    before = person(story, PRIYA)
    done = await story.clicks(DANA, "coalition.erase")

    assert "is for an admin" in as_staff
    assert still_there.startswith("They are still in the workspace")
    assert "has left Slack." in asked
    assert before is not None
    assert done == "They are deleted: nothing here says any more who they were."
    assert person(story, PRIYA) is None


@HTTP
async def test_what_else_is_asked_is_answered_by_what_can_be(story: Story) -> None:
    assert (await story.says(PRIYA, "/coalition privacy of Delphine")).startswith(
        "Say /coalition privacy alone, or after it: my data"
    )


@HTTP
@pytest.mark.timeout(120)
async def test_ones_data_is_there_within_a_minute_however_much_it_is(story: Story) -> None:
    held = figure(ci=500, full=5_000)
    priya = person(story, PRIYA)
    assert priya is not None
    await story.bot.units.run(_answer_many, priya, held)
    await story.says(PRIYA, "/coalition privacy my data")

    began = time.monotonic()
    await story.bot.scheduler.beat()
    took = time.monotonic() - began

    (handed,) = files(story, PRIYA)
    assert len(json.loads(handed["my-data.json"])["answers to briefings"]) >= held
    assert took < 60


@writes
def _owe_to(session: Session, about: Person, recipient: str, now: datetime) -> None:
    deliveries.owe(
        session,
        about.workspace_id,
        now,
        key="misdirected",
        kind="my_data",
        recipient=recipient,
        details={"person": about.id},
    )


@writes
def _set_role(session: Session, row: int, role: Role) -> None:
    session.get_one(Person, row).role = role


@writes
def _answer_many(session: Session, to: Person, number: int) -> None:
    lift(session, "a test")
    made = [
        Briefing(
            workspace_id=to.workspace_id,
            title=f"Past {index}",
            state=State.PUBLISHED,
            starts_at=MONDAY.replace(month=10),
            ends_at=MONDAY.replace(month=10, hour=13),
            zone="UTC",
        )
        for index in range(number)
    ]
    session.add_all(made)
    session.flush()
    session.add_all(
        Rsvp(
            workspace_id=to.workspace_id,
            briefing_id=briefing.id,
            person_id=to.id,
            standing=Standing.DECLINED,
            answered_at=MONDAY,
        )
        for briefing in made
    )
