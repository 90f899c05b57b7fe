"""What goes in one message: what of it stays behind, and what of it stands in Slack."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime

import sqlalchemy as sa

from storage import lanes, redaction
from storage.database import Session, writes
from storage.deliveries import Claim
from storage.models import Delivery, DeliveryState

# The channel, the message's ts, and the short ids it named: " E12 A7 ".
Standing = tuple[str, str, str]


@dataclass(frozen=True)
class Fate:
    """What becomes of one that does not go with the others: `PENDING` again, or never sent.

    It is due again at *due_at*; without it, at once.
    """

    state: DeliveryState
    reason: str | None = None
    due_at: datetime | None = None


@writes
def parted(
    session: Session, claimed: Claim, now: datetime, fates: Mapping[int, Fate]
) -> Claim | None:
    """Settle by *fates*, by their ids, those of *claimed* that do not go; give what is left of it.

    Its lane stays taken. None where nothing is left, or the lease was lost meanwhile.
    """
    left = [each for each in claimed.each if each.id not in fates]
    free_at = None if left else now
    if not lanes.held(session, claimed.workspace, claimed.recipient, claimed.fence, free_at):
        return None
    for number, fate in fates.items():
        is_back = fate.state is DeliveryState.PENDING
        session.execute(
            sa.update(Delivery)
            .where(Delivery.id == number)
            .values(
                state=fate.state,
                reason=fate.reason,
                due_at=fate.due_at or Delivery.due_at,
                attempts=Delivery.attempts - int(is_back),
            )
        )
    if not left:
        return None
    first, *others = left
    return replace(first, others=tuple(others))


@writes
def found(
    session: Session, claimed: Claim, now: datetime, standing: Mapping[int, Standing]
) -> bool:
    """Record where those in *standing*, by their ids, were found; the rest of it is due again.

    False when the lease was lost meanwhile.
    """
    lost = Fate(DeliveryState.PENDING, "Slack had lost it.")
    absent = {each.id: lost for each in claimed.each if each.id not in standing}
    there = parted(session, claimed, now, absent)
    if there is None:
        return False
    for place in dict.fromkeys(standing.values()):
        first, *others = (each for each in there.each if standing[each.id] == place)
        redaction.sent(session, replace(first, others=tuple(others)), now, *place)
    return True
