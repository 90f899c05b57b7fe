"""Whether a workspace's Slack takes charts: once it has refused one, none is tried for a while."""

from datetime import datetime, timedelta

from storage.database import Session, writes
from storage.models import Workspace

AGAIN = timedelta(days=30)


def are_taken(session: Session, workspace: int, now: datetime) -> bool:
    """Say whether a chart may be tried."""
    refused_at = session.get_one(Workspace, workspace).charts_refused_at
    return refused_at is None or now - refused_at >= AGAIN


@writes
def refused(session: Session, workspace: int, now: datetime) -> bool:
    """Remember that Slack took a message only without its chart; say that this is so."""
    session.get_one(Workspace, workspace).charts_refused_at = now
    return True
