"""A right that is gone is gone at once: whoever had it uses every surface, and nothing happens."""

from collections.abc import Awaitable, Callable

import pytest
import sqlalchemy as sa

from storage.models import GroupSeat, Person
from tests.bot.canaries import Coalition, caged
from tests.bot.conftest import Story
from tests.bot.test_canaries import Ear, everything, presses, types
from tests.bot.test_forged_ids import dump
from tests.factories import altering, seeing_all

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


LEFT: dict[Callable[[Story], Awaitable[None]], set[str]] = {
    offboarded: {"public"},
    deactivated: set(),
    made_a_guest: {"public", "community", "group"},
    unseated: {"public", "community", "members"},
}


def theirs(coalition: Coalition, circles: set[str]) -> set[str]:
    return {token for token, circle in coalition.circle.items() if circle in circles}


@pytest.mark.timeout(600)
@pytest.mark.parametrize("revoked", LEFT, ids=lambda how: how.__name__)
async def test_whoever_lost_a_right_sees_and_does_nothing_with_it(
    sqlite_url: str, caplog: pytest.LogCaptureFixture, revoked: Callable[[Story], Awaitable[None]]
) -> None:
    async with caged(sqlite_url, "http") as (story, coalition):
        await types(story, USER, "/briefings rsvp E4 yes")
        await revoked(story)
        await story.settled()
        ear, before = Ear(story, caplog), dump(story)

        await everything(story, coalition, USER)

        assert ear.heard() <= theirs(coalition, LEFT[revoked])
        if revoked in {offboarded, deactivated}:
            assert dump(story) == before
