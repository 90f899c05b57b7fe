"""A seat asked for where a company has all it may have: given once, kept, or let lie."""

from datetime import datetime, timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from storage import capacity, delegating, rsvps, swapping
from storage.asker import Asker
from storage.companies import Company
from storage.database import Database
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
from storage.swapping import Answered, Holder, Holders
from tests.factories import NOON, World, altering, at_once, every_row, seeing_all

GOING, MAYBE, DECLINED = Answer.GOING, Answer.MAYBE, Answer.DECLINED
HOUR = timedelta(hours=1)


@pytest.fixture
def world(database: Database) -> World:
    return World(database)


@pytest.fixture
def three(world: World) -> tuple[Asker, ...]:
    return colleagues(world, "Ana", "Ben", "Cy")


def colleagues(world: World, *names: str, role: Role = Role.MEMBER) -> tuple[Asker, ...]:
    home = world.organisation("Adobe").id
    people = [world.person(name, role=role, organisation_id=home) for name in names]
    return tuple(world.asker(person) for person in people)


def say(
    world: World, asker: Asker, briefing: Briefing, answer: Answer = GOING, now: datetime = NOON
) -> rsvps.Outcome:
    return world.database.run(rsvps.answer, asker, now, briefing.id, answer)


def full(world: World, three: tuple[Asker, ...], **given: Any) -> Briefing:
    """Make a briefing of which the first two of *three* have all seats their company may have."""
    values = {"company_seats": 2, "starts_at": NOON + 72 * HOUR, **given}
    briefing = world.briefing(**values)
    for asker in three[:2]:
        say(world, asker, briefing)
    return briefing


def listed(world: World, asker: Asker, briefing: Briefing, now: datetime = NOON) -> Holders:
    return world.database.run(swapping.holders, asker, now, f"E{briefing.id}")


def answer_of(world: World, asker: Asker) -> int:
    with seeing_all(world.database) as session:
        own = sa.select(Rsvp.id).where(Rsvp.person_id == asker.person)
        return session.scalars(own.order_by(Rsvp.id.desc())).first() or 0


def ask(world: World, asker: Asker, holder: Asker, now: datetime = NOON) -> swapping.Asked:
    return world.database.run(swapping.ask, asker, now, answer_of(world, holder))


def newest(world: World, kind: str = "swap_asked") -> Delivery:
    with seeing_all(world.database) as session:
        of_kind = sa.select(Delivery).where(Delivery.kind == kind)
        found = session.scalars(of_kind.order_by(Delivery.id.desc()))
        return found.first() or Delivery(id=0)


def give(world: World, asker: Asker, now: datetime = NOON, asked: int = 0) -> Answered:
    return world.database.run(swapping.give, asker, now, asked or newest(world).id)


def keep(world: World, asker: Asker, now: datetime = NOON) -> Answered:
    return world.database.run(swapping.keep, asker, now, newest(world).id)


def stand(world: World) -> dict[str, str]:
    with seeing_all(world.database) as session:
        rows = session.execute(sa.select(Person.name, Rsvp.standing).join(Rsvp.person))
        return {name: standing.value for name, standing in rows}


def taken(world: World) -> int | None:
    with seeing_all(world.database) as session:
        return session.scalar(sa.select(Briefing.taken))


def test_whoever_meets_a_full_company_sees_whom_to_ask(
    world: World, three: tuple[Asker, ...]
) -> None:
    ana, ben, cy = three
    briefing = full(world, three)

    told = listed(world, cy, briefing)

    assert told.company == Company("Adobe", 2, 2, ("Ana", "Ben"))
    assert told.holders == (
        Holder(answer_of(world, ana), "Ana", is_asked=False),
        Holder(answer_of(world, ben), "Ben", is_asked=False),
    )
    ask(world, cy, ben)
    assert [one.is_asked for one in listed(world, cy, briefing).holders] == [False, True]


