"""Who does what by when: whose an item is, who may close it, and who sees it."""

import re
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta

import pytest
import sqlalchemy as sa

from storage import actions, assignments, duties
from storage.asker import Asker
from storage.assignments import Draft
from storage.crowds import Crowd
from storage.database import Database
from storage.errors import Refusal
from storage.models import (
    ActionItem,
    ActionState,
    Audience,
    AuditEntry,
    Delivery,
    OrganisationKind,
    Role,
    Tlp,
)
from storage.pages import Page
from storage.policy import readers
from tests.factories import NOON, World, at_once, seeing_all

OPEN, PROPOSED = ActionState.OPEN, ActionState.PROPOSED
DONE, DECLINED = ActionState.DONE, ActionState.DECLINED


def give(world: World, asker: Asker, draft: Draft, now: datetime = NOON) -> actions.Outcome:
    return world.database.run(assignments.give, asker, now, draft)


def told(database: Database) -> list[tuple[str, str, dict[str, int]]]:
    with seeing_all(database) as session:
        rows = session.scalars(sa.select(Delivery).order_by(Delivery.id))
        return [(row.kind, row.recipient, row.details) for row in rows]


def items(database: Database) -> int:
    with seeing_all(database) as session:
        return session.scalar(sa.select(sa.func.count()).select_from(ActionItem)) or 0


def test_an_item_without_a_name_is_ones_own_and_has_no_day(database: Database) -> None:
    world = World(database)
    ana = world.member("Ana Silva")

    outcome = give(world, ana, Draft("Draft the agenda"))

    item = outcome.item
    assert (outcome.changed, item.owner_id, item.state) == (True, ana.person, OPEN)
    assert (item.due_on, item.due_at) == (None, None)
    assert told(database) == []


def test_a_day_lasts_to_its_end_where_the_owner_is(database: Database) -> None:
    world = World(database)
    world.person("Eve Tan", zone="Pacific/Auckland")

    item = give(world, world.member(), Draft("send it", "Eve Tan", due_on=date(2026, 12, 3))).item

    assert item.due_at == datetime(2026, 12, 3, 11, 0, tzinfo=UTC)


def test_a_day_that_ends_in_a_gap_lasts_to_the_jump(database: Database) -> None:
    world = World(database)
    cairo = world.member(zone="Africa/Cairo")

    item = give(world, cairo, Draft("send it", due_on=date(2027, 4, 29))).item

    assert item.due_at == datetime(2027, 4, 29, 22, 0, tzinfo=UTC)


def test_a_day_that_is_over_where_the_owner_is_is_refused(database: Database) -> None:
    world = World(database)
    world.person("Eve Tan", zone="Pacific/Auckland")

    with pytest.raises(Refusal, match="already over where Eve Tan is"):
        give(world, world.member(), Draft("send it", "Eve Tan", due_on=NOON.date()))
    assert items(database) == 0


def test_somebody_elses_item_is_proposed_and_they_are_told(database: Database) -> None:
    world = World(database)
    ana, eve = world.member("Ana Silva"), world.member("Eve Tan")

    item = give(world, ana, Draft("send the notes", "eve tan")).item

    assert (item.state, item.owner_id, item.organisation_id) == (
        PROPOSED,
        eve.person,
        eve.organisation,
    )
    details = {"action": item.id, "person": ana.person}
    assert told(database) == [("action_proposed", eve.slack_user, details)]


def test_a_colleagues_item_is_open_and_they_are_told(database: Database) -> None:
    world = World(database)
    ana = world.member("Ana Silva")
    ben = world.person("Ben Ito", organisation_id=ana.organisation)

    item = give(world, ana, Draft("send the notes", "Ben")).item

    assert item.state is OPEN
    details = {"action": item.id, "person": ana.person}
    assert told(database) == [("action_given", ben.slack_user, details)]


