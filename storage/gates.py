"""A workspace's gate: where Slack asks several recipients' lanes to wait, all of them wait."""

from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa

from storage.database import Session, inserted_once
from storage.models import Delivery, DeliveryState, Lane

MANY, WITHIN = 3, timedelta(seconds=10)
EVERYBODY = ""  # the recipient in whose name a workspace's gate is kept among its lanes
ASKED = "Slack asked to wait."


def let(now: datetime) -> sa.ColumnElement[bool]:
    """Say of a Delivery whether neither its lane nor all of its workspace is kept waiting."""
    return sa.and_(*(_is_free(whose, now) for whose in (EVERYBODY, Delivery.recipient)))


def shut(session: Session, workspace: int, now: datetime) -> None:
    """Let all of *workspace* wait for the longest that Slack has asked, if it asked many."""
    gate = _held(session, workspace, now)
    asked, until = session.execute(
        sa.select(sa.func.count(sa.distinct(Delivery.recipient)), sa.func.max(Delivery.due_at))
        .where(
            Delivery.workspace_id == workspace,
            Delivery.state == DeliveryState.PENDING,
            Delivery.reason == ASKED,
            Delivery.intent_at > now - WITHIN,
        )
    ).one()  # fmt: skip
    if asked >= MANY and until > gate.free_at:
        gate.free_at = until


def _held(session: Session, workspace: int, now: datetime) -> Lane:
    # Locked before it is counted: three replicas at once would each see one.
    values = {"workspace_id": workspace, "recipient": EVERYBODY, "free_at": now, "fence": 0}
    session.execute(inserted_once(session, Lane, "workspace_id", "recipient"), values)
    return session.scalars(
        sa.select(Lane)
        .where(Lane.workspace_id == workspace, Lane.recipient == EVERYBODY)
        .with_for_update()
    ).one()


def _is_free(recipient: Any, now: datetime) -> sa.ColumnElement[bool]:
    lane = (Lane.workspace_id == Delivery.workspace_id, Lane.recipient == recipient)
    free_at = sa.select(Lane.free_at).where(*lane).correlate(Delivery).scalar_subquery()
    # No NOT EXISTS: PostgreSQL would ask it of all that is due, before it takes the first.
    return (free_at > now).is_not(sa.true())
