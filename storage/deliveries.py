"""What is to be told to whom, once: owed in the transaction that makes it true, then sent."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa

from storage import gates, lanes
from storage.database import Session, inserted_once, writes
from storage.models import CONTACT, Delivery, DeliveryState, Lane

ON_TIME = timedelta()
PACE = timedelta(seconds=1.05)  # Slack: about one message per second and channel
LEASE = timedelta(seconds=75)
# After a lost answer: what was on its way to Slack may still be taken within this time.
SETTLE = timedelta(seconds=30)
AUDIT = timedelta(minutes=10)  # until a copy that came even later is looked for
AUDITED = timedelta(days=1)  # how long a channel that cannot be read is looked at again
BACKOFF_CAP = timedelta(minutes=5)
AT_ONCE = 20


@dataclass(frozen=True)
class Claim:
    """A delivery that this process alone may send until its lease ends.

    With *unsure_since* it may have been posted since then: it is to be looked for, not sent.
    The *others* go with it in one message, and what becomes of it becomes of them.
    """

    id: int
    workspace: int
    key: str
    kind: str
    recipient: str
    details: dict[str, Any]
    attempts: int
    fence: int
    unsure_since: datetime | None = None
    others: tuple["Claim", ...] = ()

    @property
    def each(self) -> tuple["Claim", ...]:
        """All that go in one message, in their order."""
        return (self, *self.others)

    @property
    def is_for_channel(self) -> bool:
        """Whether it goes where others may read too; Slack's ids of people begin with U or W."""
        return not self.recipient.startswith(("U", "W"))


@dataclass(frozen=True)
class Debt:
    """What is to be told to whom, by when, once per *key*; see `owe`."""

    workspace_id: int
    key: str
    kind: str
    recipient: str
    details: dict[str, Any]
    due_at: datetime
    expires_at: datetime | None
    shows: str | None = None  # of a post, the item as which it is kept: see storage/posts.py


def owe(
    session: Session,
    workspace: int,
    now: datetime,
    *,
    key: str,
    kind: str,
    recipient: str,
    details: dict[str, Any],
    due_at: datetime | None = None,
    expires_at: datetime | None = None,
) -> bool:
    """Write down that *recipient* is to be told, once per *key*; say whether that is new.

    *recipient* is a Slack channel or user id; *kind* names the file in bot/digests that words it.
    On PostgreSQL a trigger defers its job in the same transaction (migration 0008).
    """
    debt = Debt(workspace, key, kind, recipient, details, due_at or now, expires_at)
    return bool(owe_all(session, now, [debt]))


def owe_all(session: Session, now: datetime, debts: Sequence[Debt]) -> int:
    """Write down *debts*, each once per key and none to a contact; say how many are new."""
    # Whatever it is and whoever would owe it: there is no Slack in which they could read it.
    debts = [debt for debt in debts if not debt.recipient.startswith(CONTACT)]
    if not debts:
        return 0
    begun = {"state": DeliveryState.PENDING, "created_at": now, "attempts": 0, "fence": 0}
    # Not the row count: psycopg gives none for this.
    new = inserted_once(session, Delivery, "workspace_id", "key")
    return len(session.execute(new, [begun | vars(debt) for debt in debts]).all())


@writes
def claim(
    session: Session,
    now: datetime,
    late: timedelta = ON_TIME,
    beside: int | None = None,
    bundled: Collection[str] = (),
) -> list[Claim]:
    """Take the head of every free lane that has something due, and write the intent to send it.

    Expired deliveries are closed on the way. What somebody left in `sending` until their lease
    ended comes before all else of its lane: it may have arrived. *late* leaves out the lanes in
    which nothing is due that long; *beside*, all but the one of that delivery. What is due behind
    a head is claimed with it as far as all are of the kinds *bundled*.
    """
    _expire(session, now)
    free = (
        lanes.waiting(session, now, now - late)
        if beside is None
        else lanes.beside(session, now, beside)
    )
    claims: list[Claim] = []
    for workspace, recipient in free:
        lane = lanes.take(session, workspace, recipient, now, now + LEASE)
        if lane is not None and (claimed := _take_next(session, lane, now, bundled)) is not None:
            claims.append(claimed)
        if len(claims) == AT_ONCE:
            break
    return claims