def test_the_secretariat_is_one_organisation(database: Database) -> None:
    world = World(database)
    dana, finn = world.staff("Dana Roe"), world.staff("Finn Moe")
    world.person("Eve Tan")

    assert give(world, dana, Draft("call", "Finn Moe")).item.state is OPEN
    assert give(world, finn, Draft("call", "Eve Tan")).item.state is PROPOSED


@pytest.mark.parametrize(
    ("make", "audience", "tlp"),
    [
        (World.member, Audience.MEMBERS, Tlp.AMBER),
        (World.staff, Audience.MEMBERS, Tlp.AMBER),
        (World.external, Audience.COMMUNITY, Tlp.GREEN),
    ],
)
def test_an_items_audience_follows_from_who_adds_it(
    database: Database, make: Callable[[World], Asker], audience: Audience, tlp: Tlp
) -> None:
    world = World(database)

    item = give(world, make(world), Draft("call")).item

    assert (item.audience, item.tlp) == (audience, tlp)


@pytest.mark.parametrize(
    ("called", "owner"),
    [
        ("Ana Silva", "Ana Silva"),
        ("ANA  silva", "Ana Silva"),
        ("jan v", "Jan van Dam"),
        ("Silva", "Ana Silva"),
        ("@Ana Silva", "Ana Silva"),
        ("Zoë", "Zoe Ek"),
        ("zoe", "Zoe Ek"),
        ("Lee (Adobe)", "Min Lee"),
        ("Lee (zoom)", "Kim Lee"),
        ("Jan van Dam", "Jan van Dam"),
    ],
)
def test_a_name_is_matched_whole_then_by_its_beginning_then_by_words(
    database: Database, called: str, owner: str
) -> None:
    world = World(database)
    for name in ("Ana Silva", "Ana Silvestre", "Zoe Ek", "Jan van Dam"):
        world.person(name)
    for name, company in (("Min Lee", "Adobe"), ("Kim Lee", "Zoom")):
        world.person(name, organisation_id=world.organisation(company).id)

    item = give(world, world.member("Me"), Draft("call", called)).item

    assert item.owner.name == owner


def test_several_of_a_name_are_listed_and_nothing_is_saved(database: Database) -> None:
    world = World(database)
    for number in range(6):
        company = world.organisation(f"Firm {number}")
        world.person(f"Ana Name{number}", organisation_id=company.id)

    with pytest.raises(Refusal) as refused:
        give(world, world.member("Me"), Draft("call", "Ana", whole="Ana to call"))

    listed = ", ".join(f"Ana Name{n} (Firm {n})" for n in range(5))
    assert f"{listed} and 1 more. Nothing was saved" in refused.value.sentence
    assert (items(database), told(database)) == (0, [])


@pytest.mark.parametrize(
    "draft",
    [
        Draft("the Commission", "Write", whole="Write to the Commission"),
        Draft("the agenda", "Add", whole="Add to the agenda"),
        Draft("confirm", "Ask Europol", whole="Ask Europol to confirm"),
        Draft("Z guide", "Write the A", whole="Write the A to Z guide"),
        Draft("Europol", "Send the notes", whole="Send the notes to Europol"),
    ],
)
def test_words_that_are_no_name_belong_to_the_title(database: Database, draft: Draft) -> None:
    world = World(database)
    world.person("Addison Lee")
    me = world.member("Me")

    item = give(world, me, draft).item

    assert (item.owner_id, item.title) == (me.person, draft.whole)


@pytest.mark.parametrize(
    ("called", "hint"),
    [
        ("Anna Silvia", "Did you mean Ana Silva"),
        ("Silvia", "Did you mean Ana Silva"),
        ("@nobody", "Nobody here is called «@nobody»"),
        ("Silva (Zoom)", "Nobody here is called"),
        ("Wu Li", "For yourself, begin with «me to»"),
    ],
)
def test_a_name_nobody_bears_is_refused(database: Database, called: str, hint: str) -> None:
    world = World(database)
    world.person("Ana Silva", organisation_id=world.organisation("Adobe").id)

    with pytest.raises(Refusal, match=hint):
        give(world, world.member("Me"), Draft("call", called, whole=f"{called} to call"))
    assert items(database) == 0


