"""Every column about people is known: what they are told of it, and that erasing leaves nothing."""

import json
import sqlite3
from datetime import timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa

from storage import audit, erasure, privacy
from storage.asker import Asker
from storage.database import Database
from storage.models import (
    ActionState,
    Audience,
    CalendarFeed,
    Delivery,
    DeliveryState,
    Health,
    InitiativeUpdate,
    Installation,
    Lane,
    NamedReader,
    OrganisationKind,
    OwnDigest,
    Person,
    Pick,
    Preference,
    Role,
    Row,
    Rsvp,
    Standing,
    Tlp,
    Widening,
)
from storage.personal import HELD
from tests.factories import NOON, World, every_row, seeing_all

# What no person is named by, and why.
IMPERSONAL: dict[str, tuple[str, ...]] = {
    "what an item says: the coalition's own, whoever wrote it down": (
        *("action_items.title", "action_items.folded", "series.purpose", "series.title"),
        *("series.folded", "working_groups.purpose", "working_groups.cadence"),
        *("working_groups.title", "working_groups.folded", "briefings.summary", "briefings.agenda"),
        *("briefings.edition", "briefings.venue", "briefings.city", "briefings.join_link"),
        *("briefings.recording_link", "briefings.title", "briefings.folded", "initiatives.goal"),
        *("initiatives.summary", "initiatives.title", "initiatives.folded", "milestones.title"),
        *("milestones.due", "resources.link", "resources.topics", "resources.summary"),
        *("resources.words", "resources.version", "resources.published", "resources.title"),
        *("resources.folded", "briefings.questions", "item_words.word"),
        *("talks.title", "talks.track", "talks.room", "former_talks.room"),
    ),
    "an organisation": (
        *("organisations.name", "organisations.folded", "organisations.country"),
        *(
            "organisation_aliases.name",
            "organisation_aliases.folded",
            "organisation_domains.domain",
        ),
    ),
    "a workspace, a channel, a clock": (
        *("workspaces.team", "workspaces.name", "workspaces.zone", "workspaces.retention"),
        *("working_groups.channel", "subscriptions.channel", "subscriptions.kind"),
        *("subscriptions.at", "subscriptions.zone", "briefings.zone"),
        *("subscriptions.sections", "subscriptions.topics"),
    ),
    "the bot's own account": (*("installations.token", "installations.app_id"),),
    "a hash of what is forgotten within days": (*("ledger.key", "oauth_states.state"),),
    "a hash of what nobody but its owner has": ("calendar_feeds.digest",),
    "a hash of what everybody may have": ("workspaces.public_feed",),
    "our own ids and words, which say nothing without the row they name": (
        *("briefings.source", "briefings.notices", "item_words.item_table"),
        *("deliveries.key", "deliveries.details", "deliveries.reason", "deliveries.about"),
        "deliveries.shows",
        *("audit_entries.before", "audit_entries.after"),
    ),
}
CANARIES = {
    "people.slack_team": "T0CNRYTEAM",
    "people.slack_user": "U0CNRYUSER",
    "people.name": "cnry-name",
    "people.title": "cnry-job",
    "people.domain": "cnry-domain.example",
    "rsvps.note": "cnry-answer",
    "rsvps.particulars": "cnry-dietary",
    "rsvps.was_note": "cnry-before",
    "rsvps.remark": "cnry-remark",
    "action_items.note": "cnry-done",
    "deliveries.recipient": "U0CNRYUSER",
    "deliveries.channel": "D0CNRYDM",
    "deliveries.ts": "1764000000.cnry",
    "installations.installed_by": "U0CNRYUSER",
}
KEPT = "cnry-update"  # what they wrote of an initiative is the coalition's: it stays without a name


@pytest.fixture
def world(database: Database) -> World:
    return World(database)


def known_columns() -> set[str]:
    """Name every column that is told, erased or that says whose a row is."""
    named = set()
    for held in HELD:
        table = held.model.__tablename__
        told = [*held.by, *held.told, *held.texts]
        named |= {f"{table}.{name}" for name in (*(c.key for c in told), *held.erased)}
    return named


def test_every_column_about_people_is_told_and_erased_or_listed_with_its_reason() -> None:
    about = {
        str(column)
        for table in Row.metadata.sorted_tables
        for column in table.c
        if isinstance(column.type, sa.Text | sa.JSON)
        or any(key.column.table.name == "people" for key in column.foreign_keys)
    }
    listed = [name for names in IMPERSONAL.values() for name in names]

    assert about - known_columns() == set(listed)
    assert len(listed) == len(set(listed))


def texts_erased() -> set[str]:
    return {
        str(column)
        for held in HELD
        for column in sa.inspect(held.model).local_table.c
        if column.key in held.erased and isinstance(column.type, sa.Text | sa.JSON)
    } - {"people.zone"}


