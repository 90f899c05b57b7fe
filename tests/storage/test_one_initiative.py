"""A digest of one initiative: all that its readers see of it, and nothing else."""

from datetime import timedelta
from typing import Any

import pytest

from storage import initiatives, ordering, orders, subscriptions
from storage.asker import Asker
from storage.database import Database
from storage.errors import Refusal
from storage.models import (
    ActionState,
    Audience,
    Health,
    Initiative,
    InitiativeUpdate,
    Subscription,
    Tlp,
)
from storage.ordering import Draft
from storage.subscriptions import Edition
from tests.factories import NOON, World, altering, seeing_all

DAY = timedelta(days=1)
HERE = "C0GROUP"


@pytest.fixture
def world(database: Database) -> World:
    return World(database)


def filled(world: World, title: str) -> Initiative:
    """Make an initiative of which each part of a digest tells something."""
    made: Initiative = world.initiative(
        title, health=Health.AT_RISK, moved_at=NOON - DAY, cadence_days=30
    )
    ana, bo = world.member(), world.member()
    world.add(
        InitiativeUpdate(
            initiative_id=made.id,
            author_id=ana.person,
            health=Health.AT_RISK,
            text=f"{title} moved",
            made_at=NOON - DAY,
        )
    )
    world.milestone(made, f"{title} late", due="2026-11-01", due_on=(NOON - 22 * DAY).date())
    world.milestone(made, f"{title} reached", is_done=True, done_at=NOON - DAY)
    of = {"initiative_id": made.id, "state": ActionState.OPEN, "creator_id": bo.person}
    world.action(ana, f"{title} waits", **of)
    over = NOON - DAY
    world.action(ana, f"{title} overdue", **of, due_on=over.date(), due_at=over)
    world.action(ana, f"{title} done", **of | {"state": ActionState.DONE, "done_at": over})
    world.resource(f"{title} paper", origin_initiative_id=made.id, added_at=NOON - DAY)
    return made


def draft(initiative: int | None, **given: Any) -> Draft:
    usual: dict[str, Any] = {"weekday": 0, "at": "09:00", "zone": "UTC"}
    return Draft(**{**usual, "audience": Audience.MEMBERS, "initiative": initiative, **given})


def save(world: World, asker: Asker, initiative: int | None, **given: Any) -> Any:
    return world.database.run(ordering.save, asker, NOON, HERE, draft(initiative, **given))


def told(world: World) -> Edition:
    """Gather what the readers of the one order there is would be told now."""
    with seeing_all(world.database) as session:
        number = session.query(Subscription).one().id
    order = world.database.run(subscriptions.order, number, NOON)
    assert order is not None
    return world.database.run(subscriptions.gather, order, NOON)


def titles(edition: Edition) -> set[str]:
    moved = edition.moved
    worries, progressed = moved.attention, moved.progressed
    lines: tuple[Any, ...] = (
        *(*worries.troubled, *worries.stale, *worries.overdue, *moved.overdue),
        *(*progressed.milestones, *moved.coming, *moved.done, *moved.resources, *moved.waits),
    )
    return {line.title for line in lines} | {line.text for line in progressed.updates}


PARTS = ("late", "reached", "waits", "overdue", "done", "paper", "moved")


def of(title: str) -> set[str]:
    return {title, *(f"{title} {part}" for part in PARTS)}


@pytest.mark.parametrize("audience", [Audience.MEMBERS, Audience.STAFF])
def test_it_tells_all_of_the_one_and_nothing_of_another(world: World, audience: Audience) -> None:
    one, _ = filled(world, "One"), filled(world, "Two")
    world.briefing("Round table", starts_at=NOON + DAY)
    save(world, world.staff(), one.id, audience=audience)

    edition = told(world)

    assert titles(edition) == of("One")
    assert edition.about is not None
    assert (edition.about.id, edition.stands, edition.moved.health) == (one.id, True, {})


def test_ordered_without_one_it_tells_of_all(world: World) -> None:
    filled(world, "One"), filled(world, "Two")
    world.briefing("Round table", starts_at=NOON + DAY)
    save(world, world.staff(), None)

    edition = told(world)

    assert titles(edition) == of("One") | of("Two") | {"Round table"}
    assert edition.about is None


def test_daily_it_tells_what_is_due(world: World) -> None:
    one, _ = filled(world, "One"), filled(world, "Two")
    save(world, world.staff(), one.id, weekday=None)

    edition = told(world)

    assert titles(edition) == {"One late", "One overdue"}
    assert not edition.stands


def test_however_much_else_there_is_it_is_among_what_is_told(world: World) -> None:
    one, other = world.initiative("One"), world.initiative("Other")
    world.milestone(one, "First of all", is_done=True, done_at=NOON - 2 * DAY)
    for number in range(120):
        world.milestone(other, f"M{number}", is_done=True, done_at=NOON - DAY)
    save(world, world.staff(), one.id)

    assert titles(told(world)) == {"First of all"}


def test_what_its_readers_may_not_see_any_more_is_not_told(world: World) -> None:
    one = filled(world, "One")
    save(world, world.staff(), one.id)
    with altering(world.database) as session:
        session.query(Initiative).update({"audience": Audience.STAFF})

    edition = told(world)

    assert (titles(edition), edition.about, edition.is_worth_posting) == (set(), None, False)


def test_one_that_its_readers_may_not_see_is_refused_and_a_hidden_one_like_a_missing(
    world: World,
) -> None:
    person = world.person()
    group = world.group("", chairs=(person,), channel=HERE)
    chair, staff = world.asker(person), world.staff()
    of_members = world.initiative("One")
    hidden = world.initiative("Two", audience=Audience.STAFF, tlp=Tlp.RED)
    own = {"audience": Audience.GROUP, "group": group.id}
    refused = []

    for asker, number in ((staff, of_members.id), (chair, hidden.id), (chair, 4711)):
        with pytest.raises(Refusal) as refusal:
            save(world, asker, number, **own)
        refused.append(refusal.value.sentence.replace(f"I{number}", "I#"))

    assert refused[0] == ("Those it is for may not see I#. Choose another, or for whom else it is.")
    assert refused[1] == refused[2]


def test_changed_it_stays_of_the_one_although_that_is_done(world: World) -> None:
    one, staff = world.initiative("One"), world.staff()
    line = save(world, staff, one.id)
    with altering(world.database) as session:
        session.query(Initiative).update({"health": Health.DONE})

    form = world.database.run(ordering.form, staff, NOON, HERE)

    assert (line.initiative, line.about) == (one.id, "One")
    assert form.draft.initiative == one.id
    assert form.initiatives == ((one.id, "One"),)


def test_a_list_names_it_to_whoever_may_see_it(world: World) -> None:
    one, staff = world.initiative("One"), world.staff()
    save(world, staff, one.id)

    (line,) = world.database.run(orders.listed, staff, NOON)

    assert (line.initiative, line.about) == (one.id, "One")
    assert world.database.run(initiatives.under_way, staff) == ((one.id, "One"),)
