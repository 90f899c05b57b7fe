"""To an initiative's lead, later its alternate, later staff: nothing was heard for too long."""

from datetime import datetime

from bot.digests.composing import Composed, Unneeded
from commands import blocks
from commands.initiatives import views
from storage import cadence, people, policy, updates
from storage.database import Session
from storage.deliveries import Claim

MOVED = Unneeded("It has moved, or needs no update any more.")
NOT_THEIRS = Unneeded("It is not the reader's any more.")


def to_lead(session: Session, claimed: Claim, now: datetime) -> Composed | Unneeded:
    """Ask the lead or the alternate how it stands, unless it has moved."""
    found = cadence.silence(session, claimed.workspace, now, claimed.details)
    reader = people.asker_of(session, claimed.workspace, now, claimed.details["person"])
    if found is None:
        return MOVED
    initiative = found.initiative
    if reader is None or reader.person not in {initiative.lead_id, initiative.alternate_id}:
        return NOT_THEIRS
    if not (policy.decide(reader, initiative) and updates.may_apply(reader, initiative)):
        return NOT_THEIRS
    is_lead = reader.person == initiative.lead_id
    return Composed(blocks.message(*views.update_due(found, is_lead=is_lead)))


def to_staff(session: Session, claimed: Claim, now: datetime) -> Composed | Unneeded:
    """Tell staff whom to talk to, once."""
    found = cadence.silence(session, claimed.workspace, now, claimed.details)
    reader = people.asker_of(session, claimed.workspace, now, claimed.details["person"])
    if found is None:
        return MOVED
    if reader is None or not reader.is_staff:
        return NOT_THEIRS
    return Composed(blocks.message(*views.update_overdue(found)))
