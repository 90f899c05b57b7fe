"""Events are dated as exactly as they are known, in a digest and where one of several is meant."""

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest

from commands import cards, digests
from storage import briefings, progress
from storage.database import Database
from storage.errors import Refusal
from storage.models import Kind, Precision
from tests.factories import NOON, World


@pytest.fixture
def world(sqlite_url: str) -> Iterator[World]:
    database = Database(sqlite_url)
    yield World(database)
    database.close()


@pytest.mark.parametrize("for_many", [True, False])
def test_a_digest_gives_no_hour_that_nobody_knows(world: World, for_many: bool) -> None:
    reader = world.member()
    world.briefing("Fair", kind=Kind.EXTERNAL, precision=Precision.DAY)
    moved = world.database.run(progress.gather, reader, NOON, NOON)

    drawn = digests.drawn(moved, "America/New_York", for_many=for_many)

    assert drawn is not None
    assert "Fair*: Tue 24 Nov 2026, online\n" in drawn["text"]


def test_neither_does_a_choice(world: World) -> None:
    ends = datetime(2027, 1, 1, tzinfo=UTC)
    for month in (11, 12):
        starts = datetime(2026, month, 1, tzinfo=UTC)
        world.briefing("Forum", starts_at=starts, ends_at=ends, precision=Precision.MONTH)

    with pytest.raises(Refusal) as refusal:
        world.database.run(briefings.show, world.member(), NOON, "Forum")

    text = cards.refusal(refusal.value, "America/New_York")["text"]
    assert "Dec 2026 · online" in text
    assert "your time" not in text
