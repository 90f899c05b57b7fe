"""What waits for one person, and what is next for them: the Home in one unit of work."""

from dataclasses import dataclass
from datetime import datetime

from storage import actions, briefings, groups
from storage.asker import Asker
from storage.briefings import Line
from storage.database import Session
from storage.models import ActionState
from storage.pages import Page


@dataclass(frozen=True)
class Overview:
    """Everything the Home shows; each page is the first of its list."""

    unanswered: Page[Line]
    proposed: Page[actions.Line]
    coming: Page[Line]
    actions: Page[actions.Line]
    groups: Page[groups.Line]


def gather(session: Session, asker: Asker, now: datetime) -> Overview:
    """Gather what waits for *asker* and what is next."""
    return Overview(
        briefings.unanswered(session, asker, now),
        actions.mine(session, asker, now, states=(ActionState.PROPOSED,)),
        briefings.mine(session, asker, now),
        actions.mine(session, asker, now, states=(ActionState.OPEN,)),
        groups.mine(session, asker, now),
    )
