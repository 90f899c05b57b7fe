"""How an entry of a facts file is described: its keys, its parts, and the rules between them."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from storage.facts import kinds
from storage.models import FITS, ActionState, Audience, Kind, Role, State, Tlp
from storage.models.marks import BODIES

Entry = Mapping[str, Any]


@dataclass(frozen=True)
class Rule:
    """What must hold between the *keys* of one entry; *check* gives a sentence for each fault."""

    keys: tuple[str, ...]
    check: Callable[[Entry], Iterator[str]]


@dataclass(frozen=True)
class Shape:
    """The keys an entry must and may have, the lists of entries in it (*parts*), and its rules.

    No two entries of a list share what they have under a key in *once*.
    """

    required: Mapping[str, kinds.Kind]
    optional: Mapping[str, kinds.Kind] = field(default_factory=dict)
    parts: Mapping[str, "Shape"] = field(default_factory=dict)
    once: tuple[str, ...] = ()
    rules: tuple[Rule, ...] = ()


def marks_fit(entry: Entry) -> Iterator[str]:
    """Ask for a label that the audience may have."""
    if entry["tlp"] not in FITS[entry["audience"]]:
        fitting = kinds.listed([f'"{tlp}"' for tlp in FITS[entry["audience"]]], " or ")
        yield (
            f'tlp = "{entry["tlp"]}" does not go with audience = "{entry["audience"]}"; '
            f"write {fitting}, or another audience"
        )


def red_has_no_body(entry: Entry) -> Iterator[str]:
    """Ask an entry labelled RED for its title, time and place alone."""
    held = [name for name in BODIES if entry.get(name)]
    if entry["tlp"] is Tlp.RED and held:
        yield (
            f'tlp = "RED" is for what is said in the room and nowhere else; remove '
            f"{kinds.listed(held, ' and ')}, or choose another label"
        )


def group_named(entry: Entry) -> Iterator[str]:
    """Ask an item for a group to say which."""
    if entry["audience"] is Audience.GROUP and not entry["group"]:
        yield 'audience = "group" needs to say which; write group and the key of one in groups'


def group_wanted(entry: Entry) -> Iterator[str]:
    """Ask that only an item for a group names one."""
    if entry["group"] and entry["audience"] is not Audience.GROUP:
        yield 'group is for those with audience = "group"; write that audience, or remove group'


def alternate_apart(entry: Entry) -> Iterator[str]:
    """Ask that a lead is not their own alternate."""
    if entry["lead"] and entry["alternate"] == entry["lead"]:
        yield "alternate is whoever speaks where the lead cannot; name somebody else, or nobody"


def one_of(*keys: str, at_least: int = 1) -> Rule:
    """Ask for exactly one of *keys*, or with 0 for at most one."""

    def check(entry: Entry) -> Iterator[str]:
        given = [key for key in keys if entry[key] is not None]
        if len(given) > 1:
            yield f"{kinds.listed(given, ' and ')} exclude each other; keep one"
        if len(given) < at_least:
            yield f"one of {kinds.listed(keys)} is missing; write one"

    return Rule(keys, check)


def represents(entry: Entry) -> Iterator[str]:
    """Ask whoever has a role to have it for an organisation."""
    if entry["role"] is not Role.UNKNOWN and not entry["organisation"]:
        yield f'role = "{entry["role"]}" needs an organisation; write its key, or role = "unknown"'


def by_the_clock(entry: Entry) -> Iterator[str]:
    """Ask a time of day for its day and for how long it lasts."""
    if (entry["at"] is None) != (entry["minutes"] is None):
        yield "at and minutes belong together; write both or neither"
    if entry["at"] and entry["on"] is None and entry["days"] is None:
        yield "at needs a day; write on or days, or remove at"


def answered(entry: Entry) -> Iterator[str]:
    """Ask that only what takes answers has some."""
    if entry["answers"] and entry["kind"] is Kind.EXTERNAL:
        yield 'others hold an event of kind = "external" and take its answers; remove them'
    if entry["answers"] and entry["state"] is State.DRAFT:
        yield "nobody can have answered a draft; publish it or remove the answers"


def is_done(entry: Entry) -> Iterator[str]:
    """Ask that only what is done was done some time ago."""
    if entry["done_days_ago"] is not None and entry["state"] is not ActionState.DONE:
        yield 'done_days_ago is for state = "done"; write that state, or remove it'
