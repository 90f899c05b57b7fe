"""Where the bot is installed: each workspace's sealed token, and the end of all it stored."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import sqlalchemy as sa

from storage import people
from storage.asker import Asker
from storage.database import Session, inserted_once, writes
from storage.errors import Unreadable
from storage.models import Installation, OAuthState, Row, Workspace
from storage.scoping import lift

SPENT = timedelta(hours=1)  # for which a state is known as used; it opens for ten minutes


@dataclass(frozen=True)
class Granted:
    """What Slack grants when somebody installs the bot in *team*, with the *token* sealed.

    *team* is the organisation's id where the whole of it installs.
    """

    team: str
    name: str
    token: str
    app: str
    by: str


@dataclass(frozen=True)
class Kept:
    """An installation as it is stored; *by* is the Slack user who installed."""

    workspace: int
    team: str
    token: str
    app: str
    by: str


@writes
def spend(session: Session, now: datetime, state: str) -> bool:
    """Use *state*, a digest of what Slack hands back, once; say whether nobody had."""
    session.execute(sa.delete(OAuthState).where(OAuthState.expires_at <= now))
    values = {"state": state, "expires_at": now + SPENT}
    new = inserted_once(session, OAuthState, "state")
    return session.execute(new, values).one_or_none() is not None


@writes
def keep(session: Session, now: datetime, granted: Granted) -> int:
    """Keep an installation, in the place of an older one; give the workspace's id."""
    workspace = people.open_workspace(session, granted.team, granted.name)
    row = session.scalars(
        sa.select(Installation).where(Installation.workspace_id == workspace)
    ).one_or_none() or Installation(workspace_id=workspace)
    row.token, row.app_id = granted.token, granted.app
    row.installed_by, row.installed_at = granted.by, now
    session.add(row)
    return workspace


def find(session: Session, teams: Sequence[str]) -> Kept | None:
    """Find where the bot is installed, the first of *teams* first."""
    found = session.execute(_KEPT.where(Workspace.team.in_(teams)))
    kept = {row.team: Kept(*row) for row in found}
    return next((kept[team] for team in teams if team in kept), None)


def at(session: Session, workspace: int) -> Kept | None:
    """Find the installation in *workspace*."""
    row = session.execute(_KEPT.where(Workspace.id == workspace)).one_or_none()
    return Kept(*row) if row is not None else None


@writes
def erase(session: Session, asker: Asker, now: datetime, at: datetime) -> bool:
    """Forget a workspace and everything in it, as somebody removed the bot; say whether it went.

    What was installed again after *at*, when it was removed, stays. So does a workspace whose token
    stands in the settings: whoever runs that has the data in their own hands.
    """
    removed = sa.select(Installation.id).where(
        Installation.workspace_id == asker.workspace, Installation.installed_at <= at
    )
    if session.scalar(removed) is None:
        return False
    lift(session, "nothing is read, and all of it goes")
    for table in reversed(Row.metadata.sorted_tables):
        if "workspace_id" in table.c:
            session.execute(sa.delete(table).where(table.c.workspace_id == asker.workspace))
    session.execute(sa.delete(Workspace).where(Workspace.id == asker.workspace))
    return True


@writes
def renew(session: Session, renewed: Callable[[str], str]) -> tuple[int, int]:
    """Seal every token with the newest key; say how many there are and how many stay unreadable."""
    rows = session.scalars(sa.select(Installation)).all()
    unreadable = 0
    for row in rows:
        try:
            row.token = renewed(row.token)
        except Unreadable:
            unreadable += 1
    return len(rows), unreadable


_KEPT = sa.select(
    Workspace.id,
    Workspace.team,
    Installation.token,
    Installation.app_id,
    Installation.installed_by,
).join(Installation, Installation.workspace_id == Workspace.id)
