"""Several writing calls in one transaction: they share the wait for the disk."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy.exc import DBAPIError

from storage.database import Call, Database, Session

Outcome = tuple[Any, BaseException | None]  # what a call gave, or what it raised


def run(database: Database, calls: Sequence[Call]) -> Sequence[Outcome]:
    """Run *calls*: one alone, several in one transaction, in their order.

    Where one of several fails nothing of any was kept, and each is run alone: whoever fails then
    fails by their own fault, and takes nobody along.
    """
    is_unsure = False
    if len(calls) > 1:
        is_done = False
        try:
            with database.writing() as session:
                results = []
                for call in calls:
                    results.append(call.verb(session, *call.args, **call.kwargs))
                    _renew(session)
                is_done = True
            return [(result, None) for result in results]
        except Exception as error:  # noqa: BLE001 -- each hears of its own, alone
            is_unsure = is_done and isinstance(error, DBAPIError) and error.connection_invalidated
    return [_alone(database, call, is_unsure=is_unsure) for call in calls]


def _renew(session: Session) -> None:
    """Let *session* know nothing of who had it before; a new one would take longer to begin."""
    session.flush()
    session.expunge_all()
    session.info.clear()


def _alone(database: Database, call: Call, *, is_unsure: bool) -> Outcome:
    try:
        return database.do(call, is_unsure=is_unsure), None
    except BaseException as error:  # noqa: BLE001 -- whoever waits hears of it
        return None, error
