"""The coalition's facts file: what it becomes, what a second load leaves, what is refused."""

import copy
import time
import tomllib
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from storage import actions, authoring, facts, people, resources, rsvps, seats, updates
from storage.asker import Asker
from storage.database import Database, Session, writes
from storage.facts import FactsError, checks
from storage.models import (
    ActionItem,
    ActionState,
    Answer,
    Audience,
    AuditEntry,
    Briefing,
    BriefingPartner,
    Delivery,
    GroupSeat,
    Health,
    Initiative,
    InitiativeUpdate,
    Milestone,
    Organisation,
    OrganisationAlias,
    OrganisationKind,
    PartnerRole,
    Person,
    Place,
    Precision,
    Resource,
    Role,
    Row,
    Rsvp,
    Standing,
    State,
    Subscription,
    Tlp,
    WorkingGroup,
    Workspace,
)
from storage.scoping import lift
from tests.conftest import lent
from tests.factories import NOON, seeing_all

TEAM = "T0CONVENE"
LATER = NOON + timedelta(days=1)
FILE = Path(__file__).parents[2] / "bot" / "workspace" / "coalition.toml"
FACTS = tomllib.loads(FILE.read_text(encoding="utf-8"))

Told = dict[str, Any]


@pytest.fixture
def told() -> Told:
    return copy.deepcopy(FACTS)


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def loaded(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Database]:
    """Load the file once for all that only read what it became."""
    folder = tmp_path_factory.mktemp("loaded")
    with lent(request, folder) as url:
        opened = Database(url)
        load(opened, copy.deepcopy(FACTS))
        yield opened
        opened.close()


def load(database: Database, told: Told, now: datetime = NOON) -> facts.Loaded:
    return database.run(facts.load, told, TEAM, now)


def entry(told: Told, table: str, key: str) -> Told:
    found: Told = next(one for one in told[table] if one["key"] == key)
    return found


def rows(database: Database, model: type[Any], *conditions: Any) -> list[Any]:
    with seeing_all(database) as session:
        return list(session.scalars(sa.select(model).where(*conditions).order_by(model.id)))


def titled(database: Database, model: type[Any], title: str) -> Any:
    (row,) = rows(database, model, model.title == title)
    return row


def person(database: Database, slack: str) -> Person:
    (found,) = rows(database, Person, Person.slack_user == slack)
    assert isinstance(found, Person)
    return found


def asker(database: Database, slack: str) -> Asker:
    known = person(database, slack)
    found = database.run(people.asker_of, known.workspace_id, NOON, known.id)
    assert found is not None
    return found


def everything(database: Database) -> dict[str, list[Any]]:
    with seeing_all(database) as session:
        return {
            table.name: [tuple(row) for row in session.execute(sa.select(table).order_by("id"))]
            for table in Row.metadata.sorted_tables
        }


def ids(database: Database) -> dict[str, list[int]]:
    with seeing_all(database) as session:
        return {
            table.name: list(session.scalars(sa.select(table.c.id).order_by("id")))
            for table in Row.metadata.sorted_tables
        }


def standings(database: Database, title: str) -> list[tuple[str, Standing]]:
    with seeing_all(database) as session:
        found = session.execute(
            sa.select(Person.slack_user, Rsvp.standing)
            .join(Rsvp, Rsvp.person_id == Person.id)
            .join(Briefing, Rsvp.briefing_id == Briefing.id)
            .where(Briefing.title == title)
            .order_by(Rsvp.id)
        )
        return [(row[0], row[1]) for row in found]


# ── What the file becomes ───────────────────────────────────────────────────────────────────────


def test_the_coalition_loads_quickly_and_whole(database: Database, told: Told) -> None:
    began = time.perf_counter()
    loaded = load(database, told)
    took = time.perf_counter() - began

    assert took < 5
    assert str(loaded).startswith(
        "60 organisations, 24 people, 6 groups, 6 series, 21 briefings, 33 resources, "
        "17 initiatives, 13 actions, 1 digest; "
    )
    stored = everything(database)
    assert loaded.counts == {table: len(told[table]) for table in loaded.counts}
    assert {table: len(stored[table]) for table in ("briefings", "resources", "people")} == {
        "briefings": 21,
        "resources": 33,
        "people": 24,
    }
    assert len(stored["group_seats"]) == 32
    assert len(stored["milestones"]) == 38
    assert len(stored["initiative_updates"]) == 19
    assert len(stored["initiative_participants"]) == 41
    assert len(stored["rsvps"]) == 40
    assert stored["deliveries"] == []


def test_the_documents_name_27_member_companies(loaded: Database) -> None:
    members = rows(loaded, Organisation, Organisation.kind == OrganisationKind.MEMBER)
    assert len(members) == 27
    assert [row.name for row in members if row.board_role == "chair"] == ["Verizon"]


