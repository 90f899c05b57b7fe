"""What a channel did not get: closing it, and telling staff and whoever wished for it."""

from datetime import datetime

from storage import deliveries, people
from storage.database import Session, writes
from storage.deliveries import Claim
from storage.models import Delivery, DeliveryState

WISHED = "posted_here"  # the kind that somebody asked for, and waits to see
NOT_SENT = (DeliveryState.DEAD, DeliveryState.SKIPPED)


@writes
def closed(
    session: Session, claimed: Claim, now: datetime, state: DeliveryState, reason: str
) -> bool:
    """Close a delivery; of one that a channel will not get, staff and whoever asked are told."""
    if not deliveries.closed(session, claimed, now, state, reason):
        return False
    if state is DeliveryState.DEAD and claimed.is_for_channel:
        for person, user in people.secretariat(session, claimed.workspace):
            _tell(session, claimed, now, "post_refused", person, user)
    if state in NOT_SENT and claimed.kind == WISHED:
        person = claimed.details["person"]
        asker = people.asker_of(session, claimed.workspace, now, person)
        if asker is not None:
            _tell(session, claimed, now, "not_posted", person, asker.slack_user)
    return True


def refused(session: Session, claimed: Claim) -> Delivery | None:
    """Load the delivery that did not go and that *claimed* tells of."""
    found = session.get(Delivery, claimed.details["delivery"])
    return found if found is not None and found.workspace_id == claimed.workspace else None


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
