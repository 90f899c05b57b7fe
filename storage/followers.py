"""What of a series comes later than one of it, as somebody may see it."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy import bindparam

from storage.asker import Asker
from storage.database import Session
from storage.models import Briefing, State
from storage.policy import scope
from storage.scoping import columns

MOST = 52
_LATER = (
    scope(Briefing),
    Briefing.series_id == bindparam("series"),
    Briefing.starts_at > bindparam("after"),
    Briefing.ends_at > bindparam("now"),
    Briefing.state == State.PUBLISHED,
)
_NUMBERS = sa.select(Briefing.id).where(*_LATER).order_by(Briefing.starts_at, Briefing.id)
_HOW_MANY = sa.select(sa.func.count()).select_from(Briefing).where(*_LATER)


def count(session: Session, asker: Asker, now: datetime, briefing: Briefing) -> int:
    """Count what is published of its series and comes later than *briefing*, up to `MOST`."""
    if briefing.series_id is None:
        return 0
    found = columns(session, _HOW_MANY, _values(asker, now, briefing)).scalar_one()
    return min(int(found), MOST)


def numbers(session: Session, asker: Asker, now: datetime, briefing: Briefing) -> tuple[int, ...]:
    """Give the same by their ids, the soonest first."""
    if briefing.series_id is None:
        return ()
    return tuple(session.scalars(_NUMBERS.limit(MOST), _values(asker, now, briefing)))


def _values(asker: Asker, now: datetime, briefing: Briefing) -> dict[str, object]:
    since = {"series": briefing.series_id, "after": briefing.starts_at, "now": now}
    return asker.binds() | since
