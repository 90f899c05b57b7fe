"""Recaps: organisations are counted, and only hosts and speakers are named."""

from datetime import timedelta
from typing import Any

import pytest

from storage import recaps
from storage.database import Database
from storage.errors import Refusal
from storage.models import (
    BriefingPartner,
    Notice,
    OrganisationKind,
    PartnerRole,
    Rsvp,
    Standing,
    State,
    Tlp,
)
from storage.recaps import Recap
from tests.factories import NOON, World

OVER = {"starts_at": NOON - timedelta(hours=2), "ends_at": NOON - timedelta(hours=1)}
CAME = {"Ana", "Ben", "Dee", "Gus"}


@pytest.fixture
def world(database: Database) -> World:
    return World(database)


def over(world: World, *, is_checked: bool = False, **given: Any) -> None:
    """Make a briefing that took place: two of Adobe, one of Roblox, two hotlines, one of ours."""
    ids: dict[str, int] = {
        name: world.organisation(name, kind).id
        for name, kind in (
            ("Adobe", OrganisationKind.MEMBER),
            ("Roblox", OrganisationKind.MEMBER),
            ("Point de Contact", OrganisationKind.HOTLINE),
            ("Childline", OrganisationKind.HOTLINE),
            ("Office", OrganisationKind.SECRETARIAT),
            ("Regulator", OrganisationKind.REGULATOR),
        )
    }
    briefing = world.briefing("Forum", **{**OVER, "host_id": ids["Office"], **given})
    for name, home, standing in (
        ("Ana", "Adobe", Standing.GOING),
        ("Ben", "Adobe", Standing.GOING),
        ("Cy", "Roblox", Standing.GOING),
        ("Dee", "Point de Contact", Standing.GOING),
        ("Eve", "Childline", Standing.GOING),
        ("Fay", "Office", Standing.GOING),
        ("Gus", "Regulator", Standing.MAYBE),
        ("Hal", None, Standing.GOING),
    ):
        person = world.person(name, organisation_id=ids[home] if home else None)
        world.add(
            Rsvp(
                briefing_id=briefing.id,
                person_id=person.id,
                organisation_id=person.organisation_id,
                standing=standing,
                answered_at=NOON,
                came=name in CAME if is_checked else None,
            )
        )
    for name, role in (
        ("Roblox", PartnerRole.CO_HOST),
        ("Childline", PartnerRole.SPEAKER),
        ("Adobe", PartnerRole.ATTENDED),
    ):
        world.add(BriefingPartner(briefing_id=briefing.id, organisation_id=ids[name], role=role))


def recap(world: World, called: str = "Forum") -> Recap:
    return world.database.run(recaps.recap, world.staff(), NOON, called)


def test_organisations_with_somebody_who_came_are_counted(world: World) -> None:
    over(world, is_checked=True)

    found = recap(world)

    assert (found.members, found.is_checked) == (1, True)
    assert found.others == {OrganisationKind.HOTLINE: 1, OrganisationKind.REGULATOR: 1}


def test_where_nobody_was_checked_in_those_with_a_seat_are_counted(world: World) -> None:
    over(world)

    found = recap(world)

    assert (found.members, found.is_checked) == (2, False)
    assert found.others == {OrganisationKind.HOTLINE: 2}


def test_hosts_and_speakers_are_named_and_nobody_else(world: World) -> None:
    over(world)

    found = recap(world)

    assert (found.hosts, found.speakers) == (("Office", "Roblox"), ("Childline",))


def test_under_the_chatham_house_rule_the_hosts_alone_are_named(world: World) -> None:
    over(world, notices=[Notice.CHATHAM_HOUSE])

    found = recap(world)

    assert (found.hosts, found.speakers) == (("Office", "Roblox"), ())
    assert (found.members, found.is_chatham_house) == (2, True)


def test_a_recap_is_for_staff(world: World) -> None:
    over(world)

    for asker in (world.member(), world.external()):
        with pytest.raises(Refusal):
            world.database.run(recaps.recap, asker, NOON, "Forum")


@pytest.mark.parametrize(
    ("given", "why"),
    [
        ({"ends_at": NOON + timedelta(hours=1)}, "not over yet"),
        ({"state": State.CANCELLED}, "was cancelled"),
        ({"state": State.DRAFT}, "is a draft"),
        ({"tlp": Tlp.RED, "audience": "staff"}, "TLP:RED"),
    ],
)
def test_where_there_is_nothing_to_tell_it_says_why(
    world: World, given: dict[str, Any], why: str
) -> None:
    world.briefing("Forum", **{**OVER, **given})

    with pytest.raises(Refusal, match=why):
        recap(world)


def test_of_nobody_there_is_nothing_to_sum_up(world: World) -> None:
    briefing = world.briefing(starts_at=NOON - timedelta(days=1))

    with pytest.raises(Refusal, match="so there is nothing to sum up"):
        world.database.run(recaps.recap, world.staff("Dana"), NOON, f"E{briefing.id}")
