"""The ledger: a request's key, written in the transaction that has its effect."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Concatenate, ParamSpec, TypeVar

import sqlalchemy as sa

from storage.asker import Asker
from storage.database import Session, inserted_once, writes
from storage.errors import Replayed
from storage.models import LedgerEntry
from storage.scoping import columns

P = ParamSpec("P")
R = TypeVar("R")

KEPT = timedelta(days=7)


@writes
def once(
    session: Session,
    asker: Asker,
    now: datetime,
    key: str,
    verb: Callable[Concatenate[Session, Asker, datetime, P], R],
    *args: P.args,
    **kwargs: P.kwargs,
) -> R:
    """Run *verb* unless *key* is written down already; raises Replayed then.

    A verb that raises takes the key back with it, so that the corrected request is no replay.
    """
    values = {"workspace_id": asker.workspace, "key": key, "at": now}
    # While another transaction holds the same key, PostgreSQL waits here for how it ends.
    new = inserted_once(session, LedgerEntry, "key")
    if columns(session, new, values).one_or_none() is None:
        raise Replayed
    return verb(session, asker, now, *args, **kwargs)


@writes
def purge(session: Session, now: datetime) -> int:
    """Forget what is older than a week; Slack sends nothing again after a day."""
    old = sa.delete(LedgerEntry).where(LedgerEntry.at < now - KEPT)
    return int(session.execute(old).rowcount)  # type: ignore[attr-defined]
