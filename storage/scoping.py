"""Sessions refuse to read what has an audience unless the statement asks who reads it."""

from collections.abc import Mapping
from typing import Any, TypeVar
from weakref import WeakKeyDictionary

import sqlalchemy as sa
from sqlalchemy.orm import ORMExecuteState, Session
from sqlalchemy.sql import visitors

from storage.spelling import Spelling

S = TypeVar("S", bound=sa.Executable)

# Which tables a statement reads without asking; most statements are made once and run for ever.
_unasked: WeakKeyDictionary[Any, frozenset[str]] = WeakKeyDictionary()
_spelled: WeakKeyDictionary[Any, Spelling | None] = WeakKeyDictionary()


class Unscoped(Exception):  # noqa: N818 -- a mistake of ours, never of whoever asks
    """A statement reads a table with an audience and does not hold `policy.scope` for it."""


def mark(table: str) -> str:
    """Name the parameter by which a statement shows that it asks who reads *table*."""
    return f"named_{table}"


def unscoped(statement: S, why: str) -> S:
    """Let *statement* read what has an audience without asking; *why* is for the reader here."""
    return statement.execution_options(unscoped=why)


def lift(session: Session, why: str) -> None:
    """Let all of *session* read so: for work on a whole workspace that answers nobody."""
    session.info["unscoped"] = why


def refuse_unscoped(state: ORMExecuteState) -> None:
    """Raise Unscoped where the statement about to run forgot `policy.scope`."""
    # A row that is already there, and what hangs on it, was looked up by somebody who might.
    if not (state.is_column_load or state.is_relationship_load):
        _refuse(state.session, state.statement, state.execution_options)


def columns(session: Session, statement: Any, values: Mapping[str, Any]) -> sa.CursorResult[Any]:
    """Read columns alone, of whatever *statement* names: no row becomes an object of the session.

    What a session does for its objects costs more than to read a few columns. Raises Unscoped.
    """
    _refuse(session, statement, statement.get_execution_options())
    if session.autoflush:
        session.flush()
    bound = session.bind
    connection = bound if isinstance(bound, sa.Connection) else session.connection()
    spelling = _spelled.get(statement)
    if spelling is not None:
        return connection.execute(*spelling.of(statement, connection.dialect, values))
    if statement not in _spelled:
        _spelled[statement] = None  # it may be one that is made to run once
    elif isinstance(statement, sa.SelectBase):
        _spelled[statement] = Spelling(statement)
    return connection.execute(statement, values)


def _refuse(session: Session, statement: sa.Executable, options: Mapping[str, Any]) -> None:
    if options.get("unscoped") or session.info.get("unscoped"):
        return
    unasked = _unasked.get(statement)
    if unasked is None:
        unasked = _unasked[statement] = _read_without_asking(statement)
    if unasked:
        raise Unscoped(f"This reads {', '.join(sorted(unasked))} and asks nobody's right to it.")


def _read_without_asking(statement: Any) -> frozenset[str]:
    protected, marks, narrowing = set(), set(), set()
    for part in visitors.iterate(statement):
        if isinstance(part, sa.BindParameter):
            marks.add(part.key)
        table = part if isinstance(part, sa.Table) else getattr(part, "table", None)
        if isinstance(table, sa.Table) and (seen_as := _seen_as(table)):
            protected.add(seen_as)
        elif isinstance(table, sa.Table) and table.info.get("narrows"):
            # It says nothing but beside rows that are asked for.
            narrowing.add(table.name)
    unasked = {name for name in protected if mark(name) not in marks}
    return frozenset(unasked | (narrowing if not protected else set()))


def _seen_as(table: sa.Table) -> str | None:
    """Name the table whose audience says who sees a row: its own, or that of what it is part of."""
    return table.name if "audience_group_id" in table.c else table.info.get("seen_as")
