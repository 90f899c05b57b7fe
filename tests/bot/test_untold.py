"""While Slack does not say who somebody is, they see what is public and change nothing."""

import asyncio
from typing import Any

import pytest

from bot import demo
from bot.settings import Settings
from bot.workspace import Clock
from bot.workspace.deliveries import Exchange, Parcel
from bot.workspace.faults import Fault
from commands import catalog
from storage.models import Person
from tests.bot.canaries import caged
from tests.bot.conftest import MONDAY, Story
from tests.bot.test_canaries import FORMS, Ear, listen, presses, submits, types
from tests.bot.test_forged_ids import dump
from tests.factories import every_row
from tests.figures import TRANSPORTS, ways

ALWAYS = 10**6
UNMET, ROBOT = "U0UNMET", "U0ROBOT"
FAULTS = {
    "an error": Fault.error("user_not_found"),
    "too many requests": Fault.rate_limited(30),
    "a fault of Slack's": Fault.server_error(503),
    "no answer": Fault.drop_after_accept(),
    "an answer too late": Fault.hang(2),
}
SEEN = ("/briefings", "/briefings show E3", "/resources search Forum", "/groups all", "/members me")
# What somebody asks for, and what they are told instead.
REFUSED = {
    "/briefings rsvp E1 yes": "The secretariat has not linked you to an organisation yet",
    "/actions add Call them": "Action items are for people the secretariat has linked",
    "/groups join G1": "the secretariat has not linked you",
    "/coalition share E1 with staff": "Only whoever keeps E1 and the secretariat can",
    "/members link <@U0MEMBER> Hotline": "Linking people is for the secretariat",
    "/coalition privacy delete me": "it holds nothing about you",
}
UNFORESEEN = "give the secretariat this reference"


def people(story: Story) -> list[Any]:
    """List all whom the bot has met."""
    return every_row(story.bot.units.database)[Person.__tablename__]


async def uses(story: Story, user: str, fault: str) -> None:
    """Let *user* use words, buttons and forms; of what takes long only some."""
    for typed in [*SEEN, *REFUSED][:: 6 if fault == "an answer too late" else 1]:
        await types(story, user, typed)
    for action in list(catalog.BUTTONS)[:: 30 if fault == "an answer too late" else 1]:
        await presses(story, user, action, "1")
    for form in catalog.FORMS:
        await submits(story, user, form, FORMS[form], "1")
    await story.settled()


@pytest.mark.timeout(300)
@pytest.mark.parametrize(
    ("fault", "transport", "database_url"), ways(FAULTS), indirect=["database_url"]
)
async def test_whom_slack_does_not_tell_of_sees_what_is_public_and_changes_nothing(
    fault: str, transport: str, database_url: str, caplog: pytest.LogCaptureFixture
) -> None:
    listen(caplog)
    async with caged(database_url, transport) as (story, coalition):
        story.workspace.add_user("Robot", id=ROBOT, is_bot=True)
        story.workspace.faults.add("users.info", FAULTS[fault], times=ALWAYS)
        ear, before, met = Ear(story, caplog), dump(story), people(story)

        await asyncio.gather(*(uses(story, user, fault) for user in (UNMET, ROBOT)))

        assert ear.heard() <= coalition.allowed(UNMET)
        assert ear.heard(), "or the line above would prove nothing"
        assert (dump(story), people(story)) == (before, met)
        exchanges = [delivery.exchange for delivery in story.workspace.deliveries]
        assert {exchange.status for exchange in exchanges} == {200}
        assert not any(UNFORESEEN in exchange.raw.decode() for exchange in exchanges)


@pytest.mark.parametrize("user", [UNMET, ROBOT])
@pytest.mark.parametrize("transport", TRANSPORTS)
async def test_a_sentence_says_why_and_who_may_help(
    sqlite_url: str, transport: str, user: str
) -> None:
    async with caged(sqlite_url, transport) as (story, _):
        story.workspace.add_user("Robot", id=ROBOT, is_bot=True)
        story.workspace.faults.add("users.info", Fault.rate_limited(30), times=ALWAYS)
        said = {typed: await answer(story, user, typed) for typed in REFUSED}

        story.workspace.faults.clear()
        seen = await answer(story, user, "/briefings")

    assert [typed for typed, why in REFUSED.items() if why not in said[typed]] == []
    # Slack says again who it is: somebody new sees what is public, and a bot nothing at all.
    assert ("No briefing" in seen) is (user == ROBOT)


async def answer(story: Story, user: str, typed: str) -> str:
    """Give what *user* is told."""
    await types(story, user, typed)
    return story.workspace.deliveries[-1].exchange.raw.decode()


@pytest.mark.parametrize(
    ("fault", "transport"),
    [("an error", "http"), ("too many requests", "socket"), ("no answer", "http")],
)
async def test_a_bot_that_does_not_know_its_own_app_serves_its_team_and_no_other(
    sqlite_url: str, coalition: dict[str, Any], transport: str, fault: str
) -> None:
    workspace = demo.populated(coalition, Clock(frozen_at=MONDAY))
    workspace.faults.add("bots.info", FAULTS[fault])
    async with workspace.serving():
        settings = Settings("", "", "", "", sqlite_url, ("127.0.0.1", 0))
        app_token = workspace.app_token if transport == "socket" else ""
        async with demo.running_in(workspace, settings, coalition, app_token=app_token) as bot:
            story = Story(workspace, bot)
            said = await story.says("U0MARCUS", "/actions")
            own = workspace.deliveries[-1].parcel
            other = await elsewhere(story, own)

    assert said.startswith("Your action items")
    assert (other.status, other.body) in [(403, None), (200, None)]


async def elsewhere(story: Story, own: Parcel) -> Exchange:
    """Send the same as from another team."""
    strange = {**own.payload, "team_id": "T0OTHER", "trigger_id": "1.2.3"}
    return await story.workspace.courier.transport.send(Parcel("command", strange))