def test_who_is_asked_gets_one_message_and_keeps_the_seat_meanwhile(
    world: World, three: tuple[Asker, ...]
) -> None:
    ana, _, cy = three
    briefing = full(world, three)

    told = ask(world, cy, ana)

    assert (told.name, told.until) == ("Ana", NOON + 24 * HOUR)
    assert stand(world) == {"Ana": "going", "Ben": "going"}
    owed = newest(world)
    assert (owed.recipient, owed.expires_at) == (ana.slack_user, told.until)
    with seeing_all(world.database) as session:
        entry = session.scalars(sa.select(AuditEntry).order_by(AuditEntry.id.desc())).first()
    assert entry is not None
    assert (entry.actor_id, entry.after) == (cy.person, {"asked": ana.person})
    assert briefing.id == owed.details["briefing"]


def test_nobody_is_asked_twice_by_the_same_but_by_another(
    world: World, three: tuple[Asker, ...]
) -> None:
    ana, ben, cy = three
    full(world, three)
    dee = world.member("Dee", organisation_id=cy.organisation)
    ask(world, cy, ana)

    with pytest.raises(Refusal, match="You have asked Ana already, and nobody is asked twice"):
        ask(world, cy, ana, NOON + 48 * HOUR)
    ask(world, cy, ben)
    ask(world, dee, ana)

    with seeing_all(world.database) as session:
        assert len(session.scalars(sa.select(Delivery)).all()) == 3


def test_a_seat_that_is_given_moves_and_is_counted_once(
    world: World, three: tuple[Asker, ...]
) -> None:
    ana, _, cy = three
    briefing = full(world, three, capacity=2)
    say(world, cy, briefing)
    zoe = world.member("Zoe")
    say(world, zoe, briefing)
    ask(world, cy, ana)

    told = give(world, ana, NOON + HOUR)

    assert (told.name, told.is_given) == ("Cy", True)
    assert stand(world) == {"Ana": "declined", "Ben": "going", "Cy": "going", "Zoe": "waitlisted"}
    assert taken(world) == 2
    assert say(world, zoe, briefing).position == 1
    news = newest(world, "swap_answered")
    assert (news.recipient, news.details["given"]) == (cy.slack_user, True)
    with seeing_all(world.database) as session:
        entries = session.scalars(sa.select(AuditEntry).order_by(AuditEntry.id)).all()
    assert [(entry.actor_id, entry.after) for entry in entries[-2:]] == [
        (ana.person, {"person": cy.person, "standing": "going"}),
        (ana.person, {"person": ana.person, "standing": "declined"}),
    ]


def test_it_needs_no_waitlist_and_no_answer_of_whoever_asks(
    world: World, three: tuple[Asker, ...]
) -> None:
    ana, _, cy = three
    briefing = full(world, three, has_waitlist=False)
    with pytest.raises(Refusal, match=rf"or ask one of them: /briefings swap E{briefing.id}\."):
        say(world, cy, briefing)
    ask(world, cy, ana)

    give(world, ana)

    assert stand(world) == {"Ana": "declined", "Ben": "going", "Cy": "going"}


def test_a_seat_that_is_kept_stays_and_whoever_asked_is_told(
    world: World, three: tuple[Asker, ...]
) -> None:
    ana, _, cy = three
    full(world, three)
    ask(world, cy, ana)

    told = keep(world, ana)

    assert (told.name, told.is_given) == ("Cy", False)
    assert newest(world, "swap_answered").details["given"] is False
    for verb in (give, keep):
        with pytest.raises(Refusal, match="nothing to answer here any more"):
            verb(world, ana)
    assert stand(world) == {"Ana": "going", "Ben": "going"}


def test_a_seat_is_given_once(world: World, three: tuple[Asker, ...]) -> None:
    ana, _, cy = three
    full(world, three)
    dee = world.member("Dee", organisation_id=cy.organisation)
    ask(world, cy, ana)
    first = newest(world).id
    ask(world, dee, ana)
    give(world, ana, asked=first)

    for asked in (first, newest(world).id):
        with pytest.raises(Refusal, match="nothing to answer here any more"):
            give(world, ana, asked=asked)

    assert stand(world) == {"Ana": "declined", "Ben": "going", "Cy": "going"}


