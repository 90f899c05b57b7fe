"""Whether the people in a channel are those whom an item is for."""

from collections.abc import Collection
from datetime import datetime

from storage import people, policy
from storage.database import Session
from storage.models import Marked


def outside(
    session: Session, workspace: int, now: datetime, users: Collection[str], item: Marked
) -> frozenset[str]:
    """Say who of *users*, Slack's ids, may not see *item*, which is for less than everybody.

    Whom the bot has not met may not, nor may another bot; whoever is known twice must be allowed
    both times.
    """
    met = people.askers(session, workspace, now, users)
    allowed = {asker.slack_user for asker in met if policy.decide(asker, item)}
    refused = {asker.slack_user for asker in met if not policy.decide(asker, item)}
    return frozenset(users) - (allowed - refused)