def test_an_organisation_has_its_other_names(loaded: Database) -> None:
    (match,) = rows(loaded, Organisation, Organisation.name == "Match Group")
    aliases = rows(loaded, OrganisationAlias, OrganisationAlias.organisation_id == match.id)
    assert [alias.folded for alias in aliases] == ["matchgroup", "match"]
    assert not rows(loaded, OrganisationAlias, OrganisationAlias.folded == "giphy")


@pytest.mark.parametrize(
    ("table", "key", "name", "stored"),
    [
        ("organisations", "adobe", "Аdobe", "Adobe"),
        ("organisations", "adobe", "АWS", "AWS"),
        ("groups", "asia-pacific", "Аsia-Pacific group", "Asia-Pacific group"),
    ],
)
def test_a_name_that_looks_like_a_stored_one_is_refused(
    database: Database, told: Told, table: str, key: str, name: str, stored: str
) -> None:
    load(database, told)
    load(database, told)  # the same names are no fault
    entry(told, "organisations", "amazon")["aliases"] = []
    entry(told, table, key)["name"] = name

    with pytest.raises(facts.FactsError) as refused:
        load(database, told)

    assert [fault for fault in refused.value.faults if "is there already" in fault] == [
        f'{table} "{key}": "{name}" looks like "{stored}", which is there already; '
        "write it otherwise."
    ]


def test_an_organisation_may_take_another_name_that_looks_like_its_own(
    database: Database, told: Told
) -> None:
    load(database, told)
    entry(told, "organisations", "adobe")["aliases"] = ["Ad0be"]

    assert load(database, told).added == 1


def test_the_workspace_takes_name_and_zone_from_the_file(database: Database, told: Told) -> None:
    database.run(people.open_workspace, TEAM, "Unnamed")

    loaded = load(database, told)

    (workspace,) = rows(database, Workspace)
    assert (workspace.id, workspace.name) == (loaded.workspace, "Tech Coalition")
    assert workspace.zone == "America/New_York"


def test_people_come_from_their_own_team(database: Database, told: Told) -> None:
    entry(told, "people", "gareth")["team"] = "T0POLICE"

    load(database, told)

    some = ("U0ANA", "U0FIADH", "U0GARETH")
    teams = {slack: person(database, slack).slack_team for slack in some}
    assert teams == {"U0ANA": TEAM, "U0FIADH": "T0OTHER", "U0GARETH": "T0POLICE"}
    assert not person(database, "U0HARRIET").is_active
    assert person(database, "U0KWAME").role is Role.UNKNOWN
    assert asker(database, "U0ANA").is_staff


def test_a_full_workshop_has_a_waitlist_of_two(loaded: Database) -> None:
    assert standings(loaded, "Workshop: Industry Classification System") == [
        ("U0CHLOE", Standing.GOING),
        ("U0MARCUS", Standing.GOING),
        ("U0HARUTO", Standing.GOING),
        ("U0MAEVE", Standing.WAITLISTED),
        ("U0RAFAEL", Standing.WAITLISTED),
        ("U0YUSUF", Standing.DECLINED),
    ]


def test_the_round_table_has_one_seat_left(loaded: Database) -> None:
    briefing = titled(loaded, Briefing, "Round table: testing and mitigation resource")
    assert (briefing.capacity, briefing.seats_left) == (4, 1)


def test_a_cancelled_event_keeps_its_answers(loaded: Database) -> None:
    assert titled(loaded, Briefing, "Office hours: Trust framework").state is State.CANCELLED
    assert len(standings(loaded, "Office hours: Trust framework")) == 2


def test_upcoming_events_are_by_the_wall_clock(database: Database, told: Told) -> None:
    load(database, told, datetime(2026, 11, 23, 20, tzinfo=UTC))  # already the 24th in Tokyo

    webinar = titled(database, Briefing, "Member webinar: running a small safety team")
    singapore = titled(database, Briefing, "Generative AI briefing, Singapore")
    assert webinar.starts_at == datetime(2026, 12, 12, 0, 30, tzinfo=UTC)
    assert webinar.ends_at - webinar.starts_at == timedelta(minutes=60)
    assert webinar.precision is Precision.MINUTE
    assert singapore.closes_at == singapore.starts_at - timedelta(days=3)


