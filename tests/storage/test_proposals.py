"""Whom staff have to confirm again, and until when."""

from datetime import timedelta
from typing import Any

import pytest

from storage import linking, people, proposals
from storage.database import Database
from storage.errors import Refusal
from storage.models import OrganisationDomain, Role
from tests.factories import NOON, World


@pytest.fixture
def world(database: Database) -> World:
    return World(database)


def days_ago(days: int) -> dict[str, Any]:
    return {"is_guest": True, "linked_at": NOON - timedelta(days=days)}


def test_a_link_is_listed_thirty_days_before_it_lapses_with_the_day(world: World) -> None:
    for name, days in (("Lapsed", 180), ("Tomorrow", 179), ("In a month", 150), ("Later", 149)):
        world.person(name, **days_ago(days))
    world.person("Never", is_guest=True, linked_at=None)
    world.person("At home", linked_at=NOON - timedelta(days=400))

    page = world.database.run(proposals.waiting, world.staff(), NOON)

    listed = {line.name: (line.until, line.has_lapsed) for line in page.rows}
    assert listed == {
        "Lapsed": (NOON, True),
        "Tomorrow": (NOON + timedelta(days=1), False),
        "In a month": (NOON + timedelta(days=30), False),
        "Never": (None, True),
    }
    assert page.total == 4


def test_confirming_again_counts_from_now_and_tells_nobody(world: World) -> None:
    guest = world.person("Guest", **days_ago(180))
    dana, home = world.staff(), guest.organisation_id or 0

    outcome = world.database.run(proposals.confirm, dana, NOON, guest.id, home)

    found = world.database.run(people.asker_of, world.id, NOON + timedelta(days=179), guest.id)
    assert found is not None
    assert (outcome.changed, outcome.is_told, found.role) == (True, False, Role.MEMBER)
    assert world.database.run(proposals.waiting, dana, NOON).total == 0


def test_an_old_button_confirms_nothing_that_has_changed(world: World) -> None:
    guest, other = world.person("Guest", **days_ago(170)), world.organisation("Other")
    world.add(OrganisationDomain(organisation_id=other.id, domain="other.org"))
    member, dana = world.member(), world.staff()
    home = guest.organisation_id or 0
    elsewhere = World(world.database, "T0OTHER").person(**days_ago(170))

    with pytest.raises(Refusal, match="for the secretariat"):
        world.database.run(proposals.confirm, member, NOON, guest.id, home)
    for person, organisation in (
        (guest.id, other.id),
        (elsewhere.id, elsewhere.organisation_id or 0),
        (guest.id, elsewhere.organisation_id or 0),
    ):
        with pytest.raises(Refusal):
            world.database.run(proposals.confirm, dana, NOON, person, organisation)
    world.database.run(linking.link, dana, NOON, guest.slack_user, "Other")
    with pytest.raises(Refusal, match="is not any more"):
        world.database.run(proposals.confirm, dana, NOON, guest.id, home)


@pytest.mark.parametrize(("days", "has_lapsed"), [(0, False), (179, False), (180, True)])
def test_a_guest_is_told_when_it_lapses_or_that_it_has(
    world: World, days: int, has_lapsed: bool
) -> None:
    asker = world.asker(world.person("Guest", **days_ago(days)))

    standing = world.database.run(linking.standing, asker, NOON)

    assert (standing.until, standing.has_lapsed) == (NOON + timedelta(days=180 - days), has_lapsed)


def test_whoever_is_at_home_is_confirmed_for_good(world: World) -> None:
    standing = world.database.run(linking.standing, world.member(), NOON)

    assert (standing.until, standing.has_lapsed) == (None, False)