def test_people_who_left_bots_and_other_workspaces_own_nothing(database: Database) -> None:
    world, other = World(database), World(database, "T0OTHER")
    world.person("Left Person", is_active=False)
    world.person("Robot Person", is_bot=True)
    other.person("Other Person")

    for name in ("Left Person", "Robot Person", "Other Person"):
        with pytest.raises(Refusal, match="Nobody here is called"):
            give(world, world.member("Me"), Draft("call", name))


def test_a_mention_names_the_owner_and_reads_as_a_name(database: Database) -> None:
    world = World(database)
    eve = world.member("Eve Tan", slack_user="U123")

    owned = give(world, world.member(), Draft("call", user="U123")).item
    named = give(world, world.member(), Draft("Write to <@U123> and <@U999>")).item

    assert owned.owner_id == eve.person
    assert named.title == "Write to Eve Tan and somebody"


def test_a_mention_of_a_stranger_is_refused(database: Database) -> None:
    world = World(database)

    with pytest.raises(Refusal, match="not known here, so"):
        give(world, world.member(), Draft("call", user="U0NOBODY"))


@pytest.mark.parametrize(
    ("draft", "sentence"),
    [
        (Draft(""), "Say what is to be done"),
        (Draft("x" * 151), "151 characters; 150 fit"),
        (Draft("call", "Zed New"), "Zed New is not linked to an organisation yet"),
    ],
)
def test_what_cannot_be_noted_says_why_and_saves_nothing(
    database: Database, draft: Draft, sentence: str
) -> None:
    world = World(database)
    world.person("Zed New", role=Role.UNKNOWN)

    with pytest.raises(Refusal, match=sentence):
        give(world, world.member(), draft)
    assert items(database) == 0


def test_only_linked_people_add(database: Database) -> None:
    world = World(database)

    with pytest.raises(Refusal, match="linked to an organisation"):
        give(world, world.unknown(), Draft("call"))


def test_the_same_again_within_a_minute_is_the_same_item(database: Database) -> None:
    world = World(database)
    ana = world.member("Ana Silva")
    draft = Draft("Draft the agenda", due_on=date(2026, 12, 3))

    first = give(world, ana, draft)
    again = give(world, ana, draft, NOON + timedelta(seconds=30))
    later = give(world, ana, draft, NOON + timedelta(minutes=2))

    assert (again.changed, again.item.id) == (False, first.item.id)
    assert (later.changed, items(database)) == (True, 2)


def test_adding_at_once_by_many_clicks_makes_one_item(database: Database) -> None:
    world = World(database)
    ana = world.member("Ana Silva")
    world.person("Eve Tan")

    made = at_once(6, lambda _: give(world, ana, Draft("call", "Eve Tan")), range(6))

    assert sorted(outcome.changed for outcome in made) == [False] * 5 + [True]
    assert (items(database), len(told(database))) == (1, 1)


def test_two_people_who_add_for_each_other_at_once_both_succeed(database: Database) -> None:
    world = World(database)
    ana, eve = world.member("Ana Silva"), world.member("Eve Tan")
    pairs = [(ana, f"call {n}", "Eve Tan") for n in range(5)]
    pairs += [(eve, f"call {n}", "Ana Silva") for n in range(5)]

    at_once(4, lambda pair: give(world, pair[0], Draft(pair[1], pair[2])), pairs)

    assert items(database) == 10


def test_mine_are_the_open_and_proposed_ones_soonest_first_undated_last(database: Database) -> None:
    world = World(database)
    ana, ben = world.member("Ana Silva"), world.member("Ben Ito")
    world.action(ana, "undated")
    world.action(ana, "late", due_on=date(2026, 11, 20))
    world.action(ana, "soon", due_on=date(2026, 11, 25), state=PROPOSED, creator_id=ben.person)
    world.action(ana, "done", state=DONE, done_at=NOON)
    world.action(ana, "declined", state=DECLINED)
    world.action(ben, "another's")

    page = database_page(database, ana)

    assert [(line.title, line.creator) for line in page.rows] == [
        ("late", "Ana Silva"),
        ("soon", "Ben Ito"),
        ("undated", "Ana Silva"),
    ]
    assert page.total == 3