def test_past_events_are_as_exact_as_the_documents(database: Database, told: Told) -> None:
    summit = entry(told, "briefings", "ai-safety-summit")
    del summit["month"]
    summit["on"] = date(2023, 11, 1)

    load(database, told)

    day = titled(database, Briefing, "AI Safety Summit")
    assert (day.precision, day.place) == (Precision.DAY, Place.IN_PERSON)
    assert day.starts_at == datetime(2023, 11, 1, 9, tzinfo=UTC)
    assert day.ends_at == datetime(2023, 11, 1, 17, tzinfo=UTC)
    month = titled(database, Briefing, "Industry briefing on generative AI")
    assert (month.precision, month.place) == (Precision.MONTH, Place.IN_PERSON)
    assert month.starts_at == datetime(2023, 12, 1, 5, tzinfo=UTC)
    assert month.ends_at == datetime(2024, 1, 1, 5, tzinfo=UTC)
    year = titled(database, Briefing, "Webinar with Thorn on generative AI risks")
    assert (year.precision, year.zone, year.place) == (Precision.YEAR, "UTC", Place.VIRTUAL)
    assert year.starts_at == datetime(2023, 1, 1, tzinfo=UTC)
    assert year.ends_at == datetime(2024, 1, 1, tzinfo=UTC)


def test_who_attended_is_a_fact_not_an_answer(loaded: Database) -> None:
    brussels = titled(loaded, Briefing, "Generative AI briefing, Brussels")
    there = rows(loaded, BriefingPartner, BriefingPartner.briefing_id == brussels.id)
    assert [partner.role for partner in there] == [PartnerRole.ATTENDED] * 21
    assert standings(loaded, brussels.title) == []


def test_a_groups_items_are_for_those_who_sit_in_it(database: Database, told: Told) -> None:
    told["groups"][0] |= {"audience": "group", "tlp": "AMBER+STRICT"}

    load(database, told)

    group = titled(database, WorkingGroup, "Generative AI members' group")
    meeting = titled(database, Briefing, "Generative AI members' group: regular meeting")
    assert (group.audience, group.audience_group_id) == (Audience.GROUP, group.id)
    assert (meeting.audience, meeting.audience_group_id) == (Audience.GROUP, group.id)
    assert group.channel == "C0WGGENAI"
    chairs = rows(database, GroupSeat, GroupSeat.group_id == group.id, GroupSeat.is_chair)
    assert [seat.person_id for seat in chairs] == [person(database, "U0PRIYA").id]


def test_one_initiative_is_stale(loaded: Database) -> None:
    stale = [
        row.title
        for row in rows(loaded, Initiative)
        if row.health not in {Health.PAUSED, Health.DONE}
        and NOON - row.moved_at > timedelta(days=row.cadence_days)
    ]
    assert stale == ["Industry Classification System review"]


def test_an_initiative_without_updates_has_moved_now(database: Database, told: Told) -> None:
    entry(told, "initiatives", "lantern")["updates"] = []

    load(database, told)

    assert titled(database, Initiative, "Lantern").moved_at == NOON


def test_an_update_knows_the_health_before(loaded: Database) -> None:
    template = titled(loaded, Initiative, "NCMEC reporting template")
    said = rows(loaded, InitiativeUpdate, InitiativeUpdate.initiative_id == template.id)
    assert [(row.was, row.health) for row in said] == [
        (None, Health.ON_TRACK),
        (Health.ON_TRACK, Health.AT_RISK),
    ]
    assert template.moved_at == NOON - timedelta(days=4)


def test_milestones_are_due_as_exactly_as_known(database: Database, told: Told) -> None:
    template = entry(told, "initiatives", "reporting-template")
    template["milestones"] += [
        {"title": "A day", "on": date(2027, 1, 15), "done": False},
        {"title": "A year", "year": 2028, "done": False},
        {"title": "Some time", "done": False},
    ]

    load(database, told)

    row = titled(database, Initiative, "NCMEC reporting template")
    due = [
        (one.due, one.due_on, one.is_done, one.done_at)
        for one in rows(database, Milestone, Milestone.initiative_id == row.id)
    ]
    assert due == [
        ("2023-12", None, True, None),
        ("2026-11-19", date(2026, 11, 19), True, NOON - timedelta(days=4)),
        ("2026-11-21", date(2026, 11, 21), False, None),
        ("2026-12-28", date(2026, 12, 28), False, None),
        ("2027-01-15", date(2027, 1, 15), False, None),
        ("2028", None, False, None),
        (None, None, False, None),
    ]


def test_an_action_is_due_at_the_end_of_its_owners_day(loaded: Database) -> None:
    draft = titled(loaded, ActionItem, "Send comments on draft 2 of the testing resource")
    assert draft.due_on == date(2026, 12, 2)
    assert draft.due_at == datetime(2026, 12, 3, 8, tzinfo=UTC)  # Los Angeles
    assert titled(loaded, ActionItem, "Propose a topic for the next forum").due_at is None


