"""Whom an item is shown to, changed afterwards: who may, what it takes, that it always holds."""

from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test

from storage import sharing, titles
from storage.asker import Asker
from storage.database import Database
from storage.errors import Refusal
from storage.models import (
    FITS,
    Audience,
    AuditEntry,
    Briefing,
    Delivery,
    Person,
    Role,
    Tlp,
    Widening,
)
from storage.sharing import Outcome, Wish
from tests.factories import NOON, World, altering, seeing_all
from tests.figures import figure
from tests.storage.access_table import LINKED, SEEN_BY


@pytest.fixture
def world(database: Database) -> World:
    return World(database)


def share(world: World, asker: Asker, item: Any, **wish: Any) -> Outcome:
    made = Wish(**wish)
    return world.database.run(sharing.share, asker, NOON, titles.short_id(item), made)


def confirm(world: World, asker: Asker, asked: int, later: timedelta = timedelta()) -> Outcome:
    return world.database.run(sharing.confirm, asker, NOON + later, asked)


def rows(world: World, model: type[Any]) -> list[Any]:
    with seeing_all(world.database) as session:
        return list(session.scalars(sa.select(model).order_by(model.id)))


def sees(world: World, asker: Asker, item: Any) -> bool:
    try:
        world.database.run(titles.by_id, asker, type(item), item.id)
    except Refusal:
        return False
    return True


def test_staff_widen_and_the_label_follows(world: World) -> None:
    item, outside = world.briefing(), world.external()

    outcome = share(world, world.staff(), item, audience=Audience.COMMUNITY)

    assert (outcome.changed, outcome.waits, outcome.tlp) == (True, False, Tlp.GREEN)
    assert sees(world, outside, item)


def test_everybody_takes_two_of_the_secretariat(world: World) -> None:
    item, outside = world.briefing(), world.unknown()
    dana, eve = world.staff("Dana"), world.staff("Eve")

    outcome = share(world, dana, item, audience=Audience.PUBLIC)
    (asked,) = rows(world, Widening)
    before = sees(world, outside, item)
    with pytest.raises(Refusal, match="asked for this yourself"):
        confirm(world, dana, asked.id)
    confirm(world, eve, asked.id)

    assert (outcome.waits, before, sees(world, outside, item)) == (True, False, True)
    assert rows(world, Widening) == []
    owed = [(row.kind, row.recipient) for row in rows(world, Delivery)]
    assert owed == [("share_asked", eve.slack_user)]


def test_a_second_word_comes_from_staff_in_time_and_once(world: World) -> None:
    item = world.briefing()
    share(world, world.staff(), item, audience=Audience.PUBLIC)
    (asked,) = rows(world, Widening)

    for asker, later in (
        (world.member(), timedelta()),
        (world.staff(), timedelta(days=7, seconds=1)),
    ):
        with pytest.raises(Refusal, match="nothing here that waits"):
            confirm(world, asker, asked.id, later)
    confirm(world, world.staff(), asked.id, timedelta(days=7))
    with pytest.raises(Refusal, match="nothing here that waits"):
        confirm(world, world.staff(), asked.id)


def test_a_change_meanwhile_overtakes_what_waits(world: World) -> None:
    item, dana = world.briefing(), world.staff()
    share(world, dana, item, audience=Audience.PUBLIC)
    (asked,) = rows(world, Widening)

    share(world, dana, item, audience=Audience.STAFF)

    with pytest.raises(Refusal, match="nothing here that waits"):
        confirm(world, world.staff(), asked.id)


def test_what_somebody_asked_who_left_staff_is_confirmed_by_nobody(world: World) -> None:
    item, dana = world.briefing(), world.staff()
    share(world, dana, item, audience=Audience.PUBLIC)
    (asked,) = rows(world, Widening)
    with altering(world.database) as session:
        session.execute(sa.update(Person).where(Person.id == dana.person).values(role=Role.MEMBER))

    with pytest.raises(Refusal, match="not of the secretariat any more"):
        confirm(world, world.staff(), asked.id)


def test_nobody_confirms_what_another_workspace_asked(world: World) -> None:
    elsewhere = World(world.database, "T0OTHER")
    share(world, world.staff(), world.briefing(), audience=Audience.PUBLIC)
    (asked,) = rows(world, Widening)

    with pytest.raises(Refusal, match="nothing here that waits"):
        confirm(elsewhere, elsewhere.staff(), asked.id)


