"""How many seats one organisation may have, whom that stops, and whom it does not."""

import pytest
import sqlalchemy as sa

from storage import rsvps
from storage.asker import Asker
from storage.companies import Company
from storage.database import Database
from storage.errors import Refusal
from storage.models import Answer, Audience, Briefing, Notice, Person, Role, Rsvp, Standing, Tlp
from tests.factories import NOON, World, altering, seeing_all

GOING, MAYBE, DECLINED = Answer.GOING, Answer.MAYBE, Answer.DECLINED


@pytest.fixture
def world(database: Database) -> World:
    return World(database)


def say(world: World, asker: Asker, briefing: Briefing, answer: Answer = GOING) -> rsvps.Outcome:
    return world.database.run(rsvps.answer, asker, NOON, briefing.id, answer)


def colleagues(
    world: World, company: str, *names: str, role: Role = Role.MEMBER
) -> tuple[Asker, ...]:
    home = world.organisation(company).id
    people = [world.person(name, role=role, organisation_id=home) for name in names]
    return tuple(world.asker(person) for person in people)


def stand(world: World) -> dict[str, str]:
    with seeing_all(world.database) as session:
        rows = session.execute(sa.select(Person.name, Rsvp.standing).join(Rsvp.person))
        return {name: standing.value for name, standing in rows}


def test_a_company_that_has_its_seats_waits_and_is_told_who_has_them(world: World) -> None:
    briefing = world.briefing(company_seats=2)
    ana, ben, cy = colleagues(world, "Adobe", "Ana", "Ben", "Cy")
    say(world, ana, briefing)
    say(world, ben, briefing)

    outcome = say(world, cy, briefing)
    again = say(world, cy, briefing)

    assert (outcome.standing, outcome.position) == (Standing.WAITLISTED, 1)
    assert outcome.company == again.company == Company("Adobe", 2, 2, ("Ana", "Ben"))
    assert str(outcome.company) == "2 of 2 seats of Adobe are taken by Ana and Ben"
    assert (again.changed, again.briefing.taken) == (False, 2)


def test_it_stops_nobody_of_another_company(world: World) -> None:
    briefing = world.briefing(capacity=3, company_seats=1)
    for asker in colleagues(world, "Adobe", "Ana", "Ben"):
        say(world, asker, briefing)

    (other,) = colleagues(world, "Google", "Gil")
    outcome = say(world, other, briefing)

    assert (outcome.standing, outcome.briefing.taken) == (Standing.GOING, 2)


def test_a_company_that_waits_lets_those_behind_it_pass(world: World) -> None:
    briefing = world.briefing(capacity=2, company_seats=1)
    (ana, ben) = colleagues(world, "Adobe", "Ana", "Ben")
    others = [world.member(name) for name in ("Gil", "Hal", "Ida")]
    for asker in (ana, ben, *others):
        say(world, asker, briefing)

    freed = say(world, others[0], briefing, DECLINED)

    assert freed.promoted == ("Hal",)
    assert stand(world)["Ben"] == "waitlisted"
    assert say(world, ben, briefing).position == 1


def test_a_seat_freed_within_a_company_is_for_whoever_of_all_waited_longest(world: World) -> None:
    briefing = world.briefing(capacity=2, company_seats=1)
    (ana, ben) = colleagues(world, "Adobe", "Ana", "Ben")
    others = [world.member(name) for name in ("Gil", "Hal")]
    for asker in (ana, others[0], others[1], ben):
        say(world, asker, briefing)

    assert say(world, ana, briefing, DECLINED).promoted == ("Hal",)
    assert say(world, others[0], briefing, DECLINED).promoted == ("Ben",)


def test_a_company_that_gives_a_seat_back_gets_its_next_in_though_others_were_free(
    world: World,
) -> None:
    briefing = world.briefing(capacity=9, company_seats=1)
    ana, ben, cy = colleagues(world, "Adobe", "Ana", "Ben", "Cy")
    for asker in (ana, ben, cy):
        say(world, asker, briefing)

    assert say(world, ana, briefing, MAYBE).promoted == ("Ben",)
    assert say(world, ana, briefing).position == 2


def test_without_a_waitlist_it_is_refused_with_the_names(world: World) -> None:
    briefing = world.briefing(company_seats=1, has_waitlist=False)
    ana, ben = colleagues(world, "Adobe", "Ana", "Ben")
    say(world, ana, briefing)

    with pytest.raises(
        Refusal, match=r"The one seat of Adobe is taken by Ana and there is no waitlist\."
    ):
        say(world, ben, briefing)

    assert stand(world) == {"Ana": "going"}


def test_whoever_speaks_for_nobody_shares_no_seats(world: World) -> None:
    briefing = world.briefing(company_seats=1)

    standings = [say(world, world.staff(), briefing).standing for _ in range(3)]

    assert standings == [Standing.GOING] * 3


@pytest.mark.parametrize(
    ("role", "notices", "names"),
    [
        (Role.MEMBER, [], ("Ana",)),
        (Role.EXTERNAL, [], ()),
        (Role.MEMBER, [Notice.CHATHAM_HOUSE], ()),
    ],
)
def test_names_are_for_those_who_may_read_them(
    world: World, role: Role, notices: list[str], names: tuple[str, ...]
) -> None:
    circle = {"audience": Audience.COMMUNITY, "tlp": Tlp.GREEN}
    briefing = world.briefing(company_seats=1, notices=notices, **circle)
    ana, ben = colleagues(world, "Adobe", "Ana", "Ben", role=role)
    say(world, ana, briefing)

    outcome = say(world, ben, briefing)

    assert outcome.company == Company("Adobe", 1, 1, names)
    assert str(outcome.company).startswith("The one seat of Adobe is taken")


def test_whoever_changed_employers_answers_for_the_new_one(world: World) -> None:
    briefing = world.briefing(company_seats=1)
    ana, ben = colleagues(world, "Adobe", "Ana", "Ben")
    (gil,) = colleagues(world, "Google", "Gil")
    for asker in (ana, gil, ben):
        say(world, asker, briefing)
    with altering(world.database) as session:
        moved = sa.update(Person).where(Person.id == ben.person)
        session.execute(moved.values(organisation_id=world.organisation("Snap").id))
        user = session.scalars(sa.select(Person).where(Person.id == ben.person)).one()
    ben = world.asker(user)

    say(world, ben, briefing, MAYBE)

    assert say(world, ben, briefing).standing is Standing.GOING


def test_many_are_counted_and_some_named() -> None:
    names = tuple(f"P{number}" for number in range(10))

    assert str(Company("Adobe", 10, 10, names)) == (
        "10 of 10 seats of Adobe are taken by P0, P1, P2, P3, P4, P5, P6, P7 and 2 more"
    )
    assert str(Company("Adobe", 1, 3, ())) == "Adobe may have 1 of the seats, and 3 are taken"
