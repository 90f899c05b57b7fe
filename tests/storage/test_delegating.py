"""A seat sent to a colleague: taken once, by whom it was sent to, and counted once."""

from datetime import datetime, timedelta

import pytest
import sqlalchemy as sa

from storage import delegating, rsvps
from storage.asker import Asker
from storage.database import Database
from storage.delegating import Handed, Sent
from storage.errors import Refusal
from storage.models import (
    Answer,
    Audience,
    AuditEntry,
    Briefing,
    Delivery,
    Notice,
    Person,
    Role,
    Rsvp,
    State,
    Tlp,
)
from tests.factories import NOON, World, altering, at_once, every_row, seeing_all

GOING, MAYBE, DECLINED = Answer.GOING, Answer.MAYBE, Answer.DECLINED
HOUR = timedelta(hours=1)


@pytest.fixture
def world(database: Database) -> World:
    return World(database)


@pytest.fixture
def pair(world: World) -> tuple[Asker, Asker]:
    home = world.organisation("Adobe").id
    return world.member("Ana", organisation_id=home), world.member("Ben", organisation_id=home)


def say(
    world: World, asker: Asker, briefing: Briefing, answer: Answer = GOING, now: datetime = NOON
) -> rsvps.Outcome:
    return world.database.run(rsvps.answer, asker, now, briefing.id, answer)


def send(world: World, giver: Asker, to: Asker, briefing: Briefing, now: datetime = NOON) -> Sent:
    return world.database.run(delegating.send, giver, now, to.slack_user, f"E{briefing.id}")


def take(world: World, asker: Asker, sent: int = 0, now: datetime = NOON) -> Handed:
    return world.database.run(delegating.take, asker, now, sent or newest(world).id)


def leave(world: World, asker: Asker, now: datetime = NOON) -> Handed:
    return world.database.run(delegating.leave, asker, now, newest(world).id)


def newest(world: World) -> Delivery:
    with seeing_all(world.database) as session:
        kind = Delivery.kind == "seat_sent"
        found = session.scalars(sa.select(Delivery).where(kind).order_by(Delivery.id.desc()))
        return found.first() or Delivery(id=0)


def stand(world: World) -> dict[str, str]:
    with seeing_all(world.database) as session:
        rows = session.execute(sa.select(Person.name, Rsvp.standing).join(Rsvp.person))
        return {name: standing.value for name, standing in rows}


def taken(world: World) -> int | None:
    with seeing_all(world.database) as session:
        return session.scalar(sa.select(Briefing.taken))


def test_whoever_sends_a_seat_keeps_it_until_it_is_taken(
    world: World, pair: tuple[Asker, Asker]
) -> None:
    ana, ben = pair
    briefing = world.briefing(capacity=1, starts_at=NOON + 72 * HOUR)
    say(world, ana, briefing)

    sent = send(world, ana, ben, briefing)

    assert (sent.name, sent.until) == ("Ben", NOON + 24 * HOUR)
    assert (stand(world), taken(world)) == ({"Ana": "going"}, 1)
    owed = newest(world)
    assert (owed.recipient, owed.expires_at) == (ben.slack_user, sent.until)


def test_whoever_takes_it_goes_in_their_place_counted_once(
    world: World, pair: tuple[Asker, Asker]
) -> None:
    ana, ben = pair
    briefing = world.briefing(capacity=1, company_seats=1, closes_at=NOON + HOUR)
    say(world, ana, briefing)
    say(world, world.member("Zoe"), briefing)
    send(world, ana, ben, briefing)

    handed = take(world, ben, now=NOON + 2 * HOUR)

    assert (handed.name, handed.is_taken) == ("Ana", True)
    assert stand(world) == {"Ana": "declined", "Zoe": "waitlisted", "Ben": "going"}
    assert taken(world) == 1
    with seeing_all(world.database) as session:
        told = session.scalars(sa.select(Delivery).order_by(Delivery.id.desc())).first()
        entries = session.scalars(sa.select(AuditEntry).order_by(AuditEntry.id)).all()
    assert told is not None
    assert (told.kind, told.recipient, told.details["taken"]) == (
        "seat_handed",
        ana.slack_user,
        True,
    )
    assert [(entry.actor_id, entry.after) for entry in entries[-2:]] == [
        (ben.person, {"person": ben.person, "standing": "going"}),
        (ben.person, {"person": ana.person, "standing": "declined"}),
    ]


@pytest.mark.parametrize("stood", [GOING, MAYBE, DECLINED])
def test_whoever_had_answered_otherwise_has_one_answer_still(
    world: World, pair: tuple[Asker, Asker], stood: Answer
) -> None:
    ana, ben = pair
    briefing = world.briefing(capacity=1)
    say(world, ana, briefing)
    say(world, ben, briefing, stood)  # a place in the queue, where they would go
    send(world, ana, ben, briefing)

    take(world, ben)

    assert (stand(world), taken(world)) == ({"Ana": "declined", "Ben": "going"}, 1)


def test_whoever_passes_leaves_it_where_it_was_and_cannot_take_it_later(
    world: World, pair: tuple[Asker, Asker]
) -> None:
    ana, ben = pair
    briefing = world.briefing(capacity=1)
    say(world, ana, briefing)
    send(world, ana, ben, briefing)

    assert not leave(world, ben).is_taken
    with pytest.raises(Refusal, match="not open to you"):
        take(world, ben)

    assert (stand(world), taken(world)) == ({"Ana": "going"}, 1)


