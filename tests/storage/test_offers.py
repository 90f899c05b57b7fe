"""Seats freed shortly before the start: held for somebody, taken, passed on, or let lapse."""

from datetime import datetime, timedelta

import pytest
import sqlalchemy as sa

from storage import agendas, briefings, capacity, feeds, forfeits, offboarding, offers, rsvps
from storage.asker import Asker
from storage.crowds import Crowd
from storage.database import Database
from storage.feeds import Which
from storage.models import (
    Answer,
    AuditEntry,
    Briefing,
    Delivery,
    Person,
    Precision,
    Role,
    Rsvp,
    Standing,
)
from tests.factories import NOON, World, altering, seeing_all

GOING, MAYBE, DECLINED = Answer.GOING, Answer.MAYBE, Answer.DECLINED
HOUR = timedelta(hours=1)
SOON = NOON + 10 * HOUR


@pytest.fixture
def world(database: Database) -> World:
    return World(database)


def say(
    world: World,
    asker: Asker,
    briefing: Briefing,
    answer: Answer = GOING,
    now: datetime = NOON,
    note: str | None = None,
) -> rsvps.Outcome:
    return world.database.run(rsvps.answer, asker, now, briefing.id, answer, note)


def full(world: World, *names: str, **given: object) -> tuple[Briefing, list[Asker]]:
    """Make a briefing of one seat that begins in ten hours; all but the first wait for it."""
    values: dict[str, object] = {"capacity": 1, "starts_at": SOON, **given}
    briefing = world.briefing("", **values)
    askers = [world.member(name) for name in names]
    for asker in askers:
        say(world, asker, briefing)
    return briefing, askers


def offered(world: World, *names: str, **given: object) -> tuple[Briefing, list[Asker]]:
    """Make the same, whose first has just left."""
    briefing, askers = full(world, *names, **given)
    say(world, askers[0], briefing, DECLINED)
    return briefing, askers


def stand(world: World) -> dict[str, str]:
    with seeing_all(world.database) as session:
        rows = session.execute(sa.select(Person.name, Rsvp.standing).join(Rsvp.person))
        return {name: standing.value for name, standing in rows}


def own(world: World, asker: Asker) -> Rsvp:
    with seeing_all(world.database) as session:
        return session.scalars(sa.select(Rsvp).where(Rsvp.person_id == asker.person)).one()


def taken(world: World) -> int | None:
    with seeing_all(world.database) as session:
        return session.scalar(sa.select(Briefing.taken))


def owed(world: World) -> list[tuple[str, str]]:
    with seeing_all(world.database) as session:
        rows = session.scalars(sa.select(Delivery).order_by(Delivery.id))
        return [(row.kind, row.recipient) for row in rows]


def plan(world: World, now: datetime) -> int:
    return world.database.run(offers.plan, now)


def test_on_the_last_day_a_freed_seat_is_held_and_forced_upon_nobody(world: World) -> None:
    _, (_, ben) = offered(world, "Ana", "Ben")

    assert stand(world) == {"Ana": "declined", "Ben": "offered"}
    assert (taken(world), own(world, ben).offered_until) == (1, NOON + 4 * HOUR)
    assert owed(world) == [("seat_offered", ben.slack_user)]


@pytest.mark.parametrize(
    ("hours", "standing"), [(24, "going"), (23.99, "offered"), (2, "offered"), (0.01, "offered")]
)
def test_a_seat_is_offered_from_less_than_a_day_before(
    world: World, hours: float, standing: str
) -> None:
    offered(world, "Ana", "Ben", starts_at=NOON + hours * HOUR)

    assert stand(world)["Ben"] == standing


def test_an_offer_ends_with_the_start_at_the_latest(world: World) -> None:
    _, (_, ben) = offered(world, "Ana", "Ben", starts_at=NOON + 2 * HOUR)

    assert own(world, ben).offered_until == NOON + 2 * HOUR


def test_of_what_has_no_hour_a_seat_is_given_at_once(world: World) -> None:
    offered(world, "Ana", "Ben", precision=Precision.DAY)

    assert stand(world)["Ben"] == "going"


def test_more_seats_are_offered_too(world: World) -> None:
    briefing, _ = full(world, "Ana", "Ben", "Cy", "Dee")

    more = world.database.run(capacity.set_capacity, world.staff(), NOON, briefing.id, 3, None)

    assert more.promoted == ("Ben", "Cy")
    assert stand(world) == {"Ana": "going", "Ben": "offered", "Cy": "offered", "Dee": "waitlisted"}


