"""To the lead of an initiative, and later to staff: nothing was heard of it for too long."""

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
    """Ask the lead how it stands, unless it has moved."""
    found = cadence.silence(session, claimed.workspace, now, claimed.details)
    lead = people.asker_of(session, claimed.workspace, now, claimed.details["person"])
    if found is None:
        return MOVED
    initiative = found.initiative
    if lead is None or initiative.lead_id != lead.person:
        return NOT_THEIRS
    if not (policy.decide(lead, initiative) and updates.may_apply(lead, initiative)):
        return NOT_THEIRS
    return Composed(blocks.message(*views.update_due(found)))


def to_staff(session: Session, claimed: Claim, now: datetime) -> Composed | Unneeded:
    """Tell staff whom to talk to, once."""
    found = cadence.silence(session, claimed.workspace, now, claimed.details)
    reader = people.asker_of(session, claimed.workspace, now, claimed.details["person"])
    if found is None:
        return MOVED
    if reader is None or not reader.is_staff:
        return NOT_THEIRS
    return Composed(blocks.message(*views.update_overdue(found)))
