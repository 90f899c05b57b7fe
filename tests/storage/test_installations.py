"""Installations: sealed tokens, keys that are replaced, a workspace that ends with all it had."""

from datetime import timedelta

import pytest
import sqlalchemy as sa
from cryptography.fernet import Fernet
from hypothesis import given
from hypothesis import strategies as st

from storage import installations
from storage.asker import Asker
from storage.database import Database
from storage.errors import Unreadable
from storage.installations import Granted
from storage.keys import LIFE, Keys
from storage.models import Briefing, Installation, Row
from tests.factories import NOON, World, altering, every_row, seeing_all

SECOND = timedelta(seconds=1)
OLD, NEW = Fernet.generate_key().decode(), Fernet.generate_key().decode()


def install(database: Database, team: str, token: str = "", by: str = "U1") -> int:
    granted = Granted(team, f"Team {team}", token, "A1", by)
    return database.run(installations.keep, NOON, granted)


def inhabited(database: Database, team: str) -> World:
    """Fill a workspace: people, an event, a group, an item, a guide and an effort."""
    world = World(database, team)
    install(database, team)
    member = world.member("Ana")
    world.briefing("Round table")
    world.group("Age assurance", world.person("Ben"))
    world.action(member, "Send the notes")
    world.milestone(world.initiative("Tech Coalition Standard"))
    world.resource("Guide")
    return world


def test_installing_again_takes_the_place_of_what_was_there(database: Database) -> None:
    first = install(database, "T1", "old", by="U1")
    again = install(database, "T1", "new", by="U2")

    assert first == again
    kept = database.run(installations.find, ["T1"])
    assert kept is not None
    assert (kept.token, kept.by, kept.workspace) == ("new", "U2", first)


def test_the_most_certain_name_wins(database: Database) -> None:
    one, two = install(database, "T1"), install(database, "E1")

    def found(*teams: str) -> int | None:
        kept = database.run(installations.find, teams)
        return kept.workspace if kept is not None else None

    assert [found("T1", "E1"), found("E1", "T1"), found("T9", "E1")] == [one, two, two]
    assert [found("T9"), found()] == [None, None]
    assert database.run(installations.at, one) == database.run(installations.find, ["T1"])
    assert database.run(installations.at, 99) is None


def test_a_workspace_ends_with_all_it_had_and_no_other_changes(database: Database) -> None:
    ending, staying = inhabited(database, "T1"), inhabited(database, "T2")
    before = every_row(database)

    assert database.run(installations.erase, Asker(ending.id), NOON, NOON + SECOND)

    after = every_row(database)
    assert database.run(installations.find, ["T1"]) is None
    for table in Row.metadata.sorted_tables:
        mine = table.c.get("workspace_id", table.c.id)
        at = list(table.c).index(mine)
        kept = [row for row in before[table.name] if row[at] == staying.id]
        assert after[table.name] == kept, table.name
    assert len([table for table in after.values() if table]) >= 9


def test_what_was_installed_again_meanwhile_stays(database: Database) -> None:
    world = inhabited(database, "T1")
    before = every_row(database)

    assert not database.run(installations.erase, Asker(world.id), NOON, NOON - SECOND)
    assert every_row(database) == before


def test_a_workspace_whose_token_is_in_the_settings_is_never_erased(database: Database) -> None:
    world = World(database)
    world.briefing("Round table")

    assert not database.run(installations.erase, Asker(world.id), NOON, NOON + SECOND)
    with seeing_all(database) as session:
        assert session.scalar(sa.select(sa.func.count()).select_from(Briefing)) == 1


def test_a_state_is_good_once_and_forgotten_later(database: Database) -> None:
    def spend(state: str, after: timedelta = timedelta()) -> bool:
        return database.run(installations.spend, NOON + after, state)

    assert [spend("a"), spend("a"), spend("b")] == [True, False, True]
    # Long before it is forgotten it opens no more.
    assert installations.SPENT.total_seconds() > LIFE
    assert spend("c", installations.SPENT)
    assert [row[0] for row in every_row(database)["oauth_states"]] == ["c"]


def test_tokens_move_to_the_newest_key(database: Database) -> None:
    for team in ("T1", "T2"):
        install(database, team, Keys([OLD]).seal(f"xoxb-{team}", team, NOON))
    install(database, "T3", Keys([Fernet.generate_key().decode()]).seal("xoxb-T3", "T3", NOON))
    both = Keys([NEW, OLD])

    assert database.run(installations.renew, both.renew) == (3, 1)

    def opened(team: str) -> str:
        kept = database.run(installations.find, [team])
        assert kept is not None
        return Keys([NEW]).open(kept.token, team)

    assert [opened("T1"), opened("T2")] == ["xoxb-T1", "xoxb-T2"]
    with pytest.raises(Unreadable):
        opened("T3")
    settled = every_row(database)["installations"]
    assert database.run(installations.renew, both.renew) == (3, 1)
    assert every_row(database)["installations"] == settled


def test_the_token_of_one_row_is_of_no_use_in_another(database: Database) -> None:
    keys = Keys([NEW])
    install(database, "T1", keys.seal("xoxb-1", "T1", NOON))
    install(database, "T2", keys.seal("xoxb-2", "T2", NOON))
    with altering(database) as session:
        one, two = session.scalars(sa.select(Installation).order_by(Installation.id))
        two.token = one.token

    kept = database.run(installations.find, ["T2"])
    assert kept is not None
    with pytest.raises(Unreadable):
        keys.open(kept.token, "T2")


@given(st.text(max_size=300), st.text(max_size=30), st.text(max_size=30))
def test_what_is_sealed_opens_for_its_owner_alone(secret: str, owner: str, other: str) -> None:
    keys = Keys([NEW, OLD])
    sealed = keys.seal(secret, owner, NOON)

    assert keys.open(sealed, owner) == secret
    assert len(secret) < 4 or secret not in sealed
    if other != owner:
        with pytest.raises(Unreadable):
            keys.open(sealed, other)


@pytest.mark.parametrize("spoilt", ["", "nonsense", "gAAAA", "é", "=", "gAAAAABm" + "A" * 80])
def test_what_nobody_sealed_does_not_open(spoilt: str) -> None:
    keys = Keys([NEW])

    with pytest.raises(Unreadable):
        keys.open(spoilt, "T1")
    with pytest.raises(Unreadable):
        keys.open_in_time(spoilt, "T1", NOON)
    with pytest.raises(Unreadable):
        keys.renew(spoilt)


@pytest.mark.parametrize(("later", "opens"), [(0, True), (LIFE, True), (LIFE + 1, False)])
def test_what_is_sealed_for_a_while_opens_for_ten_minutes(later: int, opens: bool) -> None:
    keys, sealed = Keys([NEW]), Keys([NEW]).seal("install", "browser", NOON)

    if opens:
        assert keys.open_in_time(sealed, "browser", NOON + later * SECOND) == "install"
    else:
        with pytest.raises(Unreadable):
            keys.open_in_time(sealed, "browser", NOON + later * SECOND)
