"""Second copies: what was in doubt once is looked at again, in case Slack took it after all."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from storage.database import Session, writes
from storage.deliveries import AUDIT, AUDITED
from storage.models import Delivery, DeliveryState

AT_ONCE = 10


@dataclass(frozen=True)
class Suspect:
    """A message that stands as *ts* in *channel*, and may stand there twice since *since*."""

    id: int
    workspace: int
    key: str
    channel: str
    ts: str
    since: datetime


@writes
def due(session: Session, now: datetime) -> list[Suspect]:
    """Take what is to be audited; whatever is not settled comes again, for a day at most."""
    found = session.scalars(
        sa.select(Delivery)
        .where(Delivery.audit_at <= now)
        .order_by(Delivery.audit_at, Delivery.id)
        .limit(AT_ONCE)
        .with_for_update(skip_locked=True)
    ).all()
    suspects = [_suspect(row) for row in found]
    for row in found:
        is_over = row.sent_at is None or now >= row.sent_at + AUDITED
        row.audit_at = None if is_over else now + AUDIT
    return [suspect for suspect in suspects if suspect is not None]


def needed(session: Session, suspect: Suspect, copies: Collection[str]) -> set[str]:
    """Give which of *copies*, by ts, something else is told in: they are not to be taken back."""
    recipient = sa.select(Delivery.recipient).where(Delivery.id == suspect.id).scalar_subquery()
    kept = sa.select(Delivery.ts).where(
        Delivery.workspace_id == suspect.workspace,
        Delivery.recipient == recipient,
        Delivery.state == DeliveryState.SENT,
        Delivery.ts.in_(copies),
        Delivery.id != suspect.id,
    )
    return {ts for ts in session.scalars(kept) if ts is not None}


@writes
def done(session: Session, suspect: Suspect, ts: str) -> None:
    """Record that one copy stands there, as *ts*."""
    session.execute(
        sa.update(Delivery).where(Delivery.id == suspect.id).values(ts=ts, audit_at=None)
    )


def _suspect(row: Delivery) -> Suspect | None:
    if row.channel is None or row.ts is None or row.unsure_since is None:
        return None  # of a message with files Slack tells no ts
    return Suspect(row.id, row.workspace_id, row.key, row.channel, row.ts, row.unsure_since)