def test_taking_it_is_going(world: World) -> None:
    briefing, (_, ben, _) = offered(world, "Ana", "Ben", "Cy")

    outcome = say(world, ben, briefing, GOING, NOON + HOUR)
    again = say(world, ben, briefing, GOING, NOON + 2 * HOUR)

    assert (outcome.standing, outcome.changed, again.changed) == (Standing.GOING, True, False)
    assert stand(world) == {"Ana": "declined", "Ben": "going", "Cy": "waitlisted"}
    assert (taken(world), own(world, ben).offered_until) == (1, None)
    assert plan(world, NOON + 5 * HOUR) == 0


@pytest.mark.parametrize("answer", [DECLINED, MAYBE])
def test_whoever_passes_lets_the_next_in_line_have_it(world: World, answer: Answer) -> None:
    briefing, (_, ben, cy) = offered(world, "Ana", "Ben", "Cy")

    outcome = say(world, ben, briefing, answer)

    assert (outcome.promoted, taken(world)) == (("Cy",), 1)
    assert stand(world) == {"Ana": "declined", "Ben": answer.value, "Cy": "offered"}
    assert owed(world)[1:] == [("seat_offered", cy.slack_user)]


def test_registration_that_has_closed_lets_an_offer_be_taken(world: World) -> None:
    briefing, (_, ben) = full(world, "Ana", "Ben", closes_at=NOON + HOUR)
    say(world, world.member(), briefing)
    with altering(world.database) as session:
        session.execute(sa.update(Briefing).values(capacity=2))
    later = NOON + 2 * HOUR
    staff = world.staff()
    world.database.run(capacity.set_capacity, staff, later, briefing.id, 3, None)

    assert say(world, ben, briefing, GOING, later).standing is Standing.GOING


def test_a_note_stays_with_whoever_takes_the_seat_they_waited_for(world: World) -> None:
    briefing, (ana, _) = full(world, "Ana", "Ben")
    cy = world.member("Cy")
    say(world, cy, briefing, note="vegetarian")
    world.database.run(capacity.set_capacity, world.staff(), NOON, briefing.id, 3, None)
    say(world, ana, briefing, MAYBE)

    assert say(world, cy, briefing).note == "vegetarian"


def test_not_taken_in_time_it_goes_on_and_who_let_it_lapse_stands_last(world: World) -> None:
    briefing, (_, ben, cy, dee) = offered(world, "Ana", "Ben", "Cy", "Dee")

    early = plan(world, NOON + 4 * HOUR - timedelta(seconds=1))
    lapsed = plan(world, NOON + 4 * HOUR)

    assert (early, lapsed, taken(world)) == (0, 1, 1)
    assert stand(world) == {
        "Ana": "declined",
        "Ben": "waitlisted",
        "Cy": "offered",
        "Dee": "waitlisted",
    }
    assert owed(world)[1:] == [("seat_offered", cy.slack_user)]
    after = NOON + 4 * HOUR
    assert [say(world, one, briefing, GOING, after).position for one in (dee, ben)] == [1, 2]
    with seeing_all(world.database) as session:
        entry = session.scalars(sa.select(AuditEntry).order_by(AuditEntry.id.desc())).first()
    assert entry is not None
    assert (entry.actor_id, entry.before, entry.after) == (
        None,
        {"person": ben.person, "standing": "offered"},
        {"person": ben.person, "standing": "waitlisted"},
    )


def test_nobody_else_waiting_the_seat_stays_held_without_another_word(world: World) -> None:
    _, (_, ben) = offered(world, "Ana", "Ben")

    assert plan(world, NOON + 4 * HOUR) == 0

    assert (stand(world)["Ben"], taken(world)) == ("offered", 1)
    assert own(world, ben).offered_until == NOON + 8 * HOUR
    assert len(owed(world)) == 1


def test_from_the_start_on_no_seat_is_held_and_a_free_one_is_anybodys(world: World) -> None:
    briefing, (_, ben, cy) = offered(world, "Ana", "Ben", "Cy")
    at = SOON

    assert plan(world, at) == 1

    assert (stand(world)["Ben"], stand(world)["Cy"], taken(world)) == (
        "waitlisted",
        "waitlisted",
        0,
    )
    assert say(world, cy, briefing, GOING, at).standing is Standing.GOING
    assert say(world, ben, briefing, GOING, at).standing is Standing.WAITLISTED
    assert say(world, cy, briefing, DECLINED, at).promoted == ()
    assert say(world, world.member(), briefing, GOING, at).standing is Standing.GOING


def test_a_briefing_moved_forward_ends_the_offers(world: World) -> None:
    offered(world, "Ana", "Ben")
    with altering(world.database) as session:
        session.execute(sa.update(Briefing).values(starts_at=NOON + HOUR))

    assert plan(world, NOON + HOUR) == 1
    assert stand(world)["Ben"] == "waitlisted"


