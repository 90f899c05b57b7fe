"""What is gathered for many at once is what each may see, in the same few statements."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date, datetime, timedelta
from itertools import count
from random import Random
from typing import Any

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy.orm import Session

from storage import overview, own_digests, people, progress
from storage.asker import Asker
from storage.database import Database, writes
from storage.models import (
    FITS,
    ActionItem,
    ActionState,
    Audience,
    Briefing,
    Delivery,
    DeliveryState,
    GroupSeat,
    Health,
    Initiative,
    InitiativeUpdate,
    Kind,
    Milestone,
    NamedReader,
    OwnDigest,
    Person,
    Resource,
    ResourceKind,
    Role,
    Rsvp,
    Standing,
    State,
    WorkingGroup,
    Workspace,
)
from storage.own_digests import Told
from storage.policy import decide, readers
from storage.progress import Moved
from storage.scoping import lift
from tests.factories import NOON, noted, seeing_all
from tests.figures import figure

DAY = timedelta(days=1)
PEOPLE, GROUPS, FEW = 9, 3, 3
SINCE = (NOON - 3 * DAY, NOON - DAY / 2)
ZONES = ("Pacific/Auckland", "Europe/Brussels", "Pacific/Honolulu")
_worlds = count(1)


@writes
def make(session: Session, dice: Random, size: int = PEOPLE) -> int:
    """Fill a workspace with people of all kinds, and with what is for some of them."""
    lift(session, "a test")
    number = next(_worlds)
    session.add(workspace := Workspace(team=f"T{number}", name="", zone="UTC"))
    session.flush()
    here = workspace.id
    crowd = [_person(here, dice, each) for each in range(size)]
    groups = [WorkingGroup(workspace_id=here, title=f"Group {each}") for each in range(GROUPS)]
    session.add_all([*crowd, *groups])
    session.flush()
    session.add_all(
        GroupSeat(workspace_id=here, group_id=group.id, person_id=person.id, joined_at=NOON)
        for group in groups
        for person in crowd
        if dice.random() < 0.3
    )
    items = [
        made(here, dice, crowd)
        for audience in Audience
        for made in (_briefing, _briefing, _action, _action, _initiative, _resource)
        for _ in range(2)
    ]
    for item in items:
        item.audience = dice.choice(list(Audience))
        item.tlp = FITS[item.audience][0]
        item.audience_group_id = dice.choice(groups).id
    session.add_all(items)
    session.flush()
    session.add_all(_around(here, dice, crowd, items))
    session.flush()
    return here


def _person(here: int, dice: Random, number: int) -> Person:
    return Person(
        workspace_id=here,
        slack_team=dice.choice(["T", f"T{here}"]),
        slack_user=f"U{here}N{number}",
        name=f"Person {number}",
        role=dice.choice(list(Role)),
        is_active=dice.random() < 0.9,
        is_guest=dice.random() < 0.3,
        linked_at=dice.choice([NOON, NOON - 200 * DAY]),
        zone=dice.choice(ZONES),
        met_at=NOON,
    )


def _briefing(here: int, dice: Random, _crowd: list[Person]) -> Briefing:
    starts = NOON + dice.choice([-1, 1, 1, 2, 3, 13, 20]) * DAY
    return Briefing(
        workspace_id=here,
        title="Forum",
        kind=dice.choice([Kind.BRIEFING, Kind.BRIEFING, Kind.EXTERNAL]),
        state=dice.choice([State.PUBLISHED, State.PUBLISHED, State.DRAFT, State.CANCELLED]),
        starts_at=starts,
        ends_at=starts + DAY / 24,
        closes_at=dice.choice([None, None, NOON, NOON + DAY / 24]),
        zone="UTC",
    )


def _action(here: int, dice: Random, crowd: list[Person]) -> ActionItem:
    state = dice.choice(list(ActionState))
    day = dice.choice([None, -2, -1, 1])
    is_done = state is ActionState.DONE
    return ActionItem(
        workspace_id=here,
        title="Item",
        owner_id=dice.choice(crowd).id,
        creator_id=dice.choice(crowd).id,
        state=state,
        due_at=NOON + day * DAY if day else None,
        due_on=(NOON + day * DAY).date() if day else None,
        done_at=NOON - dice.choice([0, 1, 2]) * DAY if is_done else None,
        created_at=NOON,
    )


def _initiative(here: int, dice: Random, _crowd: list[Person]) -> Initiative:
    return Initiative(
        workspace_id=here,
        title="Plan",
        health=dice.choice(list(Health)),
        cadence_days=dice.choice([None, 7]),
        moved_at=NOON - dice.choice([1, 8, 9]) * DAY,
    )


def _resource(here: int, dice: Random, _crowd: list[Person]) -> Resource:
    return Resource(
        workspace_id=here,
        title="Guide",
        link="https://example.org",
        kind=ResourceKind.GUIDE,
        topics=[],
        added_at=NOON - dice.choice([0, 1, 2]) * DAY,
    )


def _around(here: int, dice: Random, crowd: list[Person], items: list[Any]) -> Iterator[Any]:
    """Make what hangs on people and items: orders, answers, updates, milestones, names."""
    for person in crowd:
        yield OwnDigest(
            workspace_id=here,
            person_id=person.id,
            weekday=dice.choice([None, 0]),
            at="09:00",
            next_at=NOON,
        )
        if since := dice.choice([None, *SINCE]):
            yield Delivery(
                workspace_id=here,
                key=f"{person.id}",
                kind=own_digests.KIND,
                recipient=person.slack_user,
                details={},
                state=DeliveryState.SENT,
                due_at=since,
                intent_at=since,
                created_at=since,
            )
    for item in items:
        yield from _on(here, dice, crowd, item)
        for person in crowd:
            if item.audience is Audience.NAMED and dice.random() < 0.4:
                where = {"item_table": item.__tablename__, "item_id": item.id}
                yield NamedReader(workspace_id=here, person_id=person.id, **where)


def _on(here: int, dice: Random, crowd: list[Person], item: Any) -> Iterator[Any]:
    if isinstance(item, Briefing):
        for person in crowd:
            if dice.random() < 0.5:
                standing = dice.choice(list(Standing))
                queued = NOON if standing is Standing.WAITLISTED else None
                yield Rsvp(
                    workspace_id=here,
                    briefing_id=item.id,
                    person_id=person.id,
                    standing=standing,
                    answered_at=NOON,
                    waitlisted_at=queued,
                )
    if isinstance(item, Initiative):
        for days in (0, 1, 2):
            yield InitiativeUpdate(
                workspace_id=here,
                initiative_id=item.id,
                health=item.health,
                text="It moved.",
                is_suggestion=dice.random() < 0.3,
                made_at=NOON - days * DAY,
            )
            is_done = dice.random() < 0.5
            yield Milestone(
                workspace_id=here,
                initiative_id=item.id,
                title="Step",
                position=days,
                due_on=date(2026, 11, 21 + days),
                is_done=is_done,
                done_at=NOON - days * DAY if is_done else None,
            )


def told(database: Database, here: int, persons: list[int]) -> dict[int, tuple[Asker, Told]]:
    found = database.run(own_digests.told, here, NOON, persons)
    return {asker.person: (asker, each) for asker, each in found}


@pytest.mark.timeout(1200)
@given(dice=st.randoms(use_true_random=False))
@settings(
    max_examples=figure(ci=8, full=150), deadline=None, suppress_health_check=list(HealthCheck)
)
def test_what_many_are_told_is_what_each_is_told_alone(database: Database, dice: Random) -> None:
    here = database.run(make, dice)
    with seeing_all(database) as session:
        of_here = sa.select(Person.id).where(Person.workspace_id == here)
        persons = list(session.scalars(of_here))

    together = told(database, here, persons)

    assert set(together) == set(persons)
    for person, (asker, found) in together.items():
        assert told(database, here, [person]) == {person: (asker, found)}
        home = database.run(overview.gather, asker, NOON)
        assert vars(found.own) == {name: vars(home)[name] for name in vars(found.own)}


@contextmanager
def only(few: int) -> Iterator[None]:
    """Let a digest tell *few* of each sort, so that small worlds have more than it tells."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(progress, "AT_MOST", few)
        yield


