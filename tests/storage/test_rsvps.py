"""Seats, the queue for them, and who moves up."""

import time
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from storage import rsvps
from storage.asker import Asker
from storage.database import Database, writes
from storage.errors import Refusal
from storage.models import Answer, Briefing, Delivery, Rsvp, Standing, State
from tests.factories import NOON, World

GOING, MAYBE, DECLINED = Answer.GOING, Answer.MAYBE, Answer.DECLINED


def say(world: World, asker: Asker, briefing: Briefing, answer: Answer) -> rsvps.Outcome:
    return world.database.run(rsvps.answer, asker, NOON, briefing.id, answer)


def test_a_free_seat_is_taken(database: Database) -> None:
    world = World(database)
    briefing = world.briefing(capacity=2)

    outcome = say(world, world.member(), briefing, GOING)

    assert (outcome.standing, outcome.changed, outcome.briefing.taken) == (Standing.GOING, True, 1)


def test_the_same_answer_twice_changes_nothing(database: Database) -> None:
    world = World(database)
    briefing, ana = world.briefing(capacity=2), world.member()

    say(world, ana, briefing, GOING)
    again = say(world, ana, briefing, GOING)

    assert (again.changed, again.standing, again.briefing.taken) == (False, Standing.GOING, 1)


def test_a_full_briefing_queues_in_order(database: Database) -> None:
    world = World(database)
    briefing = world.briefing(capacity=1)
    say(world, world.member(), briefing, GOING)

    positions = [say(world, world.member(), briefing, GOING).position for _ in range(3)]

    assert positions == [1, 2, 3]


def test_a_freed_seat_goes_to_the_longest_waiting(database: Database) -> None:
    world = World(database)
    briefing = world.briefing(capacity=1)
    ana, ben, eve = (world.member(name) for name in ("Ana", "Ben", "Eve"))
    for asker in (ana, ben, eve):
        say(world, asker, briefing, GOING)

    outcome = say(world, ana, briefing, DECLINED)

    assert outcome.promoted == ("Ben",)
    assert outcome.briefing.taken == 1
    assert say(world, eve, briefing, GOING).position == 1


def test_whoever_moves_up_is_owed_the_news_once(database: Database) -> None:
    world = World(database)
    briefing = world.briefing(capacity=1)
    ana, ben = world.member("Ana"), world.member("Ben")
    say(world, ana, briefing, GOING)
    say(world, ben, briefing, GOING)

    say(world, ana, briefing, MAYBE)

    with database.reading() as session:
        owed = session.scalars(sa.select(Delivery)).all()
    assert [(d.kind, d.recipient) for d in owed] == [("promoted", ben.slack_user)]


def test_a_full_briefing_still_takes_maybe_and_no(database: Database) -> None:
    world = World(database)
    briefing = world.briefing(capacity=1)
    say(world, world.member(), briefing, GOING)

    assert say(world, world.member(), briefing, MAYBE).standing is Standing.MAYBE
    assert say(world, world.member(), briefing, DECLINED).standing is Standing.DECLINED


def test_one_leaves_the_queue_by_saying_no(database: Database) -> None:
    world = World(database)
    briefing = world.briefing(capacity=1)
    ana, ben, eve = world.member("Ana"), world.member("Ben"), world.member("Eve")
    for asker in (ana, ben, eve):
        say(world, asker, briefing, GOING)

    say(world, ben, briefing, DECLINED)

    assert say(world, ana, briefing, DECLINED).promoted == ("Eve",)


def test_without_a_waitlist_a_full_briefing_refuses(database: Database) -> None:
    world = World(database)
    briefing = world.briefing(capacity=1, has_waitlist=False)
    say(world, world.member(), briefing, GOING)

    with pytest.raises(Refusal, match="no waitlist"):
        say(world, world.member(), briefing, GOING)


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        ({"state": State.CANCELLED}, "cancelled"),
        ({"starts_at": NOON - timedelta(hours=2), "ends_at": NOON - timedelta(hours=1)}, "ended"),
        ({"opens_at": NOON + timedelta(hours=1)}, "opens"),
        ({"closes_at": NOON}, "closed"),
    ],
)
def test_a_briefing_that_takes_no_answers_says_why(
    database: Database, given: dict[str, object], sentence: str
) -> None:
    world = World(database)
    briefing = world.briefing(**given)

    with pytest.raises(Refusal, match=sentence):
        say(world, world.member(), briefing, GOING)


def test_two_hundred_at_once_never_oversell(database: Database) -> None:
    world = World(database)
    briefing = world.briefing(capacity=5)
    askers = [world.member() for _ in range(200)]

    with ThreadPoolExecutor(8) as pool:
        outcomes = list(pool.map(lambda asker: say(world, asker, briefing, GOING), askers))

    going = [o for o in outcomes if o.standing is Standing.GOING]
    waiting = sorted(o.position or 0 for o in outcomes if o.standing is Standing.WAITLISTED)
    assert (len(going), waiting) == (5, list(range(1, 196)))
    with database.reading() as session:
        assert session.scalar(sa.select(Briefing.taken)) == 5


def test_a_naive_variant_does_oversell(database: Database) -> None:
    """The control: if counting first were safe here, the test above would prove nothing."""
    world = World(database)
    briefing = world.briefing(capacity=1)
    askers = [world.member() for _ in range(8)]

    with ThreadPoolExecutor(8) as pool:
        seated = list(pool.map(lambda a: _count_then_insert(database, a, briefing.id), askers))

    assert sum(seated) >= 2


def _count_then_insert(database: Database, asker: Asker, briefing_id: int) -> bool:
    with database.reading() as session:
        taken = session.scalar(sa.select(sa.func.count()).where(Rsvp.briefing_id == briefing_id))
    time.sleep(0.05)
    if taken:
        return False
    database.run(_insert, asker, briefing_id)
    return True


@writes
def _insert(session: Session, asker: Asker, briefing_id: int) -> None:
    session.add(
        Rsvp(
            workspace_id=asker.workspace,
            briefing_id=briefing_id,
            person_id=asker.person,
            standing=Standing.GOING,
            answered_at=NOON,
        )
    )
