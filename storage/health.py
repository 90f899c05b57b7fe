"""How the initiatives stand: how many are on track, at risk, off track, paused."""

from collections.abc import Mapping
from datetime import datetime

import sqlalchemy as sa

from storage.asker import Asker
from storage.database import Session
from storage.initiatives import NOT_DONE
from storage.models import Health, Initiative
from storage.policy import scope

_COUNTED = (
    sa.select(Initiative.health, sa.func.count().label("number"))
    .where(scope(Initiative), NOT_DONE)
    .group_by(Initiative.health)
)


def counted(session: Session, asker: Asker, now: datetime) -> Mapping[Health, int]:
    """Count the initiatives *asker* may see by how they stand; what is done is left out."""
    return {row.health: row.number for row in session.execute(_COUNTED, asker.binds())}