def test_a_chair_narrows_what_is_for_their_group_and_widens_nothing(world: World) -> None:
    person = world.person()
    group = world.group("Signals", chairs=(person,))
    chair = world.asker(person)
    item = world.briefing(audience=Audience.GROUP, audience_group_id=group.id)

    with pytest.raises(Refusal, match="Only the secretariat can show E"):
        share(world, chair, item, audience=Audience.MEMBERS)
    outcome = share(world, chair, item, audience=Audience.STAFF)

    assert outcome.changed
    assert not sees(world, chair, item)


def test_who_keeps_nothing_changes_nothing(world: World) -> None:
    item = world.briefing()

    for audience in (Audience.STAFF, Audience.COMMUNITY):
        with pytest.raises(Refusal, match="Only whoever keeps E"):
            share(world, world.member(), item, audience=audience)
    with pytest.raises(Refusal, match="There is nothing called"):
        share(world, world.external(), item, audience=Audience.STAFF)

    assert [row.audience for row in rows(world, Briefing)] == [Audience.MEMBERS]


def test_people_who_are_named_see_it_and_no_others(world: World) -> None:
    item, dana = world.resource(), world.staff()
    named, other = world.external(), world.member()

    share(world, dana, item, audience=Audience.NAMED, people=(named.slack_user,))
    first = [sees(world, world.asker(_person(world, asker)), item) for asker in (named, other)]
    share(world, dana, item, audience=Audience.NAMED, people=(other.slack_user,))
    then = [sees(world, world.asker(_person(world, asker)), item) for asker in (named, other)]

    assert (first, then) == ([True, False], [False, True])


def test_the_same_again_changes_nothing(world: World) -> None:
    item, dana = world.briefing(), world.staff()
    group, person = world.group(), world.member()

    for wish in (
        {"audience": Audience.MEMBERS},
        {"audience": Audience.GROUP, "group": group.title},
        {"audience": Audience.NAMED, "people": (person.slack_user,)},
    ):
        share(world, dana, item, **wish)
        assert not share(world, dana, item, **wish).changed


def test_each_change_is_on_record_with_before_and_after(world: World) -> None:
    item, dana = world.briefing(), world.staff()

    share(world, dana, item, audience=Audience.STAFF, tlp=Tlp.AMBER_STRICT)

    (entry,) = rows(world, AuditEntry)
    assert (entry.verb, entry.subject, entry.actor_id) == (
        "share",
        f"briefing {item.id}",
        dana.person,
    )
    assert (entry.before["audience"], entry.after["audience"]) == ("members", "staff")
    assert (entry.before["tlp"], entry.after["tlp"]) == ("AMBER", "AMBER+STRICT")


@pytest.mark.parametrize("audience", Audience)
@pytest.mark.parametrize("tlp", Tlp)
def test_a_label_that_does_not_fit_is_refused(world: World, audience: Audience, tlp: Tlp) -> None:
    item = world.action(world.member())
    given: dict[str, Any] = {"group": world.group().title, "people": (world.member().slack_user,)}

    if tlp in FITS[audience]:
        assert share(world, world.staff(), item, audience=audience, tlp=tlp, **given).tlp is tlp
    else:
        with pytest.raises(Refusal, match="does not go with that audience"):
            share(world, world.staff(), item, audience=audience, tlp=tlp, **given)


def test_red_is_refused_for_what_has_a_body(world: World) -> None:
    red: dict[str, Any] = {"audience": Audience.STAFF, "tlp": Tlp.RED}

    for item in (world.resource(), world.initiative(), world.briefing(summary="What we heard")):
        with pytest.raises(Refusal, match="TLP:RED is for what is said in the room"):
            share(world, world.staff(), item, **red)
    assert share(world, world.staff(), world.briefing(), **red).tlp is Tlp.RED


@pytest.mark.parametrize("called", ["Forum", "X12", "", "E0", "E999999999"])
def test_what_is_not_a_number_that_is_there_changes_nothing(world: World, called: str) -> None:
    with pytest.raises(Refusal):
        world.database.run(sharing.share, world.staff(), NOON, called, Wish(Audience.STAFF))