def test_two_who_are_given_one_seat_at_the_same_moment_do_not_both_have_it(
    world: World, three: tuple[Asker, ...]
) -> None:
    ana, _, cy = three
    full(world, three)
    dee = world.member("Dee", organisation_id=cy.organisation)
    asked = []
    for asker in (cy, dee):
        ask(world, asker, ana)
        asked.append(newest(world).id)

    def gives(number: int) -> bool:
        try:
            return give(world, ana, asked=number).is_given
        except Refusal:
            return False

    given = at_once(2, gives, asked)

    assert sorted(given) == [False, True]
    assert sorted(stand(world).values()) == ["declined", "going", "going"]
    assert taken(world) == 2


@pytest.mark.parametrize("late", [24 * HOUR, 72 * HOUR, 73 * HOUR])
def test_after_a_day_and_from_the_start_on_nothing_is_given(
    world: World, three: tuple[Asker, ...], late: timedelta
) -> None:
    ana, _, cy = three
    full(world, three)
    ask(world, cy, ana)

    with pytest.raises(Refusal):
        give(world, ana, NOON + late)

    assert stand(world)["Ana"] == "going"


def test_once_it_has_begun_nobody_is_asked(world: World, three: tuple[Asker, ...]) -> None:
    ana, _, cy = three
    briefing = full(world, three, starts_at=NOON + HOUR)

    with pytest.raises(Refusal, match="has begun"):
        listed(world, cy, briefing, NOON + HOUR)
    with pytest.raises(Refusal, match="has begun"):
        ask(world, cy, ana, NOON + HOUR)
    assert ask(world, cy, ana).until == NOON + HOUR


def test_whoever_has_a_seat_by_then_is_given_no_second(
    world: World, three: tuple[Asker, ...]
) -> None:
    ana, ben, cy = three
    briefing = full(world, three)
    say(world, cy, briefing)
    ask(world, cy, ana)
    say(world, ben, briefing, DECLINED)  # Cy moves up

    with pytest.raises(Refusal, match="your colleague has a seat by now"):
        give(world, ana)
    with pytest.raises(Refusal, match="There is a seat for you at"):
        listed(world, cy, briefing)
    assert stand(world) == {"Ana": "going", "Ben": "declined", "Cy": "going"}


def test_whoever_gave_the_seat_up_has_none_to_give(world: World, three: tuple[Asker, ...]) -> None:
    ana, _, cy = three
    briefing = full(world, three)
    ask(world, cy, ana)
    say(world, ana, briefing, MAYBE)

    with pytest.raises(Refusal, match="nothing to answer"):
        give(world, ana)
    assert stand(world) == {"Ana": "maybe", "Ben": "going"}


@pytest.mark.parametrize(
    "values",
    [{"role": Role.UNKNOWN}, {"organisation_id": None}, {"is_active": False}],
)
def test_whoever_asked_and_left_is_given_nothing(
    world: World, three: tuple[Asker, ...], values: dict[str, Any]
) -> None:
    ana, _, cy = three
    full(world, three)
    ask(world, cy, ana)
    with altering(world.database) as session:
        session.execute(sa.update(Person).where(Person.id == cy.person).values(**values))

    with pytest.raises(Refusal, match="nothing to answer"):
        give(world, ana)
    assert stand(world) == {"Ana": "going", "Ben": "going"}


def test_whom_it_was_not_asked_of_gives_nothing(world: World, three: tuple[Asker, ...]) -> None:
    ana, ben, cy = three
    full(world, three)
    ask(world, cy, ana)
    before = every_row(world.database)

    for other in (ben, cy, world.staff(), World(world.database, "T0OTHER").member()):
        for verb in (give, keep):
            with pytest.raises(Refusal, match="nothing to answer"):
                verb(world, other)

    assert every_row(world.database)["rsvps"] == before["rsvps"]


def test_nobody_is_asked_for_what_is_not_their_companys(
    world: World, three: tuple[Asker, ...]
) -> None:
    *_, cy = three
    full(world, three)
    gil = world.member("Gil")
    hidden = world.briefing(company_seats=1, audience=Audience.STAFF)
    world.add(
        Rsvp(
            briefing_id=hidden.id,
            person_id=three[0].person,
            organisation_id=cy.organisation,
            standing="going",
            answered_at=NOON,
        )
    )
    theirs = answer_of(world, three[1])

    for asker, answer in ((gil, theirs), (cy, 0), (cy, 9999), (cy, answer_of(world, three[0]))):
        with pytest.raises(Refusal) as refused:
            world.database.run(swapping.ask, asker, NOON, answer)
        assert refused.value.sentence == swapping.GONE
    assert newest(world).id == 0


