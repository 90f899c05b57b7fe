"""Who may see what: the rule in Python and the condition in SQL are one."""

import ast
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import count, product
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy.orm import Session

from storage import people, policy
from storage.asker import SEES, Asker
from storage.database import Database, writes
from storage.models import (
    FITS,
    ActionItem,
    Audience,
    Briefing,
    FormerTalk,
    GroupSeat,
    Initiative,
    ItemWord,
    NamedReader,
    Person,
    Resource,
    ResourceKind,
    Role,
    State,
    Subscription,
    Talk,
    Tlp,
    WorkingGroup,
    Workspace,
)
from storage.scoping import Unscoped
from tests.factories import NOON, World, altering, seeing_all
from tests.figures import figure

MARKED: tuple[type[Any], ...] = (
    Briefing,
    WorkingGroup,
    Resource,
    ActionItem,
    Initiative,
    Subscription,
)
TIMES = {"starts_at": NOON, "ends_at": NOON.replace(hour=13), "zone": "UTC"}
ORDER = {"weekday": 0, "at": "09:00", "zone": "UTC", "next_at": NOON}
LINK = {"link": "https://example.org", "kind": ResourceKind.GUIDE, "added_at": NOON}
worlds = count(1)
answers = st.integers(0, 2)


@dataclass(frozen=True)
class Item:
    model: type[Any]
    audience: Audience
    group: int | None
    is_draft: bool
    owner: int
    creator: int
    is_elsewhere: bool
    names: frozenset[int]


items = st.builds(
    Item,
    st.sampled_from(MARKED),
    st.sampled_from(Audience),
    st.none() | answers,  # which may be left from when the audience was another
    st.booleans(),
    answers,
    answers,
    st.integers(0, 4).map(lambda number: number == 0),
    st.frozensets(answers, max_size=2),
)


@dataclass(frozen=True)
class Somebody:
    """Whoever asks: the groups they sit in and chair, and the group whose channel is read."""

    seats: frozenset[int]
    chairs: frozenset[int]
    group: int


somebody = st.builds(
    Somebody,
    st.frozensets(answers),
    st.frozensets(answers),
    answers,
)


@dataclass(frozen=True)
class Made:
    """The rows of one hypothetical workspace and of its neighbour."""

    here: int
    people: list[Person]
    groups: list[WorkingGroup]


@writes
def make(session: Session, drawn: list[Item], who: Somebody) -> Made:
    number = next(worlds)
    spaces = [Workspace(team=f"T{number}{side}", name="", zone="UTC") for side in "AB"]
    session.add_all(spaces)
    session.flush()
    here = spaces[0].id
    made = Made(here, [_person(here, n) for n in range(3)], [_group(here) for _ in range(3)])
    session.add_all([*made.people, *made.groups])
    session.flush()
    for at in who.seats | who.chairs:
        session.add(
            GroupSeat(
                workspace_id=here,
                group_id=made.groups[at].id,
                person_id=made.people[0].id,
                is_chair=at in who.chairs,
                joined_at=NOON,
            )
        )
    rows = [_row(n, item, spaces, made) for n, item in enumerate(drawn)]
    session.add_all(rows)
    session.flush()
    for row, item in zip(rows, drawn, strict=True):
        for at in item.names:
            session.add(
                NamedReader(
                    workspace_id=here,
                    item_table=row.__tablename__,
                    item_id=row.id,
                    person_id=made.people[at].id,
                )
            )
    return made


def _person(workspace: int, number: int) -> Person:
    return Person(
        workspace_id=workspace,
        slack_team="T",
        slack_user=f"U{number}",
        name=f"Person {number}",
        role=Role.MEMBER,
        zone="UTC",
        met_at=NOON,
    )


def _group(workspace: int) -> WorkingGroup:
    return WorkingGroup(workspace_id=workspace, title="Group", audience=Audience.STAFF)


def _row(number: int, item: Item, spaces: list[Workspace], made: Made) -> Any:
    owners = [made.people[n].id for n in (item.owner, item.creator)]
    own: dict[type[Any], dict[str, Any]] = {
        Briefing: {**TIMES, "state": State.DRAFT if item.is_draft else State.PUBLISHED},
        ActionItem: {"owner_id": owners[0], "creator_id": owners[1], "created_at": NOON},
        Initiative: {"moved_at": NOON},
        Resource: LINK,
        Subscription: {**ORDER, "channel": f"C{number}"},
    }
    titled = {} if item.model is Subscription else {"title": f"Row {number}"}
    return item.model(
        workspace_id=spaces[item.is_elsewhere].id,
        audience=item.audience,
        tlp=FITS[item.audience][0],
        audience_group_id=None if item.group is None else made.groups[item.group].id,
        **titled,
        **own.get(item.model, {}),
    )


