"""Who may put an item before a channel, and who in a channel may not see one."""

import contextlib
from datetime import timedelta
from typing import Any

import pytest

from storage import people, postings, readership
from storage.asker import Asker
from storage.database import Database
from storage.errors import Refusal
from storage.models import Audience, NamedReader, Role, State, Tlp
from tests.factories import MARKS, NOON, World

CHANNEL = "C0ROOM"
LEVELS = [Audience.PUBLIC, Audience.COMMUNITY, Audience.MEMBERS, Audience.STAFF]


@pytest.fixture
def world(database: Database) -> World:
    return World(database)


def ask(world: World, asker: Asker, called: str, channel: str = CHANNEL) -> bool:
    return world.database.run(postings.ask, asker, NOON, called, channel)


def marked(level: Audience) -> dict[str, Any]:
    return {"audience": level, "tlp": MARKS[level]}


# Who may put what before others: any linked person what is public, members and staff what they see.
MAY = {
    Role.UNKNOWN: [],
    Role.EXTERNAL: [Audience.PUBLIC],
    Role.MEMBER: [Audience.PUBLIC, Audience.COMMUNITY, Audience.MEMBERS],
    Role.STAFF: LEVELS,
    Role.ADMIN: LEVELS,
}


@pytest.mark.parametrize("role", MAY)
def test_each_role_posts_what_it_may(world: World, role: Role) -> None:
    asker = world.asker(world.person(role=role))
    items = {level: world.briefing(**marked(level)) for level in LEVELS}

    posted = []
    for level, item in items.items():
        with contextlib.suppress(Refusal):
            posted.append((level, ask(world, asker, f"E{item.id}")))

    assert posted == [(level, True) for level in MAY[role]]


@pytest.mark.parametrize(
    ("channel", "given", "why"),
    [
        ("", {}, postings.NOWHERE),
        ("D0ANA", {}, postings.ALONE),
        (CHANNEL, {"state": State.DRAFT}, postings.DRAFT),
        (CHANNEL, {"audience": Audience.STAFF, "tlp": Tlp.RED}, postings.RED),
    ],
)
def test_a_refusal_says_why(world: World, channel: str, given: dict[str, Any], why: str) -> None:
    item = world.briefing(**given)

    with pytest.raises(Refusal, match=why[:20]):
        ask(world, world.staff(), f"E{item.id}", channel)


def test_what_somebody_may_not_see_is_unknown_like_what_is_not_there(world: World) -> None:
    hidden = world.briefing(audience=Audience.STAFF)
    ana = world.member()

    with pytest.raises(Refusal) as refused:
        ask(world, ana, f"E{hidden.id}")
    with pytest.raises(Refusal) as missing:
        ask(world, ana, "E987654321")

    assert str(refused.value).replace(str(hidden.id), "N") == str(missing.value).replace(
        "987654321", "N"
    )


def test_it_is_owed_once_a_minute_for_each_asker_and_channel(world: World) -> None:
    ana, ben, called = world.member(), world.member(), f"R{world.resource().id}"

    def asked(asker: Asker, seconds: int, channel: str = CHANNEL) -> bool:
        at = NOON + timedelta(seconds=seconds)
        return world.database.run(postings.ask, asker, at, called, channel)

    assert [asked(ana, 0), asked(ana, 59), asked(ana, 60), asked(ben, 0)] == [1, 0, 1, 1]
    assert asked(ana, 0, "C0OTHER")


def test_many_are_resolved_as_each_alone_would_be(world: World) -> None:
    made = [
        world.person(role=Role.STAFF),
        world.person(is_guest=True, linked_at=NOON - timedelta(days=200)),
        world.person(is_stranger=True, slack_team="T0OTHER"),
        world.person(role=Role.EXTERNAL),
        world.person(role=Role.UNKNOWN),
        world.person(is_active=False),
        world.person(is_bot=True),
        *(world.person() for _ in range(3)),
    ]
    world.group("One", made[3], made[4], chairs=(made[7],))
    item = world.briefing(audience=Audience.NAMED)
    world.add(NamedReader(item_table="briefings", item_id=item.id, person_id=made[8].id))

    found = world.database.run(
        people.askers, world.id, NOON, [person.slack_user for person in made]
    )

    alone = [world.asker(person) for person in made]
    assert sorted(found, key=lambda asker: asker.person) == alone


def test_whoever_is_unmet_or_known_twice_with_less_is_outside(world: World) -> None:
    item = world.briefing()
    ana = world.member()
    twice = world.person(slack_user="U0TWICE")
    world.person(slack_user="U0TWICE", slack_team="T0OTHER", role=Role.UNKNOWN)
    other = World(world.database, "T0ELSE").member()
    users = [ana.slack_user, twice.slack_user, other.slack_user, "U0UNMET"]

    outside = world.database.run(readership.outside, world.id, NOON, users, item)

    assert outside == {"U0TWICE", other.slack_user, "U0UNMET"}


def test_two_thousand_readers_are_checked_at_once(world: World) -> None:
    item = world.briefing()
    users = [f"U0{number:06}" for number in range(2000)]

    outside = world.database.run(readership.outside, world.id, NOON, users, item)

    assert len(outside) == 2000