def test_an_action_done_was_done_by_its_owner(loaded: Database) -> None:
    done = titled(loaded, ActionItem, "Write the questions for the pilot feedback round")
    assert (done.state, done.done_by_id) == (ActionState.DONE, person(loaded, "U0RAFAEL").id)
    assert done.created_at <= done.done_at == NOON - timedelta(days=15)


def test_a_proposed_action_comes_from_the_secretariat(loaded: Database) -> None:
    proposed = titled(loaded, ActionItem, "Offer an entry for the safety by design showcase")
    assert proposed.state is ActionState.PROPOSED
    assert proposed.creator_id == person(loaded, "U0ANA").id


def test_a_resource_is_found_and_knows_its_origin(database: Database, told: Told) -> None:
    entry(told, "resources", "grooming-research")["year"] = 2022
    load(database, told)

    found = database.run(
        resources.find, asker(database, "U0KWAME"), NOON, resources.Query("bsr assessment")
    )

    assert [line.title for line in found.page.rows] == [
        "Lantern: Human Rights Impact Assessment",
        "Lantern: answering the human rights assessment",
    ]
    statement = titled(database, Resource, "UK joint statement on AI and child safety")
    assert statement.published == "2023-10-30"
    assert statement.added_at == NOON - timedelta(days=575)
    assert statement.origin_initiative_id is not None
    blog = titled(database, Resource, "Brussels briefing on generative AI")
    assert blog.origin_briefing_id is not None
    report = titled(database, Resource, "2022 Annual Report")
    assert report.published == "2023-05"
    research = titled(database, Resource, "Online grooming: detection, response, prevention")
    assert research.published == "2022"


def test_a_digest_goes_to_its_channel_on_its_day(database: Database, told: Told) -> None:
    told["digests"].append(
        {"channel": "wg-lantern", "weekday": "friday", "at": "16:00", "zone": "Europe/Brussels"}
    )

    load(database, told)

    members, lantern = rows(database, Subscription)
    assert (members.channel, members.weekday, members.at) == ("C0MEMBERS", 0, "09:00")
    assert members.next_at == datetime(2026, 11, 23, 14, tzinfo=UTC)
    assert (members.audience, members.tlp) == (Audience.MEMBERS, Tlp.AMBER)
    assert (lantern.audience, lantern.tlp) == (Audience.GROUP, Tlp.AMBER)
    group = titled(database, WorkingGroup, "Lantern programme contacts")
    assert lantern.audience_group_id == group.id


# ── A second load ───────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("passed", [timedelta(), timedelta(days=200)])
def test_loading_again_changes_nothing(database: Database, told: Told, passed: timedelta) -> None:
    load(database, told)
    before = everything(database)

    again = load(database, told, NOON + passed)

    assert (again.added, again.changed) == (0, 0)
    assert everything(database) == before


def test_a_load_is_in_the_record_once(database: Database, told: Told) -> None:
    load(database, told)
    load(database, told)

    (entry,) = rows(database, AuditEntry, AuditEntry.verb == "load")
    assert entry.actor_id is None


def test_two_workspaces_do_not_meet(database: Database, told: Told) -> None:
    load(database, told)

    other = database.run(facts.load, told, "T0SECOND", NOON)

    assert len(rows(database, Organisation, Organisation.workspace_id == other.workspace)) == 60
    assert len(rows(database, Organisation)) == 120


def test_an_edited_file_updates_what_it_says(database: Database, told: Told) -> None:
    load(database, told)
    before = ids(database)
    entry(told, "organisations", "zoom")["name"] = "ZOOM"
    entry(told, "organisations", "adobe")["country"] = "US"
    entry(told, "people", "kwame").update(role="member", organisation="yahoo")
    entry(told, "groups", "lantern")["chairs"] = ["rafael"]
    entry(told, "briefings", "testing-round-table")["venue"] = "Room 4"
    entry(told, "briefings", "generative-ai-london")["year"] = 2025
    entry(told, "resources", "letter-2023").update(
        audience="community", tlp="GREEN", topics=["history"]
    )
    entry(told, "initiatives", "lantern")["goal"] = "Another goal."
    entry(told, "actions", "forum-topic")["owner"] = "zoe"
    told["digests"][0]["at"] = "10:00"

    loaded = load(database, told, LATER)

    after = ids(database)
    assert len(after.pop("audit_entries")) == len(before.pop("audit_entries")) + 1
    # Whoever goes, may go or waits hears of the other room.
    concerned = standings(database, "Round table: testing and mitigation resource")
    asked = [user for user, standing in concerned if standing is not Standing.DECLINED]
    assert len(after.pop("deliveries")) == len(before.pop("deliveries")) + len(asked)
    # Made anew with each title: tests/storage/test_item_words.py says which there must be.
    assert after.pop("item_words") != before.pop("item_words")
    assert sorted(row.recipient for row in rows(database, Delivery)) == sorted(asked)
    assert after == before
    assert (loaded.added, loaded.changed) == (0, 10)
    assert rows(database, Organisation, Organisation.name == "ZOOM")
    assert asker(database, "U0KWAME").role is Role.MEMBER
    assert asker(database, "U0RAFAEL").chairs
    round_table = titled(database, Briefing, "Round table: testing and mitigation resource")
    assert round_table.venue == "Room 4"
    assert round_table.starts_at == datetime(2026, 11, 27, 17, tzinfo=UTC)
    london = titled(database, Briefing, "Generative AI briefing, London")
    assert london.starts_at == datetime(2025, 1, 1, tzinfo=UTC)
    letter = titled(database, Resource, "Year-end letter on 2023")
    assert (letter.audience, letter.topics) == (Audience.COMMUNITY, ["history"])
    assert "history" in letter.words
    (digest,) = rows(database, Subscription)
    assert digest.next_at == datetime(2026, 11, 30, 15, tzinfo=UTC)