# The twelve kinds: each role, somebody gone, the readers of a channel for each audience.
KINDS: tuple[tuple[Role, bool, Audience | None], ...] = (
    *((role, True, None) for role in Role),
    (Role.STAFF, False, None),
    *((Role.UNKNOWN, True, audience) for audience in Audience),
)


def askers(database: Database, made: Made, who: Somebody) -> Iterator[Asker]:
    """Let the first person, who keeps their seats and their items, be of every kind in turn."""
    first = sa.update(Person).where(Person.id == made.people[0].id)
    for role, is_active, channel in KINDS:
        if channel is not None:
            yield policy.readers(made.here, channel, made.groups[who.group].id, "UTC")
            continue
        with altering(database) as session:
            session.execute(first.values(role=role, is_active=is_active))
        found = database.run(people.asker, made.here, NOON, "T", "U0")
        assert found is not None
        yield found


@pytest.mark.timeout(1200)
@given(drawn=st.lists(items, min_size=40, max_size=40), who=somebody)
@settings(
    max_examples=figure(ci=50, full=300),
    deadline=None,
    suppress_health_check=list(HealthCheck),
)
def test_the_condition_and_the_rule_agree(
    database: Database, drawn: list[Item], who: Somebody
) -> None:
    made = database.run(make, drawn, who)
    neighbours, models = [made.here, made.here + 1], {item.model for item in drawn} | {WorkingGroup}
    with seeing_all(database) as session:
        rows = {
            model: session.scalars(sa.select(model).where(model.workspace_id.in_(neighbours))).all()
            for model in models
        }

    for asker in askers(database, made, who):
        for model in models:
            with seeing_all(database) as session:
                shown = session.scalars(
                    sa.select(model.id).where(policy.scope(model)), asker.binds()
                )
                seen = set(shown)

            assert seen == {row.id for row in rows[model] if policy.decide(asker, row)}


def test_there_are_twelve_kinds_who_ask() -> None:
    assert len(set(KINDS)) == 12


PERSON: dict[Role, Callable[[World], Asker]] = {
    Role.UNKNOWN: World.unknown,
    Role.EXTERNAL: World.external,
    Role.MEMBER: World.member,
    Role.STAFF: World.staff,
    Role.ADMIN: lambda world: world.asker(world.person(role=Role.ADMIN)),
}
SHOWN = {
    Audience.PUBLIC: set(Role),
    Audience.COMMUNITY: set(Role) - {Role.UNKNOWN},
    Audience.MEMBERS: {Role.MEMBER, Role.STAFF, Role.ADMIN},
    Audience.GROUP: {Role.STAFF, Role.ADMIN},
    Audience.NAMED: {Role.STAFF, Role.ADMIN},
    Audience.STAFF: {Role.STAFF, Role.ADMIN},
}


@pytest.fixture
def here(sqlite_url: str) -> Iterator[World]:
    database = Database(sqlite_url)
    yield World(database)
    database.close()


@pytest.mark.parametrize(("role", "audience"), list(product(Role, Audience)))
def test_each_role_sees_what_is_for_it(here: World, role: Role, audience: Audience) -> None:
    group = here.group().id if audience is Audience.GROUP else None
    tlp = FITS[audience][0]
    briefing = here.briefing(audience=audience, tlp=tlp, audience_group_id=group)

    assert policy.decide(PERSON[role](here), briefing) is (role in SHOWN[audience])


def test_a_seat_shows_what_is_for_its_group_and_no_other(here: World) -> None:
    person = here.person(role=Role.EXTERNAL)
    mine, other = here.group("", person), here.group("", here.person())
    asker = here.asker(person)

    seen = [
        policy.decide(asker, here.briefing(audience=Audience.GROUP, audience_group_id=group.id))
        for group in (mine, other)
    ]

    assert seen == [True, False]


def test_a_draft_is_staffs_own(here: World) -> None:
    draft = here.briefing(state=State.DRAFT)

    assert [policy.decide(PERSON[role](here), draft) for role in Role] == [
        False,
        False,
        False,
        True,
        True,
    ]


def test_a_draft_for_a_group_is_its_chairs_too(here: World) -> None:
    chair, member = here.person("Chair"), here.person("Member")
    mine, other = here.group("Mine", member, chairs=(chair,)), here.group("Other", chair)
    drafts = [
        here.briefing(
            state=State.DRAFT, audience=Audience.GROUP, audience_group_id=group.id, tlp=Tlp.AMBER
        )
        for group in (mine, other)
    ]

    seen = [
        policy.decide(here.asker(person), draft) for person in (chair, member) for draft in drafts
    ]

    assert seen == [True, False, False, False]


