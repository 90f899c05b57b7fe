"""Working groups: who sees which, who reads whose name, and seats taken and given up."""

from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from storage import groups, policy, seats
from storage.asker import Asker
from storage.database import Database
from storage.errors import Refusal
from storage.models import (
    Audience,
    AuditEntry,
    Delivery,
    GroupSeat,
    OrganisationKind,
    Person,
    Role,
    State,
    Tlp,
    WorkingGroup,
)
from tests.factories import MARKS, NOON, World, altering, at_once, seeing_all

LATER = NOON + timedelta(days=2)


def community(**given: Any) -> dict[str, Any]:
    return {"audience": Audience.COMMUNITY, "tlp": Tlp.GREEN, **given}


def titles_of(world: World, asker: Asker, verb: Any = groups.every) -> list[str]:
    return [line.title for line in world.database.run(verb, asker, NOON).rows]


def show(world: World, asker: Asker, group: WorkingGroup) -> groups.Detail:
    return world.database.run(groups.show, asker, NOON, f"G{group.id}")


def join(world: World, asker: Asker, group: WorkingGroup) -> seats.Outcome:
    return world.database.run(seats.join, asker, LATER, str(group.id))


def leave(world: World, asker: Asker, group: WorkingGroup) -> seats.Outcome:
    return world.database.run(seats.leave, asker, LATER, str(group.id))


def test_each_sees_the_groups_of_their_audience(database: Database) -> None:
    world = World(database)
    for audience, tlp in MARKS.items():
        world.group(f"For {audience}", audience=audience, tlp=tlp)

    seen = {
        role: titles_of(world, asker)
        for role, asker in {
            "unknown": world.unknown(),
            "external": world.external(),
            "member": world.member(),
            "staff": world.staff(),
        }.items()
    }

    assert seen == {
        "unknown": ["For public"],
        "external": ["For community", "For public"],
        "member": ["For community", "For members", "For public"],
        "staff": ["For community", "For members", "For public", "For staff"],
    }


def test_a_group_of_its_own_audience_is_seen_by_those_who_sit_in_it(database: Database) -> None:
    world = World(database)
    insider, outsider = world.person(), world.member()
    group = world.group("Quiet", insider)
    with altering(database) as session:
        session.execute(
            sa.update(WorkingGroup).values(audience=Audience.GROUP, audience_group_id=group.id)
        )

    assert titles_of(world, world.asker(insider)) == ["Quiet"]
    assert titles_of(world, outsider) == []
    with pytest.raises(Refusal, match="nothing called"):
        show(world, outsider, group)
    with pytest.raises(Refusal, match="nothing called"):
        join(world, outsider, group)


def test_groups_of_another_workspace_do_not_exist_here(database: Database) -> None:
    here, there = World(database), World(database, team="T0OTHER")
    foreign = there.group("Theirs", audience=Audience.PUBLIC, tlp=Tlp.CLEAR)

    assert titles_of(here, here.staff()) == []
    with pytest.raises(Refusal, match="nothing called"):
        join(here, here.staff(), foreign)


def test_mine_are_those_one_sits_in(database: Database) -> None:
    world = World(database)
    ana = world.person()
    world.group("Beta", ana)
    world.group("Alpha", chairs=(ana,))
    world.group("Not hers")

    lines = database.run(groups.mine, world.asker(ana), NOON).rows

    assert [(line.title, line.since, line.is_chair) for line in lines] == [
        ("Alpha", NOON, True),
        ("Beta", NOON, False),
    ]


def test_a_list_comes_in_pages_and_says_how_many(database: Database) -> None:
    world = World(database)
    for number in range(7):
        world.group(f"Group {number}")

    second = database.run(groups.every, world.member(), NOON, 1)

    assert ([line.title for line in second.rows], second.total) == (["Group 5", "Group 6"], 7)


def test_people_are_counted_without_those_who_left_slack(database: Database) -> None:
    world = World(database)
    here, gone = world.person("Here"), world.person("Gone", is_active=False)
    group = world.group("One", here, gone)
    asker = world.member()

    assert database.run(groups.every, asker, NOON).rows[0].people == 1
    assert [party.names for party in show(world, asker, group).parties] == [("Here",)]


