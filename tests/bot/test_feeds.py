"""A calendar that asks by itself: read as its owner may see now, and nothing for anybody else."""

import re
from collections.abc import Mapping
from typing import Any

import aiohttp
import icalendar
import pytest
import sqlalchemy as sa

from bot import demo
from bot.settings import Settings
from bot.workspace import Clock
from storage import feeds
from storage.models import AuditEntry, CalendarFeed, GroupSeat, Person, State, Tlp, Workspace
from tests.bot.canaries import ACTORS, CANARY, Coalition, caged
from tests.bot.conftest import MONDAY, Story
from tests.bot.test_calendar import TABLE, change
from tests.bot.test_canaries import presses
from tests.factories import altering, seeing_all
from tests.figures import ways

PRIYA, MARCUS, DANA, GUEST = "U0PRIYA", "U0MARCUS", "U0DANA", "U0GARETH"
HTTP = pytest.mark.parametrize("story", ["http"], indirect=True)


async def paths(story: Story, user: str) -> dict[str, str]:
    """Let *user* get an address; give its paths."""
    await story.says(user, "/briefings feed")
    text = await story.clicks(user, "briefings.make_feed")
    found: list[str] = re.findall(r"https://convene\.example(/feeds/\S+\.ics)", text)
    return {path.rsplit("/", 1)[1].removesuffix(".ics"): path for path in found}


async def get(
    story: Story, path: str, headers: Mapping[str, str] | None = None
) -> tuple[int, bytes, Mapping[str, str]]:
    url = f"http://127.0.0.1:{story.bot.port}{path}"
    async with aiohttp.ClientSession() as session, session.get(url, headers=headers) as answer:
        return answer.status, await answer.read(), answer.headers


async def events(story: Story, path: str) -> dict[str, Any]:
    """Read a feed; give its events by their title."""
    status, text, _ = await get(story, path)
    assert status == 200
    found = icalendar.Calendar.from_ical(text).walk("VEVENT")
    return {str(event["summary"]): event for event in found}


async def test_a_calendar_keeps_up_with_what_its_owner_goes_to(story: Story) -> None:
    change(story, join_link="https://meet.example/table", place="hybrid")
    path = await paths(story, PRIYA)
    before = await events(story, path["mine"])
    await story.says(PRIYA, f"/briefings rsvp {TABLE} yes")
    going = await events(story, path["mine"])
    change(story, state=State.CANCELLED)
    off = await events(story, path["mine"])
    await story.says(PRIYA, f"/briefings rsvp {TABLE} no")

    assert TABLE not in before
    assert going[TABLE]["url"] == "https://meet.example/table"
    assert (off[TABLE]["status"], off[TABLE]["uid"]) == ("CANCELLED", going[TABLE]["uid"])
    assert off[TABLE]["sequence"] == going[TABLE]["sequence"] + 1
    assert TABLE in await events(story, path["all"])


@HTTP
async def test_what_has_not_changed_is_not_sent_again(story: Story) -> None:
    path = await paths(story, PRIYA)
    _, _, first = await get(story, path["all"])
    same = await get(story, path["all"], {"If-None-Match": first["etag"]})
    change(story, venue="Hall 2", place="hybrid")
    other = await get(story, path["all"], {"If-None-Match": first["etag"]})

    assert (same[0], same[1], same[2]["etag"]) == (304, b"", first["etag"])
    assert (other[0], b"Hall 2" in other[1]) == (200, True)
    assert first["cache-control"] == "private, no-cache"
    assert first["content-type"] == "text/calendar; charset=utf-8"


@HTTP
async def test_whatever_is_wrong_with_an_address_the_answer_is_the_same(story: Story) -> None:
    path = await paths(story, PRIYA)
    old = path["all"]
    await paths(story, PRIYA)
    right = (await paths(story, MARCUS))["all"]
    told = [
        await get(story, wrong)
        for wrong in (
            *(old, right[:-5] + "x.ics", right.replace("all.ics", "group.ics"), "/feeds/x/all.ics"),
            *("/feeds/%00/all.ics", f"/feeds/{'x' * 5000}/all.ics", "/feeds/%ED%A0%80/mine.ics"),
        )
    ]

    assert {(status, text) for status, text, _ in told} == {(404, b"not found")}
    assert (await get(story, right))[0] == 200