def _person(world: World, asker: Asker) -> Person:
    (person,) = [person for person in rows(world, Person) if person.id == asker.person]
    assert isinstance(person, Person)
    return person


class Changes(RuleBasedStateMachine):
    """Roles, seats, audiences and labels change in any order; who sees it is as the table says."""

    url = ""

    def __init__(self) -> None:
        super().__init__()
        self.database = Database(self.url)
        self.world = World(self.database, f"T{next(_teams)}")
        self.people = {
            role: self.world.person(role=Role(role))
            for role in ("unknown", "external", "member", "staff", "admin")
        }
        self.second = self.world.staff()
        self.group = self.world.group("", audience=Audience.STAFF)
        self.item = self.world.briefing()
        self.audience = Audience.MEMBERS
        self.seated: set[str] = set()
        self.named: set[str] = set()
        self.roles = dict.fromkeys(self.people, "")

    @rule(audience=st.sampled_from(Audience), named=st.sampled_from(sorted(LINKED - {"capped"})))
    def shown_to(self, audience: Audience, named: str) -> None:
        wish: dict[str, Any] = {"audience": audience, "group": f"G{self.group.id}"}
        wish["people"] = (self.people[named].slack_user,)
        outcome = share(self.world, self.second, self.item, **wish)
        if outcome.waits:
            (asked,) = [w for w in rows(self.world, Widening) if w.item_id == self.item.id]
            confirm(self.world, self.world.staff(), asked.id)
        self.audience = audience
        if audience is Audience.NAMED:
            self.named = {named}

    @rule(tlp=st.sampled_from(Tlp))
    def labelled(self, tlp: Tlp) -> None:
        wish: dict[str, Any] = {"audience": self.audience, "tlp": tlp, "group": f"G{self.group.id}"}
        wish["people"] = tuple(self.people[who].slack_user for who in self.named)
        try:
            share(self.world, self.second, self.item, **wish)
        except Refusal:
            assert tlp not in FITS[self.audience]
        else:
            assert tlp in FITS[self.audience]

    @rule(who=st.sampled_from(("external", "member")))
    def sits_or_leaves(self, who: str) -> None:
        person = self.people[who]
        with altering(self.database) as session:
            if who in self.seated:
                session.execute(
                    sa.text("DELETE FROM group_seats WHERE person_id = :p"), {"p": person.id}
                )
            else:
                session.execute(
                    sa.text(
                        "INSERT INTO group_seats (workspace_id, group_id, person_id, is_chair, "
                        "joined_at) VALUES (:w, :g, :p, false, :at)"
                    ),
                    {"w": self.world.id, "g": self.group.id, "p": person.id, "at": str(NOON)},
                )
        self.seated ^= {who}

    @rule(who=st.sampled_from(("external", "member", "staff")), to=st.sampled_from(Role))
    def is_made(self, who: str, to: Role) -> None:
        with altering(self.database) as session:
            session.execute(
                sa.update(Person).where(Person.id == self.people[who].id).values(role=to)
            )
        self.roles[who] = to.value

    @invariant()
    def whoever_may_see_it_sees_it_and_nobody_else(self) -> None:
        for who, person in self.people.items():
            role = self.roles[who] or who
            inside = (self.audience is Audience.GROUP and who in self.seated) or (
                self.audience is Audience.NAMED and who in self.named
            )
            expected = role in SEEN_BY[self.audience.value] or (role in LINKED and inside)
            assert sees(self.world, self.world.asker(person), self.item) is expected

    @invariant()
    def its_label_goes_with_its_audience(self) -> None:
        with seeing_all(self.database) as session:
            item = session.get_one(Briefing, self.item.id)
        assert item.audience is self.audience
        assert item.tlp in FITS[item.audience]

    def teardown(self) -> None:
        self.database.close()


_teams = iter(range(10**9))


@pytest.mark.timeout(1800)
def test_whatever_changes_the_item_is_seen_by_whom_it_is_for(database_url: str) -> None:
    Changes.url = database_url
    run_state_machine_as_test(
        Changes,
        settings=settings(
            max_examples=figure(ci=15, full=500),
            stateful_step_count=12,
            suppress_health_check=list(HealthCheck),
        ),
    )
