"""Writing the record of who changed what, in the transaction that changes it."""

from datetime import datetime
from typing import Any, cast

import sqlalchemy as sa

from storage import posts
from storage.asker import Asker
from storage.database import Session
from storage.models import AuditEntry

_ENTRY = sa.insert(cast("sa.Table", AuditEntry.__table__))


def record(
    session: Session,
    asker: Asker,
    now: datetime,
    verb: str,
    subject: str,
    before: dict[str, Any] | None = None,
    after: dict[str, Any] | None = None,
) -> None:
    """Add that *asker* did *verb* to *subject*; *before* and *after* hold ids and choices only.

    What a channel shows of a briefing is owed to be drawn anew.
    """
    values = {
        "workspace_id": asker.workspace,
        "at": now,
        "actor_id": asker.person or None,
        "verb": verb,
        "subject": subject,
        "before": before or {},
        "after": after or {},
    }
    session.connection().execute(_ENTRY, values)
    noun, number = read(subject)
    if noun == "briefing":
        # Here, since whatever changes a briefing is written down: none of its verbs can forget it.
        posts.outdate(session, asker.workspace, now, number)


def read(subject: str) -> tuple[str, int]:
    """Read a subject such as "person 7", which a button may bring back; 0 where it is no row's."""
    noun, _, number = subject.partition(" ")
    return noun, int(number) if number.isdecimal() and len(number) < 10 else 0


def last_before(session: Session, workspace: int, verb: str, subject: str) -> dict[str, Any] | None:
    """Give what differed before *verb* was last done to *subject*; None if it never was."""
    return session.scalars(
        sa.select(AuditEntry.before)
        .where(
            AuditEntry.workspace_id == workspace,
            AuditEntry.subject == subject,
            AuditEntry.verb == verb,
        )
        .order_by(AuditEntry.id.desc())
        .limit(1)
    ).first()