def test_what_waits_to_be_taken_is_never_hidden_by_what_was_taken(database: Database) -> None:
    world = World(database)
    ana, ben = world.member("Ana Silva"), world.member("Ben Ito")
    for number in range(6):
        world.action(ana, f"due {number}", due_on=date(2026, 11, 25))
    world.action(ana, "asked", state=PROPOSED, creator_id=ben.person)

    proposed = database.run(actions.mine, ana, NOON, states=(PROPOSED,))
    taken = database.run(actions.mine, ana, NOON, states=(OPEN,))

    assert ([line.title for line in proposed.rows], proposed.total) == (["asked"], 1)
    assert [line.title for line in taken.rows] == [f"due {number}" for number in range(5)]
    assert taken.total == 6


def database_page(database: Database, asker: Asker, number: int = 0) -> Page[actions.Line]:
    with seeing_all(database) as session:
        return actions.mine(session, asker, NOON, number)


def test_mine_is_paged(database: Database) -> None:
    world = World(database)
    ana = world.member()
    for number in range(7):
        world.action(ana, f"item {number}")

    page = database_page(database, ana, 1)

    assert ([line.title for line in page.rows], page.total) == (["item 5", "item 6"], 7)


def test_overdue_are_open_items_whose_day_is_over(database: Database) -> None:
    world = World(database)
    ana = world.member()
    world.action(ana, "late", due_on=date(2026, 11, 22))
    world.action(ana, "today", due_on=date(2026, 11, 23))
    world.action(ana, "only proposed", due_on=date(2026, 11, 22), state=PROPOSED)
    over = datetime(2026, 11, 22, 23, 0, tzinfo=UTC)  # midnight in Brussels

    with seeing_all(database) as session:
        found = duties.overdue(session, Crowd((ana,)), NOON, 10).seen(ana)
        at_its_end = duties.overdue(session, Crowd((ana,)), over, 10).seen(ana)
        before = duties.overdue(session, Crowd((ana,)), over - timedelta(seconds=1), 10).seen(ana)

    assert [line.title for line in found] == ["late"]
    assert ([line.title for line in at_its_end], before) == (["late"], ())


def test_done_since_counts_what_was_done_after_the_last_time_and_until_now(
    database: Database,
) -> None:
    world = World(database)
    ana = world.member("Ana Silva")
    for hours in (-2, -1, 0, 1):
        at = NOON + timedelta(hours=hours)
        world.action(ana, f"{hours}", state=DONE, done_at=at, done_by_id=ana.person)

    with seeing_all(database) as session:
        found = duties.done_since(session, Crowd((ana,)), NOON - timedelta(hours=2), NOON, 10).seen(
            ana
        )

    assert [(line.title, line.done_by) for line in found] == [
        ("0", "Ana Silva"),
        ("-1", "Ana Silva"),
    ]


def test_who_sees_an_item(database: Database) -> None:
    world = World(database)
    ana, eve = world.member("Ana Silva"), world.external("Eve Tan")
    inside = world.person("Gus Oh", role=Role.EXTERNAL)
    group = world.group("Grooming", inside)
    world.action(ana, "members", due_on=date(2026, 11, 1))
    world.action(eve, "hers", due_on=date(2026, 11, 1))
    world.action(
        ana, "groups", due_on=date(2026, 11, 1), audience=Audience.GROUP, audience_group_id=group.id
    )
    world.action(ana, "open", due_on=date(2026, 11, 1), audience=Audience.COMMUNITY, tlp=Tlp.GREEN)

    def seen(asker: Asker) -> set[str]:
        with seeing_all(database) as session:
            return {
                line.title
                for line in duties.overdue(session, Crowd((asker,)), NOON, 10).seen(asker)
            }

    assert seen(ana) == {"members", "hers", "groups", "open"}
    assert seen(world.member()) == {"members", "hers", "open"}
    assert seen(world.staff()) == {"members", "hers", "groups", "open"}
    assert seen(eve) == {"hers", "open"}
    assert seen(world.asker(inside)) == {"groups", "open"}
    assert seen(world.unknown()) == set()
    assert seen(readers(world.id, Audience.COMMUNITY, None, "UTC")) == {"open"}
    assert seen(readers(world.id, Audience.MEMBERS, None, "UTC")) == {"members", "hers", "open"}
    assert seen(World(database, "T0OTHER").staff()) == set()