def test_the_next_meeting_is_the_soonest_for_the_group_that_one_may_see(
    database: Database,
) -> None:
    world = World(database)
    ana = world.person()
    group = world.group("One", ana)
    own = {"audience": Audience.GROUP, "audience_group_id": group.id}
    world.briefing("Later", starts_at=NOON + timedelta(days=9), **own)
    soon = world.briefing("Soon", starts_at=NOON + timedelta(days=3), **own)
    world.briefing("Over", starts_at=NOON - timedelta(days=1), **own)
    world.briefing("Cancelled", state=State.CANCELLED, **own)
    world.briefing("Draft", state=State.DRAFT, **own)
    world.briefing("Another's")

    inside, outside = world.asker(ana), world.member()

    meeting = show(world, inside, group).meeting
    assert meeting is not None
    assert (meeting.id, meeting.title) == (soon.id, "Soon")
    assert database.run(groups.every, inside, NOON).rows[0].next_at == soon.starts_at
    assert show(world, outside, group).meeting is None
    assert database.run(groups.every, outside, NOON).rows[0].next_at is None


def test_members_and_staff_read_names_by_organisation(database: Database) -> None:
    world = World(database)
    adobe, zoom = world.organisation("Adobe").id, world.organisation("Zoom").id
    group = world.group(
        "One",
        world.person("Zoe", organisation_id=zoom),
        world.person("ben", organisation_id=adobe),
        world.person("Dana", role=Role.STAFF),
        chairs=(world.person("Ana", organisation_id=adobe),),
    )

    for asker in (world.member(), world.staff()):
        shown = show(world, asker, group)
        assert [(p.organisation, p.names) for p in shown.parties] == [
            ("Adobe", ("Ana", "ben")),
            ("Zoom", ("Zoe",)),
            (None, ("Dana",)),
        ]
        assert [(c.name, c.organisation) for c in shown.chairs] == [("Ana", "Adobe")]


def test_outside_bodies_read_numbers_where_they_do_not_sit(database: Database) -> None:
    world = World(database)
    police = world.organisation("Police", OrganisationKind.LAW_ENFORCEMENT).id
    group = world.group(
        "One",
        world.person("Ana"),
        world.person("Gil", role=Role.EXTERNAL, organisation_id=police),
        chairs=(world.person("Ben"),),
        **community(),
    )

    shown = show(world, world.external(), group)

    assert (shown.chairs, shown.people) == ((), 3)
    assert {(p.organisation, p.kind, p.people, p.names) for p in shown.parties} == {
        (None, OrganisationKind.MEMBER, 2, ()),
        (None, OrganisationKind.LAW_ENFORCEMENT, 1, ()),
    }


def test_outside_bodies_read_names_where_they_sit(database: Database) -> None:
    world = World(database)
    gil = world.person("Gil", role=Role.EXTERNAL)
    group = world.group("One", gil, chairs=(world.person("Ben"),), **community())

    shown = show(world, world.asker(gil), group)

    assert [chair.name for chair in shown.chairs] == ["Ben"]
    assert sorted(name for party in shown.parties for name in party.names) == ["Ben", "Gil"]


def test_who_is_not_linked_reads_no_roster(database: Database) -> None:
    world = World(database)
    seated_once = world.person("Una", role=Role.UNKNOWN)
    group = world.group(
        "One", seated_once, chairs=(world.person("Ben"),), audience=Audience.PUBLIC, tlp=Tlp.CLEAR
    )
    channel = policy.readers(world.id, Audience.PUBLIC, None, "UTC")

    for asker in (world.unknown(), world.asker(seated_once), channel):
        shown = show(world, asker, group)
        assert (shown.chairs, shown.parties, shown.people) == ((), (), 0)


def test_joining_takes_a_seat_for_ones_organisation(database: Database) -> None:
    world = World(database)
    adobe = world.organisation("Adobe")
    ana = world.member("Ana", organisation_id=adobe.id)
    group = world.group("One")

    outcome = join(world, ana, group)

    assert (outcome.changed, outcome.organisation, outcome.since) == (True, "Adobe", LATER)
    with seeing_all(database) as session:
        seat = session.scalars(sa.select(GroupSeat)).one()
        entry = session.scalars(sa.select(AuditEntry)).one()
    assert (seat.person_id, seat.organisation_id, seat.is_chair) == (ana.person, adobe.id, False)
    assert (entry.verb, entry.subject, entry.actor_id) == ("join", f"group {group.id}", ana.person)


