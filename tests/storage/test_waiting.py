"""Who waits on whom: named to those who may see it, and to the two it is between."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from storage import policy, waiting
from storage.asker import Asker
from storage.database import Database
from storage.models import (
    ActionState,
    Audience,
    Health,
    InitiativeUpdate,
    Person,
    Tlp,
)
from tests.factories import NOON, World, altering

DAY = timedelta(days=1)
DUE = (NOON + 3 * DAY).date()


@pytest.fixture
def world(database: Database) -> World:
    return World(database)


@pytest.fixture
def statements(world: World) -> Iterator[list[str]]:
    said: list[str] = []

    def note(_c: object, _cursor: object, statement: str, *_: object) -> None:
        said.append(statement)

    sa.event.listen(sa.Engine, "before_cursor_execute", note)
    yield said
    sa.event.remove(sa.Engine, "before_cursor_execute", note)


def among(world: World, audience: Audience = Audience.MEMBERS) -> list[str]:
    readers = policy.readers(world.id, audience, None, "UTC")
    return [line.title for line in world.database.run(waiting.among, readers, NOON, 100)]


def own(world: World, *askers: Asker) -> list[waiting.Own]:
    return world.database.run(_own, askers)


def _own(session: Session, askers: tuple[Asker, ...]) -> list[waiting.Own]:
    return waiting.own(session, askers, NOON)


def suggest(world: World, author: Asker, initiative: int, **given: object) -> None:
    values = {"health": Health.ON_TRACK, "text": "Moved", "made_at": NOON, **given}
    world.add(
        InitiativeUpdate(
            initiative_id=initiative, author_id=author.person, is_suggestion=True, **values
        )
    )


def test_a_channel_is_told_of_what_others_wait_for_due_soonest_first(world: World) -> None:
    ana, bo = world.member("Ana"), world.member("Bo")
    world.action(bo, "Undated", creator_id=ana.person)
    world.action(bo, "Dated", creator_id=ana.person, due_on=DUE)
    world.action(bo, "Proposed", creator_id=ana.person, state=ActionState.PROPOSED)
    world.action(bo, "For himself")
    world.action(bo, "Late", creator_id=ana.person, due_on=(NOON - 3 * DAY).date())
    world.action(bo, "Done", creator_id=ana.person, state=ActionState.DONE, done_at=NOON)

    assert among(world) == ["Dated", "Undated", "Proposed"]


def test_a_channel_is_told_nothing_that_its_readers_may_not_see(world: World) -> None:
    ana, bo = world.member("Ana"), world.member("Bo")
    world.action(bo, "For members", creator_id=ana.person)
    world.action(bo, "For staff", creator_id=ana.person, audience=Audience.STAFF)
    public = {"audience": Audience.COMMUNITY, "tlp": Tlp.GREEN}
    world.action(bo, "For all", creator_id=ana.person, **public)

    assert among(world, Audience.COMMUNITY) == ["For all"]
    assert among(world) == ["For members", "For all"]


def test_what_is_over_just_now_needs_attention_instead(world: World) -> None:
    ana, bo = world.member("Ana"), world.member("Bo")
    world.action(bo, creator_id=ana.person, due_on=NOON.date(), due_at=NOON)

    assert among(world) == []


def test_a_suggestion_made_as_the_initiative_moves_still_waits(world: World) -> None:
    ana, bo = world.member("Ana"), world.member("Bo")
    suggest(world, ana, world.initiative("Code", lead_id=bo.person, moved_at=NOON).id)

    assert [len(each.asked) for each in own(world, ana, bo)] == [0, 1]


def test_nobody_waits_for_whoever_has_left_nor_does_a_leaver_wait(world: World) -> None:
    ana, bo, cy = world.member("Ana"), world.member("Bo"), world.member("Cy")
    world.action(bo, "By a leaver", creator_id=ana.person)
    world.action(cy, "For a leaver", creator_id=bo.person)
    suggest(world, ana, world.initiative(lead_id=bo.person, moved_at=NOON - DAY).id)
    suggest(world, bo, world.initiative(lead_id=cy.person, moved_at=NOON - DAY).id)
    with altering(world.database) as session:
        session.execute(sa.update(Person).where(Person.id == bo.person).values(is_active=False))

    assert among(world) == []
    assert own(world, ana, cy) == [waiting.Own(), waiting.Own()]


def test_each_is_told_what_they_gave_and_what_is_suggested_to_them(world: World) -> None:
    ana, bo, cy = world.member("Ana"), world.member("Bo"), world.member("Cy")
    hidden = world.action(bo, "Hidden", creator_id=ana.person, audience=Audience.STAFF)
    code = world.initiative("Code", lead_id=bo.person, moved_at=NOON - DAY)
    suggest(world, ana, code.id)
    suggest(world, ana, code.id, text="And again")

    of_ana, of_bo, of_cy = own(world, ana, bo, cy)
    alone = [*own(world, ana), *own(world, bo)]

    asked = (waiting.Suggested(code.id, "Code", "Ana", "Bo"),)
    assert ([line.id for line in of_ana.given.rows], of_ana.given.total) == ([hidden.id], 1)
    assert (of_ana.suggested, of_ana.asked) == (asked, ())
    assert (of_bo.suggested, of_bo.asked, of_bo.given.total) == ((), asked, 0)
    assert of_cy == waiting.Own()
    assert alone == [of_ana, of_bo]


def test_what_was_taken_over_or_may_not_be_seen_any_more_is_waited_for_by_nobody(
    world: World,
) -> None:
    ana, bo = world.member("Ana"), world.member("Bo")
    moved = world.initiative(lead_id=bo.person, moved_at=NOON + DAY)
    secret = world.initiative(lead_id=bo.person, moved_at=NOON - DAY, audience=Audience.STAFF)
    suggest(world, ana, moved.id)
    suggest(world, ana, secret.id)

    assert own(world, ana, bo) == [waiting.Own(), waiting.Own()]


def test_a_long_list_is_read_in_part_and_counted_whole(world: World) -> None:
    ana, bo = world.member("Ana"), world.member("Bo")
    for number in range(9):
        world.action(bo, f"Item {number}", creator_id=ana.person)

    (of_ana,) = own(world, ana)

    assert [line.title for line in of_ana.given.rows] == [f"Item {number}" for number in range(5)]
    assert (of_ana.given.number, of_ana.given.total) == (0, 9)


def test_for_many_it_takes_as_many_statements_as_for_one(
    world: World, statements: list[str]
) -> None:
    askers = [world.member() for _ in range(9)]
    for asker in askers[1:]:
        world.action(askers[0], creator_id=asker.person)
    statements.clear()

    own(world, askers[0])
    one = len(statements)
    found = own(world, *askers)

    assert len(statements) == 2 * one
    assert [each.given.total for each in found] == [0, *[1] * 8]


def test_whoever_is_not_linked_waits_for_nobody(world: World) -> None:
    stranger, bo = world.unknown(), world.member("Bo")
    world.action(bo, creator_id=stranger.person)

    assert own(world, stranger) == [waiting.Own()]
    assert waiting.NOTHING.number == waiting.NOTHING.total == 0
