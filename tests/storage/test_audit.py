"""The record of changes is added to and never changed, whoever asks the database."""

from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import DBAPIError

from storage import audit
from storage.database import Database
from storage.models import AuditEntry
from tests.factories import NOON, World, altering


def test_the_database_refuses_to_change_what_is_on_record(database: Database) -> None:
    world = World(database)
    asker = world.staff()
    with altering(database) as session:
        audit.record(session, asker, NOON, "share", "briefing 1", {"tlp": "AMBER"}, {})

    changes: tuple[dict[str, Any], ...] = ({"verb": "x"}, {"actor_id": None}, {"before": {}})
    for change in changes:
        with pytest.raises(DBAPIError, match="append-only"), altering(database) as session:
            session.execute(sa.update(AuditEntry).values(**change))

    with altering(database) as session:
        (entry,) = session.scalars(sa.select(AuditEntry)).all()
        assert (entry.verb, entry.actor_id, entry.before) == (
            "share",
            asker.person,
            {"tlp": "AMBER"},
        )