@writes
def sent(session: Session, claimed: Claim, now: datetime, channel: str, ts: str | None) -> bool:
    """Record that Slack took it as message *ts*; False when the lease was lost meanwhile.

    Of a message with files Slack does not say the *ts*. What was unsure once is audited later.
    """
    values = {
        "state": DeliveryState.SENT,
        "sent_at": now,
        "channel": channel,
        "ts": ts,
        "reason": None,
        "audit_at": sa.case((Delivery.unsure_since.is_not(None), now + AUDIT), else_=None),
    }
    return _settle(session, claimed, values, free_at=now + PACE)


@writes
def unsure(
    session: Session, claimed: Claim, now: datetime, wait: timedelta | None, reason: str
) -> bool:
    """Leave it open: Slack may have taken it. After *wait* it is looked for; its lane waits too.

    Without *wait* the pause doubles up to 5 min.
    """
    return _settle(session, claimed, {"reason": reason}, free_at=now + (wait or _pause(claimed)))


@writes
def absent(session: Session, claimed: Claim, now: datetime) -> bool:
    """Record that Slack has not taken it after all: it is due again."""
    values = {"state": DeliveryState.PENDING, "reason": "Slack had lost it."}
    return _settle(session, claimed, values, free_at=now)


@writes
def closed(
    session: Session, claimed: Claim, now: datetime, state: DeliveryState, reason: str
) -> bool:
    """Record that it will not be sent (skipped, dead) or is in doubt (held), and why."""
    return _settle(session, claimed, {"state": state, "reason": reason}, free_at=now)


@writes
def later(
    session: Session,
    claimed: Claim,
    now: datetime,
    wait: timedelta | None,
    reason: str,
    *,
    alone: bool = False,
) -> bool:
    """Put it back: Slack surely did not take it. Without *wait* the pause doubles up to 5 min.

    To be told to wait is no failed attempt. *alone* lets the recipient's other messages go on.
    """
    pause = wait or _pause(claimed)
    return _settle(
        session,
        claimed,
        {
            "state": DeliveryState.PENDING,
            "due_at": now + pause,
            "reason": reason,
            "attempts": Delivery.attempts - int(wait is not None),
        },
        free_at=now if alone else now + pause,
    )


@writes
def limited(session: Session, claimed: Claim, now: datetime, wait: timedelta) -> bool:
    """Put it back: Slack asked to wait. If it asks many, all of the workspace wait."""
    is_mine = later(session, claimed, now, wait, gates.ASKED)
    if is_mine:
        gates.shut(session, claimed.workspace, now)
    return is_mine


def _pause(claimed: Claim) -> timedelta:
    return min(timedelta(seconds=2 ** min(claimed.attempts, 10)), BACKOFF_CAP)


def _settle(session: Session, claimed: Claim, values: dict[str, Any], free_at: datetime) -> bool:
    if not lanes.held(session, claimed.workspace, claimed.recipient, claimed.fence, free_at):
        return False
    ids = [each.id for each in claimed.each]
    session.execute(sa.update(Delivery).where(Delivery.id.in_(ids)).values(**values))
    return True


def _expire(session: Session, now: datetime) -> None:
    session.execute(
        sa.update(Delivery)
        .where(Delivery.state == DeliveryState.PENDING, Delivery.expires_at <= now)
        .values(
            state=DeliveryState.EXPIRED, reason="It was of no more use by the time it could go."
        )
    )


def _take_next(
    session: Session, lane: Lane, now: datetime, bundled: Collection[str]
) -> Claim | None:
    found = lanes.following(session, lane, now, bundled)
    if not found:
        lane.free_at = now
        return None
    first, *others = [_taken(row, lane, now) for row in found]
    return replace(first, others=tuple(others))


def _taken(row: Delivery, lane: Lane, now: datetime) -> Claim:
    if row.state is DeliveryState.SENDING:
        row.unsure_since = row.unsure_since or row.intent_at
        unsure_since = row.unsure_since
    else:
        row.state, row.intent_at, unsure_since = DeliveryState.SENDING, now, None
    row.fence = lane.fence
    row.attempts += 1
    return Claim(
        row.id,
        row.workspace_id,
        row.key,
        row.kind,
        row.recipient,
        row.details,
        row.attempts,
        lane.fence,
        unsure_since,
    )
