"""What SQLite knows of its own indexes: it is let look at them once a day."""

from datetime import datetime

import sqlalchemy as sa

from storage.database import Session, writes

SAMPLE = 400  # rows of an index that are looked at, however many it has
STATES = 4  # or a kind, or yes and no: what follows the workspace in an index has few values
# Of rows that are all alike SQLite tells as if there were no more of them than it looked at.
_OF_WORKSPACE = sa.text(
    "SELECT told.idx, told.stat FROM sqlite_stat1 AS told, pragma_index_info(told.idx) AS held"
    " WHERE held.seqno = 0 AND held.name = 'workspace_id'"
)
_TELL = sa.text("UPDATE sqlite_stat1 SET stat = :stat WHERE idx = :idx")


@writes
def survey(session: Session, now: datetime) -> int:
    """Let SQLite look at a part of what its indexes hold, as PostgreSQL does by itself; give 0.

    It would take the index on the workspace, which is the whole table, for as good as any other.
    """
    if session.get_bind().dialect.name == "sqlite":
        session.execute(sa.text(f"PRAGMA analysis_limit={SAMPLE}"))
        session.execute(sa.text("ANALYZE"))
        _tell_how_many(session)
    return 0


def _tell_how_many(session: Session) -> None:
    """Let SQLite take what is alike in all rows that it looked at for a share of all there are."""
    workspaces = session.scalar(sa.text("SELECT count(*) FROM workspaces")) or 1
    for index, stat in session.execute(_OF_WORKSPACE).all():
        rows, *alike = (int(word) for word in stat.split() if word.isdecimal())
        told, values = [rows], workspaces
        for many in alike:
            told.append(max(many, told[-1] // values) if many > SAMPLE else many)
            values = STATES
        session.execute(_TELL, {"idx": index, "stat": " ".join(map(str, told))})
    session.execute(sa.text("ANALYZE sqlite_schema"))
