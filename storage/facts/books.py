"""What one load works on: the rows by table and key, the moment it happens, what it has done."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, TypeVar

import sqlalchemy as sa

from storage.database import Session
from storage.facts.checks import Facts
from storage.facts.shapes import Entry
from storage.models import Audience, AuditEntry, Role, Row, folded

R = TypeVar("R", bound=Row)

# What people do beside a row, without changing the row itself.
BESIDE = (
    *("rsvp", "check in", "recording", "export"),
    *("join", "leave", "suggest update", "hand on"),
)


@dataclass
class Books:
    """One load of *facts* into *workspace*, whose Slack id is *team*."""

    session: Session
    workspace: int
    team: str
    now: datetime
    facts: Facts
    rows: dict[tuple[str, str], Any] = field(default_factory=dict)
    added: set[Row] = field(default_factory=set)
    changed: set[Row] = field(default_factory=set)
    faults: list[str] = field(default_factory=list)

    def id(self, table: str, key: str | None) -> int | None:
        """Give the id of the row with *key*; None for None."""
        return None if key is None else int(self.rows[table, key].id)

    def linked_id(self, key: str | None) -> int | None:
        """Give the id of the person with *key*; None for one nobody speaks for any more."""
        if key is None or self.rows["people", key].role is Role.UNKNOWN:
            return None
        return self.id("people", key)

    def marks(self, entry: Entry) -> dict[str, Any]:
        """Give the marks of *entry*."""
        group = entry["group"] if entry["audience"] is Audience.GROUP else None
        return {
            "audience": entry["audience"],
            "tlp": entry["tlp"],
            "audience_group_id": self.id("groups", group),
        }

    def called(self, model: type[Any], table: str, name: str) -> dict[str, Any]:
        """Find the rows that go by what *table*'s entries have under *name*, by folded name.

        Where people have made another of the same title, the oldest is meant.
        """
        names = [folded(entry[name]) for entry in self.facts.entries[table]]
        rows = self.session.scalars(
            sa.select(model)
            .where(model.workspace_id == self.workspace, model.folded.in_(names))
            .order_by(model.id.desc())
        )
        return {row.folded: row for row in rows}

    def belonging(self, model: type[Any], column: str, owner: Any) -> list[Any]:
        """List the rows of *model* that belong to *owner*; a new owner has none."""
        if owner in self.added:
            return []
        condition = getattr(model, column) == owner.id
        return list(self.session.scalars(sa.select(model).where(condition).order_by(model.id)))

    def put(
        self,
        model: type[R],
        found: R | None,
        says: Mapping[str, Any],
        first: Mapping[str, Any] | None = None,
        exactly: Mapping[str, Any] | None = None,
    ) -> R:
        """Make a row, or bring *found* to what the file *says*.

        What the file does not say (None) is left as it is, but for *exactly*; *first* is only for
        a row that is made.
        """
        values = {name: value for name, value in says.items() if value is not None}
        values.update(exactly or {})
        if found is None:
            row = model(workspace_id=self.workspace, **values, **(first or {}))
            self.session.add(row)
            self.added.add(row)
            return row
        for name, value in values.items():
            if getattr(found, name) != value:
                setattr(found, name, value)
                self.changed.add(found)
        return found

    def is_touched(self, subject: str) -> bool:
        """Say whether somebody has changed *subject* ("action 7") in Slack."""
        return self._is_recorded(subject, AuditEntry.verb.not_in(BESIDE))

    def is_written(self, briefing: int) -> bool:
        """Say whether somebody has written *briefing* anew in Slack, or moved it."""
        return self._is_recorded(f"briefing {briefing}", AuditEntry.verb == "edit")

    def is_ordered(self, order: int) -> bool:
        """Say whether somebody has said in Slack for whom a digest is."""
        return self._is_recorded(f"subscription {order}", AuditEntry.verb.in_(("order", "change")))

    def has_left(self, group: int, person: int) -> bool:
        """Say whether *person* has given up a seat in *group*."""
        left = sa.and_(AuditEntry.verb == "leave", AuditEntry.actor_id == person)
        return self._is_recorded(f"group {group}", left)

    def is_handed_on(self, group: int) -> bool:
        """Say whether staff have given the chair of *group* to somebody else."""
        return self._is_recorded(f"group {group}", AuditEntry.verb == "hand on")

    def _is_recorded(self, subject: str, condition: sa.ColumnElement[bool]) -> bool:
        found = self.session.scalar(
            sa.select(AuditEntry.id)
            .where(
                AuditEntry.workspace_id == self.workspace,
                AuditEntry.subject == subject,
                AuditEntry.actor_id.is_not(None),
                condition,
            )
            .limit(1)
        )
        return found is not None
