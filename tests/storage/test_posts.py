"""What is owed to the posts of a briefing when it changes: once, and by whatever changes it."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from alembic import command

from storage import (
    authoring,
    capacity,
    deliveries,
    erasure,
    offboarding,
    offers,
    postings,
    posts,
    programmes,
    publishing,
    recordings,
    redaction,
    rsvps,
    schema,
    sharing,
    titles,
    undoing,
    unposted,
)
from storage.asker import Asker
from storage.database import Database
from storage.deliveries import Claim
from storage.models import Answer, Audience, Briefing, Delivery, DeliveryState, Notice, Rsvp
from storage.programmes import Line
from storage.sharing import Wish
from tests.factories import NOON, World, seeing_all

SECOND, HOUR, DAY = timedelta(seconds=1), timedelta(hours=1), timedelta(days=1)
ROOM = "C0ROOM"


@pytest.fixture
def world(database: Database) -> World:
    return World(database)


def post(world: World, asker: Asker, item: Any, channel: str = ROOM) -> Claim:
    """Ask for a post of *item* and begin to send it."""
    world.database.run(postings.ask, asker, NOON, titles.short_id(item), channel)
    claims = world.database.run(deliveries.claim, NOON)
    return next(claimed for claimed in claims if claimed.recipient == channel)


def posted(world: World, asker: Asker, item: Any, channel: str = ROOM) -> int:
    """Let a post of *item* stand in *channel*; give the id of its delivery."""
    claimed = post(world, asker, item, channel)
    about = f" {claimed.details['item']} "
    assert world.database.run(redaction.sent, claimed, NOON, channel, f"1.{claimed.id}", about)
    return claimed.id


def owed(world: World) -> list[Delivery]:
    with seeing_all(world.database) as session:
        found = sa.select(Delivery).where(Delivery.kind == posts.KIND).order_by(Delivery.id)
        return list(session.scalars(found))


def answer(
    world: World, asker: Asker, briefing: Briefing, said: Answer = Answer.GOING, after: int = 0
) -> rsvps.Outcome:
    at = NOON + after * SECOND
    return world.database.run(rsvps.answer, asker, at, briefing.id, said)


def revised(world: World, staff: Asker, _ana: Asker, briefing: Briefing) -> None:
    what = world.database.run(authoring.by_id, staff, NOON, briefing.id).what
    new = replace(what, title="Another title")
    world.database.run(authoring.revise, staff, NOON, briefing.id, authoring.mark(what), new)


def resettled(world: World, staff: Asker, _ana: Asker, briefing: Briefing) -> None:
    terms = world.database.run(authoring.by_id, staff, NOON, briefing.id).terms
    new = replace(terms, notices=(Notice.RECORDING,))
    world.database.run(authoring.settle, staff, NOON, briefing.id, authoring.mark(terms), new)


def resized(world: World, staff: Asker, _ana: Asker, briefing: Briefing) -> None:
    world.database.run(capacity.set_capacity, staff, NOON, briefing.id, 9, None)


def called_off(world: World, staff: Asker, _ana: Asker, briefing: Briefing) -> None:
    world.database.run(publishing.cancel, staff, NOON, briefing.id)


def narrowed(world: World, staff: Asker, _ana: Asker, briefing: Briefing) -> None:
    world.database.run(sharing.share, staff, NOON, f"E{briefing.id}", Wish(Audience.STAFF))


def given_a_programme(world: World, staff: Asker, _ana: Asker, briefing: Briefing) -> None:
    lines = [Line("One", briefing.starts_at, briefing.ends_at)]
    mark = world.database.run(programmes.put, staff, NOON, briefing.id, lines, "").mark
    assert world.database.run(programmes.put, staff, NOON, briefing.id, lines, mark).is_saved


def answered(world: World, _staff: Asker, _ana: Asker, briefing: Briefing) -> None:
    answer(world, world.member(), briefing, Answer.MAYBE)


def undone(world: World, _staff: Asker, ana: Asker, _briefing: Briefing) -> None:
    with seeing_all(world.database) as session:
        own = session.scalars(sa.select(Rsvp).where(Rsvp.person_id == ana.person)).one()
    world.database.run(undoing.undo, ana, NOON, own.id, own.changes)


def offboarded(world: World, staff: Asker, ana: Asker, _briefing: Briefing) -> None:
    world.database.run(offboarding.carry_out, staff, NOON, f"person {ana.person}")


def erased(world: World, _staff: Asker, ana: Asker, _briefing: Briefing) -> None:
    world.database.run(erasure.erase, ana, NOON, ana.person)


VERBS: list[Callable[[World, Asker, Asker, Briefing], None]] = [
    *(revised, resettled, resized, called_off, narrowed, given_a_programme),
    *(answered, undone, offboarded, erased),
]


@pytest.mark.parametrize("verb", VERBS, ids=lambda verb: verb.__name__)
def test_whatever_changes_a_briefing_owes_its_posts_alone_to_be_drawn_anew(
    world: World, verb: Callable[[World, Asker, Asker, Briefing], None]
) -> None:
    staff, ana = world.staff(), world.member()
    briefing, other = world.briefing(), world.briefing()
    answer(world, ana, briefing)
    here, there = posted(world, staff, briefing), posted(world, staff, briefing, "C0THERE")
    posted(world, staff, other, "C0OTHER")
    posted(world, staff, world.resource(), "C0LIBRARY")

    verb(world, staff, ana, briefing)

    told = [(one.recipient, one.details["delivery"], one.due_at, one.state) for one in owed(world)]
    due = (NOON + posts.HOLD, DeliveryState.PENDING)
    assert told == [(ROOM, here, *due), ("C0THERE", there, *due)]


def test_a_seat_that_went_on_by_itself_is_drawn_too(world: World) -> None:
    staff, ana, ben, eve = world.staff(), world.member(), world.member(), world.member()
    briefing = world.briefing(capacity=1, starts_at=NOON + 9 * HOUR)
    for asker in (ana, ben, eve):
        answer(world, asker, briefing)
    answer(world, ana, briefing, Answer.DECLINED)
    posted(world, staff, briefing)

    world.database.run(offers.plan, NOON + 5 * HOUR)

    assert len(owed(world)) == 1


def test_a_recording_is_drawn_until_two_weeks_after_the_end(world: World) -> None:
    staff = world.staff()
    briefing = world.briefing(starts_at=NOON - 15 * DAY, ends_at=NOON - 14 * DAY + SECOND)
    posted(world, staff, briefing)

    def adds(name: str, after: timedelta) -> None:
        link = f"https://files.example/{name}"
        world.database.run(recordings.add, staff, NOON + after, f"E{briefing.id}", link)

    adds("first", timedelta())
    in_time = owed(world)
    adds("second", SECOND)

    assert [one.expires_at for one in in_time] == [NOON + SECOND]
    assert len(owed(world)) == 1


def test_what_changes_before_it_is_drawn_is_drawn_with_it_and_what_comes_later_anew(
    world: World,
) -> None:
    staff, briefing = world.staff(), world.briefing()
    here = posted(world, staff, briefing)
    for after in (0, 1, 29):
        answer(world, world.member(), briefing, after=after)
    together = len(owed(world))

    (claimed,) = world.database.run(deliveries.claim, NOON + posts.HOLD)
    answer(world, world.member(), briefing, after=30)

    assert together == 1
    assert claimed.details == {"delivery": here}
    assert [one.state for one in owed(world)] == [DeliveryState.SENDING, DeliveryState.PENDING]


def test_a_change_while_the_post_is_on_its_way_is_drawn_later(world: World) -> None:
    staff, briefing = world.staff(), world.briefing()
    claimed = post(world, staff, briefing)

    answer(world, world.member(), briefing)

    assert [one.details for one in owed(world)] == [{"delivery": claimed.id}]


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
def test_one_that_is_being_claimed_counts_for_no_later_change(world: World) -> None:
    staff, briefing = world.staff(), world.briefing()
    posted(world, staff, briefing)
    answer(world, world.member(), briefing)

    with world.database.writing() as session:
        # Whoever claims has it already, and could word it before the change is there.
        assert deliveries.claim(session, NOON + posts.HOLD)
        session.flush()
        answer(world, world.member(), briefing, after=30)

    assert [one.state for one in owed(world)] == [DeliveryState.SENDING, DeliveryState.PENDING]


def test_what_was_not_sent_or_is_given_up_is_kept_no_more(world: World) -> None:
    staff, briefing = world.staff(), world.briefing()
    here = posted(world, staff, briefing)
    refused = post(world, staff, briefing, "C0REFUSED")
    dead = (refused, NOON, DeliveryState.DEAD, "Slack refused it.")
    assert world.database.run(unposted.closed, *dead)
    answer(world, world.member(), briefing)

    claims = world.database.run(deliveries.claim, NOON + posts.HOLD)
    claimed = next(one for one in claims if one.kind == posts.KIND)
    gone = (claimed, NOON + posts.HOLD, DeliveryState.SKIPPED, "It is gone.")
    assert world.database.run(unposted.closed, *gone)
    answer(world, world.member(), briefing, after=99)

    assert claimed.details == {"delivery": here}
    assert len(owed(world)) == 1


def test_what_was_posted_before_posts_were_kept_is_kept_too(world: World) -> None:
    staff, briefing = world.staff(), world.briefing()
    here = posted(world, staff, briefing)
    posted(world, staff, world.resource(), "C0LIBRARY")
    with world.database.writer.begin() as connection:
        config = schema._config()
        config.attributes["connection"] = connection
        command.downgrade(config, "0017")

    schema.upgrade(world.database)
    answer(world, world.member(), briefing)

    assert [one.details for one in owed(world)] == [{"delivery": here}]
