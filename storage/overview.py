"""What waits for people, and what is next for them: for one the Home, for many their digests."""

from dataclasses import dataclass
from datetime import datetime

from storage import actions, agendas, briefings, duties, groups
from storage.asker import Asker
from storage.briefings import Line
from storage.crowds import Crowd
from storage.database import Session
from storage.models import ActionState
from storage.pages import Page


@dataclass(frozen=True)
class Own:
    """What waits for one person and what is next; each page is the first of its list."""

    unanswered: Page[Line]
    proposed: Page[actions.Line]
    coming: Page[Line]
    actions: Page[actions.Line]


@dataclass(frozen=True)
class Overview(Own):
    """Everything the Home shows."""

    groups: Page[groups.Line]


def gather(session: Session, asker: Asker, now: datetime) -> Overview:
    """Gather what waits for *asker* and what is next, in one unit of work."""
    return Overview(
        briefings.unanswered(session, asker, now),
        actions.mine(session, asker, now, states=(ActionState.PROPOSED,)),
        briefings.mine(session, asker, now),
        actions.mine(session, asker, now, states=(ActionState.OPEN,)),
        groups.mine(session, asker, now),
    )


def for_many(session: Session, crowd: Crowd, now: datetime) -> list[Own]:
    """Gather for each of *crowd* what waits for them and what is next."""
    owned = duties.owned(session, crowd)
    return [
        Own(
            agenda.unanswered,
            owned[asker.person][ActionState.PROPOSED],
            agenda.coming,
            owned[asker.person][ActionState.OPEN],
        )
        for asker, agenda in zip(crowd.askers, agendas.gather(session, crowd, now), strict=True)
    ]
