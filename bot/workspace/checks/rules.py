"""The small rules tables of limits are made of: value and JSON pointer in, complaints out."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping
from typing import Any

Complaints = Iterator[str]
Rule = Callable[[Any, str], Complaints]
Table = Mapping[str, Rule]


def complaint(words: str, at: str) -> str:
    """Say it the way Slack does in response_metadata.messages."""
    return f"[ERROR] {words} [json-pointer:{at or '/'}]"


def units(text: str) -> int:
    """Count UTF-16 units: never fewer than code points, and we do not know which Slack counts."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def string(most: int | None = None, *, least: int = 1) -> Rule:
    """Build the rule for a string of *least* to *most* characters."""

    def rule(value: Any, at: str) -> Complaints:
        if not isinstance(value, str):
            yield complaint("must be a string", at)
        elif units(value) < least:
            yield complaint(f"must be more than {least - 1} characters", at)
        elif most is not None and units(value) > most:
            yield complaint(f"must be less than {most + 1} characters", at)

    return rule


def integer(least: int, most: int | None = None) -> Rule:
    """Build the rule for a whole number; true and false are not numbers."""

    def rule(value: Any, at: str) -> Complaints:
        if not isinstance(value, int) or isinstance(value, bool):
            yield complaint("must be an integer", at)
        elif value < least:
            yield complaint(f"must be greater than {least - 1}", at)
        elif most is not None and value > most:
            yield complaint(f"must be less than {most + 1}", at)

    return rule


def number(value: Any, at: str) -> Complaints:
    """Ask for a finite number; true and false are not numbers."""
    if not isinstance(value, int | float) or isinstance(value, bool) or not math.isfinite(value):
        yield complaint("must be a number", at)


def flag(value: Any, at: str) -> Complaints:
    """Ask for true or false, not for something that reads like it."""
    if not isinstance(value, bool):
        yield complaint("must be a boolean", at)


def mapping(value: Any, at: str) -> Complaints:
    """Ask for an object and leave its fields alone."""
    if not isinstance(value, Mapping):
        yield complaint("must be an object", at)


def one_of(*allowed: str) -> Rule:
    """Build the rule for a string out of a closed list."""

    def rule(value: Any, at: str) -> Complaints:
        if value not in allowed:
            yield complaint(f"must be one of: {', '.join(allowed)}", at)

    return rule


def such_that(rule: Rule, holds: Callable[[Any], bool], words: str) -> Rule:
    """Build a rule that asks *holds* of a value which *rule* has nothing against."""

    def narrowed(value: Any, at: str) -> Complaints:
        found = list(rule(value, at))
        yield from found
        if not found and not holds(value):
            yield complaint(words, at)

    return narrowed


def items(rule: Rule, most: int | None = None, *, least: int = 1) -> Rule:
    """Build the rule for an array whose every item obeys *rule*."""

    def array(value: Any, at: str) -> Complaints:
        if not isinstance(value, list):
            yield complaint("must be an array", at)
            return
        if len(value) < least:
            yield complaint(f"must provide at least {least} items", at)
        if most is not None and len(value) > most:
            yield complaint(f"no more than {most} items allowed", at)
        for index, item in enumerate(value):
            yield from rule(item, f"{at}/{index}")

    return array


def record(required: Table, optional: Table, *across: Rule) -> Rule:
    """Build the rule for an object with just these fields.

    The rules *across* fields are asked only once each field is right, so they may trust the types.
    """
    fields = {**required, **optional}

    def rule(value: Any, at: str) -> Complaints:
        if not isinstance(value, Mapping):
            yield complaint("must be an object", at)
            return
        found = [complaint(f"missing required field: {n}", at) for n in required if n not in value]
        for name, given in value.items():
            if name in fields:
                found.extend(fields[name](given, f"{at}/{name}"))
            else:
                found.append(complaint(f"invalid additional property: {name}", at))
        yield from found
        if not found:
            for also in across:
                yield from also(value, at)

    return rule


def typed(kind: str, required: Table, optional: Table, *across: Rule) -> Rule:
    """Build the rule for an object that names itself by `type`."""
    return record({"type": one_of(kind), **required}, optional, *across)


def kinds(table: Table) -> Rule:
    """Build the rule that picks, by an object's `type`, which rule of *table* it must obey."""

    def rule(value: Any, at: str) -> Complaints:
        if not isinstance(value, Mapping):
            yield complaint("must be an object", at)
        elif "type" not in value:
            yield complaint("missing required field: type", at)
        elif not isinstance(value["type"], str) or value["type"] not in table:
            yield complaint(f"unsupported type: {value['type']}", f"{at}/type")
        else:
            yield from table[value["type"]](value, at)

    return rule


def exactly_one(*names: str) -> Rule:
    """Build the rule that just one of these fields is there."""

    def rule(value: Any, at: str) -> Complaints:
        if sum(name in value for name in names) != 1:
            yield complaint(f"must define exactly one of `{'`, `'.join(names)}`", at)

    return rule


def at_least_one(*names: str) -> Rule:
    """Build the rule that one of these fields is there, or several."""

    def rule(value: Any, at: str) -> Complaints:
        if not any(name in value for name in names):
            yield complaint(f"must define either `{'` or `'.join(names)}`", at)

    return rule


def not_above(low: str, high: str) -> Rule:
    """Build the rule that the field *low* is at most the field *high*, where both are there."""

    def rule(value: Any, at: str) -> Complaints:
        if low in value and high in value and float(value[low]) > float(value[high]):
            yield complaint(f"`{low}` must not be greater than `{high}`", f"{at}/{low}")

    return rule


def unique(listed: str, name: str) -> Rule:
    """Build the rule that no two objects of the array *listed* share the field *name*."""

    def rule(value: Any, at: str) -> Complaints:
        seen = set()
        for index, item in enumerate(value.get(listed, ())):
            if name in item and item[name] in seen:
                where = f"{at}/{listed}/{index}/{name}"
                yield complaint(f"`{name}` {item[name]} already exists", where)
            seen.add(item.get(name))

    return rule
