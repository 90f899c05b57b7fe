"""The record of who changed what: rows are added, never changed."""

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from storage.models.row import InWorkspace, Row


class AuditEntry(InWorkspace, Row):
    """One change: *verb* on *subject* ("briefing 12"), with what differs before and after."""

    __tablename__ = "audit_entries"
    __table_args__ = (
        sa.Index(None, "workspace_id", "at"),
        sa.Index(None, "workspace_id", "subject"),
    )

    at: Mapped[datetime]
    actor_id: Mapped[int | None] = mapped_column(sa.ForeignKey("people.id"), index=True)
    verb: Mapped[str]
    subject: Mapped[str]
    before: Mapped[dict[str, Any]]
    after: Mapped[dict[str, Any]]
