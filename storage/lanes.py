"""A recipient's lane: taken by one sender at a time, and what goes next in it."""

from collections.abc import Collection, Iterable
from datetime import datetime, timedelta

import sqlalchemy as sa

from storage import gates
from storage.database import Session, inserted_once
from storage.models import Delivery, DeliveryState, Lane

OPEN = (DeliveryState.PENDING, DeliveryState.SENDING)
IS_OPEN = Delivery.state.in_(OPEN)
SAME_LANE = sa.and_(
    Lane.workspace_id == Delivery.workspace_id, Lane.recipient == Delivery.recipient
)
MOST = 20  # in one message
URGENT = timedelta(minutes=20)  # what is of no use so soon stands alone
PAGE = 100  # of what is due, so much is looked at in one go


def waiting(session: Session, now: datetime, by: datetime) -> Iterable[tuple[int, str]]:
    """Give the free lanes in which something was due *by* then, the longest first.

    What is due is walked in its order, and only as far as lanes are asked for.
    """
    # Lanes that are not free are left out here: a hundred slow ones would hide all others.
    due = (
        sa.select(Delivery.workspace_id, Delivery.recipient, Delivery.due_at, Delivery.id)
        .where(Delivery.due_at <= by, gates.let(now))
        .order_by(Delivery.due_at, Delivery.id)
        .limit(PAGE)
    )
    met: set[tuple[int, str]] = set()
    page = session.execute(_either(due)).all()
    while page:
        for workspace, recipient, *_ in page:
            if (workspace, recipient) not in met:
                met.add((workspace, recipient))
                yield workspace, recipient
        behind = due.where(sa.tuple_(Delivery.due_at, Delivery.id) > page[-1][2:])
        page = session.execute(_either(behind)).all() if len(page) == PAGE else []


def beside(session: Session, now: datetime, delivery: int) -> Iterable[tuple[int, str]]:
    """Give the lane of *delivery*, where it is free."""
    its = sa.select(Delivery.workspace_id, Delivery.recipient)
    return session.execute(its.where(Delivery.id == delivery, gates.let(now))).all()


def take(
    session: Session, workspace: int, recipient: str, now: datetime, until: datetime
) -> Lane | None:
    """Take the lane *until* its lease ends; None where somebody has it."""
    session.execute(
        inserted_once(session, Lane, "workspace_id", "recipient"),
        {"workspace_id": workspace, "recipient": recipient, "free_at": now, "fence": 0},
    )
    lane = session.scalars(
        sa.select(Lane)
        .where(Lane.workspace_id == workspace, Lane.recipient == recipient, Lane.free_at <= now)
        .with_for_update(skip_locked=True)
    ).one_or_none()
    if lane is not None:
        lane.free_at = until
        lane.fence += 1
    return lane


def following(
    session: Session, lane: Lane, now: datetime, bundled: Collection[str]
) -> list[Delivery]:
    """Give the head of *lane*, and what is due behind it and goes with it in one message.

    That is what follows it without a gap, if all are of the kinds *bundled* and none is urgent.
    What was on its way comes first, and alone or with what was so too: each is looked for.
    """
    due = session.scalars(
        sa.select(Delivery)
        .where(
            Delivery.workspace_id == lane.workspace_id,
            Delivery.recipient == lane.recipient,
            IS_OPEN,
            Delivery.due_at <= now,
        )
        .order_by(Delivery.state == DeliveryState.PENDING, Delivery.due_at, Delivery.id)
        .limit(MOST if bundled else 1)
    ).all()
    together: list[Delivery] = []
    for row in due:
        if together and not (_fits(together[0], now, bundled) and _fits(row, now, bundled)):
            break
        if together and row.state is not together[0].state:
            break
        together.append(row)
    return together


def held(
    session: Session, workspace: int, recipient: str, fence: int, free_at: datetime | None = None
) -> bool:
    """Say whether the lane is still held with *fence*; free it at *free_at*, if that is given."""
    mine = session.execute(
        sa.update(Lane)
        .where(Lane.workspace_id == workspace, Lane.recipient == recipient, Lane.fence == fence)
        .values(free_at=Lane.free_at if free_at is None else free_at)
    )
    return bool(mine.rowcount)  # type: ignore[attr-defined]


def _either(due: sa.Select[int, str, datetime, int]) -> sa.CompoundSelect[int, str, datetime, int]:
    # Each state by itself is read in the order of an index; both at once would all be sorted.
    each = [sa.select(due.where(Delivery.state == state).subquery()) for state in OPEN]
    return sa.union_all(*each).order_by("due_at", "id").limit(PAGE)


def _fits(row: Delivery, now: datetime, bundled: Collection[str]) -> bool:
    is_urgent = row.expires_at is not None and row.expires_at <= now + URGENT
    return row.kind in bundled and (row.state is DeliveryState.SENDING or not is_urgent)