def test_many_offers_that_lapse_at_once_leave_no_seat_unused(world: World) -> None:
    briefing, _ = full(world, *"ABCDEF")
    world.database.run(capacity.set_capacity, world.staff(), NOON, briefing.id, 4, None)

    for hours in (4, 8, 9):
        plan(world, NOON + hours * HOUR)
        standings = sorted(stand(world).values())
        assert (taken(world), standings.count("offered"), standings.count("waitlisted")) == (
            4,
            3,
            2,
        )


def test_a_held_seat_counts_as_one_of_its_company(world: World) -> None:
    home = world.organisation("Adobe")
    briefing, (ana, _) = full(world, "Ana", "Ben", company_seats=1, capacity=2)
    cy, dee = (world.member(name, organisation_id=home.id) for name in ("Cy", "Dee"))
    say(world, cy, briefing)
    say(world, ana, briefing, DECLINED)
    say(world, ana, briefing)

    outcome = say(world, dee, briefing)

    assert stand(world)["Cy"] == "offered"
    assert str(outcome.company) == "The one seat of Adobe is taken by Cy"


def test_where_a_seat_is_held_for_somebody_it_waits_for_them(world: World) -> None:
    briefing, (_, ben) = offered(world, "Ana", "Ben", closes_at=NOON + HOUR)
    later = NOON + 2 * HOUR
    others = [world.briefing() for _ in range(3)]
    say(world, ben, others[1], MAYBE)

    waiting = world.database.run(briefings.unanswered, ben, later)
    mine = world.database.run(briefings.mine, ben, later)

    (agenda,) = world.database.run(agendas.gather, Crowd((ben,)), later)
    assert (agenda.unanswered, agenda.coming) == (waiting, mine)
    for page in (waiting, mine):
        assert (page.rows[0].id, page.rows[0].mine) == (briefing.id, Standing.OFFERED)
    assert (waiting.total, mine.total) == (3, 2)
    secret = world.database.run(feeds.make, ben, NOON, f"person {ben.person}")
    feed = world.database.run(feeds.read, NOON, secret, Which.MINE)
    assert feed is not None
    assert briefing.id in [found.briefing.id for found, _ in feed.briefings]


def test_whoever_leaves_or_loses_the_right_lets_a_held_seat_go(world: World) -> None:
    _, (_, ben, cy, _) = offered(world, "Ana", "Ben", "Cy", "Dee")

    world.database.run(offboarding.carry_out, world.staff(), NOON, f"person {ben.person}")
    assert (stand(world)["Ben"], stand(world)["Cy"]) == ("declined", "offered")
    with altering(world.database) as session:
        session.execute(sa.update(Person).where(Person.id == cy.person).values(role=Role.EXTERNAL))

    assert world.database.run(forfeits.sweep, NOON) == 1
    assert (stand(world)["Cy"], stand(world)["Dee"], taken(world)) == ("declined", "offered", 1)


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_what_lapses_is_found_among_what_is_held_however_many_have_answered(world: World) -> None:
    counted = [
        ("ix_rsvps_briefing_id_asked_at", "2566800 20 20"),
        ("ix_rsvps_briefing_id_standing_waitlisted_at", "2436150 20 7 7"),
        ("ix_rsvps_workspace_id", "2086144 401"),
        ("sqlite_autoindex_rsvps_1", "2506608 20 1"),
    ]
    with world.database.writer.begin() as connection:
        connection.exec_driver_sql("ANALYZE")
        connection.exec_driver_sql("DELETE FROM sqlite_stat1")
        for index, told in counted:
            connection.exec_driver_sql(
                "INSERT INTO sqlite_stat1 VALUES ('rsvps', ?, ?)", (index, told)
            )
    world.database.writer.dispose()  # what was counted is read by who connects
    statement = offers._LAPSED
    by_briefing = statement.order_by(None).order_by(Rsvp.briefing_id, Rsvp.offered_until, Rsvp.id)

    assert "INDEX ix_rsvps_offered" in plan_of(world.database, statement)
    assert "INDEX ix_rsvps_offered" not in plan_of(world.database, by_briefing)


def plan_of(database: Database, statement: sa.Select[int, int]) -> str:
    said = statement.compile(dialect=database.writer.dialect)
    with database.writer.connect() as connection:
        plan = connection.exec_driver_sql(
            f"EXPLAIN QUERY PLAN {said}", tuple("2026" for _ in said.positiontup or ())
        )
        return "; ".join(str(step.detail) for step in plan)
