"""Who may remove an item's words, that every word goes, and that each copy is owed its end."""

from datetime import datetime, timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from storage import audit, deliveries, redaction
from storage.asker import Asker
from storage.database import Database, Session, writes
from storage.deliveries import Claim
from storage.errors import Refusal
from storage.models import (
    ActionState,
    AuditEntry,
    Delivery,
    FormerTalk,
    Health,
    InitiativeUpdate,
    Rsvp,
    Standing,
    State,
)
from storage.redaction import BELOW, WORDS
from tests.factories import NOON, World, every_row, seeing_all
from tests.storage.test_personal import IMPERSONAL

KEPT = {
    "action_items.folded": "made anew from the title",
    "briefings.folded": "made anew from the title",
    "initiatives.folded": "made anew from the title",
    "resources.folded": "made anew from the title",
    "working_groups.folded": "made anew from the title",
    "resources.words": "made anew from what is left",
    "item_words.word": "made anew from what is left",
    "resources.published": "a date",
    "milestones.due": "a date",
    "series.title": "no item: it has no number",
    "series.folded": "no item: it has no number",
    "series.purpose": "no item: it has no number",
}
SECRET = "cnrysecret"


@pytest.fixture
def world(database: Database) -> World:
    return World(database)


def test_every_word_of_every_item_is_removed_or_listed_with_its_reason() -> None:
    (words,) = (names for why, names in IMPERSONAL.items() if why.startswith("what an item says"))
    tables = [(model, names) for model, names in WORDS.items()]
    tables += [(model, names) for below in BELOW.values() for model, _, names in below]
    removed = {f"{model.__tablename__}.{name}" for model, names in tables for name in names}

    assert set(words) - removed == set(KEPT)
    assert removed - set(words) == {
        *("initiative_updates.text", "initiative_updates.next_step", "initiative_updates.reason"),
        *("action_items.note", "rsvps.note", "rsvps.particulars"),
        *("rsvps.was_note", "rsvps.remark"),
    }


def items(world: World) -> list[str]:
    """Make one item of each kind that says a secret in every word it has; give their numbers."""
    asker = world.member()
    briefing = world.briefing(
        f"{SECRET} title",
        summary=SECRET,
        agenda=[SECRET],
        edition=SECRET,
        venue=SECRET,
        city=SECRET,
        join_link=f"https://example.org/{SECRET}",
        recording_link=f"https://example.org/{SECRET}",
        questions=[SECRET],
    )
    world.add(
        Rsvp(
            briefing_id=briefing.id,
            person_id=asker.person,
            standing=Standing.GOING,
            note=SECRET,
            particulars=[SECRET],
            was_note=SECRET,
            remark=SECRET,
            answered_at=NOON,
        )
    )
    talk = world.talk(briefing, SECRET, track=SECRET, room=SECRET)
    at = {"starts_at": NOON, "ends_at": NOON + timedelta(hours=1), "takes_place": True}
    world.add(FormerTalk(briefing_id=briefing.id, talk_id=talk.id, room=SECRET, **at))
    group = world.group(SECRET, purpose=SECRET, cadence=SECRET)
    resource = world.resource(
        SECRET, summary=SECRET, topics=[SECRET], version=SECRET, link=f"https://x.org/{SECRET}"
    )
    action = world.action(asker, SECRET, state=ActionState.DECLINED, note=SECRET)
    initiative = world.initiative(SECRET, goal=SECRET, summary=SECRET)
    world.milestone(initiative, SECRET)
    world.add(
        InitiativeUpdate(
            initiative_id=initiative.id,
            health=Health.AT_RISK,
            text=SECRET,
            next_step=SECRET,
            reason=SECRET,
            made_at=NOON,
        )
    )
    return [
        f"E{briefing.id}",
        f"G{group.id}",
        f"R{resource.id}",
        f"A{action.id}",
        f"I{initiative.id}",
    ]


def rows(world: World, model: type[Any]) -> list[Any]:
    with seeing_all(world.database) as session:
        return list(session.scalars(sa.select(model).order_by(model.id)))


def test_no_word_is_left_and_the_record_says_who_did_it_to_what(world: World) -> None:
    staff, called = world.staff(), items(world)

    for known in called:
        world.database.run(redaction.redact, staff, NOON, known)

    assert SECRET not in str(every_row(world.database))
    assert [(row.actor_id, row.verb, row.after) for row in rows(world, AuditEntry)] == [
        (staff.person, "redact", {"copies": 0})
    ] * 5
    subjects = [row.subject.split()[0] for row in rows(world, AuditEntry)]
    assert subjects == ["briefing", "group", "resource", "action", "initiative"]