def test_whoever_has_no_seat_is_not_asked_for_one(world: World, three: tuple[Asker, ...]) -> None:
    _, _, cy = three
    full(world, three)
    dee = world.member("Dee", organisation_id=cy.organisation)
    with seeing_all(world.database) as session:
        briefing = session.scalars(sa.select(Briefing)).one()
    say(world, dee, briefing)  # waits

    with pytest.raises(Refusal, match="Nobody can be asked for that seat any more"):
        ask(world, cy, dee)


def test_whoever_left_slack_is_neither_listed_nor_asked(
    world: World, three: tuple[Asker, ...]
) -> None:
    ana, _, cy = three
    briefing = full(world, three)
    with altering(world.database) as session:
        session.execute(sa.update(Person).where(Person.id == ana.person).values(is_active=False))

    assert [one.name for one in listed(world, cy, briefing).holders] == ["Ben"]
    with pytest.raises(Refusal, match="Nobody can be asked"):
        ask(world, cy, ana)


def test_where_there_is_room_there_is_nobody_to_ask(world: World, three: tuple[Asker, ...]) -> None:
    ana, _, cy = three
    briefing = full(world, three, company_seats=3)
    capped = world.briefing(company_seats=1)

    for asker, where in ((cy, briefing), (world.staff(), capped)):
        with pytest.raises(Refusal, match="are taken, so there is nobody to ask"):
            listed(world, asker, where)
    world.database.run(capacity.set_capacity, world.staff(), NOON, briefing.id, None, 2)
    ask(world, cy, ana)
    world.database.run(capacity.set_capacity, world.staff(), NOON, briefing.id, None, 3)
    # What was asked may still be given.
    assert give(world, ana).is_given


@pytest.mark.parametrize(
    ("role", "notices"), [(Role.EXTERNAL, []), (Role.MEMBER, [Notice.CHATHAM_HOUSE])]
)
def test_where_nobody_is_named_nobody_is_asked(
    world: World, role: Role, notices: list[str]
) -> None:
    ana, ben, cy = colleagues(world, "Ana", "Ben", "Cy", role=role)
    circle = {"audience": Audience.COMMUNITY, "tlp": Tlp.GREEN}
    briefing = full(world, (ana, ben), notices=notices, **circle)

    for verb in (lambda: listed(world, cy, briefing), lambda: ask(world, cy, ana)):
        with pytest.raises(Refusal, match="is not named here") as refused:
            verb()
        assert "Ana" not in refused.value.sentence.replace("@Ana", "")
    assert newest(world).id == 0


@pytest.mark.parametrize("state", [State.CANCELLED, State.DRAFT])
def test_of_what_does_not_take_place_no_seat_is_asked_for(
    world: World, three: tuple[Asker, ...], state: State
) -> None:
    ana, _, cy = three
    briefing = full(world, three)
    ask(world, cy, ana)
    with altering(world.database) as session:
        session.get_one(Briefing, briefing.id).state = state

    for verb in (lambda: listed(world, cy, briefing), lambda: give(world, ana)):
        with pytest.raises(Refusal):
            verb()
    assert stand(world)["Ana"] == "going"


def test_a_seat_that_was_sent_to_another_and_then_given_is_not_taken_too(
    world: World, three: tuple[Asker, ...]
) -> None:
    ana, _, cy = three
    briefing = full(world, three)
    dee = world.member("Dee", organisation_id=cy.organisation)
    world.database.run(delegating.send, ana, NOON, dee.slack_user, f"E{briefing.id}")
    sent = newest(world, delegating.KIND).id
    ask(world, cy, ana)
    give(world, ana)

    with pytest.raises(Refusal):
        world.database.run(delegating.take, dee, NOON, sent)
    assert stand(world) == {"Ana": "declined", "Ben": "going", "Cy": "going"}
