"""Seats of people who may no longer see a briefing, and the queue without them."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from storage import briefings, comings, forfeits, linking, people, rsvps, seats, sharing, sight
from storage.database import Database
from storage.models import (
    CONTACT,
    FITS,
    Answer,
    Audience,
    AuditEntry,
    Briefing,
    Delivery,
    NamedReader,
    OrganisationKind,
    Person,
    Role,
    Rsvp,
    Standing,
    State,
    Workspace,
)
from storage.people import Profile
from storage.policy import Act, decide
from storage.sharing import Wish
from tests.factories import NOON, World, altering, seeing_all
from tests.figures import figure


@pytest.fixture
def world(database: Database) -> World:
    return World(database)


def go(world: World, person: Person, briefing: Briefing) -> rsvps.Outcome:
    asker = world.asker(person)
    return world.database.run(rsvps.answer, asker, NOON, briefing.id, Answer.GOING)


def standings(world: World) -> dict[str, Standing]:
    with seeing_all(world.database) as session:
        rows = session.execute(sa.select(Person.name, Rsvp.standing).join(Rsvp.person))
        return {row.name: row.standing for row in rows}


def relinked(world: World, person: Person, _briefing: Briefing) -> None:
    world.organisation("Hotline", OrganisationKind.HOTLINE)
    world.database.run(linking.link, world.staff(), NOON, person.slack_user, "Hotline")


def narrowed(world: World, _person: Person, briefing: Briefing) -> None:
    wish = Wish(Audience.NAMED, people=(named(world, "Nia"),))
    world.database.run(sharing.share, world.staff(), NOON, f"E{briefing.id}", wish)


def deactivated(world: World, person: Person, _briefing: Briefing) -> None:
    profile = Profile(world.team, person.slack_user, "Ana", None, is_active=False)
    world.database.run(comings.noted, world.staff(), NOON, profile)


def made_a_guest(world: World, person: Person, _briefing: Briefing) -> None:
    with altering(world.database) as session:
        session.execute(sa.update(Person).where(Person.id == person.id).values(linked_at=None))
    profile = Profile(world.team, person.slack_user, "Ana", None, is_guest=True)
    world.database.run(comings.noted, world.staff(), NOON, profile)


def named(world: World, name: str) -> str:
    with seeing_all(world.database) as session:
        return session.scalars(sa.select(Person.slack_user).where(Person.name == name)).one()


@pytest.mark.parametrize("lose", [relinked, narrowed, deactivated, made_a_guest])
def test_a_seat_goes_on_in_the_transaction_that_takes_the_right(
    world: World, lose: Callable[[World, Person, Briefing], None]
) -> None:
    ana, nia = world.person("Ana"), world.person("Nia")
    briefing = world.briefing(capacity=1)
    go(world, ana, briefing)
    go(world, nia, briefing)
    past = world.briefing(starts_at=NOON - timedelta(days=3))
    given = {"standing": Standing.GOING, "answered_at": NOON}
    world.add(Rsvp(briefing_id=past.id, person_id=ana.id, **given))

    lose(world, ana, briefing)

    with seeing_all(world.database) as session:
        stands = session.scalars(sa.select(Rsvp).order_by(Rsvp.id)).all()
        owed = session.scalars(sa.select(Delivery.recipient).where(Delivery.kind == "promoted"))
        entry = session.scalars(sa.select(AuditEntry).order_by(AuditEntry.id.desc())).first()
        taken = session.scalar(sa.select(Briefing.taken).where(Briefing.id == briefing.id))
        assert owed.all() == [nia.slack_user]
    assert [row.standing for row in stands] == [
        Standing.DECLINED,
        Standing.GOING,
        Standing.GOING,
    ]
    assert taken == 1
    assert entry is not None
    assert (entry.verb, entry.subject) == ("rsvp", f"briefing {briefing.id}")
    assert entry.before == {"person": ana.id, "standing": "going"}
    assert entry.after == {"person": ana.id, "standing": "declined"}


def test_whoever_leaves_a_group_gives_up_the_seat_at_its_briefing(world: World) -> None:
    ana, nia = world.person("Ana"), world.person("Nia")
    group = world.group("", ana, nia)
    briefing = world.briefing(capacity=1, audience=Audience.GROUP, audience_group_id=group.id)
    go(world, ana, briefing)
    go(world, nia, briefing)

    world.database.run(seats.leave, world.asker(ana), NOON, f"G{group.id}")

    assert standings(world) == {"Ana": Standing.DECLINED, "Nia": Standing.GOING}


def test_what_one_may_still_see_one_still_goes_to(world: World) -> None:
    ana = world.person("Ana")
    briefing = world.briefing(audience=Audience.COMMUNITY, tlp=FITS[Audience.COMMUNITY][0])
    go(world, ana, briefing)

    relinked(world, ana, briefing)

    assert standings(world) == {"Ana": Standing.GOING}


def test_a_link_that_lapsed_frees_the_seat_once_a_day(world: World) -> None:
    ana, nia = world.person("Ana", is_guest=True), world.person("Nia")
    starts_at = NOON + timedelta(days=300)
    briefing = world.briefing(capacity=1, starts_at=starts_at)
    go(world, ana, briefing)
    go(world, nia, briefing)

    freed = [
        world.database.run(forfeits.sweep, NOON + timedelta(days=days)) for days in (179, 180, 180)
    ]

    assert freed == [0, 1, 0]
    assert standings(world) == {"Ana": Standing.DECLINED, "Nia": Standing.GOING}


def test_the_queue_shown_is_of_those_who_may_still_come(world: World) -> None:
    briefing = world.briefing(capacity=1)
    four = [world.person(name) for name in ("Ana", "Lee", "Max", "Nia")]
    for person in four:
        go(world, person, briefing)
    with altering(world.database) as session:
        lee, guest = four[1].id, {"is_guest": True, "linked_at": None}
        session.execute(sa.update(Person).where(Person.id == lee).values(**guest))

    nia = world.asker(four[3])
    shown = world.database.run(briefings.by_id, nia, NOON, briefing.id)
    page = world.database.run(briefings.upcoming, nia, NOON)

    assert (shown.position, shown.waiting) == (2, 2)
    assert [line.waiting for line in page.rows] == [2]
    assert go(world, four[3], briefing).position == 2


def admitted(world: World) -> set[tuple[int, ...]]:
    asks = sa.select(Person.id, Briefing.id).where(
        Person.workspace_id == Workspace.id,
        Briefing.workspace_id == Workspace.id,
        Workspace.id == world.id,
        sight.ADMITTED,
    )
    with seeing_all(world.database) as session:
        return {tuple(row) for row in session.execute(asks, sight.binds(NOON))}


def test_those_who_sit_in_a_group_may_answer_for_its_briefing_and_for_no_other(
    world: World,
) -> None:
    ana, nia, _lee = (world.person(role=Role.EXTERNAL) for _ in range(3))
    one, two = world.group("", ana), world.group("", nia)
    group = {"audience": Audience.GROUP, "tlp": FITS[Audience.GROUP][0]}
    ours, theirs = (world.briefing(audience_group_id=sat.id, **group) for sat in (one, two))
    # A group that stands beside another audience gives nothing.
    staff = {"audience": Audience.STAFF, "tlp": FITS[Audience.STAFF][0]}
    world.briefing(audience_group_id=one.id, **staff)

    assert admitted(world) == {(ana.id, ours.id), (nia.id, theirs.id)}


def test_chairs_may_answer_for_a_draft_of_their_group_and_of_no_other(world: World) -> None:
    ana, nia, lee = (world.person() for _ in range(3))
    one, two = world.group("", lee, chairs=(ana,)), world.group("", chairs=(nia,))
    draft = {"state": State.DRAFT, "audience": Audience.GROUP, "tlp": FITS[Audience.GROUP][0]}
    ours, theirs = (world.briefing(audience_group_id=led.id, **draft) for led in (one, two))
    world.briefing(state=State.DRAFT, audience=Audience.MEMBERS, audience_group_id=one.id)

    assert admitted(world) == {(ana.id, ours.id), (nia.id, theirs.id)}


PEOPLE = st.fixed_dictionaries(
    {
        "role": st.sampled_from(Role),
        "is_active": st.integers(0, 4).map(bool),
        "is_bot": st.integers(0, 5).map(lambda number: number == 0),
        "is_guest": st.booleans(),
        "is_stranger": st.integers(0, 3).map(lambda number: number == 0),
        "is_contact": st.integers(0, 3).map(lambda number: number == 0),
        "slack_team": st.sampled_from(["T0CONVENE", "T0OTHER"]),
        "linked_at": st.sampled_from(
            [None, NOON, NOON - timedelta(days=180), NOON - timedelta(days=179)]
        ),
    }
)


@given(
    drawn=st.lists(PEOPLE, min_size=8, max_size=8),
    seated=st.frozensets(st.integers(0, 7)),
    team=st.sampled_from(["T0CONVENE", "E0GRID"]),
)
@settings(
    max_examples=figure(ci=10, full=150),
    suppress_health_check=list(HealthCheck),
    deadline=None,
)
def test_the_condition_admits_whom_the_policy_lets_answer(
    database: Database, drawn: list[dict[str, Any]], seated: frozenset[int], team: str
) -> None:
    world = World(database, f"{team}{next(_numbers)}")
    for one in drawn:
        one["slack_team"] = one["slack_team"].replace("T0CONVENE", world.team)
        if one.pop("is_contact"):
            one |= {"slack_user": f"{CONTACT}{next(_numbers)}", "is_active": False}
    everybody = [world.person(**{"organisation_id": None, **one}) for one in drawn]
    group = world.group("", *(everybody[number] for number in seated))
    items = [
        world.briefing(
            audience=audience, tlp=FITS[audience][0], audience_group_id=group.id, state=state
        )
        for audience in Audience
        for state in (State.PUBLISHED, State.DRAFT)
    ]
    for number in seated:
        for item in items[::3]:
            who = {"item_table": "briefings", "item_id": item.id}
            world.add(NamedReader(person_id=everybody[number].id, **who))

    with seeing_all(database) as session:
        askers = [people.asker_of(session, world.id, NOON, person.id) for person in everybody]

    assert admitted(world) == {
        (asker.person, item.id)
        for asker in askers
        for item in items
        if asker is not None and decide(asker, item, Act.ANSWER)
    }


_numbers = iter(range(10**9))
