"""What was not sent, or may not have been: telling staff why, and taking their word for it."""

from dataclasses import dataclass
from datetime import datetime, timedelta

import sqlalchemy as sa

from storage import audit, deliveries, people, posts
from storage.asker import Asker
from storage.database import Session, writes
from storage.deliveries import Claim
from storage.errors import Refusal
from storage.models import Delivery, DeliveryState
from storage.pages import SIZE, Page, offset, within

ASKED = "in_doubt"  # the kind that asks staff; of a lost one nobody asks again
WISHED = "posted_here"  # the kind that somebody asked for, and waits to see
NOT_SENT = (DeliveryState.DEAD, DeliveryState.SKIPPED)
LOOKED_BACK = timedelta(days=30)
_FAILED = (DeliveryState.HELD, DeliveryState.DEAD, DeliveryState.EXPIRED)


@dataclass(frozen=True)
class Line:
    """A message that did not go, or of which nobody knows: no word of what it said."""

    id: int
    kind: str
    recipient: str
    state: DeliveryState
    due_at: datetime
    reason: str | None


@dataclass(frozen=True)
class Post:
    """How the post stands: what failed of late, and what waits past its time."""

    failed: Page[Line]
    waiting: int
    oldest: datetime | None


@writes
def closed(
    session: Session, claimed: Claim, now: datetime, state: DeliveryState, reason: str
) -> bool:
    """Close a delivery; of one that a channel will not get, staff and whoever asked are told.

    Of one in doubt staff are asked.
    """
    if not deliveries.closed(session, claimed, now, state, reason):
        return False
    if state is DeliveryState.DEAD and claimed.is_for_channel:
        _tell_staff(session, claimed, now, "post_refused")
    if state is DeliveryState.HELD and claimed.kind != ASKED:
        _tell_staff(session, claimed, now, ASKED)
    if state in NOT_SENT:
        _given_up(session, claimed, now)
    return True


def refused(session: Session, claimed: Claim) -> Delivery | None:
    """Load the delivery that did not go and that *claimed* tells of."""
    found = session.get(Delivery, claimed.details["delivery"])
    return found if found is not None and found.workspace_id == claimed.workspace else None


def look(session: Session, asker: Asker, now: datetime, page: int = 0) -> Post:
    """Say how the post stands. Raises Refusal for anybody but staff."""
    _check_staff(asker)
    mine = Delivery.workspace_id == asker.workspace
    failed = sa.and_(mine, Delivery.state.in_(_FAILED), Delivery.due_at >= now - LOOKED_BACK)
    total = session.scalar(sa.select(sa.func.count()).where(failed)) or 0
    number = within(page, total)
    rows = session.scalars(
        sa.select(Delivery)
        .where(failed)
        .order_by(Delivery.state != DeliveryState.HELD, Delivery.due_at.desc(), Delivery.id.desc())
        .limit(SIZE)
        .offset(offset(number))
    )
    late = sa.select(sa.func.count(), sa.func.min(Delivery.due_at)).where(
        mine,
        Delivery.state.in_([DeliveryState.PENDING, DeliveryState.SENDING]),
        Delivery.due_at <= now,
    )
    waiting, oldest = session.execute(late).one()
    return Post(Page(tuple(map(_line, rows)), number, total), waiting, oldest)


@writes
def settle(session: Session, asker: Asker, now: datetime, delivery: int, *, arrived: bool) -> bool:
    """Take a person's word for what nobody could look up; False where it was settled before.

    What has not *arrived* is due again. Raises Refusal for anybody but staff.
    """
    _check_staff(asker)
    state = DeliveryState.SENT if arrived else DeliveryState.PENDING
    settled = session.execute(
        sa.update(Delivery)
        .where(
            Delivery.id == delivery,
            Delivery.workspace_id == asker.workspace,
            Delivery.state == DeliveryState.HELD,
        )
        .values(state=state, reason=None, attempts=0, sent_at=now if arrived else None, due_at=now)
    )
    if not settled.rowcount:  # type: ignore[attr-defined]
        return False
    audit.record(session, asker, now, "settle", f"delivery {delivery}", after={"arrived": arrived})
    return True


def _check_staff(asker: Asker) -> None:
    if not asker.is_staff:
        raise Refusal("What became of the bot's messages is for the secretariat. Ask them.")


def _line(row: Delivery) -> Line:
    return Line(row.id, row.kind, row.recipient, row.state, row.due_at, row.reason)


def _given_up(session: Session, claimed: Claim, now: datetime) -> None:
    posts.give_up(session, claimed)
    if claimed.kind != WISHED:
        return
    person = claimed.details["person"]
    asker = people.asker_of(session, claimed.workspace, now, person)
    if asker is not None:
        _tell(session, claimed, now, "not_posted", person, asker.slack_user)


def _tell_staff(session: Session, claimed: Claim, now: datetime, kind: str) -> None:
    for person, user in people.secretariat(session, claimed.workspace):
        for each in claimed.each:
            _tell(session, each, now, kind, person, user)


def _tell(
    session: Session, claimed: Claim, now: datetime, kind: str, person: int, user: str
) -> None:
    deliveries.owe(
        session,
        claimed.workspace,
        now,
        key=f"{kind}:{claimed.id}:{person}",
        kind=kind,
        recipient=user,
        details={"delivery": claimed.id, "person": person},
    )
