"""Organisations: which one somebody means by a name."""

import difflib

import sqlalchemy as sa

from storage.asker import Asker
from storage.database import Session
from storage.errors import Refusal
from storage.models import Organisation, OrganisationAlias, folded


def called(session: Session, asker: Asker, name: str) -> Organisation:
    """Find the organisation called *name*, or with such a name besides. Raises Refusal."""
    rows = session.scalars(
        sa.select(Organisation).where(Organisation.workspace_id == asker.workspace)
    ).all()
    other = session.execute(
        sa.select(OrganisationAlias.folded, OrganisationAlias.organisation_id).where(
            OrganisationAlias.workspace_id == asker.workspace
        )
    )
    by_id = {row.id: row for row in rows}
    names = {alias: by_id[home] for alias, home in other.all()} | {row.folded: row for row in rows}
    wanted = folded(name)
    begins = {row.id: row for key, row in names.items() if wanted and key.startswith(wanted)}
    if wanted in names:
        return names[wanted]
    if len(begins) == 1:
        return next(iter(begins.values()))
    near = difflib.get_close_matches(wanted, names, n=3, cutoff=0.5)
    meant = list(begins.values()) or [names[key] for key in near]
    ask = ", ".join(dict.fromkeys(row.name for row in meant[:3]))
    raise Refusal(
        "Say which organisation, by its name."
        + (f" Did you mean {ask}?" if ask else "")
        + " Nothing was changed."
    )