@pytest.mark.timeout(1200)
@given(dice=st.randoms(use_true_random=False), few=st.sampled_from([FEW, 100]))
@settings(
    max_examples=figure(ci=8, full=150), deadline=None, suppress_health_check=list(HealthCheck)
)
def test_each_of_many_is_told_what_the_policy_lets_them_see(
    database: Database, dice: Random, few: int
) -> None:
    here = database.run(make, dice)
    with seeing_all(database) as session:
        persons = session.scalars(sa.select(Person.id).where(Person.workspace_id == here)).all()
        askers = people.askers_of(session, here, NOON, persons)
        group = session.scalars(
            sa.select(WorkingGroup.id).where(WorkingGroup.workspace_id == here)
        ).first()
        rows = [
            row
            for model in (Briefing, ActionItem, Initiative, Resource)
            for row in session.scalars(sa.select(model).where(model.workspace_id == here))
        ]
        hung: list[Any] = [
            row
            for model in (InitiativeUpdate, Milestone)
            for row in session.scalars(sa.select(model).where(model.workspace_id == here))
        ]
    askers += [readers(here, audience, group, "UTC") for audience in Audience]
    asked = [(asker, dice.choice(SINCE)) for asker in askers]

    with only(few):
        moved = database.run(progress.for_many, asked, NOON)

    for (asker, since), found in zip(asked, moved, strict=True):
        seen = [row for row in rows if decide(asker, row)]
        shown = {row.id for row in seen if isinstance(row, Initiative)}
        hanging = [row for row in hung if row.initiative_id in shown]
        expected = _expected(seen, hanging, asker, since)
        assert _told(found) == {name: ids[:few] for name, ids in expected.items()}