def test_joining_again_changes_nothing_and_says_since_when(database: Database) -> None:
    world = World(database)
    ana = world.person("Ana")
    group = world.group("One", ana, chairs=(world.person(),), is_open=False)

    outcome = join(world, world.asker(ana), group)

    assert (outcome.changed, outcome.since) == (False, NOON)
    with seeing_all(database) as session:
        assert session.scalars(sa.select(Delivery)).all() == []
        assert session.scalars(sa.select(AuditEntry)).all() == []


def test_every_chair_is_told_of_joining_and_leaving_once(database: Database) -> None:
    world = World(database)
    first, second = world.person("First"), world.person("Second")
    gone = world.person("Gone", is_active=False)
    group = world.group("One", chairs=(first, second, gone))
    ana = world.member("Ana")

    joined = join(world, ana, group)
    left = leave(world, ana, group)

    assert set(joined.told) == set(left.told) == {"First", "Second"}
    with seeing_all(database) as session:
        owed = session.scalars(sa.select(Delivery).order_by(Delivery.id)).all()
    assert {(one.kind, one.recipient) for one in owed} == {
        (kind, chair.slack_user)
        for kind in ("group_joined", "group_left")
        for chair in (first, second)
    }
    assert len(owed) == 4
    details = {"group": group.id, "person": ana.person, "organisation": ana.organisation}
    assert all(one.details == details for one in owed)


def test_coming_back_is_told_again(database: Database) -> None:
    world = World(database)
    group, ana = world.group("One", chairs=(world.person(),)), world.member()

    for verb in (join, leave, join, leave):
        verb(world, ana, group)

    with seeing_all(database) as session:
        assert session.scalar(sa.select(sa.func.count()).select_from(Delivery)) == 4


def test_a_closed_group_names_its_chairs(database: Database) -> None:
    world = World(database)
    adobe = world.organisation("Adobe").id
    group = world.group(
        "One",
        chairs=(world.person("Ana", organisation_id=adobe), world.person("Dana", Role.STAFF)),
        is_open=False,
    )

    with pytest.raises(Refusal, match=r"Ask Ana \(Adobe\) or Dana\.") as refused:
        join(world, world.member(), group)

    assert f"G{group.id} One" in refused.value.sentence
    with seeing_all(database) as session:
        assert session.scalar(sa.select(sa.func.count()).select_from(GroupSeat)) == 2


def test_a_closed_group_keeps_its_chairs_names_from_outside_bodies(database: Database) -> None:
    world = World(database)
    group = world.group("One", chairs=(world.person("Ana"),), **community(is_open=False))

    with pytest.raises(Refusal, match="Ask the secretariat") as refused:
        join(world, world.external(), group)

    assert "Ana" not in refused.value.sentence


def test_a_closed_group_without_chairs_points_to_the_secretariat(database: Database) -> None:
    world = World(database)

    with pytest.raises(Refusal, match="Ask the secretariat"):
        join(world, world.member(), world.group("One", is_open=False))


def test_who_is_not_linked_cannot_join(database: Database) -> None:
    world = World(database)
    group = world.group("One", audience=Audience.PUBLIC, tlp=Tlp.CLEAR)

    with pytest.raises(Refusal, match="not linked you"):
        join(world, world.unknown(), group)


def test_an_outside_body_may_join_an_open_group_it_sees(database: Database) -> None:
    world = World(database)

    assert join(world, world.external(), world.group("One", **community())).changed


def test_an_ambiguous_title_takes_no_seat(database: Database) -> None:
    world = World(database)
    world.group("Reporting template")
    world.group("Reporting metrics")

    with pytest.raises(Refusal, match="could be any") as refused:
        database.run(seats.join, world.member(), NOON, "reporting")

    assert len(refused.value.choices) == 2
    with seeing_all(database) as session:
        assert session.scalars(sa.select(GroupSeat)).all() == []


