"""How many seats there are, how many of them one organisation may have, and who gains by more."""

from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from storage import capacity, rsvps
from storage.asker import Asker
from storage.database import Database
from storage.errors import Refusal
from storage.models import Answer, AuditEntry, Briefing, Delivery, Standing, State
from tests.factories import NOON, World, altering, seeing_all

GOING = Answer.GOING
DAY = timedelta(days=1)


@pytest.fixture
def world(database: Database) -> World:
    return World(database)


def say(world: World, asker: Asker, briefing: Briefing, answer: Answer = GOING) -> rsvps.Outcome:
    return world.database.run(rsvps.answer, asker, NOON, briefing.id, answer)


def colleagues(world: World, company: str, *names: str) -> list[Asker]:
    home = world.organisation(company)
    return [world.member(name, organisation_id=home.id) for name in names]


def resize(
    world: World, briefing: Briefing, seats: int | None, company_seats: int | None = None
) -> capacity.Resized:
    verb = capacity.set_capacity
    return world.database.run(verb, world.staff(), NOON, briefing.id, seats, company_seats)


def filled(world: World, *names: str, **given: Any) -> Briefing:
    briefing = world.briefing(**{"starts_at": NOON + 7 * DAY, "capacity": 1, **given})
    for name in names:
        say(world, world.member(name), briefing)
    return briefing


def test_whoever_waits_moves_up_in_order_when_there_are_more_seats(world: World) -> None:
    briefing = filled(world, "Ana", "Ben", "Cy", "Dee")

    resized = resize(world, briefing, 3)

    assert (resized.promoted, resized.briefing.taken) == (("Ben", "Cy"), 3)
    with seeing_all(world.database) as session:
        kinds = session.scalars(sa.select(Delivery.kind)).all()
    assert kinds == ["promoted", "promoted"]


def test_without_a_limit_all_are_in(world: World) -> None:
    briefing = filled(world, "Ana", "Ben", "Cy", "Dee")

    assert resize(world, briefing, None).promoted == ("Ben", "Cy", "Dee")


def test_fewer_seats_than_are_taken_are_refused_by_number(world: World) -> None:
    briefing = filled(world, "Ana", "Ben", "Cy", capacity=3)

    with pytest.raises(Refusal, match="3 seats are taken, so there cannot be only 2"):
        resize(world, briefing, 2)

    assert resize(world, briefing, 3, 1).changed
    assert resize(world, briefing, 5, 1).briefing.taken == 3


def test_fewer_seats_for_each_company_evict_nobody(world: World) -> None:
    briefing = world.briefing(company_seats=3)
    ana, ben, cy = colleagues(world, "Adobe", "Ana", "Ben", "Cy")
    say(world, ana, briefing)
    say(world, ben, briefing)

    resized = resize(world, briefing, None, 1)
    outcome = say(world, cy, briefing)

    assert (resized.promoted, resized.briefing.taken) == ((), 2)
    assert outcome.standing is Standing.WAITLISTED
    assert str(outcome.company) == "Adobe may have 1 of the seats, and 2 are taken by Ana and Ben"


def test_more_seats_for_each_company_let_in_those_who_waited_for_one(world: World) -> None:
    briefing = world.briefing(starts_at=NOON + 7 * DAY, company_seats=1)
    for asker in colleagues(world, "Adobe", "Ana", "Ben", "Cy"):
        say(world, asker, briefing)

    assert resize(world, briefing, None, 2).promoted == ("Ben",)
    assert resize(world, briefing, None, None).promoted == ("Cy",)


def test_the_same_again_is_no_change_and_stands_in_no_record(world: World) -> None:
    briefing = filled(world, capacity=5)

    assert not resize(world, briefing, 5).changed
    assert resize(world, briefing, 6, 2).changed

    with seeing_all(world.database) as session:
        (entry,) = session.scalars(sa.select(AuditEntry)).all()
    assert (entry.verb, entry.subject) == ("set capacity", f"briefing {briefing.id}")
    assert entry.before == {"capacity": 5, "company_seats": None}
    assert entry.after == {"capacity": 6, "company_seats": 2}


@pytest.mark.parametrize(("seats", "company"), [(0, None), (-1, None), (5, 0), (100_001, 5)])
def test_no_number_of_seats_is_refused(world: World, seats: int, company: int | None) -> None:
    with pytest.raises(Refusal, match="from 1 to 100,000"):
        resize(world, filled(world), seats, company)


def test_only_who_keeps_the_briefing_says_how_many_seats_it_has(world: World) -> None:
    briefing = filled(world)

    for asker in (world.member(), world.external(), world.unknown()):
        with pytest.raises(Refusal):
            world.database.run(capacity.set_capacity, asker, NOON, briefing.id, 9, None)


@pytest.mark.parametrize("state", [State.CANCELLED, State.DRAFT])
def test_nobody_moves_up_where_nothing_takes_place(world: World, state: State) -> None:
    briefing = filled(world, "Ana", "Ben")
    with altering(world.database) as session:
        session.execute(sa.update(Briefing).values(state=state))

    assert resize(world, briefing, 9).promoted == ()