def test_an_action_is_seen_by_whoever_has_it_or_made_it(here: World) -> None:
    owner, creator, other = here.external(), here.external(), here.external()
    item = here.action(
        owner, creator_id=creator.person, audience=Audience.STAFF, organisation_id=None
    )

    assert [policy.decide(asker, item) for asker in (owner, creator, other)] == [True, True, False]


def test_nobody_sees_another_workspace(here: World) -> None:
    elsewhere = World(here.database, "T0OTHER")
    briefing = elsewhere.briefing()

    assert policy.decide(here.staff(), briefing) is False


def test_a_seat_in_a_group_is_none_in_what_has_the_same_number(here: World) -> None:
    briefing = here.briefing(audience=Audience.COMMUNITY, tlp=FITS[Audience.COMMUNITY][0])
    hidden = here.briefing(audience=Audience.STAFF)
    seats = frozenset({briefing.id, hidden.id})
    asker = Asker(here.id, 1, role=Role.EXTERNAL, audiences=SEES[Role.EXTERNAL], groups=seats)

    assert policy.decide(asker, briefing)
    assert not policy.decide(asker, briefing, policy.Act.SEE_NAMES)
    assert not policy.decide(asker, hidden)


def test_to_know_that_a_thing_is_there_is_no_right_to_read_it(here: World) -> None:
    red = here.briefing(audience=Audience.STAFF, tlp=Tlp.RED)

    assert policy.decide(here.staff(), red)
    assert not policy.decide(here.staff(), red, policy.Act.READ)


READS = {
    Audience.PUBLIC: Role.UNKNOWN,
    Audience.COMMUNITY: Role.EXTERNAL,
    Audience.MEMBERS: Role.MEMBER,
    Audience.GROUP: Role.EXTERNAL,
    Audience.NAMED: Role.UNKNOWN,
    Audience.STAFF: Role.STAFF,
}


@pytest.mark.parametrize("audience", Audience)
def test_a_channel_is_shown_no_more_than_its_least_reader(audience: Audience) -> None:
    readers = policy.readers(1, audience, 7, "Europe/Brussels")

    assert readers.audiences == SEES[READS[audience]]
    assert readers.groups == ({7} if audience is Audience.GROUP else set())
    assert (readers.person, readers.zone) == (0, "Europe/Brussels")
    assert readers.role is (Role.STAFF if audience is Audience.STAFF else Role.UNKNOWN)


def test_a_group_channel_without_a_group_shows_no_groups_items() -> None:
    assert policy.readers(1, Audience.GROUP, None, "UTC").groups == frozenset()


@pytest.mark.parametrize("audience", Audience)
@pytest.mark.parametrize("is_inside", [True, False])
def test_a_circle_says_of_a_part_of_a_row_what_is_said_of_the_whole(
    audience: Audience, is_inside: bool
) -> None:
    other = 7 if is_inside else 8
    item = Resource(id=7, audience=audience, audience_group_id=7)
    which = {Audience.GROUP: 7, Audience.NAMED: 7}.get(audience)
    around = policy.Circle("resources", audience, which)
    beside = (("resources", other), ("briefings", 7))
    askers = [
        Asker(1, 1, audiences=seen, groups=groups, named=named)
        for seen in {(), *SEES.values()}
        for groups in (frozenset[int](), frozenset({other}))
        for named in (frozenset[tuple[str, int]](), frozenset(beside))
    ]

    assert [around.holds(asker) for asker in askers] == [
        policy.shown_to(asker, item) for asker in askers
    ]
    assert around in {policy.Circle("resources", audience, which): askers}


def test_a_circle_is_read_of_a_row_as_the_row_says_itself(database: Database) -> None:
    world = World(database)
    group = world.group()
    marks: dict[str, Any] = {"audience_group_id": group.id, "tlp": Tlp.CLEAR}
    made = [world.resource(audience=audience, **marks) for audience in Audience]

    with seeing_all(database) as session:
        rows = session.execute(sa.select(*policy.circle(Resource)).order_by(Resource.id)).all()

    which = [{Audience.GROUP: group.id, Audience.NAMED: row.id}.get(row.audience) for row in made]
    assert [tuple(row) for row in rows] == list(zip(Audience, which, strict=True))


