"""A channel's digest tells what its audience may see, and nothing else differs between editions."""

from datetime import timedelta
from typing import Any

import pytest

from storage import policy, progress
from storage.database import Database
from storage.models import (
    ActionState,
    Audience,
    Health,
    InitiativeUpdate,
    Tlp,
)
from tests.factories import MARKS, NOON, World

WHAT = (
    *("Briefing", "Resource", "Late item", "Awaited item", "Done item", "Code"),
    *("Reached stone", "Late stone", "Update", "Quiet"),
)
DAY, HOUR = timedelta(days=1), timedelta(hours=1)
SEEN = {
    Audience.PUBLIC: {"public"},
    Audience.COMMUNITY: {"public", "community"},
    Audience.MEMBERS: {"public", "community", "members"},
    Audience.GROUP: {"public", "community", "board"},
    Audience.STAFF: {"public", "community", "members", "board", "other group", "staff"},
}


@pytest.fixture
def board(database: Database) -> tuple[World, int]:
    """Give a world with one of everything for each audience, and the group that is the board."""
    world = World(database)
    ana, bo = world.member("Ana"), world.member("Bo")
    board, other = world.group("Board"), world.group("Other")
    groups: dict[str, Any] = {"audience": Audience.GROUP, "tlp": Tlp.AMBER}
    marked: dict[str, dict[str, Any]] = {
        **{one.value: {"audience": one, "tlp": tlp} for one, tlp in MARKS.items()},
        "board": {**groups, "audience_group_id": board.id},
        "other group": {**groups, "audience_group_id": other.id},
    }
    for whose, marks in marked.items():
        world.briefing(f"Briefing of {whose}", **marks)
        world.resource(f"Resource of {whose}", **marks)
        late = {"due_on": (NOON - 3 * DAY).date(), "creator_id": ana.person}
        world.action(bo, f"Late item of {whose}", **late, **marks)
        world.action(bo, f"Awaited item of {whose}", creator_id=ana.person, **marks)
        done = {"state": ActionState.DONE, "done_at": NOON, "done_by_id": bo.person}
        world.action(bo, f"Done item of {whose}", **done, **marks)
        code = world.initiative(f"Code of {whose}", health=Health.AT_RISK, **marks)
        world.milestone(code, f"Reached stone of {whose}", is_done=True, done_at=NOON)
        world.milestone(code, f"Late stone of {whose}", due_on=(NOON - 3 * DAY).date())
        moved = {"health": Health.AT_RISK, "was": Health.ON_TRACK, "made_at": NOON}
        world.add(
            InitiativeUpdate(initiative_id=code.id, text=f"Update of {whose}", reason="-", **moved)
        )
        quiet = {"cadence_days": 1, "moved_at": NOON - 9 * DAY}
        world.initiative(f"Quiet of {whose}", **quiet, **marks)
    return world, board.id


def test_each_edition_tells_all_that_its_audience_may_see_and_nothing_else(
    board: tuple[World, int],
) -> None:
    world, group = board
    everything = [f"{what} of {whose}" for whose in SEEN[Audience.STAFF] for what in WHAT]

    for audience, seen in SEEN.items():
        readers = policy.readers(world.id, audience, group, "UTC")
        moved = world.database.run(progress.gather, readers, NOON + HOUR, NOON - DAY)

        assert {called for called in everything if f"'{called}'" in repr(moved)} == {
            f"{what} of {whose}" for whose in seen for what in WHAT
        }
        assert moved.health == {Health.ON_TRACK: len(seen), Health.AT_RISK: len(seen)}