def test_only_staff_remove_and_what_is_hidden_reads_like_what_is_missing(world: World) -> None:
    called, draft = items(world)[0], f"E{world.briefing(state=State.DRAFT).id}"

    def told(asker: Asker, known: str) -> str:
        said = set()
        for verb in (redaction.foreseen, redaction.redact):
            with pytest.raises(Refusal) as refused:
                world.database.run(verb, asker, NOON, known)
            said.add(str(refused.value).replace(known, "E9999"))
        (sentence,) = said
        return sentence

    assert "for the secretariat" in told(world.member(), called)
    assert told(world.member(), draft) == told(world.member(), "E9999")
    assert "by its number" in told(world.staff(), "the forum")
    assert SECRET in str(every_row(world.database))
    assert rows(world, AuditEntry) == []


@writes
def _owe(session: Session, world: int, key: str, recipient: str) -> None:
    deliveries.owe(session, world, NOON, key=key, kind="promoted", recipient=recipient, details={})


def claimed(world: World, key: str, recipient: str, at: datetime = NOON) -> Claim:
    world.database.run(_owe, world.id, key, recipient)
    (claim,) = world.database.run(deliveries.claim, at)
    return claim


def send(world: World, key: str, about: str, ts: str | None) -> None:
    claim = claimed(world, key, f"C0{key}")
    assert world.database.run(redaction.sent, claim, NOON, f"C0{key}", ts, about)


def recalls(world: World) -> list[tuple[str, dict[str, Any]]]:
    return [(row.recipient, row.details) for row in rows(world, Delivery) if row.kind == "recall"]


def redact(world: World, asker: Asker, known: str, minutes: int = 0) -> redaction.Redaction:
    at = NOON + timedelta(minutes=minutes)
    return world.database.run(redaction.redact, asker, at, known)


def test_each_copy_that_named_it_is_taken_back_once(world: World) -> None:
    staff, known = world.staff(), f"E{world.briefing().id}"
    send(world, "one", f" {known} A1 ", "1.1")
    send(world, "two", f" A7 {known} ", "1.2")
    send(world, "other", f" {known}1 A{known[1:]} ", "1.3")
    send(world, "files", f" {known} ", None)
    foreseen = world.database.run(redaction.foreseen, staff, NOON, known)

    first, again = redact(world, staff, known), redact(world, staff, known, 5)

    assert (foreseen.copies, first.copies, again.copies) == (2, 2, 0)
    one, two, *_ = rows(world, Delivery)
    assert recalls(world) == [
        ("C0one", {"delivery": one.id}),
        ("C0two", {"delivery": two.id}),
    ]


def test_what_is_on_its_way_meanwhile_is_taken_back_on_arrival(world: World) -> None:
    staff, known = world.staff(), f"E{world.briefing().id}"
    claim = claimed(world, "slow", "C0SLOW")
    redact(world, staff, known)

    world.database.run(redaction.sent, claim, NOON, "C0SLOW", "1.1", f" {known} ")
    send(world, "other", " A1 ", "1.2")

    assert recalls(world) == [("C0SLOW", {"delivery": claim.id})]


def test_what_is_written_after_the_removal_or_after_another_change_stays(world: World) -> None:
    staff, known = world.staff(), f"E{world.briefing().id}"
    other = f"E{world.briefing().id}"
    redact(world, staff, known)
    later = NOON + timedelta(minutes=1)
    for number, about in ((1, known), (2, other)):
        claim = claimed(world, f"later{number}", f"C0LATER{number}", later)
        with world.database.writing() as session:
            audit.record(session, staff, later, "share", f"briefing {about[1:]}")

        world.database.run(redaction.sent, claim, later, "C0", f"1.{number}", f" {about} ")

    rest = [row.recipient for row in rows(world, Delivery) if row.kind == "recall"]
    assert rest == []


def test_a_copy_is_found_in_its_own_workspace_alone(world: World) -> None:
    other = World(world.database, "T0OTHER")
    send(other, "theirs", " E1 ", "1.1")
    (theirs,) = rows(world, Delivery)
    claims = [
        Claim(1, here, "k", "recall", "C0", {"delivery": theirs.id}, 1, 1)
        for here in (world.id, other.id)
    ]

    with world.database.reading() as session:
        found = [redaction.copy(session, claim) for claim in claims]

    assert [copy is not None for copy in found] == [False, True]


def test_another_workspaces_copies_stay(world: World) -> None:
    other = World(world.database, "T0OTHER")
    staff, known = world.staff(), f"E{world.briefing().id}"
    send(other, "theirs", f" {known} ", "1.1")

    assert redact(world, staff, known).copies == 0
    assert recalls(world) == []
