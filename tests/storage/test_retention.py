"""What is past its time is forgotten, a few hundred rows at once; what is needed is never."""

from datetime import datetime, timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from storage import attendance, audit, erasure, facts, forgetting, lanes, people, standins
from storage.asker import Asker
from storage.database import Database, Session, writes
from storage.models import (
    ActionItem,
    ActionState,
    AuditEntry,
    Briefing,
    Delivery,
    DeliveryState,
    Lane,
    Person,
    Role,
    Row,
    Rsvp,
    Standing,
)
from storage.people import Profile
from storage.retention import DEFAULTS
from storage.scoping import lift
from tests.factories import NOON, World, altering, seeing_all
from tests.figures import figure

DAY = timedelta(days=1)
ANSWERS, MESSAGES, ACTIONS, RECORD, LEAVERS, REQUESTS = DEFAULTS


def limit(kind: str) -> timedelta:
    return timedelta(days=DEFAULTS[kind].days)


@pytest.fixture
def world(database: Database) -> World:
    return World(database)


def rows(world: World, model: type[Any]) -> list[Any]:
    with seeing_all(world.database) as session:
        of_world = sa.select(model).where(model.workspace_id == world.id)
        return list(session.scalars(of_world.order_by(model.id)))


def purge(world: World, now: datetime = NOON) -> int:
    ended = 0
    while number := world.database.run(forgetting.purge, now):
        ended += number
    return ended


def answer(world: World, person: Person, ended_at: datetime, **given: Any) -> Rsvp:
    briefing = world.briefing(starts_at=ended_at - DAY / 24, ends_at=ended_at, taken=1)
    values = {
        "briefing_id": briefing.id,
        "person_id": person.id,
        "organisation_id": person.organisation_id,
        "standing": Standing.GOING,
        "note": "late",
        "particulars": ["none"],
        "answered_at": ended_at - DAY,
        **given,
    }
    made: Rsvp = world.add(Rsvp(**values))
    return made


def message(world: World, state: DeliveryState, went: datetime, key: str = "x") -> Delivery:
    sent_at = went if state is DeliveryState.SENT else None
    made: Delivery = world.add(
        Delivery(
            key=key,
            kind="promoted",
            recipient="U0ANA",
            details={},
            state=state,
            due_at=went,
            sent_at=sent_at,
            created_at=went,
        )
    )
    return made


def entry(world: World, at: datetime, verb: str, subject: str, actor: Asker | None = None) -> None:
    with world.database.writing() as session:
        audit.record(session, actor or Asker(world.id), at, verb, subject)


def test_an_answer_of_long_ago_keeps_the_organisation_and_no_name(world: World) -> None:
    ana, bo = world.person("Ana"), world.person("Bo", organisation_id=None)
    long_ago = NOON - limit(ANSWERS) - DAY
    old, recent = answer(world, ana, long_ago), answer(world, ana, long_ago + 2 * DAY)
    world.add(
        Rsvp(
            briefing_id=old.briefing_id,
            person_id=bo.id,
            standing=Standing.MAYBE,
            answered_at=NOON,
        )
    )
    for one in (old, recent):
        entry(world, long_ago, "rsvp", f"briefing {one.briefing_id}", world.asker(ana))

    assert purge(world) == 2
    assert purge(world) == 0

    first, second, third = rows(world, Rsvp)
    assert (first.organisation_id, first.standing) == (ana.organisation_id, Standing.GOING)
    assert (first.note, first.particulars) == (None, None)
    assert (second.person_id, second.particulars) == (ana.id, ["none"])
    nobody = {row.id: row for row in rows(world, Person) if row.slack_team == standins.TEAM}
    assert {first.person_id, third.person_id} == set(nobody)
    assert {row.name for row in nobody.values()} == {"Former member"}
    assert [row.subject for row in rows(world, AuditEntry)] == [f"briefing {recent.briefing_id}"]
    who = world.database.run(attendance.who, world.staff(), NOON, f"E{old.briefing_id}")
    assert (who.people(Standing.GOING), who.people(Standing.MAYBE)) == (1, 1)


