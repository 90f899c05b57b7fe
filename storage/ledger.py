"""The ledger: a request's key, written in the transaction that has its effect."""

from collections.abc import Callable
from datetime import datetime
from typing import Any, Concatenate, ParamSpec, TypeVar

from sqlalchemy.dialects import postgresql, sqlite

from storage.asker import Asker
from storage.database import Session, writes
from storage.errors import Replayed
from storage.models import LedgerEntry

P = ParamSpec("P")
R = TypeVar("R")


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
    new = _insert_once(session).returning(LedgerEntry.id)
    if session.execute(new, values).one_or_none() is None:
        raise Replayed
    return verb(session, asker, now, *args, **kwargs)


def _insert_once(session: Session) -> Any:
    dialect = sqlite if session.get_bind().dialect.name == "sqlite" else postgresql
    return dialect.insert(LedgerEntry.__table__).on_conflict_do_nothing(index_elements=["key"])
