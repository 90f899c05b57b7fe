"""Recordings: who may link to one, which links are taken, and who hears of it, once."""

from datetime import datetime, timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from storage import recordings
from storage.asker import Asker
from storage.database import Database
from storage.errors import Refusal
from storage.models import (
    Audience,
    AuditEntry,
    Briefing,
    Delivery,
    DeliveryState,
    Role,
    Rsvp,
    Standing,
    State,
    Tlp,
)
from storage.recordings import HOLD, Added
from tests.factories import NOON, World, altering, every_row, seeing_all

LINK, OTHER = "https://video.example/one", "https://video.example/two"
OVER = {"starts_at": NOON - timedelta(hours=2), "ends_at": NOON - timedelta(hours=1)}


@pytest.fixture
def world(database: Database) -> World:
    return World(database)


def over(world: World, **given: Any) -> Briefing:
    return world.briefing("Forum", **{**OVER, **given})


def answer(
    world: World, briefing: Briefing, asker: Asker, standing: Standing, came: bool | None = None
) -> Asker:
    queued = NOON if standing is Standing.WAITLISTED else None
    world.add(
        Rsvp(
            briefing_id=briefing.id,
            person_id=asker.person,
            organisation_id=asker.organisation,
            standing=standing,
            waitlisted_at=queued,
            answered_at=NOON,
            came=came,
        )
    )
    return asker


def add(
    world: World, asker: Asker, link: str = LINK, called: str = "Forum", now: datetime = NOON
) -> Added:
    return world.database.run(recordings.add, asker, now, called, link)


def told(world: World) -> list[str]:
    with seeing_all(world.database) as session:
        owed = sa.select(Delivery.recipient).where(Delivery.kind == recordings.KIND)
        return list(session.scalars(owed.order_by(Delivery.id)))


def settle(world: World, state: DeliveryState) -> None:
    with altering(world.database) as session:
        session.execute(sa.update(Delivery).values(state=state))


def test_who_came_and_who_had_said_they_would_or_may_hear_of_it(world: World) -> None:
    briefing = over(world)
    hear = [
        answer(world, briefing, world.member(), standing, came)
        for standing, came in (
            (Standing.GOING, True),
            (Standing.GOING, False),
            (Standing.GOING, None),
            (Standing.MAYBE, None),
            (Standing.WAITLISTED, None),
            (Standing.DECLINED, True),
        )
    ]
    answer(world, briefing, world.member(), Standing.DECLINED)
    answer(world, briefing, world.asker(world.person(is_active=False)), Standing.GOING)
    answer(world, world.briefing("Other", **OVER), world.member(), Standing.GOING)

    added = add(world, world.staff())

    assert (added.changed, added.told, added.at) == (True, len(hear), NOON + HOLD)
    assert sorted(told(world)) == sorted(asker.slack_user for asker in hear)


def test_whoever_may_not_see_it_any_more_hears_nothing(world: World) -> None:
    briefing = over(world)
    answer(world, briefing, world.external(), Standing.GOING)
    answer(world, briefing, world.unknown(), Standing.GOING)

    assert add(world, world.staff()).told == 0


def test_each_hears_once_of_each_link(world: World) -> None:
    briefing, dana = over(world), world.staff()
    answer(world, briefing, world.member(), Standing.GOING)
    answer(world, briefing, dana, Standing.GOING)

    added = [add(world, dana, link) for link in (LINK, LINK, OTHER)]
    settle(world, DeliveryState.SENT)
    added.append(add(world, dana, LINK))

    assert [(one.changed, one.told, one.knowing) for one in added] == [
        (True, 1, 0),
        (False, 0, 0),
        (True, 1, 0),
        (True, 0, 1),
    ]
    assert len(told(world)) == 2


