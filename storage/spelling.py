"""A statement that runs for ever is put into words once for each length of its lists.

SQLAlchemy would look it up part by part and write its lists anew at each execution, which takes
longer than to run it.
"""

import re
from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine.interfaces import BindTyping, Dialect
from sqlalchemy.sql import visitors

LONGEST = 32  # values of a list: longer ones seldom come twice
MOST = 100  # wordings of a statement; then they begin anew
_NAME = re.compile(r":(\w*)")

Values = Mapping[str, Any]


@dataclass(frozen=True)
class _Words:
    """What is *said*, which values it names itself, and how it names those of each list."""

    said: sa.TextualSelect
    names: Sequence[str]
    lists: Mapping[str, Sequence[str]]


class Spelling:
    """Knows the words of one statement on each kind of database; it does not keep it alive."""

    def __init__(self, statement: sa.SelectBase) -> None:
        parts = visitors.iterate(statement)
        binds = {part.key: part for part in parts if isinstance(part, sa.BindParameter)}
        self._lists = [key for key, bind in binds.items() if bind.expanding and bind.required]
        self._written = [key for key, bind in binds.items() if bind.literal_execute]
        self._words: dict[Hashable, _Words] = {}

    def of(self, statement: sa.SelectBase, dialect: Dialect, values: Values) -> tuple[Any, Values]:
        """Give what says the same as *statement* with *values*, and the values for it."""
        lists = {key: _filled(values[key]) for key in self._lists}
        sizes = tuple(map(len, lists.values()))
        if sizes and not 0 < min(sizes) <= max(sizes) <= LONGEST:
            return statement, values
        shape = (dialect.name, sizes, *(values[key] for key in self._written))
        words = self._words.get(shape)
        if words is None:
            if len(self._words) >= MOST:
                self._words.clear()
            words = self._words[shape] = _worded(statement, dialect, {**values, **lists})
        given = {name: values[name] for name in words.names if name in values}
        for key, names in words.lists.items():
            given.update(zip(names, lists[key], strict=True))
        return words.said, given


def _filled(values: Sequence[Any]) -> list[Any]:
    """Repeat the last of *values* until they are 1, 2, 4, 8 …: one wording serves several."""
    many = list(values)
    return many and many + many[-1:] * ((1 << (len(many) - 1).bit_length()) - len(many))


def _worded(statement: sa.SelectBase, dialect: Dialect, values: Values) -> _Words:
    kind: Any = type(dialect)
    compiled: Any = statement.compile(dialect=_naming(kind))
    state = compiled.construct_expanded_state(values)
    listed = {name: key for key, names in state.parameter_expansion.items() for name in names}
    binds = {name: compiled.binds[listed.get(name, name)] for name in state.parameters}
    given = (
        _bind(name, like, state.parameters[name] if name in listed else like.value)
        for name, like in binds.items()
    )
    # Whatever else follows a colon is no name of a value.
    said = _NAME.sub(
        lambda found: found[0] if found[1] in state.parameters else rf"\{found[0]}",
        state.statement,
    )
    read = (sa.column(name, one.type) for name, one in statement.selected_columns.items())
    return _Words(
        sa.text(said).bindparams(*given).columns(*read),
        [name for name in binds if name not in listed],
        {key: names for key, names in state.parameter_expansion.items() if key in values},
    )


def _bind(name: str, like: sa.BindParameter[Any], own: Any) -> sa.BindParameter[Any]:
    if like.required:
        return sa.bindparam(name, type_=like.type)
    return sa.bindparam(name, own, type_=like.type)


@cache
def _naming(kind: type[Dialect]) -> Dialect:
    """Make a dialect of *kind* that calls values by name; it says of what type they are later."""
    plain: Any = type(kind.__name__, (kind,), {"bind_typing": BindTyping.NONE})
    named: Dialect = plain(paramstyle="named")
    return named
