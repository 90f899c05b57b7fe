"""Suggested updates that wait for the lead of their initiative."""

from dataclasses import dataclass

import sqlalchemy as sa

from storage.database import Session
from storage.models import Initiative, InitiativeUpdate, Person
from storage.scoping import unscoped


@dataclass(frozen=True)
class Suggestion:
    """A suggestion that still waits; *lead_user* is the Slack id of who may take it over."""

    update: InitiativeUpdate
    initiative: Initiative
    lead_user: str


def waiting(session: Session, workspace: int, update_id: int) -> Suggestion | None:
    """Load a suggestion for the lead it is owed to; None once something newer was posted."""
    found = (
        sa.select(InitiativeUpdate, Initiative, Person)
        .join(Initiative, InitiativeUpdate.initiative_id == Initiative.id)
        .join(Person, Initiative.lead_id == Person.id)
        .where(
            InitiativeUpdate.id == update_id,
            InitiativeUpdate.workspace_id == workspace,
            InitiativeUpdate.is_suggestion,
            Initiative.moved_at <= InitiativeUpdate.made_at,
            Person.is_active,
        )
    )
    row = session.execute(unscoped(found, "bot/digests asks for the lead")).one_or_none()
    return Suggestion(row[0], row[1], row[2].slack_user) if row else None
