"""Names that a reader would take for another one's: within the file, and beside what is stored."""

from collections.abc import Iterable, Iterator, Mapping, Sequence

import sqlalchemy as sa
from sqlalchemy import bindparam

from storage.database import Session
from storage.facts import kinds
from storage.facts.shapes import Entry
from storage.look_alikes import passes_for_us, skeleton
from storage.models import Organisation, OrganisationAlias, OrganisationKind, WorkingGroup, folded

_STORED = {
    "organisations": (
        sa.select(Organisation.id, Organisation.name).where(
            Organisation.workspace_id == bindparam("workspace")
        ),
        sa.select(OrganisationAlias.organisation_id, OrganisationAlias.name).where(
            OrganisationAlias.workspace_id == bindparam("workspace")
        ),
    ),
    "groups": (
        sa.select(WorkingGroup.id, WorkingGroup.title).where(
            WorkingGroup.workspace_id == bindparam("workspace")
        ),
    ),
}
Named = Iterable[tuple[str, Entry]]


def faults(entries: Mapping[str, Sequence[Entry]]) -> Iterator[str]:
    """Tell which names of organisations and groups look like another one's, or like ours."""
    for table in ("organisations", "groups"):
        yield from _alike(table, _named(entries[table]))
        for name, one in _named(entries[table]):
            if passes_for_us(name) and one.get("kind") is not OrganisationKind.SECRETARIAT:
                yield f"{_label(table, one)}: {kinds.shown(name)} passes for the secretariat's own."


def faults_beside(
    session: Session, workspace: int, entries: Mapping[str, Sequence[Entry]]
) -> Iterator[str]:
    """Tell which names look like those of stored organisations and groups.

    The same name is no fault: it is how a row is known again.
    """
    for table, statements in _STORED.items():
        stored = [
            row for each in statements for row in session.execute(each, {"workspace": workspace})
        ]
        owners = {folded(name): owner for owner, name in stored}
        alike = {skeleton(name): (owner, name) for owner, name in stored}
        for name, one in _named(entries[table]):
            owner, other = alike.get(skeleton(name), (None, ""))
            is_own = owner is None or owner == owners.get(folded(one["name"]))
            if folded(name) not in owners and not is_own:
                yield (
                    f"{_label(table, one)}: {kinds.shown(name)} looks like {kinds.shown(other)}, "
                    "which is there already; write it otherwise."
                )


def _alike(table: str, named: Named) -> Iterator[str]:
    # Whoever reads «Аdobe» in Cyrillic believes it is Adobe; the same name twice is told elsewhere.
    first: dict[str, tuple[str, Entry]] = {}
    for name, one in named:
        other, owner = first.setdefault(skeleton(name), (name, one))
        if owner is not one and folded(other) != folded(name):
            yield (
                f"{_label(table, one)}: {kinds.shown(name)} looks like {kinds.shown(other)} of "
                f"{kinds.shown(owner['key'])}; write it otherwise."
            )


def _named(entries: Sequence[Entry]) -> Named:
    for one in entries:
        yield from ((name, one) for name in (one["name"], *(one.get("aliases") or [])) if name)


def _label(table: str, one: Entry) -> str:
    return f"{table} {kinds.shown(one['key'])}"