def test_taken_once_it_is_not_taken_twice(world: World, pair: tuple[Asker, Asker]) -> None:
    ana, ben = pair
    briefing = world.briefing(capacity=1)
    say(world, ana, briefing)
    send(world, ana, ben, briefing)

    take(world, ben)
    before = every_row(world.database)
    with pytest.raises(Refusal):
        take(world, ben)

    assert every_row(world.database) == before


@pytest.mark.parametrize("by", [24 * HOUR, 48 * HOUR])
def test_after_a_day_it_stays_where_it_is(
    world: World, pair: tuple[Asker, Asker], by: timedelta
) -> None:
    ana, ben = pair
    briefing = world.briefing(capacity=1, starts_at=NOON + 72 * HOUR)
    say(world, ana, briefing)
    send(world, ana, ben, briefing)

    with pytest.raises(Refusal, match="not open to you"):
        take(world, ben, now=NOON + by)

    assert stand(world) == {"Ana": "going"}


def test_it_ends_with_the_start(world: World, pair: tuple[Asker, Asker]) -> None:
    ana, ben = pair
    briefing = world.briefing(capacity=1, starts_at=NOON + HOUR)
    say(world, ana, briefing)
    assert send(world, ana, ben, briefing).until == NOON + HOUR

    for act in (
        lambda: take(world, ben, now=NOON + HOUR),
        lambda: send(world, ana, ben, briefing, NOON + HOUR),
    ):
        with pytest.raises(Refusal, match=r"not open to you|has begun"):
            act()


def test_whoever_changes_their_answer_takes_back_what_they_sent(
    world: World, pair: tuple[Asker, Asker]
) -> None:
    ana, ben = pair
    briefing = world.briefing(capacity=1)
    zoe = world.member("Zoe")
    say(world, ana, briefing)
    send(world, ana, ben, briefing)
    say(world, ana, briefing, MAYBE)
    say(world, zoe, briefing)
    say(world, zoe, briefing, DECLINED)
    say(world, ana, briefing)

    with pytest.raises(Refusal, match="not open to you"):
        take(world, ben)

    assert (stand(world)["Ana"], taken(world)) == ("going", 1)


def test_sent_to_another_it_is_the_others(world: World, pair: tuple[Asker, Asker]) -> None:
    ana, ben = pair
    cy = world.member("Cy", organisation_id=ana.organisation)
    briefing = world.briefing(capacity=1)
    say(world, ana, briefing)
    send(world, ana, ben, briefing)
    first = newest(world).id
    send(world, ana, cy, briefing)

    for asker, sent in ((ben, first), (ben, newest(world).id), (cy, first)):
        with pytest.raises(Refusal, match="not open to you"):
            take(world, asker, sent)
    take(world, cy)

    assert (stand(world), taken(world)) == ({"Ana": "declined", "Cy": "going"}, 1)


def test_two_who_were_sent_and_one_who_answers_leave_one_seat(
    world: World, pair: tuple[Asker, Asker]
) -> None:
    ana, ben = pair
    briefing = world.briefing(capacity=1)
    zoe = world.member("Zoe")
    say(world, ana, briefing)
    say(world, zoe, briefing)
    send(world, ana, ben, briefing)
    sent = newest(world).id

    def tried(number: int) -> None:
        try:
            if number % 2:
                take(world, ben, sent)
            else:
                say(world, ana, briefing, DECLINED)
        except Refusal:
            pass

    at_once(4, tried, range(8))

    standings = list(stand(world).values())
    assert (taken(world), standings.count("going")) == (1, 1)


def test_a_seat_stays_with_its_organisation_and_whoever_may_have_it(
    world: World, pair: tuple[Asker, Asker]
) -> None:
    ana, ben = pair
    briefing = world.briefing()
    say(world, ana, briefing)
    guest = world.person("Guy", role=Role.EXTERNAL, organisation_id=ana.organisation)
    others = (
        (ana, "yours already"),
        (world.member("Zoe"), "stays with its organisation"),
        (world.asker(guest), "Guy may not see"),
        (world.unknown(), "not linked"),
        (World(world.database, "T0OTHER").member(), "not known here"),
    )
    before = every_row(world.database)

    for to, sentence in others:
        with pytest.raises(Refusal, match=sentence):
            send(world, ana, to, briefing)
    with pytest.raises(Refusal, match="You have no seat"):
        send(world, ben, ana, briefing)

    assert every_row(world.database) == before
    say(world, ben, briefing)
    with pytest.raises(Refusal, match="Ben has a seat"):
        send(world, ana, ben, briefing)


def test_under_the_chatham_house_rule_it_says_of_nobody_that_they_come(
    world: World, pair: tuple[Asker, Asker]
) -> None:
    ana, ben = pair
    briefing = world.briefing(notices=[Notice.CHATHAM_HOUSE])
    for asker in pair:
        say(world, asker, briefing)

    assert send(world, ana, ben, briefing).name == "Ben"
    with pytest.raises(Refusal, match="You have a seat of your own"):
        take(world, ben)


def test_a_seat_at_what_does_not_take_place_is_not_taken(
    world: World, pair: tuple[Asker, Asker]
) -> None:
    ana, ben = pair
    briefing = world.briefing(audience=Audience.COMMUNITY, tlp=Tlp.GREEN)
    say(world, ana, briefing)
    send(world, ana, ben, briefing)
    with altering(world.database) as session:
        session.execute(sa.update(Briefing).values(state=State.CANCELLED))

    with pytest.raises(Refusal, match="cancelled"):
        take(world, ben)