def test_a_session_refuses_to_read_for_nobody(database: Database) -> None:
    reads = [sa.select(model.id) for model in MARKED]
    reads += [sa.select(sa.func.count()).select_from(model) for model in MARKED]
    reads += [sa.select(part.id) for part in (Talk, FormerTalk)]  # seen as their briefing is
    reads += [sa.select(ItemWord.word), sa.select(Person.id).join(ItemWord, sa.true())]
    reads += [
        sa.select(Talk.id)
        .join(Initiative, Initiative.id == Talk.id)
        .where(policy.scope(Initiative)),
        sa.select(Person).where(sa.exists().where(Briefing.id == Person.id)),
        sa.select(sa.orm.aliased(Briefing)),
        sa.select(Person).where(Person.id.in_(sa.select(ActionItem.owner_id))),
        sa.select(Briefing)
        .join(Initiative, Briefing.id == Initiative.origin_briefing_id)
        .where(policy.scope(Briefing)),
    ]

    for read in reads:
        with database.reading() as session, pytest.raises(Unscoped):
            session.execute(read, Asker(1).binds())
    for model in MARKED:
        with database.reading() as session, pytest.raises(Unscoped):
            session.get(model, 1)
        with database.writing() as session, pytest.raises(Unscoped):
            session.execute(sa.update(model).values(audience=Audience.PUBLIC))
        with database.writing() as session, pytest.raises(Unscoped):
            session.execute(sa.delete(model))


def test_a_session_reads_for_whoever_asks(here: World) -> None:
    here.briefing("Forum")
    asks = sa.select(Briefing.title).where(policy.scope(Briefing))

    with here.database.reading() as session:
        assert session.scalars(asks, here.member().binds()).all() == ["Forum"]
        assert session.scalars(asks, here.external().binds()).all() == []


UNSCOPED = {
    "storage/actions.py": ["an item that was just found for whoever asks"],
    "storage/assignments.py": ["what the asker has made"],
    "storage/authoring.py": ["a briefing just found for who writes it"],
    "storage/briefings.py": ["a briefing that was just found for whoever asks"],
    "storage/cadence.py": ["bot/digests asks for the reader", "the timetable's own"],
    "storage/erasure.py": ["whoever goes may hold what they do not see any more"],
    "storage/facts/__init__.py": ["the file is the secretariat's own"],
    "storage/feedback.py": ["each message asks again, when it is worded"],
    "storage/forfeits.py": [
        "a seat is lost by whoever holds it, whatever the asker may see",
        "only a number is told",
    ],
    "storage/forgetting.py": ["the timetable's own"],
    "storage/heirs.py": ["the secretariat sees all that a leaver holds"],
    "storage/installations.py": ["nothing is read, and all of it goes"],
    "storage/item_words.py": ["which rows are looked at at all, each as its reader may see it"],
    "storage/last_calls.py": ["each message asks again, when it is worded"],
    "storage/merging.py": ["whoever answered may hold what the asker does not see"],
    "storage/nudges.py": ["the timetable's own", "the timetable's own"],
    "storage/offboarding.py": [
        "only numbers are told",
        "whoever leaves may hold what the asker does not see",
    ],
    "storage/offers.py": ["the timetable's own", "the timetable's own"],
    "storage/ordering.py": ["whether they keep it is decided of the row"],
    "storage/orders.py": [
        "each is shown only to who keeps it",
        "whether they keep it is decided of the row",
    ],
    "storage/posts.py": [
        "each post asks again, when it is drawn",
        "whether it is for its channel is decided of the row",
    ],
    "storage/privacy.py": [
        "only numbers are told",
        "what is about whoever asks",
    ],
    "storage/publishing.py": ["a draft that goes, whatever came of it"],
    "storage/queues.py": ["a queue counts those who may see its briefing, whoever asks"],
    "storage/redaction.py": ["what hangs on an item just found"],
    "storage/reminders.py": ["each reminder asks again, when it is worded"],
    "storage/seating.py": [
        "a briefing whose row is held for whoever asks",
        "a queue counts whoever may see its briefing; what comes later is asked for",
    ],
    "storage/subscriptions.py": ["the order that a digest is written for", "the timetable's own"],
    "storage/suggestions.py": ["bot/digests asks for the lead"],
    "storage/waiting.py": [
        "what each reader may see is decided below",
        "whoever made an item sees it",
    ],
}


def test_whatever_reads_without_asking_stands_in_this_list_with_its_reason() -> None:
    found: dict[str, list[str]] = {}
    for path in sorted(Path("storage").rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            reason = _reason(node)
            if reason is not None:
                found.setdefault(str(path), []).append(reason)

    assert {path: sorted(reasons) for path, reasons in found.items()} == UNSCOPED


def _reason(node: ast.AST) -> str | None:
    """Read why *node* lifts the question: unscoped(…, why), lift(…, why), {"unscoped": why}."""
    given: ast.expr | None = None
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
        given = node.args[1] if node.func.id in {"unscoped", "lift"} else None
    elif isinstance(node, ast.Dict):
        named = [key.value if isinstance(key, ast.Constant) else None for key in node.keys]
        given = node.values[named.index("unscoped")] if "unscoped" in named else None
    return str(given.value) if isinstance(given, ast.Constant) else None