def test_nobody_stands_in_at_many_briefings(world: World) -> None:
    ana, bo = world.person(), world.person()
    for days in (1, 2, 3):
        old = answer(world, ana, NOON - limit(ANSWERS) - days * DAY)
        world.add(
            Rsvp(
                briefing_id=old.briefing_id,
                person_id=bo.id,
                standing=Standing.GOING,
                answered_at=NOON,
            )
        )

    purge(world)

    assert sum(row.slack_team == standins.TEAM for row in rows(world, Person)) == 2


def test_a_briefing_may_lose_its_names_in_several_beats(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(forgetting, "AT_ONCE", 1)
    other = World(world.database, "T0OTHER")
    long_ago = NOON - limit(ANSWERS) - DAY
    for each in (world, other):
        old = answer(each, each.person(), long_ago)
        each.add(
            Rsvp(
                briefing_id=old.briefing_id,
                person_id=each.person().id,
                standing=Standing.GOING,
                answered_at=NOON,
            )
        )

    assert purge(world) == 4

    for each in (world, other):
        own = {row.id for row in rows(each, Person) if row.slack_team == standins.TEAM}
        assert {row.person_id for row in rows(each, Rsvp)} == own
        assert len(own) == 2


def test_what_began_long_ago_counts_from_its_end(world: World) -> None:
    ana = world.person()
    made = answer(world, ana, NOON - limit(ANSWERS) + DAY)
    world.database.run(_began, made.briefing_id, NOON - 2 * limit(ANSWERS))
    late = message(world, DeliveryState.SENT, NOON - DAY)
    world.database.run(_was_due, late.id, NOON - 2 * limit(MESSAGES))

    assert purge(world) == 0


@writes
def _began(session: Session, briefing: int, at: datetime) -> None:
    lift(session, "a test")
    session.get_one(Briefing, briefing).starts_at = at


@writes
def _was_due(session: Session, delivery: int, at: datetime) -> None:
    session.get_one(Delivery, delivery).due_at = at


def test_closed_messages_go_and_open_ones_stay(world: World) -> None:
    long_ago = NOON - limit(MESSAGES) - DAY
    for state in DeliveryState:
        message(world, state, long_ago, f"{state} old")
        message(world, state, long_ago + 2 * DAY, f"{state} new")
    for recipient, free_at in (("U0ANA", long_ago), ("U0BO", long_ago), ("U0CY", NOON)):
        world.add(Lane(recipient=recipient, free_at=free_at))

    purge(world)

    left = {row.key for row in rows(world, Delivery)}
    assert {key for key in left if key.endswith("old")} == {"pending old", "sending old"}
    assert sum(key.endswith("new") for key in left) == len(DeliveryState)
    assert [row.recipient for row in rows(world, Lane)] == ["U0ANA", "U0CY"]


def test_an_item_goes_once_it_has_rested_long_enough(world: World) -> None:
    ana, long_ago = world.member(), NOON - limit(ACTIONS) - DAY
    made = {"created_at": long_ago}
    world.action(ana, "old", state=ActionState.DONE, done_at=long_ago, **made)
    world.action(ana, "refused", state=ActionState.DECLINED, **made)
    just = world.action(ana, "refused just now", state=ActionState.DECLINED, **made)
    entry(world, NOON - DAY, "decline", f"action {just.id}", ana)
    world.action(ana, "open", **made)
    world.action(ana, "proposed", state=ActionState.PROPOSED, **made)
    world.action(ana, "done later", state=ActionState.DONE, done_at=NOON, **made)

    purge(world)

    titles = {row.title for row in rows(world, ActionItem)}
    assert titles == {"refused just now", "open", "proposed", "done later"}


def test_of_the_record_the_last_of_each_kind_stays(world: World) -> None:
    dana, eve = world.staff(), world.staff()
    long_ago = NOON - limit(RECORD) - DAY
    for actor in (dana, dana, eve):
        entry(world, long_ago, "link", "person 7", actor)
    entry(world, long_ago, "bootstrap", "person 1")
    entry(world, NOON - DAY, "share", "briefing 1", dana)
    entry(world, NOON - DAY, "share", "briefing 1", dana)

    assert purge(world) == 1

    left = [(row.verb, row.actor_id) for row in rows(world, AuditEntry)]
    assert left == [
        ("link", dana.person),
        ("link", eve.person),
        ("bootstrap", None),
        ("share", dana.person),
        ("share", dana.person),
    ]


def test_whoever_left_slack_is_erased_half_a_year_later_unless_they_came_back(
    world: World,
) -> None:
    gone, back = world.person(role=Role.MEMBER), world.person()
    never_there = world.person(is_active=False, met_at=NOON + DAY)

    def says(person: Person, at: datetime, *, is_active: bool) -> None:
        told = Profile(world.team, person.slack_user, "Name", "UTC", is_active=is_active)
        world.database.run(people.meet, world.id, told, at)

    for person in (gone, back):
        says(person, NOON, is_active=False)
    says(gone, NOON + DAY, is_active=False)
    says(back, NOON + DAY, is_active=True)
    says(back, NOON + 100 * DAY, is_active=False)
    purge(world, NOON + DAY)
    purge(world, NOON + limit(LEAVERS) - DAY)
    erased_early = [row.id for row in rows(world, Person) if row.erased_at]
    purge(world, NOON + limit(LEAVERS) + DAY / 2)
    erased = [row.id for row in rows(world, Person) if row.erased_at]
    purge(world, NOON + limit(LEAVERS) + 2 * DAY)
    at_last = [row.id for row in rows(world, Person) if row.erased_at]

    assert (erased_early, erased, at_last) == ([], [gone.id], [gone.id, never_there.id])


def test_a_load_after_the_purge_undoes_no_decision(world: World) -> None:
    told = {
        "name": "Coalition",
        "zone": "UTC",
        "organisations": [{"key": "a", "name": "Adobe", "kind": "member"}],
        "people": [
            {
                "key": "p",
                "name": "Ana",
                "slack": "U0ANA",
                "role": "member",
                "organisation": "a",
                "zone": "UTC",
            }
        ],
        "briefings": [
            {
                "key": "b",
                "title": "Forum",
                "kind": "briefing",
                "state": "published",
                "days": 1,
                "at": "12:30",
                "minutes": 60,
                "zone": "UTC",
                "format": "virtual",
                "audience": "members",
                "tlp": "AMBER",
                "answers": [{"person": "p", "answer": "going"}],
            }
        ],
    }
    world.database.run(facts.load, told, world.team, NOON)
    (ana,) = (row for row in rows(world, Person) if row.slack_user == "U0ANA")
    world.database.run(_unlinked, ana.id)
    for _ in range(2):
        entry(world, NOON, "offboard", f"person {ana.id}", world.staff())

    purge(world, NOON + limit(RECORD) + DAY)
    world.database.run(facts.load, told, world.team, NOON + limit(RECORD) + DAY)

    assert {row.role for row in rows(world, Person) if row.id == ana.id} == {Role.UNKNOWN}
    answered = {row.person_id for row in rows(world, Rsvp)}
    assert {row.name for row in rows(world, Person) if row.id in answered} == {"Former member"}


@writes
def _unlinked(session: Session, person: int) -> None:
    session.get_one(Person, person).role = Role.UNKNOWN


def test_the_coalitions_file_may_say_other_days_and_take_them_back(world: World) -> None:
    told: dict[str, Any] = {"name": "Coalition", "zone": "UTC", "retention": {"messages": 10}}
    message(world, DeliveryState.SENT, NOON - 11 * DAY)
    other = World(world.database, "T0OTHER")
    message(other, DeliveryState.SENT, NOON - 11 * DAY)
    before = purge(world)

    world.database.run(facts.load, told, world.team, NOON)
    shortened = purge(world)
    message(world, DeliveryState.SENT, NOON - 11 * DAY)
    world.database.run(facts.load, {**told, "retention": {}}, world.team, NOON)

    assert (before, shortened, purge(world)) == (0, 1, 0)
    assert len(rows(other, Delivery)) == 1


def test_a_beat_forgets_no_more_than_a_few_hundred(world: World) -> None:
    long_ago = NOON - limit(MESSAGES) - DAY
    with world.database.writing() as session:
        session.add_all(
            Delivery(
                workspace_id=world.id,
                key=str(number),
                kind="promoted",
                recipient="U0ANA",
                details={},
                state=DeliveryState.SENT,
                due_at=long_ago,
                sent_at=long_ago,
                created_at=long_ago,
            )
            for number in range(450)
        )

    ended = [world.database.run(forgetting.purge, NOON) for _ in range(4)]

    assert ended == [200, 200, 50, 0]


ages = st.integers(-400, 1200)
DRAWN = st.fixed_dictionaries(
    {
        "answers": st.lists(ages, max_size=3),
        "messages": st.lists(st.tuples(ages, st.sampled_from(DeliveryState)), max_size=3),
        "actions": st.lists(st.tuples(ages, st.sampled_from(ActionState)), max_size=3),
        "entries": st.lists(st.tuples(ages, st.sampled_from(["share", "link"])), max_size=4),
    }
)


@given(drawn=DRAWN)
@settings(
    max_examples=figure(ci=25, full=300), deadline=None, suppress_health_check=list(HealthCheck)
)
def test_nothing_that_is_still_needed_is_ever_forgotten(
    database: Database, drawn: dict[str, list[Any]]
) -> None:
    with altering(database) as session:
        for table in reversed(Row.metadata.sorted_tables):
            session.execute(sa.delete(table))
    world = World(database)
    ana = world.person()
    asker = world.asker(ana)
    needed: dict[type[Any], set[int]] = {
        Rsvp: set(),
        Delivery: set(),
        ActionItem: set(),
        AuditEntry: set(),
    }
    keep(needed, drawn, world, ana, asker)

    purge(world)

    assert needed[Rsvp] == {row.id for row in rows(world, Rsvp) if row.person_id == ana.id}
    assert needed[Delivery] == {row.id for row in rows(world, Delivery)}
    assert needed[ActionItem] == {row.id for row in rows(world, ActionItem)}
    assert needed[AuditEntry] <= {row.id for row in rows(world, AuditEntry)}


def keep(
    needed: dict[type[Any], set[int]],
    drawn: dict[str, list[Any]],
    world: World,
    ana: Person,
    asker: Asker,
) -> None:
    """Store what was drawn; name those rows whose time has not come, or that are open."""

    def put(model: type[Any], row: int, age: int, kind: str, *, is_open: bool = False) -> None:
        if is_open or timedelta(days=age) <= limit(kind):
            needed[model].add(row)

    for age in drawn["answers"]:
        made = answer(world, ana, NOON - age * DAY)
        put(Rsvp, made.id, age, ANSWERS)
    for number, (age, state) in enumerate(drawn["messages"]):
        row = message(world, state, NOON - age * DAY, str(number))
        put(Delivery, row.id, age, MESSAGES, is_open=state in lanes.OPEN)
    for age, state in drawn["actions"]:
        done_at = NOON - age * DAY if state is ActionState.DONE else None
        item = world.action(asker, state=state, created_at=NOON - age * DAY, done_at=done_at)
        closed = {ActionState.DONE, ActionState.DECLINED}
        put(ActionItem, item.id, age, ACTIONS, is_open=state not in closed)
    for age, verb in drawn["entries"]:
        entry(world, NOON - age * DAY, verb, "briefing 1", asker)
        put(AuditEntry, rows(world, AuditEntry)[-1].id, age, RECORD)


def test_erased_people_are_not_erased_again(world: World) -> None:
    person = world.person()
    world.database.run(erasure.erase, world.asker(person), NOON, person.id)

    assert purge(world, NOON + 10 * limit(LEAVERS)) == 0
