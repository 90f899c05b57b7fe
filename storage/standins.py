"""People who are nobody: they hold what is still counted once nobody may know who it was."""

import secrets
from datetime import datetime

import sqlalchemy as sa

from storage.database import Session
from storage.models import Person, Rsvp
from storage.personal import NAME

TEAM = "nobody"


def beside(
    session: Session, workspace: int, now: datetime, briefing: int, number: int
) -> list[int]:
    """Give the ids of *number* people who are nobody and have no answer to *briefing* yet."""
    answered = sa.select(Rsvp.person_id).where(Rsvp.briefing_id == briefing)
    found = session.scalars(
        sa.select(Person)
        .where(
            Person.workspace_id == workspace,
            Person.slack_team == TEAM,
            Person.id.not_in(answered),
        )
        .order_by(Person.id)
        .limit(number)
    ).all()
    more = [_made(workspace, now) for _ in range(number - len(found))]
    session.add_all(more)
    session.flush()
    return [person.id for person in (*found, *more)]


def _made(workspace: int, now: datetime) -> Person:
    return Person(
        workspace_id=workspace,
        slack_team=TEAM,
        slack_user=f"erased-{secrets.token_hex(16)}",
        name=NAME,
        is_active=False,
        met_at=now,
        erased_at=now,
    )