def test_leaving_gives_the_seat_up(database: Database) -> None:
    world = World(database)
    ana = world.person("Ana")
    group = world.group("One", ana)

    outcome = leave(world, world.asker(ana), group)

    assert (outcome.changed, outcome.since, outcome.may_join) == (True, NOON, True)
    assert titles_of(world, world.asker(ana), groups.mine) == []
    with seeing_all(database) as session:
        assert session.scalars(sa.select(AuditEntry.verb)).all() == ["leave"]


def test_leaving_a_group_one_does_not_sit_in_says_so(database: Database) -> None:
    world = World(database)

    with pytest.raises(Refusal, match="do not sit in G"):
        leave(world, world.member(), world.group("One"))


@pytest.mark.parametrize("others", ["none", "a member", "a chair who left Slack"])
def test_the_only_chair_cannot_leave(database: Database, others: str) -> None:
    world = World(database)
    ana = world.person("Ana")
    beside: dict[str, tuple[Person, ...]] = {
        "none": (),
        "a member": (),
        "a chair who left Slack": (world.person(is_active=False),),
    }
    members = (world.person(),) if others == "a member" else ()
    group = world.group("One", *members, chairs=(ana, *beside[others]))

    with pytest.raises(Refusal, match=r"only chair.*name another chair first"):
        leave(world, world.asker(ana), group)

    assert titles_of(world, world.asker(ana), groups.mine) == ["One"]


def test_one_of_two_chairs_may_leave_and_the_other_hears_of_it(database: Database) -> None:
    world = World(database)
    ana, ben = world.person("Ana"), world.person("Ben")
    group = world.group("One", chairs=(ana, ben))

    assert leave(world, world.asker(ana), group).told == ("Ben",)


def test_who_leaves_a_closed_group_cannot_come_back_alone(database: Database) -> None:
    world = World(database)
    ana = world.person()

    outcome = leave(world, world.asker(ana), world.group("One", ana, is_open=False))

    assert not outcome.may_join


def test_who_leaves_a_group_only_its_people_see_cannot_come_back_alone(
    database: Database,
) -> None:
    world = World(database)
    ana = world.person()
    group = world.group("One", ana)
    with altering(database) as session:
        session.execute(
            sa.update(WorkingGroup).values(audience=Audience.GROUP, audience_group_id=group.id)
        )

    assert not leave(world, world.asker(ana), group).may_join


def test_who_was_unlinked_may_still_leave_but_reads_no_names(database: Database) -> None:
    world = World(database)
    una = world.person("Una", role=Role.UNKNOWN)
    group = world.group(
        "One", una, chairs=(world.person("Ben"),), audience=Audience.PUBLIC, tlp=Tlp.CLEAR
    )

    outcome = leave(world, world.asker(una), group)

    assert (outcome.changed, outcome.told, outcome.may_join) == (True, (), False)


def test_joining_many_times_at_once_ends_with_one_seat(database: Database) -> None:
    world = World(database)
    group, ana = world.group("One", chairs=(world.person(),)), world.member()

    outcomes = at_once(8, lambda _: join(world, ana, group), range(8))

    assert sorted(outcome.changed for outcome in outcomes) == [False] * 7 + [True]
    with seeing_all(database) as session:
        own = sa.select(sa.func.count()).where(GroupSeat.person_id == ana.person)
        assert session.scalar(own) == 1
        assert session.scalar(sa.select(sa.func.count()).select_from(Delivery)) == 1


def test_of_all_chairs_leaving_at_once_one_stays(database: Database) -> None:
    world = World(database)
    chairs = tuple(world.person() for _ in range(6))
    group = world.group("One", chairs=chairs)
    askers = [world.asker(chair) for chair in chairs]

    outcomes = at_once(6, lambda asker: _left_or_refused(world, asker, group), askers)

    assert sorted(outcomes) == [False] + [True] * 5
    with seeing_all(database) as session:
        assert session.scalar(sa.select(sa.func.count()).select_from(GroupSeat)) == 1


def _left_or_refused(world: World, asker: Asker, group: WorkingGroup) -> bool:
    try:
        return leave(world, asker, group).changed
    except Refusal:
        return False
