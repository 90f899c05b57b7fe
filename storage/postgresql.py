"""PostgreSQL's engines: one that only reads, and one that writes."""

from typing import Any

import sqlalchemy as sa
from psycopg import RawCursor
from sqlalchemy.engine import URL, Engine

# A network that swallows what is sent must end in a sentence, not in threads that wait; one that
# forgets whoever is silent must not forget a connection that is seldom needed.
NETWORK = {"connect_timeout": 3, "tcp_user_timeout": 3000, "keepalives_idle": 30}
# To plan a statement takes longer than to run it, and it reads by an index whatever is asked for.
PLANNED = "-c timezone=UTC -c plan_cache_mode=force_generic_plan"
# Whoever holds a row longer than that is frozen or gone: others hear of it, and then need not wait.
HELD = "-c lock_timeout=2s -c idle_in_transaction_session_timeout=10s"
_UNTOLD = (None,) * 5


class _Cursor(RawCursor[Any]):
    """Sends statements as they are, and says of a column its name and type alone.

    What psycopg does beyond that takes a tenth of what a list takes.
    """

    @property
    def description(self) -> Any:
        """Give a tuple for each column, as PEP 249 has it; None where nothing was read."""
        found = self.pgresult
        if found is None or not found.nfields:
            return None
        return [
            ((found.fname(number) or b"").decode(), found.ftype(number), *_UNTOLD)
            for number in range(found.nfields)
        ]


def engines(url: URL, readers: int, writers: int) -> tuple[Engine, Engine]:
    """Make the engine that reads at *url*, each statement by itself, and the one that writes.

    Each has so many connections.
    """
    given: dict[str, Any] = {"cursor_factory": _Cursor, **NETWORK}
    common: dict[str, Any] = {
        "max_overflow": 0,
        "pool_pre_ping": False,
        "paramstyle": "numeric_dollar",  # the server's own, which a raw cursor takes
    }
    only_reads = f"-c default_transaction_read_only=on {PLANNED}"
    reader = sa.create_engine(
        url,
        isolation_level="AUTOCOMMIT",
        skip_autocommit_rollback=True,
        pool_size=readers,
        connect_args={"options": only_reads, **given},
        **common,
    )
    options = {"options": f"{PLANNED} {HELD}", **given}
    return reader, sa.create_engine(url, pool_size=writers, connect_args=options, **common)
