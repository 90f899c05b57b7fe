"""The schema's versions: there, back, there again, and nothing forgotten on either database."""

import contextlib
from concurrent.futures import ThreadPoolExecutor
from itertools import product
from pathlib import Path

import pytest
import sqlalchemy as sa
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy.exc import IntegrityError

from storage import schema
from storage.database import Database
from storage.models import FITS, Audience, Initiative, Milestone, Row, Tlp
from tests.factories import NOON, World, seeing_all


@pytest.fixture
def empty(database: Database) -> Database:
    """Take everything out of a migrated database again."""
    downgrade(database)
    return database


def downgrade(database: Database, to: str = "base") -> None:
    with database.writer.begin() as connection:
        config = schema._config()
        config.attributes["connection"] = connection
        command.downgrade(config, to)


def tables(database: Database) -> set[str]:
    with database.reader.connect() as connection:
        return {name for name in sa.inspect(connection).get_table_names() if is_ours(name)}


def is_ours(name: str | None) -> bool:
    """Say whether a table is neither Alembic's nor Procrastinate's."""
    return not str(name).startswith(("alembic_", "procrastinate_"))


def differences(database: Database) -> list[object]:
    with database.reader.connect() as connection:
        opts = {"compare_type": True, "include_name": lambda name, *_: is_ours(name)}
        context = MigrationContext.configure(connection, opts=opts)
        return list(compare_metadata(context, Row.metadata))


def test_models_and_migrations_agree(database: Database) -> None:
    assert differences(database) == []
    assert tables(database) == set(Row.metadata.tables)
    assert schema.present(database) == schema.needed()


def test_no_id_is_used_twice_on_sqlite_either(sqlite_template: Path) -> None:
    with sa.create_engine(f"sqlite:///{sqlite_template}").connect() as connection:
        made = dict(map(tuple, connection.execute(sa.text("SELECT name, sql FROM sqlite_master"))))

    assert {name for name in Row.metadata.tables if "AUTOINCREMENT" not in made[name]} == set()


def test_what_is_open_has_indexes_of_its_own(database: Database) -> None:
    partial = {
        index.name: index.info["where"]
        for table in Row.metadata.tables.values()
        for index in table.indexes
        if "where" in index.info
    }
    told = "SELECT name, sql FROM sqlite_master WHERE type = 'index'"
    if not database.is_sqlite:
        told = "SELECT indexname, indexdef FROM pg_indexes"
    with database.reader.connect() as connection:
        made = dict(map(tuple, connection.execute(sa.text(told))))

    # PostgreSQL says the same in other words.
    told_of = {name: made[name].partition(" WHERE ")[2] for name in partial}
    assert len(partial) > 5
    assert all(told_of.values())
    assert not database.is_sqlite or told_of == partial


def test_the_last_migration_is_the_one_that_is_needed() -> None:
    assert ScriptDirectory.from_config(schema._config()).get_heads() == [schema.needed()]


def test_upgrading_twice_changes_nothing(database: Database) -> None:
    World(database).briefing("Kept")

    assert schema.upgrade(database) == schema.needed()

    assert differences(database) == []
    with seeing_all(database) as session:
        assert session.scalar(sa.text("SELECT title FROM briefings")) == "Kept"


def test_there_and_back_and_there_again(empty: Database) -> None:
    assert schema.present(empty) is None
    assert tables(empty) == set()

    schema.upgrade(empty)

    assert differences(empty) == []
    assert tables(empty) == set(Row.metadata.tables)


def test_a_table_that_is_made_anew_keeps_what_refers_to_it(database: Database) -> None:
    world = World(database)
    milestone = world.milestone(world.initiative("Hashes"), "First list")
    downgrade(database, to="0025")

    schema.upgrade(database)

    assert differences(database) == []
    with seeing_all(database) as session:
        if database.is_sqlite:
            assert session.execute(sa.text("PRAGMA foreign_key_check")).all() == []
        assert session.get(Milestone, milestone.id) is not None
        assert session.get(Initiative, milestone.initiative_id) is not None


def test_replicas_that_start_together_migrate_once(empty: Database) -> None:
    replicas = [Database(empty.url.render_as_string(hide_password=False)) for _ in range(3)]

    with ThreadPoolExecutor(3) as pool:
        assert set(pool.map(schema.upgrade, replicas)) == {schema.needed()}

    assert differences(empty) == []
    for replica in replicas:
        replica.close()


def test_a_migration_that_fails_leaves_nothing(empty: Database) -> None:
    with empty.writer.begin() as connection:
        connection.execute(sa.text("CREATE TABLE audit_entries (id INTEGER)"))

    with pytest.raises(sa.exc.DBAPIError):
        schema.upgrade(empty)

    assert tables(empty) == {"audit_entries"}


def test_a_database_gives_a_sign_of_life(database: Database) -> None:
    assert database.run(schema.answers)


def test_the_database_itself_refuses_marks_that_do_not_fit(database: Database) -> None:
    world = World(database)
    fitting = set()

    for audience, tlp in product(Audience, Tlp):
        with contextlib.suppress(IntegrityError):
            world.briefing(audience=audience, tlp=tlp)
            fitting.add((audience, tlp))

    assert fitting == {(audience, tlp) for audience, tlps in FITS.items() for tlp in tlps}


@pytest.mark.parametrize(
    "given", [{"taken": 3, "capacity": 2}, {"taken": -1}, {"ends_at": NOON, "starts_at": NOON}]
)
def test_the_database_itself_refuses_what_cannot_be(
    database: Database, given: dict[str, object]
) -> None:
    with pytest.raises(IntegrityError):
        World(database).briefing("Forum", **given)
