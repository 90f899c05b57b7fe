"""Jobs of deliveries, which PostgreSQL alone has: when they come again, and when they go."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import aliased

from storage.database import Session, writes
from storage.gates import EVERYBODY
from storage.lanes import IS_OPEN, OPEN, SAME_LANE
from storage.models import Delivery, Lane

AT_ONCE = 1000
_gate = aliased(Lane)
_AWAITED = (
    sa.select(Delivery.due_at, Lane.free_at, _gate.free_at)
    .outerjoin(Lane, SAME_LANE)
    .outerjoin(
        _gate,
        sa.and_(_gate.workspace_id == Delivery.workspace_id, _gate.recipient == EVERYBODY),
    )
    .where(Delivery.id == sa.bindparam("delivery"), IS_OPEN)
)
_NEEDLESS = sa.text("""
    DELETE FROM procrastinate_jobs WHERE id IN (
        SELECT id FROM procrastinate_jobs AS job
        WHERE task_name = 'deliver' AND status <> 'doing' AND NOT EXISTS (
            SELECT FROM deliveries
            WHERE deliveries.id = (job.args ->> 'delivery')::integer
            AND deliveries.state = ANY(:open)
        )
        LIMIT :at_once
        FOR UPDATE SKIP LOCKED
    )
""")


def awaited(session: Session, delivery: int) -> datetime | None:
    """Tell when *delivery* can be claimed, as things are; None once it is settled."""
    found = session.execute(_AWAITED, {"delivery": delivery}).one_or_none()
    return max(moment for moment in found if moment is not None) if found is not None else None


@writes
def purge(session: Session, now: datetime) -> int:
    """Delete up to a thousand whose delivery is settled; say how many.

    A worker deletes each that it is done with. Where none runs, the sweep does the work.
    """
    if session.get_bind().dialect.name == "sqlite":
        return 0
    bound = {"open": [state.value for state in OPEN], "at_once": AT_ONCE}
    return int(session.execute(_NEEDLESS, bound).rowcount)  # type: ignore[attr-defined]
