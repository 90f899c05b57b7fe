"""A right that is gone is gone at once: whoever had it uses every surface, and nothing happens."""

import json
from collections.abc import Awaitable, Callable

import pytest
import sqlalchemy as sa

from bot.digests import KINDS
from storage.models import GroupSeat, Organisation, Person
from tests.bot.canaries import CANARY, Coalition, caged
from tests.bot.conftest import Story
from tests.bot.office import SECOND
from tests.bot.test_canaries import Ear, everything, presses, types
from tests.bot.test_forged_ids import dump
from tests.factories import altering, seeing_all
from tests.figures import figure, ways

USER = "U0SITS"


def person(story: Story) -> int:
    with seeing_all(story.bot.units.database) as session:
        return session.scalars(sa.select(Person.id).where(Person.slack_user == USER)).one()


async def offboarded(story: Story) -> None:
    await types(story, "U0ADMIN", f"/members offboard <@{USER}>")
    await presses(story, "U0ADMIN", "members.offboard", f"person {person(story)}")


async def deactivated(story: Story) -> None:
    gone = {"id": USER, "team_id": story.workspace.team, "name": "sits", "deleted": True}
    await story.workspace.event({"type": "user_change", "user": gone})


async def made_a_guest(story: Story) -> None:
    guest = {"id": USER, "team_id": story.workspace.team, "name": "sits", "is_restricted": True}
    with altering(story.bot.units.database) as session:
        session.execute(sa.update(Person).where(Person.slack_user == USER).values(linked_at=None))
    await story.workspace.event({"type": "user_change", "user": guest})


async def unseated(story: Story) -> None:
    with altering(story.bot.units.database) as session:
        session.execute(sa.delete(GroupSeat).where(GroupSeat.person_id == person(story)))


async def lowered(story: Story) -> None:
    await types(story, "U0ADMIN", f"/members link <@{USER}> Hotline")


async def unlinked(story: Story) -> None:
    await types(story, "U0ADMIN", f"/members unlink <@{USER}>")
    await presses(story, "U0ADMIN", "members.change", f"{person(story)} unknown")


async def offboarded_with_all(story: Story) -> None:
    with seeing_all(story.bot.units.database) as session:
        company = session.scalars(
            sa.select(Organisation.id).where(Organisation.name == "Company One")
        )
        value = f"organisation {company.one()}"
    await presses(story, "U0ADMIN", "members.offboard", value)


async def narrowed(story: Story) -> None:
    for item in ("E3", "R3", "I3"):
        await types(story, "U0ADMIN", f"/coalition share {item} with staff")


LEFT: dict[Callable[[Story], Awaitable[None]], set[str]] = {
    offboarded: {"public"},
    deactivated: set(),
    made_a_guest: {"public", "community", "group"},
    unseated: {"public", "community", "members"},
    lowered: {"public", "community", "group"},
    offboarded_with_all: {"public"},
    narrowed: {"public", "community", "members", "group"},
    unlinked: {"public"},
}
# What somebody wishes of messages to themselves takes no right, nor does a file for a calendar of
# what they still see, nor what of it they put on their agenda; the ledger holds what did anything.
OWN = {"preferences", "own_digests", "ledger", "deliveries", "lanes", "picks"}
FOR_MEMBERS = 2  # which of each table is for members


def theirs(coalition: Coalition, revoked: object, circles: set[str]) -> set[str]:
    tokens = {token for token, circle in coalition.circle.items() if circle in circles}
    if revoked is narrowed:
        items = [
            coalition.told[table][FOR_MEMBERS]
            for table in ("briefings", "resources", "initiatives")
        ]
        items.append(coalition.sessions[FOR_MEMBERS])
        tokens -= set(CANARY.findall(json.dumps(items)))
    return tokens


@pytest.mark.timeout(figure(ci=600, full=3600))
@pytest.mark.parametrize(
    ("revoked", "transport", "database_url"), ways(LEFT), indirect=["database_url"]
)
async def test_whoever_lost_a_right_sees_and_does_nothing_with_it(
    revoked: Callable[[Story], Awaitable[None]],
    transport: str,
    database_url: str,
    caplog: pytest.LogCaptureFixture,
) -> None:
    async with caged(database_url, transport) as (story, coalition):
        await types(story, USER, "/briefings rsvp E4 yes")
        await revoked(story)
        await story.settled()
        for _ in range(3):  # whoever has to hear of it hears of it
            await story.bot.scheduler.beat()
            story.workspace.clock.advance(2 * SECOND)
        ear, before = Ear(story, caplog), dump(story)

        turn = list(LEFT).index(revoked)
        await everything(story, coalition, USER, turn + turn // 4)

        assert ear.heard() <= theirs(coalition, revoked, LEFT[revoked])
        if revoked in {offboarded, offboarded_with_all, deactivated, unlinked}:
            after = dump(story)
            changed = {table for table, rows in after.items() if rows != before[table]}
            new = [row for row in after["deliveries"] if row not in before["deliveries"]]
            assert {kind for row in new for kind in KINDS if kind in row} <= {"calendar_file"}
            assert changed <= (OWN if revoked is not deactivated else set())