def fill(world: World) -> Person:
    """Make somebody of whom every column there is holds something."""
    person = world.person(
        CANARIES["people.name"],
        role=Role.STAFF,
        organisation_id=world.organisation("Office", OrganisationKind.SECRETARIAT).id,
        slack_team=CANARIES["people.slack_team"],
        slack_user=CANARIES["people.slack_user"],
        title=CANARIES["people.title"],
        domain=CANARIES["people.domain"],
    )
    asker = world.asker(person)
    note, said = CANARIES["rsvps.note"], CANARIES["rsvps.particulars"]
    for starts_at in (NOON - timedelta(days=9), NOON + timedelta(days=9)):
        world.add(
            Rsvp(
                briefing_id=world.briefing(starts_at=starts_at, taken=1).id,
                person_id=person.id,
                recorded_by_id=person.id,
                standing=Standing.GOING,
                note=note,
                particulars=[said],
                was_note=CANARIES["rsvps.was_note"],
                remark=CANARIES["rsvps.remark"],
                answered_at=NOON,
            )
        )
    talk = world.talk(world.briefing())
    world.add(Pick(briefing_id=talk.briefing_id, talk_id=talk.id, person_id=person.id))
    noted = {"note": CANARIES["action_items.note"]}
    world.action(asker, **noted)
    world.action(asker, state=ActionState.DONE, done_at=NOON, done_by_id=person.id, **noted)
    world.group("Hashing", person)
    initiative = world.initiative(lead_id=person.id)
    world.initiative(alternate_id=person.id)
    world.add(
        InitiativeUpdate(
            initiative_id=initiative.id,
            author_id=person.id,
            health=Health.ON_TRACK,
            text=KEPT,
            made_at=NOON,
        )
    )
    item = {"item_table": "initiatives", "item_id": initiative.id}
    world.add(NamedReader(person_id=person.id, **item))
    public = {"audience": Audience.PUBLIC, "tlp": Tlp.CLEAR}
    world.add(Widening(asked_by_id=person.id, asked_at=NOON, **public, **item))
    world.add(Lane(recipient=person.slack_user, free_at=NOON))
    world.add(CalendarFeed(person_id=person.id, digest="d", made_at=NOON))
    world.add(OwnDigest(person_id=person.id, weekday=0, at="09:00", next_at=NOON))
    world.add(Preference(person_id=person.id, back_at=NOON))
    for key, state in (("a", DeliveryState.PENDING), ("b", DeliveryState.SENT)):
        world.add(
            Delivery(
                key=key,
                kind="promoted",
                recipient=person.slack_user,
                details={"person": person.id},
                state=state,
                due_at=NOON,
                channel=CANARIES["deliveries.channel"],
                ts=CANARIES["deliveries.ts"],
                created_at=NOON,
            )
        )
    bot = {"token": "x", "app_id": "A"}
    world.add(Installation(installed_by=person.slack_user, installed_at=NOON, **bot))
    return person


def told(world: World, asker: Asker) -> dict[str, list[dict[str, object]]]:
    with world.database.reading() as session:
        return {
            part.what: [dict(row) for row in part.rows] for part in privacy.told(session, asker)
        }


def test_one_is_told_all_that_is_held_and_then_it_can_go(world: World) -> None:
    assert set(CANARIES) == texts_erased()
    person = fill(world)
    asker = world.asker(person)
    with world.database.writing() as session:
        audit.record(session, asker, NOON, "export", f"person {person.id}")

    data = told(world, asker)
    world.database.run(erasure.erase, asker, NOON, person.id)

    assert set(data) == {held.what for held in HELD}
    found = json.dumps(data)
    assert [canary for canary in (*CANARIES.values(), KEPT) if canary not in found] == []
    left = str(every_row(world.database))
    assert [canary for canary in CANARIES.values() if canary in left] == []
    assert KEPT in left


def test_no_byte_of_them_is_left_in_the_file(sqlite_url: str) -> None:
    world = World(Database(sqlite_url))
    person = fill(world)
    file = Path(str(world.database.url.database))

    world.database.run(erasure.erase, world.asker(person), NOON, person.id)
    world.database.close()
    with sqlite3.connect(file) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    connection.close()
    with sqlite3.connect(file, isolation_level=None) as connection:
        connection.execute("VACUUM")
    connection.close()

    left = b"".join(each.read_bytes() for each in file.parent.glob(f"{file.name}*"))
    assert [canary for canary in CANARIES.values() if canary.encode() in left] == []
    assert KEPT.encode() in left


def test_what_one_may_not_take_away_is_named_without_its_words(world: World) -> None:
    person = world.person()
    for marks in ({"audience": Audience.STAFF}, {"tlp": Tlp.AMBER_STRICT}, {}):
        initiative = world.initiative("cnry-title", **marks)
        world.add(
            InitiativeUpdate(
                initiative_id=initiative.id,
                author_id=person.id,
                health=Health.ON_TRACK,
                text="cnry-text",
                made_at=NOON,
            )
        )

    rows = told(world, world.asker(person))["updates on initiatives"]

    assert [(row["title"], row["text"], row["label"]) for row in rows] == [
        (None, None, None),
        (None, None, None),
        ("cnry-title", "cnry-text", "TLP:AMBER"),
    ]
    assert all(str(row["item"]).startswith("I") for row in rows)


def test_the_same_account_in_another_workspace_is_somebody_elses_business(world: World) -> None:
    person, other = fill(world), World(world.database, "T0OTHER")
    other.add(Lane(recipient=person.slack_user, free_at=NOON))

    lanes = told(world, world.asker(person))["when the next message to you may go"]
    world.database.run(erasure.erase, world.asker(person), NOON, person.id)

    assert len(lanes) == 1
    with seeing_all(world.database) as session:
        assert session.scalars(sa.select(Lane.workspace_id)).all() == [other.id]


def test_one_is_told_nothing_of_anybody_else(world: World) -> None:
    fill(world)
    other = world.member()

    data = json.dumps(told(world, other))

    assert "cnry" not in data.casefold()
