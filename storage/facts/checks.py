"""Checking a whole facts file before anything is stored: typed entries, or every fault at once."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from storage.facts import kinds, likeness
from storage.facts.shapes import Entry, Shape
from storage.facts.tables import COALITION, TABLES
from storage.models import folded


class FactsError(Exception):
    """A facts file that cannot be loaded. *faults* are sentences for its author."""

    def __init__(self, faults: Sequence[str]) -> None:
        super().__init__("\n".join(faults))
        self.faults = tuple(faults)


@dataclass(frozen=True)
class Facts:
    """A file that has been checked.

    Every key of an entry's shape is there, with its value typed: None where the file has none,
    an empty list for parts it does not list.
    """

    name: str
    zone: str
    retention: Mapping[str, int]
    entries: Mapping[str, Sequence[Entry]]


@dataclass
class _Checker:
    known: Mapping[str, list[Any]]
    faults: list[str] = field(default_factory=list)

    def entry(self, where: str, given: Mapping[str, Any], shape: Shape) -> Entry:
        """Type the values of one entry, noting what is wrong with them."""
        allowed = {**shape.required, **shape.optional}
        typed: dict[str, Any] = dict.fromkeys(allowed)
        wrong = {key for key in shape.required if key not in given}
        self.faults += [f"{where}: {key} is missing; write it." for key in allowed if key in wrong]
        for key, value in given.items():
            try:
                if key in allowed:
                    typed[key] = allowed[key](value, self.known)
                elif key not in shape.parts:
                    self._refuse(where, key, [*allowed, *shape.parts])
            except kinds.Wrong as fault:
                wrong.add(key)
                self.faults.append(f"{where}, {key}: {fault}.")
        for key, part in shape.parts.items():
            typed[key] = self.entries(f"{where}, {key}", given.get(key, []), part)
        for rule in shape.rules:
            if wrong.isdisjoint(rule.keys):
                self.faults += [f"{where}: {fault}." for fault in rule.check(typed)]
        return typed

    def entries(self, where: str, given: Any, shape: Shape) -> list[Entry]:
        """Type a list of entries, and see that no two are the same."""
        if not isinstance(given, list) or not all(isinstance(one, dict) for one in given):
            self.faults.append(f"{where}: this is no list of entries; write each as a table.")
            return []
        labels = [_label(where, number, one) for number, one in enumerate(given, 1)]
        typed = [self.entry(*pair, shape) for pair in zip(labels, given, strict=True)]
        for key in shape.once:
            self.faults += _twice(key, labels, given)
        return typed

    def _refuse(self, where: str, key: str, known: Sequence[str]) -> None:
        meant = kinds.nearest(key, known, "remove it")
        self.faults.append(f"{where}: there is no key {key} here; {meant}.")


def checked(facts: Mapping[str, Any]) -> Facts:
    """Give *facts*, a file as TOML reads it, with its values typed.

    Raises FactsError with every fault.
    """
    checker = _Checker({table: _keys(facts.get(table)) for table in TABLES})
    about = checker.entry(
        "the coalition", facts, Shape(COALITION.required, COALITION.optional, TABLES)
    )
    checker.faults += _names_twice(about["organisations"])
    checker.faults += likeness.faults(about)
    checker.faults += _domains_twice(about["organisations"])
    if checker.faults:
        raise FactsError(checker.faults)
    entries = {table: about[table] for table in TABLES}
    return Facts(about["name"], about["zone"], about["retention"] or {}, entries)


def _keys(given: Any) -> list[Any]:
    entries = given if isinstance(given, list) else []
    return [entry.get("key") for entry in entries if isinstance(entry, dict) and "key" in entry]


def _label(where: str, number: int, entry: Mapping[str, Any]) -> str:
    table = where.removeprefix("the coalition, ")
    return f"{table} {kinds.shown(entry['key'])}" if "key" in entry else f"{table} {number}"


def _twice(key: str, labels: Sequence[str], given: Sequence[Mapping[str, Any]]) -> Iterator[str]:
    first: dict[str, str] = {}
    for label, entry in zip(labels, given, strict=True):
        if key not in entry:
            continue
        value = folded(str(entry[key]))
        if value in first:
            also = f" with {first[value]}" if first[value] != label else ""
            shared = kinds.shown(entry[key])
            yield f"{label}: it shares the {key} {shared}{also}; write another, or remove one."
        first.setdefault(value, label)


def _names_twice(organisations: Sequence[Entry]) -> Iterator[str]:
    # The bot finds an organisation by either, so one name must not lead to two.
    owners = {folded(one["name"]): one for one in organisations if one["name"]}
    for one in organisations:
        for alias in one["aliases"] or []:
            owner = owners.setdefault(folded(alias), one)
            if owner is not one:
                yield (
                    f"organisations {kinds.shown(one['key'])}, aliases: {kinds.shown(alias)} is "
                    f"also a name of {kinds.shown(owner['key'])}; remove it from one of the two."
                )


def _domains_twice(organisations: Sequence[Entry]) -> Iterator[str]:
    owners: dict[str, Entry] = {}
    for one in organisations:
        for domain in one["domains"] or []:
            owner = owners.setdefault(domain, one)
            if owner is not one:
                yield (
                    f"organisations {kinds.shown(one['key'])}, domains: {kinds.shown(domain)} is "
                    f"also of {kinds.shown(owner['key'])}; remove it from one of the two."
                )