def test_an_item_hidden_from_somebody_is_told_of_like_one_that_is_missing(
    database: Database,
) -> None:
    world = World(database)
    hidden = world.action(world.member(), "Secret plan")
    eve = world.external()

    def refusal(verb: Callable[..., object], called: str) -> str:
        with pytest.raises(Refusal) as refused:
            database.run(verb, eve, NOON, called)
        return refused.value.sentence.replace(called, "X")

    for verb in (actions.show, actions.done, actions.reopen, actions.accept, actions.decline):
        assert refusal(verb, f"A{hidden.id}") == refusal(verb, "A999")
        assert refusal(verb, "Secret plan") == refusal(verb, "Nothing so called")


def test_one_item_in_full_names_only_origins_the_asker_may_see(database: Database) -> None:
    world = World(database)
    ana = world.member("Ana Silva")
    eve = world.external("Eve Tan")
    briefing = world.briefing("Brussels", audience=Audience.COMMUNITY, tlp=Tlp.GREEN)
    initiative = world.initiative("Reporting template")
    world.action(eve, "Send it", briefing_id=briefing.id, initiative_id=initiative.id)

    with seeing_all(database) as session:
        for_ana = actions.show(session, ana, NOON, "send it")
        for_eve = actions.show(session, eve, NOON, "send it")

    assert for_ana.origins == (
        (f"E{briefing.id}", "Brussels"),
        (f"I{initiative.id}", "Reporting template"),
    )
    assert for_eve.origins == ((f"E{briefing.id}", "Brussels"),)


@pytest.mark.parametrize("who", ["owner", "creator", "staff"])
def test_the_owner_the_creator_and_staff_mark_it_done(database: Database, who: str) -> None:
    world = World(database)
    owner, creator = world.member("Eve Tan"), world.member("Ana Silva")
    asker = {"owner": owner, "creator": creator, "staff": world.staff()}[who]
    item = world.action(owner, "Send it", creator_id=creator.person)

    outcome = database.run(actions.done, asker, NOON, f"A{item.id}", "sent today")

    assert (outcome.changed, outcome.item.state, outcome.item.done_at) == (True, DONE, NOON)
    assert (outcome.item.done_by_id, outcome.item.note) == (asker.person, "sent today")


def test_anybody_else_is_sent_to_the_owner(database: Database) -> None:
    world = World(database)
    item = world.action(world.member("Eve Tan"), "Send it")

    for verb in (actions.done, actions.reopen):
        with pytest.raises(Refusal, match=f"A{item.id} belongs to Eve Tan.*ask Eve Tan"):
            database.run(verb, world.member(), NOON, "send it")
    for verb in (actions.accept, actions.decline):
        with pytest.raises(Refusal, match="is for Eve Tan; only they"):
            database.run(verb, world.member(), NOON, "send it")


def test_done_twice_changes_nothing(database: Database) -> None:
    world = World(database)
    eve = world.member("Eve Tan")
    item = world.action(eve, "Send it")
    database.run(actions.done, eve, NOON, f"A{item.id}", "first")

    later = NOON + timedelta(days=1)
    again = database.run(actions.done, world.staff(), later, f"A{item.id}", "second")

    assert (again.changed, again.item.done_at, again.item.note) == (False, NOON, "first")
    assert again.item.done_by is not None
    assert again.item.done_by.name == "Eve Tan"


