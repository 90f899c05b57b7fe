"""The sessions of a briefing as whoever asks may see them, and how many there are."""

from collections.abc import Sequence

import sqlalchemy as sa
from sqlalchemy import bindparam
from sqlalchemy.orm import selectinload

from storage.asker import Asker
from storage.database import Session
from storage.models import Briefing, Talk, Tlp
from storage.policy import scope

# What `Act.READ` says of the briefing, in SQL; the statement joins it.
READABLE = sa.and_(scope(Briefing), Briefing.tlp != Tlp.RED)
IN_ORDER = (Talk.starts_at, Talk.ends_at, Talk.track, Talk.room, Talk.id)
_OF = sa.and_(READABLE, Briefing.id == bindparam("briefing"))
_ALL = (
    sa.select(Talk)
    .join(Briefing, Talk.briefing_id == Briefing.id)
    .where(_OF)
    .options(selectinload(Talk.organisation), selectinload(Talk.briefing))
    .order_by(*IN_ORDER)
)
_COUNT = (
    sa.select(sa.func.count())
    .select_from(Talk)
    .join(Briefing, Talk.briefing_id == Briefing.id)
    .where(_OF, Talk.gone_at.is_(None))
)


def of(
    session: Session, asker: Asker, briefing_id: int, *, with_gone: bool = False
) -> Sequence[Talk]:
    """Load the sessions of a briefing, the first first; those that are off only *with_gone*."""
    found = session.scalars(_ALL, asker.binds() | {"briefing": briefing_id}).all()
    return [talk for talk in found if with_gone or talk.gone_at is None]


def count(session: Session, asker: Asker, briefing_id: int) -> int:
    """Count the sessions of a briefing."""
    return session.scalar(_COUNT, asker.binds() | {"briefing": briefing_id}) or 0
