"""What a digest tells of one initiative: of all that its readers see, what belongs to it."""

from collections.abc import Iterable
from typing import Any

import sqlalchemy as sa
from sqlalchemy import bindparam

from storage.asker import Asker
from storage.database import Session
from storage.models import ActionItem, Resource
from storage.policy import scope
from storage.progress import Attention, Moved, Progress

AMONG = 1000  # of each sort so many are looked through for what belongs to it
NOTHING = Moved(Attention((), (), ()), (), Progress((), ()), (), (), ())
_ITEMS = sa.select(ActionItem.id).where(
    scope(ActionItem), ActionItem.initiative_id == bindparam("initiative")
)
_RESOURCES = sa.select(Resource.id).where(
    scope(Resource), Resource.origin_initiative_id == bindparam("initiative")
)


def narrowed(session: Session, asker: Asker, moved: Moved, initiative: int) -> Moved:
    """Keep of what *asker* is told what belongs to *initiative*; no briefing belongs to one."""
    values = asker.binds() | {"initiative": initiative}
    items = frozenset(session.scalars(_ITEMS, values))
    resources = frozenset(session.scalars(_RESOURCES, values))
    worries, progressed, itself = moved.attention, moved.progressed, frozenset({initiative})
    return Moved(
        Attention(
            _among(itself, worries.troubled),
            _among(itself, worries.stale),
            _of(initiative, worries.overdue),
        ),
        _among(items, moved.overdue),
        Progress(_of(initiative, progressed.updates), _of(initiative, progressed.milestones)),
        (),
        _among(items, moved.done),
        _among(resources, moved.resources),
        _among(items, moved.waits),
    )


def _of(initiative: int, lines: Iterable[Any]) -> tuple[Any, ...]:
    return tuple(line for line in lines if line.initiative_id == initiative)


def _among(kept: frozenset[int], lines: Iterable[Any]) -> tuple[Any, ...]:
    return tuple(line for line in lines if line.id in kept)
