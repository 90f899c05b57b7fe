"""The ledger: a request has its effect once, however often Slack, or somebody else, sends it."""

import hashlib
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any, Concatenate, ParamSpec, TypeVar

import sqlalchemy as sa

from storage.asker import Asker
from storage.database import Session, inserted_once, writes
from storage.errors import Replayed
from storage.models import LedgerEntry

P = ParamSpec("P")
R = TypeVar("R")

KEPT = timedelta(days=7)


@writes
def once(
    session: Session,
    asker: Asker,
    now: datetime,
    request: str,
    verb: Callable[Concatenate[Session, Asker, datetime, P], R],
    /,
    *args: P.args,
    **kwargs: P.kwargs,
) -> R:
    """Run *verb* unless it has run for *request* before; both are stored in one transaction.

    Raises Replayed; whatever *verb* raises takes the entry back with it.
    """
    named: Any = verb
    said = f"{asker.workspace}:{request}:{named.__module__}.{named.__name__}"
    values = {
        "workspace_id": asker.workspace,
        "key": hashlib.sha256(said.encode()).hexdigest(),
        "at": now,
    }
    new = inserted_once(session, LedgerEntry, "key").returning(LedgerEntry.id)
    if session.execute(new, values).one_or_none() is None:
        raise Replayed
    return verb(session, asker, now, *args, **kwargs)


@writes
def purge(session: Session, now: datetime) -> int:
    """Forget what is older than a week; Slack sends nothing again after a day."""
    old = sa.delete(LedgerEntry).where(LedgerEntry.at < now - KEPT)
    return int(session.execute(old).rowcount)  # type: ignore[attr-defined]
