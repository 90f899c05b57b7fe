"""Posts of briefings that stand in channels, and are drawn anew when what they show changes."""

from collections.abc import Collection
from datetime import datetime, timedelta

import sqlalchemy as sa

from storage import deliveries, lanes
from storage.database import Session
from storage.deliveries import Claim, Debt
from storage.models import Briefing, Delivery, DeliveryState
from storage.scoping import columns, unscoped

KIND = "redraw"
HOLD = timedelta(seconds=30)  # what changes within it is drawn at once
KEPT = timedelta(days=14)  # so long after its end a briefing's posts are kept as it is
# What is on its way may have been worded just before the change.
STANDING = (*lanes.OPEN, DeliveryState.SENT)
_SHOWING = unscoped(
    sa.select(Delivery.id, Delivery.recipient, Briefing.ends_at)
    .join(Briefing, Briefing.workspace_id == Delivery.workspace_id)
    .where(
        Delivery.workspace_id == sa.bindparam("workspace"),
        Delivery.shows == sa.bindparam("shown"),
        Delivery.state.in_(STANDING),
        Briefing.id == sa.bindparam("briefing"),
        Briefing.ends_at > sa.bindparam("over"),
    )
    .order_by(Delivery.id),
    "each post asks again, when it is drawn",
)
_BRIEFING = unscoped(
    sa.select(Briefing).where(
        Briefing.workspace_id == sa.bindparam("workspace"), Briefing.id == sa.bindparam("briefing")
    ),
    "whether it is for its channel is decided of the row",
)


def outdate(session: Session, workspace: int, now: datetime, briefing: int) -> None:
    """Owe each post of *briefing*, which has just changed, that it is drawn anew."""
    values = {"workspace": workspace, "briefing": briefing, "over": now - KEPT}
    posts = columns(session, _SHOWING, {**values, "shown": f"E{briefing}"}).all()
    if not posts:
        return
    waiting = _waiting(session, workspace, {post.recipient for post in posts})
    anew = [
        Debt(
            workspace,
            key=f"{KIND}:{post.id}:{int(now.timestamp())}",
            kind=KIND,
            recipient=post.recipient,
            details={"delivery": post.id},
            due_at=now + HOLD,
            expires_at=post.ends_at + KEPT,
        )
        for post in posts
        if post.id not in waiting
    ]
    deliveries.owe_all(session, now, anew)


def of(session: Session, claimed: Claim) -> Delivery | None:
    """Load the post that *claimed* draws anew; None where it draws none that anybody knows."""
    if claimed.kind != KIND:
        return None
    post = session.get(Delivery, claimed.details["delivery"])
    return post if post is not None and post.workspace_id == claimed.workspace else None


def shown(session: Session, post: Delivery) -> Briefing | None:
    """Load the briefing that *post* shows; None where that is kept no more, or it is gone."""
    if post.shows is None:
        return None
    values = {"workspace": post.workspace_id, "briefing": int(post.shows[1:])}
    return session.scalars(_BRIEFING, values).one_or_none()


def give_up(session: Session, claimed: Claim) -> None:
    """Leave the post as it is from now on, if *claimed* was to draw one anew."""
    post = of(session, claimed)
    if post is not None:
        post.shows = None


def _waiting(session: Session, workspace: int, channels: Collection[str]) -> set[int]:
    """Give the posts in *channels* that will be drawn anew, and later than this transaction ends.

    They are held until then. One that is being claimed at this moment may be drawn before.
    """
    owed = sa.select(Delivery.details).where(
        Delivery.workspace_id == workspace,
        Delivery.recipient.in_(channels),
        Delivery.state == DeliveryState.PENDING,
        Delivery.kind == KIND,
    )
    held = owed.with_for_update(skip_locked=True)
    return {details["delivery"] for details in session.scalars(held)}