def test_done_by_many_clicks_at_once_is_done_once(database: Database) -> None:
    world = World(database)
    eve = world.member("Eve Tan")
    world.action(eve, "Send it")

    made = at_once(6, lambda _: database.run(actions.done, eve, NOON, "send it"), range(6))

    assert sorted(outcome.changed for outcome in made) == [False] * 5 + [True]
    with seeing_all(database) as session:
        assert session.scalar(sa.select(sa.func.count()).select_from(AuditEntry)) == 1


def test_words_find_what_is_still_to_be_done_first(database: Database) -> None:
    world = World(database)
    eve = world.member("Eve Tan")
    world.action(eve, "Send the notes of May", state=DONE, done_at=NOON)
    still = world.action(eve, "Send the notes of June")

    assert database.run(actions.done, eve, NOON, "send the notes").item.id == still.id


def test_a_note_too_long_is_refused(database: Database) -> None:
    world = World(database)
    eve = world.member()
    item = world.action(eve, state=PROPOSED)

    for verb in (actions.done, actions.decline):
        with pytest.raises(Refusal, match="301 characters; 300 fit"):
            database.run(verb, eve, NOON, f"A{item.id}", "x" * 301)


def test_reopening_takes_done_back(database: Database) -> None:
    world = World(database)
    eve = world.member("Eve Tan")
    item = world.action(eve, "Send it")
    database.run(actions.done, eve, NOON, "send it", "sent")

    outcome = database.run(actions.reopen, eve, NOON, f"A{item.id}")
    again = database.run(actions.reopen, eve, NOON, f"A{item.id}")

    item = outcome.item
    assert (outcome.changed, again.changed, item.state) == (True, False, OPEN)
    assert (item.done_at, item.done_by_id, item.note) == (None, None, None)


def test_reopening_what_nobody_had_taken_leaves_it_proposed(database: Database) -> None:
    world = World(database)
    ana = world.member("Ana Silva")
    world.person("Eve Tan")
    item = give(world, ana, Draft("call", "Eve Tan")).item
    database.run(actions.done, ana, NOON, f"A{item.id}")

    assert database.run(actions.reopen, ana, NOON, f"A{item.id}").item.state is PROPOSED


def test_reopening_what_was_done_before_records_began_opens_it(database: Database) -> None:
    world = World(database)
    eve = world.member()
    item = world.action(eve, state=DONE, done_at=NOON)

    assert database.run(actions.reopen, eve, NOON, f"A{item.id}").item.state is OPEN


def test_taking_an_item_opens_it_and_tells_the_creator_once(database: Database) -> None:
    world = World(database)
    ana, eve = world.member("Ana Silva"), world.member("Eve Tan")
    item = give(world, ana, Draft("call", "Eve Tan")).item

    outcome = database.run(actions.accept, eve, NOON, str(item.id))
    again = database.run(actions.accept, eve, NOON, str(item.id))

    assert (outcome.changed, again.changed, outcome.item.state) == (True, False, OPEN)
    assert told(database)[1:] == [
        ("action_accepted", ana.slack_user, {"action": item.id, "person": eve.person})
    ]


def test_declining_gives_the_reason_and_can_be_taken_back(database: Database) -> None:
    world = World(database)
    ana, eve = world.member("Ana Silva"), world.member("Eve Tan")
    item = give(world, ana, Draft("call", "Eve Tan")).item

    declined = database.run(actions.decline, eve, NOON, "call", "not our field")
    again = database.run(actions.decline, eve, NOON, "call")
    with pytest.raises(Refusal, match="declined by Eve Tan"):
        database.run(actions.done, ana, NOON, "call")
    taken = database.run(actions.accept, eve, NOON, "call")

    assert (declined.item.id, declined.changed, again.changed) == (item.id, True, False)
    assert (taken.changed, taken.item.state, taken.item.note) == (True, OPEN, None)
    assert [kind for kind, _, _ in told(database)] == [
        "action_proposed",
        "action_declined",
        "action_accepted",
    ]


