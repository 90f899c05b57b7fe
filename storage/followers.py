"""What of a series comes later than one of it, as somebody may see it."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy import bindparam

from storage.asker import Asker
from storage.database import Session
from storage.models import Briefing, State
from storage.policy import scope

MOST = 52
_LATER = (
    scope(Briefing),
    Briefing.series_id == bindparam("series"),
    Briefing.starts_at > bindparam("after"),
    Briefing.ends_at > bindparam("now"),
    Briefing.state == State.PUBLISHED,
)
_NUMBERS = sa.select(Briefing.id).where(*_LATER).order_by(Briefing.starts_at, Briefing.id)
# What is published of its series and comes later, with the values of `binds`.
HOW_MANY = sa.select(sa.func.count()).select_from(Briefing).where(*_LATER).scalar_subquery()


def numbers(session: Session, asker: Asker, now: datetime, briefing: Briefing) -> tuple[int, ...]:
    """Give the ids of what is published of its series and comes later, the soonest first."""
    if briefing.series_id is None:
        return ()
    return tuple(session.scalars(_NUMBERS.limit(MOST), binds(asker, now, briefing)))


def binds(asker: Asker, now: datetime, briefing: Briefing) -> dict[str, object]:
    """Give the values by which *asker* sees what comes later than *briefing*."""
    since = {"series": briefing.series_id, "after": briefing.starts_at, "now": now}
    return asker.binds() | since