def test_new_entries_count_from_their_own_first_load(database: Database, told: Told) -> None:
    load(database, told)
    added = copy.deepcopy(entry(told, "briefings", "testing-round-table"))
    told["briefings"].append(added | {"key": "second", "title": "Second round table"})

    load(database, told, LATER)

    second = titled(database, Briefing, "Second round table")
    assert second.starts_at == datetime(2026, 11, 28, 17, tzinfo=UTC)
    assert second.taken == 3


def test_answers_given_since_stay(database: Database, told: Told) -> None:
    load(database, told)
    workshop = titled(database, Briefing, "Workshop: Industry Classification System")
    database.run(rsvps.answer, asker(database, "U0CHLOE"), NOON, workshop.id, Answer.DECLINED)
    database.run(rsvps.answer, asker(database, "U0ZOE"), NOON, workshop.id, Answer.GOING)
    before = everything(database)

    load(database, told, LATER)

    assert everything(database) == before


def test_seats_taken_and_given_up_since_stay(database: Database, told: Told) -> None:
    load(database, told)
    lantern = titled(database, WorkingGroup, "Lantern programme contacts")
    database.run(seats.leave, asker(database, "U0ZOE"), NOON, f"G{lantern.id}")
    database.run(seats.join, asker(database, "U0CHLOE"), NOON, f"G{lantern.id}")
    before = everything(database)

    load(database, told, LATER)

    assert everything(database) == before


def test_somebody_the_file_adds_to_a_group_is_seated(database: Database, told: Told) -> None:
    load(database, told)
    entry(told, "groups", "lantern")["members"].append("chloe")

    loaded = load(database, told, LATER)

    assert (loaded.added, loaded.changed) == (1, 0)


def test_an_action_done_since_stays_done(database: Database, told: Told) -> None:
    load(database, told)
    solveig = asker(database, "U0SOLVEIG")
    title = "Send comments on draft 2 of the testing resource"
    database.run(actions.done, solveig, NOON, title)
    entry(told, "actions", "comment-testing-draft")["state"] = "proposed"

    load(database, told, LATER)

    done = titled(database, ActionItem, title)
    assert (done.state, done.done_at, done.done_by_id) == (ActionState.DONE, NOON, solveig.person)


def test_a_state_nobody_has_touched_follows_the_file(database: Database, told: Told) -> None:
    load(database, told)
    draft = entry(told, "briefings", "initiate-next")
    draft |= {"state": "published", "answers": [{"person": "lukas", "answer": "going"}]}
    entry(told, "actions", "forum-topic")["state"] = "done"
    entry(told, "actions", "nca-comments")["state"] = "open"
    del entry(told, "actions", "nca-comments")["done_days_ago"]
    entry(told, "initiatives", "lantern")["health"] = "paused"
    entry(told, "initiatives", "lantern")["milestones"][1]["done"] = True

    load(database, told, LATER)

    hackathon = titled(database, Briefing, "Initiate: Tech Meet-Up and Hackathon, next edition")
    assert (hackathon.state, hackathon.taken) == (State.PUBLISHED, 1)
    topic = titled(database, ActionItem, "Propose a topic for the next forum")
    assert (topic.state, topic.done_at) == (ActionState.DONE, LATER)
    comments = titled(database, ActionItem, "Send the National Crime Agency's comments on draft 3")
    assert (comments.state, comments.done_at) == (ActionState.OPEN, None)
    assert titled(database, Initiative, "Lantern").health is Health.PAUSED
    assert titled(database, Milestone, "Yearly programme review").done_at == LATER