def test_what_is_open_is_no_longer_declined_and_what_is_done_no_longer_taken(
    database: Database,
) -> None:
    world = World(database)
    eve = world.member("Eve Tan")
    world.action(eve, "open one")
    world.action(eve, "done one", state=DONE, done_at=NOON)

    with pytest.raises(Refusal, match="already yours"):
        database.run(actions.decline, eve, NOON, "open one")
    assert database.run(actions.accept, eve, NOON, "done one").item.state is DONE
    assert not database.run(actions.decline, eve, NOON, "done one").changed


def test_somebody_who_has_left_is_not_told(database: Database) -> None:
    world = World(database)
    ana = world.person("Ana Silva", is_active=False)
    eve = world.member("Eve Tan")
    world.action(eve, "call", state=PROPOSED, creator_id=ana.id)

    database.run(actions.accept, eve, NOON, "call")

    assert told(database) == []


def test_every_change_is_on_record(database: Database) -> None:
    world = World(database)
    ana, eve = world.member("Ana Silva"), world.member("Eve Tan")
    item = give(world, ana, Draft("call", "Eve Tan")).item
    database.run(actions.accept, eve, NOON, "call")
    database.run(actions.done, eve, NOON, "call")

    with seeing_all(database) as session:
        entries = session.scalars(sa.select(AuditEntry).order_by(AuditEntry.id)).all()
    assert [(e.verb, e.actor_id, e.before, e.after) for e in entries] == [
        ("add", ana.person, {}, {"owner": eve.person, "state": "proposed"}),
        ("accept", eve.person, {"state": "proposed"}, {"state": "open"}),
        ("done", eve.person, {"state": "open"}, {"state": "done"}),
    ]
    assert {e.subject for e in entries} == {f"action {item.id}"}


def test_an_outside_body_gives_and_is_given_items_like_anybody(database: Database) -> None:
    world = World(database)
    body = world.organisation("Hotline", OrganisationKind.HOTLINE)
    eve = world.asker(world.person("Eve Tan", role=Role.EXTERNAL, organisation_id=body.id))
    ana = world.member("Ana Silva")

    theirs = give(world, ana, Draft("call back", "Eve Tan")).item
    ours = give(world, eve, Draft("call us", "Ana Silva")).item

    assert database.run(actions.accept, eve, NOON, f"A{theirs.id}").changed
    assert database.run(actions.accept, ana, NOON, f"A{ours.id}").changed


@pytest.mark.parametrize("typed", ["Ana", "Zoey Quist"])
def test_to_outside_bodies_no_names_are_told(database: Database, typed: str) -> None:
    world = World(database)
    for name in ("Ana Silva", "Ana Berg", "Zoe Quist"):
        world.person(name)
    draft = assignments.Draft("send", owner=typed, whole=f"{typed} to send")

    with pytest.raises(Refusal) as refusal:
        database.run(assignments.give, world.external(), NOON, draft)

    assert not re.search("Silva|Berg|Zoe Quist|Company", refusal.value.sentence)


@pytest.mark.parametrize(
    ("audience", "tlp", "becomes"),
    [
        (Audience.MEMBERS, Tlp.AMBER_STRICT, Tlp.AMBER_STRICT),
        (Audience.MEMBERS, Tlp.GREEN, Tlp.AMBER),
        (Audience.PUBLIC, Tlp.CLEAR, Tlp.AMBER),
        (Audience.STAFF, Tlp.RED, Tlp.RED),
    ],
)
def test_what_comes_of_a_briefing_is_labelled_no_more_loosely(
    database: Database, audience: Audience, tlp: Tlp, becomes: Tlp
) -> None:
    world = World(database)
    briefing = world.briefing(audience=audience, tlp=tlp)

    item = give(world, world.staff(), Draft("Send it", origin=briefing.id)).item

    assert (item.briefing_id, item.tlp) == (briefing.id, becomes)
