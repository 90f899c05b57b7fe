"""The ledger: the same key twice is one effect, and a refusal leaves no key behind."""

from datetime import datetime, timedelta

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from storage import ledger
from storage.asker import Asker
from storage.database import Database, writes
from storage.errors import Refusal, Replayed
from storage.models import LedgerEntry, Organisation, OrganisationKind
from tests.factories import NOON, World


@pytest.fixture
def world(database: Database) -> World:
    return World(database)


@writes
def found(session: Session, asker: Asker, now: datetime, name: str) -> str:
    session.add(
        Organisation(workspace_id=asker.workspace, name=name, kind=next(iter(OrganisationKind)))
    )
    session.flush()
    if name == "Nobody":
        raise Refusal("Nobody is no company.")
    return name


def names(session: Session) -> list[str]:
    return list(session.scalars(sa.select(Organisation.name).order_by(Organisation.id)))


def entries(session: Session) -> list[tuple[str, datetime]]:
    return [(row.key, row.at) for row in session.scalars(sa.select(LedgerEntry))]


def once(world: World, key: str, name: str) -> str:
    return world.database.run(ledger.once, Asker(world.id), NOON, key, found, name)


def test_a_key_seen_before_has_no_second_effect(world: World) -> None:
    assert once(world, "a", "Acme") == "Acme"
    with pytest.raises(Replayed):
        once(world, "a", "Acme")

    assert world.database.run(names) == ["Acme"]
    assert world.database.run(entries) == [("a", NOON)]


def test_without_the_ledger_there_are_two_effects(world: World) -> None:
    for name in ("Acme", "Acme again"):
        world.database.run(found, Asker(world.id), NOON, name)

    assert len(world.database.run(names)) == 2


def test_another_key_is_another_request(world: World) -> None:
    once(world, "a", "Acme")
    once(world, "b", "Bolt")

    assert world.database.run(names) == ["Acme", "Bolt"]


def test_what_was_refused_may_be_sent_again(world: World) -> None:
    with pytest.raises(Refusal):
        once(world, "a", "Nobody")

    assert once(world, "a", "Acme") == "Acme"
    assert world.database.run(names) == ["Acme"]


def test_a_key_is_kept_for_a_week(world: World) -> None:
    once(world, "a", "Acme")

    purged = [
        world.database.run(ledger.purge, NOON + timedelta(days=7, seconds=late)) for late in (0, 1)
    ]

    assert purged == [0, 1]