@writes
def changed_in_slack(
    session: Session, by: Asker, subject: str, row: Row, values: dict[str, Any]
) -> None:
    """Stand in for verbs that are not written yet: they change a row and record who did."""
    lift(session, "a test")
    stored = session.get_one(type(row), row.id)
    for name, value in values.items():
        setattr(stored, name, value)
    session.add(
        AuditEntry(
            workspace_id=by.workspace,
            at=NOON,
            actor_id=by.person,
            verb="change",
            subject=subject,
            before={},
            after={},
        )
    )


def test_what_staff_changed_in_slack_stays(database: Database, told: Told) -> None:
    load(database, told)
    ana = asker(database, "U0ANA")
    forum = titled(database, Briefing, "Global multi-stakeholder forum, next edition")
    jonas = person(database, "U0JONAS")
    (digest,) = rows(database, Subscription)
    for subject, row, values in (
        (f"briefing {forum.id}", forum, {"state": State.CANCELLED}),
        (f"person {jonas.id}", jonas, {"role": Role.EXTERNAL}),
        (f"subscription {digest.id}", digest, {"at": "11:00"}),
    ):
        database.run(changed_in_slack, ana, subject, row, values)

    load(database, told, LATER)

    assert titled(database, Briefing, forum.title).state is State.CANCELLED
    assert person(database, "U0JONAS").role is Role.EXTERNAL
    assert rows(database, Subscription)[0].at == "11:00"


def test_a_briefing_written_anew_in_slack_stays_as_it_is(database: Database, told: Told) -> None:
    load(database, told)
    ana = asker(database, "U0ANA")
    forum = titled(database, Briefing, "Global multi-stakeholder forum, next edition")
    form = database.run(authoring.show, ana, NOON, f"E{forum.id}")
    anew = replace(form.what, title="The forum", city="Ghent")
    database.run(authoring.revise, ana, NOON, forum.id, authoring.mark(form.what), anew)

    load(database, told, LATER)

    (there,) = [row for row in rows(database, Briefing) if row.source == forum.source]
    assert (there.id, there.title, there.city) == (forum.id, "The forum", "Ghent")
    assert len(rows(database, Briefing)) == len(told["briefings"])


def test_an_initiative_reported_on_since_keeps_its_health(database: Database, told: Told) -> None:
    load(database, told)
    lantern = titled(database, Initiative, "Lantern")
    said = updates.Draft(Health.AT_RISK, "Two contacts are missing.", reason="People left.")
    database.run(updates.post, asker(database, "U0ANA"), NOON, lantern.id, said)
    before = everything(database)

    load(database, told, LATER)

    assert everything(database) == before
    assert titled(database, Initiative, "Lantern").health is Health.AT_RISK


def test_an_update_the_file_adds_moves_its_initiative(database: Database, told: Told) -> None:
    load(database, told)
    report = {"days_ago": 0, "by": "ana", "health": "off_track", "text": "Stopped."}
    entry(told, "initiatives", "lantern")["updates"].append(report)

    load(database, told, LATER)

    lantern = titled(database, Initiative, "Lantern")
    assert (lantern.health, lantern.moved_at) == (Health.OFF_TRACK, LATER)


def test_more_seats_go_to_those_who_wait(database: Database, told: Told) -> None:
    load(database, told)
    entry(told, "briefings", "classification-workshop")["capacity"] = 4

    load(database, told, LATER)

    assert standings(database, "Workshop: Industry Classification System")[3:5] == [
        ("U0MAEVE", Standing.GOING),
        ("U0RAFAEL", Standing.WAITLISTED),
    ]
    assert [owed.kind for owed in rows(database, Delivery)] == ["promoted"]


def test_a_cancelled_event_seats_nobody_who_waits(database: Database, told: Told) -> None:
    load(database, told)
    entry(told, "briefings", "trust-office-hours")["capacity"] = 10

    load(database, told, LATER)

    assert titled(database, Briefing, "Office hours: Trust framework").capacity == 10
    assert rows(database, Delivery) == []


# ── Files that cannot be loaded ─────────────────────────────────────────────────────────────────


def faults(database: Database, told: Told, now: datetime = NOON) -> tuple[str, ...]:
    with pytest.raises(FactsError) as refused:
        load(database, told, now)
    return refused.value.faults


def test_all_faults_are_told_at_once_and_nothing_is_stored(database: Database, told: Told) -> None:
    before = everything(database)
    told["people"][0]["titel"] = "Director"
    told["briefings"][0]["host"] = "tech-coalitoin"
    del told["resources"][3]["link"]

    found = faults(database, told)

    assert found == (
        'people "ana": there is no key titel here; perhaps "title" is meant.',
        'briefings "webinar-thorn-2023", host: "tech-coalitoin" is not a key in organisations; '
        'perhaps "tech-coalition" is meant.',
        'resources "webinar-thorn-recording": link is missing; write it.',
    )
    assert everything(database) == before