@HTTP
async def test_it_is_shown_once_kept_as_a_digest_and_stopped_by_a_press(
    story: Story, caplog: pytest.LogCaptureFixture
) -> None:
    path = await paths(story, PRIYA)
    secret = path["all"].split("/")[2]
    again = await story.says(PRIYA, "/briefings feed")
    with seeing_all(story.bot.units.database) as session:
        (kept,) = session.query(CalendarFeed).all()
        verbs = [entry.verb for entry in session.query(AuditEntry).filter_by(verb="make feed")]
    stopped = await story.clicks(PRIYA, "briefings.stop_feed")

    assert (secret in again, "cannot be shown again" in again) == (False, True)
    assert kept.digest == feeds.digest(secret)
    assert verbs == ["make feed"]
    assert stopped.startswith("Your address leads nowhere from now on.")
    assert (await get(story, path["all"]))[0] == 404
    assert secret not in caplog.text


@HTTP
async def test_a_label_that_lets_nobody_take_it_away_leaves_the_time_alone(story: Story) -> None:
    change(story, tlp=Tlp.AMBER_STRICT)
    path = await paths(story, PRIYA)

    found = await events(story, path["all"])

    assert TABLE not in found
    assert any(title.startswith("Closed session (E") for title in found)


@HTTP
async def test_the_calendar_for_everybody_holds_what_is_public_and_no_link_to_join(
    story: Story,
) -> None:
    change(story, audience="public", tlp=Tlp.CLEAR, join_link="https://meet.example/table")
    offered = await story.says(DANA, "/briefings feed public")
    said = await story.clicks(DANA, "briefings.make_feed")
    (path,) = re.findall(r"https://convene\.example(/feeds/\S+\.ics)", said)
    found = await events(story, path)
    personal = await get(story, path.replace("public.ics", "all.ics"))
    mine = (await paths(story, DANA))["all"]
    swapped = await get(story, mine.replace("all.ics", "public.ics"))
    change(story, audience="members", tlp=Tlp.AMBER)
    narrowed = await events(story, path)
    again = await story.says(DANA, "/briefings feed public")
    stopped = await story.clicks(DANA, "briefings.stop_feed")

    assert offered.startswith("There is no calendar for everybody.")
    assert TABLE in found
    assert "url" not in found[TABLE]
    assert (TABLE in narrowed, personal[0], swapped[0]) == (False, 404, 404)
    assert again.startswith("The calendar for everybody has had an address since")
    assert stopped.startswith("That address leads nowhere from now on.")
    assert (await get(story, path))[0] == 404


@HTTP
async def test_only_staff_publish_a_calendar_for_everybody(story: Story) -> None:
    asked = await story.says(PRIYA, "/briefings feed public")
    pressed = [
        (await presses(story, PRIYA, f"briefings.{name}_feed", feeds.PUBLIC)).status
        for name in ("make", "stop")
    ]

    assert asked.startswith("The calendar for everybody is the secretariat's to publish.")
    assert pressed == [200, 200]
    with seeing_all(story.bot.units.database) as session:
        assert session.query(Workspace.public_feed).all() == [(None,)]
        assert session.query(AuditEntry).filter_by(verb="make feed").all() == []


@HTTP
async def test_whoever_asks_too_often_waits(story: Story) -> None:
    path = await paths(story, PRIYA)

    statuses = [(await get(story, path["all"]))[0] for _ in range(15)]

    assert statuses[:10] == [200] * 10
    assert 429 in statuses[10:]


@HTTP
async def test_whoever_leaves_takes_their_address_along(story: Story) -> None:
    path = await paths(story, MARCUS)
    await story.says(DANA, f"/members offboard <@{MARCUS}>")
    await story.clicks(DANA, "members.offboard")

    assert (await get(story, path["all"]))[0] == 404


