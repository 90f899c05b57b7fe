"""What SQLite knows of its own indexes: it is let look at them once a day."""

from datetime import datetime

import sqlalchemy as sa

from storage.database import Session, writes

SAMPLE = 400  # rows of an index that are looked at, however many it has


@writes
def survey(session: Session, now: datetime) -> int:
    """Let SQLite look at a part of what its indexes hold, as PostgreSQL does by itself; give 0.

    It would take the index on the workspace, which is the whole table, for as good as any other.
    """
    if session.get_bind().dialect.name == "sqlite":
        session.execute(sa.text(f"PRAGMA analysis_limit={SAMPLE}"))
        session.execute(sa.text("ANALYZE"))
    return 0