def test_fewer_seats_than_are_taken_are_refused(database: Database, told: Told) -> None:
    load(database, told)
    before = everything(database)
    entry(told, "briefings", "classification-workshop")["capacity"] = 2

    found = faults(database, told, LATER)

    assert found == (
        'briefings "classification-workshop", capacity: 3 seats are taken already; '
        "write at least 3.",
    )
    assert everything(database) == before


def test_answers_the_bot_would_refuse_are_refused(database: Database, told: Told) -> None:
    past = entry(told, "briefings", "next-generative-ai-meeting")
    past["days"] = -1
    entry(told, "briefings", "secretariat-planning")["answers"][0]["person"] = "kwame"

    found = faults(database, told)

    assert len(found) == 6
    assert found[0] == (
        'briefings "next-generative-ai-meeting", answers 1: priya cannot answer; the bot says: '
        "This briefing ended 2026-11-22 17:00+00:00, so answers are no longer taken."
    )
    assert "answers 1: kwame cannot answer" in found[5]


def change(table: str, number: int, **values: Any) -> Callable[[Told], None]:
    return lambda told: told[table][number].update(values)


def part(table: str, key: str, name: str, **values: Any) -> Callable[[Told], None]:
    return lambda told: entry(told, table, key)[name][0].update(values)


def drop(table: str, number: int, *keys: str) -> Callable[[Told], None]:
    def dropped(told: Told) -> None:
        for key in keys:
            del told[table][number][key]

    return dropped


def both(*changes: Callable[[Told], None]) -> Callable[[Told], None]:
    def changed(told: Told) -> None:
        for one in changes:
            one(told)

    return changed


def again(table: str, number: int, **values: Any) -> Callable[[Told], None]:
    return lambda told: told[table].append(copy.deepcopy(told[table][number]) | values)


