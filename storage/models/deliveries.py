"""What is to be told, to whom, once; the lanes it travels in; and standing orders for digests."""

from datetime import datetime
from enum import StrEnum
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from storage.models.marks import Marked, marks_fit
from storage.models.row import InWorkspace, Row, partial


class DeliveryState(StrEnum):
    """`SENDING`: on its way, or its answer was lost and it is looked for.

    `HELD`: nobody can know whether Slack took it, so it waits for a person's word.
    """

    PENDING = "pending"
    SENDING = "sending"
    SENT = "sent"
    SKIPPED = "skipped"
    EXPIRED = "expired"
    DEAD = "dead"
    HELD = "held"


class Subscription(InWorkspace, Marked, Row):
    """A standing order: a digest for one channel, by wall clock.

    *weekday* is 0 for Monday, None for every day, 7 for Monday to Friday; *at* is "09:00" in
    *zone*; *next_at* is the next occurrence. It tells the *sections* chosen, and of what has topics
    what has one of the *topics*; none chosen is all. It may tell of one initiative alone.
    """

    __tablename__ = "subscriptions"
    __table_args__ = (
        *marks_fit(),
        sa.UniqueConstraint("workspace_id", "channel", "kind"),
        sa.Index(None, "is_on", "next_at"),
    )

    channel: Mapped[str]
    kind: Mapped[str] = mapped_column(default="weekly")
    weekday: Mapped[int | None]
    at: Mapped[str]
    zone: Mapped[str]
    sections: Mapped[list[str]] = mapped_column(default=list)
    topics: Mapped[list[str]] = mapped_column(default=list)
    initiative_id: Mapped[int | None] = mapped_column(sa.ForeignKey("initiatives.id"), index=True)
    is_on: Mapped[bool] = mapped_column(default=True)
    next_at: Mapped[datetime]
    called_off_at: Mapped[datetime | None]


class OwnDigest(InWorkspace, Row):
    """What somebody has ordered for themselves, by the clock where they are.

    *weekday* is 0 for Monday, None for every day, 7 for Monday to Friday; *at* is "09:00".
    *sections* and *topics* are as a channel's.
    """

    __tablename__ = "own_digests"
    __table_args__ = (
        sa.UniqueConstraint("workspace_id", "person_id"),
        sa.Index(None, "next_at"),
    )

    person_id: Mapped[int] = mapped_column(sa.ForeignKey("people.id", ondelete="CASCADE"))
    weekday: Mapped[int | None]
    at: Mapped[str]
    sections: Mapped[list[str]] = mapped_column(default=list)
    topics: Mapped[list[str]] = mapped_column(default=list)
    next_at: Mapped[datetime]


class Preference(InWorkspace, Row):
    """What somebody wishes of the messages to them.

    *muted* are kinds of news they do not want. Until *back_at* they are on leave. *quiet_from* and
    *quiet_until* ("22:00", "07:00") are by the clock where they are; both or neither.
    """

    __tablename__ = "preferences"

    person_id: Mapped[int] = mapped_column(
        sa.ForeignKey("people.id", ondelete="CASCADE"), unique=True
    )
    muted: Mapped[list[str]] = mapped_column(default=list)
    back_at: Mapped[datetime | None]
    quiet_from: Mapped[str | None]
    quiet_until: Mapped[str | None]


class Delivery(InWorkspace, Row):
    """One thing somebody is to be told, in a message alone or with others.

    The *key* is unique: what was owed once is owed once.

    *recipient* is a Slack channel or user id; *details* holds ids, never text; *intent_at* is
    written before Slack is called, so that a crash leaves a trace. *unsure_since* is the first
    intent of which nobody knew what became; *audit_at* is when to look for a second copy. *about*
    holds the short ids that the message named (" E12 A7 "), by which its copies are found again.
    *shows* is the item of a post in a channel, as long as that is kept as the item is
    (`storage/posts.py`).
    """

    __tablename__ = "deliveries"
    __table_args__ = (
        sa.UniqueConstraint("workspace_id", "key"),
        sa.Index(None, "state", "due_at"),
        sa.Index(None, "workspace_id", "recipient", "state"),
        partial("ix_deliveries_audit_at", "audit_at", where="audit_at IS NOT NULL"),
        partial(
            "ix_deliveries_workspace_id_shows", "workspace_id", "shows", where="shows IS NOT NULL"
        ),
        partial(
            "ix_deliveries_due",
            "state",
            "due_at",
            "id",
            where="state = 'pending' OR state = 'sending'",
        ),
        partial(
            "ix_deliveries_lane",
            "workspace_id",
            "recipient",
            "due_at",
            where="state IN ('pending', 'sending')",
        ),
        # With the state: to SQLite, which takes samples, each is rare.
        partial("ix_deliveries_state_expires_at", "state", "expires_at", where="state = 'pending'"),
        partial(
            "ix_deliveries_failed",
            "workspace_id",
            "due_at",
            where="state IN ('held', 'dead', 'expired')",
        ),
    )

    key: Mapped[str]
    kind: Mapped[str]
    recipient: Mapped[str]
    details: Mapped[dict[str, Any]]
    state: Mapped[DeliveryState] = mapped_column(default=DeliveryState.PENDING)
    due_at: Mapped[datetime]
    expires_at: Mapped[datetime | None]
    attempts: Mapped[int] = mapped_column(default=0)
    fence: Mapped[int] = mapped_column(default=0)
    intent_at: Mapped[datetime | None]
    unsure_since: Mapped[datetime | None]
    audit_at: Mapped[datetime | None]
    sent_at: Mapped[datetime | None]
    channel: Mapped[str | None]
    ts: Mapped[str | None]
    reason: Mapped[str | None]
    about: Mapped[str] = mapped_column(default="")
    shows: Mapped[str | None]
    created_at: Mapped[datetime]


class Lane(InWorkspace, Row):
    """One recipient's way: mutex, pace, Retry-After gate and order at once."""

    __tablename__ = "lanes"
    __table_args__ = (sa.UniqueConstraint("workspace_id", "recipient"),)

    recipient: Mapped[str]
    free_at: Mapped[datetime]
    fence: Mapped[int] = mapped_column(default=0)