def _told(found: Moved) -> dict[str, list[Any]]:
    attention, progressed = found.attention, found.progressed
    return {
        "coming": [line.id for line in found.coming],
        "overdue": [line.id for line in found.overdue],
        "done": [line.id for line in found.done],
        "resources": [line.id for line in found.resources],
        "troubled": [line.id for line in attention.troubled],
        "stale": [line.id for line in attention.stale],
        "updates": [line.id for line in progressed.updates],
        "late": [(line.initiative_id, line.due_on) for line in attention.overdue],
        "reached": [(line.initiative_id, line.done_at) for line in progressed.milestones],
    }


def _expected(
    seen: list[Any], hung: list[Any], asker: Asker, since: datetime
) -> dict[str, list[Any]]:
    today = progress.today(asker.zone, NOON)
    troubled = {Health.OFF_TRACK: 0, Health.AT_RISK: 1}
    health = {row.id: row.health for row in seen if isinstance(row, Initiative)}

    def ids(
        model: type[Any], holds: Callable[[Any], bool], order: Callable[[Any], Any]
    ) -> list[Any]:
        found = [row for row in (*seen, *hung) if isinstance(row, model) and holds(row)]
        return sorted(found, key=order)

    def numbers(found: list[Any]) -> list[int]:
        return [row.id for row in found]

    def newest(name: str) -> Callable[[Any], Any]:
        return lambda row: (-getattr(row, name).timestamp(), -row.id)

    def new(moment: datetime | None) -> bool:
        return moment is not None and since < moment <= NOON

    def is_silent(row: Initiative) -> bool:
        speaks = row.health in {Health.ON_TRACK, Health.AT_RISK, Health.OFF_TRACK}
        return speaks and row.cadence_days is not None and NOON - row.moved_at > 7 * DAY

    late = ids(
        Milestone,
        lambda row: (
            not row.is_done
            and row.due_on < today
            and health[row.initiative_id] not in {Health.DONE, Health.PAUSED}
        ),
        lambda row: (row.due_on, row.id),
    )
    reached = ids(Milestone, lambda row: row.is_done and new(row.done_at), newest("done_at"))
    return {
        "coming": numbers(
            ids(
                Briefing,
                lambda row: (
                    row.state is State.PUBLISHED
                    and row.ends_at > NOON
                    and row.starts_at < NOON + 14 * DAY
                ),
                lambda row: (row.starts_at, row.id),
            )
        ),
        "overdue": numbers(
            ids(
                ActionItem,
                lambda row: row.state is ActionState.OPEN and row.due_at and row.due_at <= NOON,
                lambda row: (row.due_at, row.id),
            )
        ),
        "done": numbers(
            ids(
                ActionItem,
                lambda row: row.state is ActionState.DONE and new(row.done_at),
                newest("done_at"),
            )
        ),
        "resources": numbers(ids(Resource, lambda row: new(row.added_at), newest("added_at"))),
        "troubled": numbers(
            ids(
                Initiative,
                lambda row: row.health in troubled,
                lambda row: (troubled[row.health], row.moved_at, row.id),
            )
        ),
        "stale": numbers(
            ids(
                Initiative,
                lambda row: is_silent(row) and row.health not in troubled,
                lambda row: (row.moved_at, row.id),
            )
        ),
        "updates": numbers(
            ids(
                InitiativeUpdate,
                lambda row: not row.is_suggestion and new(row.made_at),
                newest("made_at"),
            )
        ),
        "late": [(row.initiative_id, row.due_on) for row in late],
        "reached": [(row.initiative_id, row.done_at) for row in reached],
    }


def test_sixty_people_cost_as_many_statements_as_three(database: Database) -> None:
    here = database.run(make, Random(7), 60)  # noqa: S311 -- the same world every time
    with seeing_all(database) as session:
        persons = list(session.scalars(sa.select(Person.id).where(Person.workspace_id == here)))

    asked = [statements(database, here, some) for some in (persons[:1], persons[:3], persons)]

    assert len(set(asked)) == 1
    assert asked[0] <= 20


def statements(database: Database, here: int, persons: list[int]) -> int:
    with noted(database.reader) as asked:
        assert len(told(database, here, persons)) == len(persons)
    return len(asked)