async def test_without_a_public_address_it_says_what_there_is_instead(
    sqlite_url: str, coalition: dict[str, Any]
) -> None:
    workspace = demo.populated(coalition, Clock(frozen_at=MONDAY))
    settings = Settings("", "", "", "", sqlite_url, ("127.0.0.1", 0))
    async with workspace.serving(), demo.running_in(workspace, settings, coalition) as bot:
        story = Story(workspace, bot)
        said = await story.says(PRIYA, "/briefings feed")
        status, _, _ = await get(story, "/feeds/x/all.ics")

    assert said.startswith("There is no address to subscribe to")
    assert status == 404


@pytest.mark.parametrize(
    ("user", "transport", "database_url"), ways(ACTORS), indirect=["database_url"]
)
async def test_nobody_reads_in_it_what_is_not_theirs(
    user: str, transport: str, database_url: str
) -> None:
    async with caged(database_url, transport) as (story, coalition):
        secret = given(story, user)
        heard = set()
        for which in feeds.Which:
            _, text, _ = await get(story, f"/feeds/{secret}/{which}.ics")
            heard |= set(CANARY.findall(text.decode().replace("\r\n ", "")))

        assert heard <= coalition.allowed(user)
        if secret and user != "U0GONE":
            assert heard >= titles(coalition, user)


@pytest.mark.parametrize("database_url", ["sqlite", "postgresql"], indirect=True)
async def test_the_calendar_for_everybody_tells_what_is_public_and_nothing_else(
    database_url: str,
) -> None:
    async with caged(database_url, "http") as (story, coalition):
        with altering(story.bot.units.database) as session:
            session.execute(sa.update(Workspace).values(public_feed=feeds.digest("everybody")))
        _, text, _ = await get(story, "/feeds/everybody/public.ics")

    heard = set(CANARY.findall(text.decode().replace("\r\n ", "")))
    public = {token for token in heard if coalition.circle[token] == "public"}
    assert heard == public
    assert heard >= titles(coalition, "U0UNLINKED")


def given(story: Story, user: str) -> str:
    """Give *user* an address; "" for somebody the bot has not met."""
    with altering(story.bot.units.database) as session:
        person = session.query(Person).filter_by(slack_user=user).one_or_none()
        if person is None:
            return ""
        made = CalendarFeed(person_id=person.id, workspace_id=person.workspace_id)
        made.digest, made.made_at = feeds.digest(user), story.workspace.clock()
        session.add(made)
    return user


def titles(coalition: Coalition, user: str) -> set[str]:
    """Give the titles of what is to come, or was within a month, that *user* may see in a file."""
    allowed = coalition.allowed(user)
    return {
        token
        for entry in coalition.told["briefings"]
        if entry["state"] != "draft"
        if entry.get("tlp") in {"CLEAR", "GREEN", "AMBER"}
        for token in CANARY.findall(entry["title"])
        if token in allowed
    }


@HTTP
async def test_a_groups_feed_holds_what_is_for_it_until_its_owner_leaves(story: Story) -> None:
    path = await paths(story, PRIYA)
    (group,) = [name for name in path if name.startswith("group-")][:1]
    before = await events(story, path[group])
    other = await events(story, path[group].replace(group, "group-999999"))
    with altering(story.bot.units.database) as session:
        session.execute(sa.delete(GroupSeat))

    assert "Generative AI members' group: regular meeting" in before
    assert other == {}
    assert await events(story, path[group]) == {}


@HTTP
async def test_no_feed_holds_a_draft(story: Story) -> None:
    path = await paths(story, DANA)
    change(story, state=State.DRAFT)

    assert TABLE not in await events(story, path["all"])


@HTTP
@pytest.mark.parametrize("which", ["group", "group-0", "group-x", "group-1234567890", "mine-1"])
async def test_no_other_feed_is_there(story: Story, which: str) -> None:
    path = await paths(story, PRIYA)

    assert (await get(story, path["mine"].replace("mine.ics", f"{which}.ics")))[0] == 404