@pytest.mark.parametrize("state", [DeliveryState.SKIPPED, DeliveryState.PENDING])
def test_a_link_that_comes_back_before_anybody_heard_of_it_is_told(
    world: World, state: DeliveryState
) -> None:
    briefing, dana, later = over(world), world.staff(), NOON + timedelta(minutes=18)
    answer(world, briefing, world.member(), Standing.GOING)
    add(world, dana, LINK)
    add(world, dana, OTHER)
    settle(world, state)

    added = add(world, dana, LINK, now=later)

    assert (added.told, added.knowing) == (1, 0)
    with seeing_all(world.database) as session:
        ending = sa.select(Delivery).where(Delivery.key.endswith(recordings.mark(LINK)))
        row = session.scalars(ending).one()
    assert (row.state, row.due_at) == (DeliveryState.PENDING, later + HOLD)
    assert (row.expires_at, row.reason) == (later + recordings.OF_USE, None)


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
def test_what_is_told_after_all_has_a_job_of_its_own(world: World) -> None:
    briefing, dana = over(world), world.staff()
    answer(world, briefing, world.member(), Standing.GOING)
    for link in (LINK, OTHER):
        add(world, dana, link)
        settle(world, DeliveryState.SKIPPED)
    with altering(world.database) as session:
        session.execute(sa.text("DELETE FROM procrastinate_jobs"))

    add(world, dana, LINK)

    job = sa.text("SELECT (args ->> 'delivery')::int FROM procrastinate_jobs")
    with seeing_all(world.database) as session:
        pending = sa.select(Delivery.id).where(Delivery.state == DeliveryState.PENDING)
        assert session.scalars(job).all() == session.scalars(pending).all() == [3]


def test_the_record_says_who_linked_and_not_where_to(world: World) -> None:
    briefing, dana = over(world), world.staff()

    add(world, dana)

    with seeing_all(world.database) as session:
        (entry,) = session.scalars(sa.select(AuditEntry)).all()
        stored = session.get_one(Briefing, briefing.id)
    assert (entry.actor_id, entry.verb) == (dana.person, "recording")
    assert (entry.before, entry.after) == ({"recording": False}, {"recording": True})
    assert stored.recording_link == LINK


def test_a_chair_may_at_the_briefings_of_their_own_group_alone(world: World) -> None:
    chair, member = world.person(), world.person()
    group = world.group("Hashing", member, chairs=(chair,))
    own = {"audience": Audience.GROUP, "audience_group_id": group.id}
    over(world, **own)
    world.briefing("Round table", **OVER)

    assert add(world, world.asker(chair)).changed
    for asker, called in ((chair, "Round table"), (member, "Forum")):
        with pytest.raises(Refusal, match="for the secretariat, and for chairs"):
            add(world, world.asker(asker), OTHER, called)


@pytest.mark.parametrize(
    "link",
    [
        "http://video.example/one",
        "ftp://video.example/one",
        "https://",
        "https:///one",
        "https://video.example/a b",
        "https://me@video.example/one",
        "https://video.example/<x>",
        "https://video.example/a|b",
        'https://video.example/"',
        "https://video.example\\@other.example",
        "https://video.example/\u202eone",
        "https://[video.example/one",
        "javascript://x",
        "https://video.example/" + "x" * 500,
        "https://me:secret@video.example/one",
        "https://video.example/d41d8cd98f00b204e9800998ecf8427e",
    ],
)
def test_what_is_no_link_of_ours_is_refused(world: World, link: str) -> None:
    briefing = over(world)
    answer(world, briefing, world.member(), Standing.GOING)
    dana, before = world.staff(), every_row(world.database)

    with pytest.raises(Refusal) as refused:
        add(world, dana, link)

    assert "secret" not in refused.value.sentence
    after = every_row(world.database)
    assert [after[name] for name in ("briefings", "deliveries", "audit_entries")] == [
        before[name] for name in ("briefings", "deliveries", "audit_entries")
    ]


@pytest.mark.parametrize(
    ("given", "why"),
    [
        ({"tlp": Tlp.RED, "audience": Audience.STAFF}, "TLP:RED"),
        ({"state": State.CANCELLED}, "was cancelled"),
        ({"state": State.DRAFT}, "is a draft"),
        (
            {"starts_at": NOON + timedelta(hours=1), "ends_at": NOON + timedelta(hours=2)},
            "not begun",
        ),
    ],
)
def test_where_there_can_be_no_recording_it_says_why(
    world: World, given: dict[str, Any], why: str
) -> None:
    over(world, **given)

    with pytest.raises(Refusal, match=why):
        add(world, world.staff())


def test_members_and_outside_bodies_add_none(world: World) -> None:
    over(world, audience=Audience.COMMUNITY, tlp=Tlp.GREEN)

    for role in (Role.MEMBER, Role.EXTERNAL):
        with pytest.raises(Refusal, match="for the secretariat, and for chairs"):
            add(world, world.asker(world.person(role=role)))