FAULTS: Iterable[tuple[Callable[[Told], Any], str]] = [
    (lambda told: told.pop("name"), "the coalition: name is missing"),
    (lambda told: told.update(peple=[]), 'no key peple here; perhaps "people" is meant.'),
    (lambda told: told.update(series="x"), "the coalition, series: this is no list of entries"),
    (lambda told: told.update(retention=90), "the coalition, retention: 90 is no table"),
    (
        lambda told: told.update(retention={"answer": 9}),
        '"answer" is not known; write one of answers',
    ),
    (lambda told: told.update(retention={"answers": 0}), "0 is not a whole number from 1 to 3650"),
    (change("people", 0, answers=1), 'people "ana": there is no key answers here; remove it'),
    (drop("people", 0, "key"), "people 1: key is missing; write it"),
    (drop("briefings", 0, "state", "kind"), 'briefings "webinar-thorn-2023": kind is missing'),
    (change("people", 0, name=" "), 'name: " " is no text; write some in quotes'),
    (change("people", 0, name=3), "name: 3 is no text"),
    (change("people", 0, name="a\0b"), "U+0000"),
    (change("people", 0, name="a" * 151), "151 characters are too many; write at most 150"),
    (change("briefings", 0, summary="a" * 3001), "write at most 3000"),
    (change("people", 0, zone="Europe/Bruessel"), "is no time zone; write an IANA name"),
    (change("people", 0, zone=1), "zone: 1 is no time zone"),
    (change("people", 0, slack="0ANA"), "begins with U or W"),
    (change("people", 0, team="X0"), "begins with T or E"),
    (change("channels", 0, id="U0ANA"), "begins with C or G"),
    (change("channels", 0, private="yes"), '"yes" is neither true nor false'),
    (change("channels", 0, members="all"), "write one of everyone, members, staff"),
    (change("channels", 0, members=["bob"]), '"bob" is not a key in people'),
    (change("channels", 0, group="lantern"), "audience and group exclude each other; keep one"),
    (drop("channels", 0, "audience"), "one of audience, group is missing"),
    (change("people", 0, flags=["guest", "guest"]), '"guest" stands there twice'),
    (change("people", 0, flags=["robot"]), '"robot" is not known; write one of guest'),
    (change("people", 0, flags="guest"), '"guest" is no list'),
    (change("people", 0, role="boss"), "write one of unknown, external, member, staff, admin"),
    (drop("people", 0, "organisation"), 'role = "admin" needs an organisation'),
    (again("people", 0, slack="U0TWO"), 'it shares the key "ana"; write another, or remove one'),
    (again("people", 0, key="b"), 'people "b": it shares the slack "U0ANA" with people "ana"'),
    (again("series", 0, key="b"), "it shares the name"),
    (change("organisations", 5, name="Аdobe"), '"Аdobe" looks like "Adobe" of "adobe"'),
    (change("organisations", 5, aliases=["AppIe"]), '"AppIe" looks like "Apple" of "apple"'),
    (change("organisations", 5, name="The Secretаriat"), "passes for the secretariat's own"),
    (change("organisations", 5, aliases=["C0nvene"]), "passes for the secretariat's own"),
    (change("groups", 1, name="Convеne"), "passes for the secretariat's own"),
    (again("groups", 4, key="x", name="Аsia-Pacific group"), 'looks like "Asia-Pacific group" of'),
    (change("organisations", 1, aliases=["aws"]), '"AWS" is also a name of "adobe"'),
    (change("organisations", 1, joined_year="2023"), '"2023" is not a whole number'),
    (change("organisations", 1, joined_on="2023"), '"2023" is not a day; write one like'),
    (change("groups", 0, tlp="WHITE"), "write one of CLEAR, GREEN, AMBER, AMBER+STRICT, RED"),
    (change("groups", 0, tlp="RED"), 'tlp = "RED" does not go with audience = "members"'),
    (change("briefings", 0, tlp="GREEN"), 'write "CLEAR", or another audience'),
    (change("initiatives", 0, alternate="dana"), "name somebody else, or nobody"),
    (change("briefings", 0, audience="group", tlp="RED"), "needs to say which; write group"),
    (change("briefings", 0, group="lantern"), "group is for those with audience"),
    (change("briefings", 0, month="2023-13"), '"2023-13" is not a month; write one like'),
    (change("briefings", 0, month="2023-03"), "month and year exclude each other"),
    (drop("briefings", 0, "year"), "one of on, month, year, days is missing"),
    (change("briefings", 0, at="09:00", minutes=5), "at needs a day; write on or days"),
    (change("briefings", 9, at="9 am"), '"9 am" is not a time of day; write one like "09:30"'),
    (change("briefings", 9, at="24:00"), "is not a time of day"),
    (drop("briefings", 9, "minutes"), "at and minutes belong together"),
    (change("briefings", 9, minutes=0), "0 is not a whole number from 1 to 100000"),
    (change("briefings", 9, capacity=True), "capacity: true is not a whole number"),
    (change("briefings", 9, join_link="http://meet.example/x"), "is not an https link"),
    (change("briefings", 9, join_link="https://a b"), "is not an https link"),
    (change("briefings", 9, state="draft"), "nobody can have answered a draft"),
    (change("briefings", 9, kind="external"), "take its answers; remove them"),
    (change("briefings", 9, answers="all"), "answers: this is no list of entries"),
    (again("briefings", 9, key="b"), "it shares the title"),
    (
        part("briefings", "secretariat-planning", "answers", person="dana"),
        'answers 2: it shares the person "dana" with briefings "secretariat-planning", answers 1',
    ),
    (
        part("briefings", "secretariat-planning", "answers", answer="yes"),
        'answers 1, answer: "yes" is not known; write one of going, maybe, declined',
    ),
    (part("initiatives", "lantern", "milestones", days=3), "month and days exclude each other"),
    (part("initiatives", "lantern", "updates", days_ago=-1), "updates 1, days_ago: -1 is not"),
    (part("initiatives", "lantern", "participants", role="x"), "write one of participant, input"),
    (change("initiatives", 0, origin=["a"]), "is not a key in briefings; add it there"),
    (change("resources", 0, origin="b"), "is not a key in briefings or initiatives"),
    (
        both(change("briefings", 0, key="lantern"), change("resources", 0, origin="lantern")),
        '"lantern" is a key in briefings, initiatives; give one of them another key',
    ),
    (change("resources", 0, published=date(2022, 6, 1)), "published and month exclude each other"),
    (change("actions", 0, done_days_ago=1), 'done_days_ago is for state = "done"'),
    (change("digests", 0, weekday="Montag"), "write one of monday, tuesday"),
    (change("digests", 0, channel="nowhere"), '"nowhere" is not a key in channels'),
    (again("digests", 0), "digests 2: it shares the channel"),
]


@pytest.mark.parametrize(("spoil", "sentence"), FAULTS, ids=[sentence for _, sentence in FAULTS])
def test_a_fault_names_its_place_and_what_to_write(
    told: Told, spoil: Callable[[Told], Any], sentence: str
) -> None:
    spoil(told)

    with pytest.raises(FactsError) as refused:
        checks.checked(told)

    assert any(sentence in fault for fault in refused.value.faults), refused.value.faults
    assert all(fault.endswith(".") for fault in refused.value.faults)


def test_a_single_fault_is_told_once(told: Told) -> None:
    told["people"][0]["role"] = "boss"

    with pytest.raises(FactsError) as refused:
        checks.checked(told)

    assert len(refused.value.faults) == 1
