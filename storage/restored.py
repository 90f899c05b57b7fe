"""After a backup is restored: what may have been sent since is looked for before it is sent."""

from datetime import datetime

import sqlalchemy as sa

from storage import cadence, last_calls, own_digests, reminders, subscriptions
from storage.database import Session, writes
from storage.lanes import OPEN
from storage.models import Delivery, DeliveryState, Lane

PLANS = (subscriptions.plan, own_digests.plan, reminders.plan, last_calls.plan, cadence.plan)


@writes
def doubt(session: Session, now: datetime, since: datetime) -> int:
    """Doubt all that may have been sent after *since*, when the backup was made; say how many.

    What came due meanwhile is planned first, under the keys it had. No process may be sending.
    """
    for plan in PLANS:
        while plan(session, now):
            pass
    session.execute(sa.update(Lane).values(free_at=now))
    doubted = session.execute(
        sa.update(Delivery)
        .where(Delivery.state.in_(OPEN), Delivery.due_at <= now)
        .values(state=DeliveryState.SENDING, intent_at=since, unsure_since=since)
    )
    return int(doubted.rowcount)  # type: ignore[attr-defined]
