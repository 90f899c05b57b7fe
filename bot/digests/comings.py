"""To the secretariat: somebody came whom they have to link, or left who held something."""

from datetime import datetime

from bot.digests.composing import Composed, Unneeded
from commands.members import views
from storage import offboarding, people, proposals
from storage.asker import Asker
from storage.database import Session
from storage.deliveries import Claim
from storage.models import Role

NOT_STAFF = Unneeded("The reader is not of the secretariat any more.")


def to_link(session: Session, claimed: Claim, now: datetime) -> Composed | Unneeded:
    """Name who waits and what their address proposes, unless they were linked meanwhile."""
    reader = _reader(session, claimed, now)
    if reader is None:
        return NOT_STAFF
    line = proposals.of(session, reader, now, claimed.details["person"])
    if line is None or line.role is not Role.UNKNOWN:
        return Unneeded("They were linked, or are not there any more.")
    return Composed(views.to_link(line, reader.zone))


def to_offboard(session: Session, claimed: Claim, now: datetime) -> Composed | Unneeded:
    """Say what is still held by whoever left Slack, unless they are back or were offboarded."""
    reader = _reader(session, claimed, now)
    if reader is None:
        return NOT_STAFF
    left = offboarding.left_behind(session, reader, now, claimed.details["person"])
    if left is None:
        return Unneeded("They are back, or were offboarded.")
    return Composed(views.to_offboard(*left))


def _reader(session: Session, claimed: Claim, now: datetime) -> Asker | None:
    reader = people.asker_of(session, claimed.workspace, now, claimed.details["reader"])
    return reader if reader is not None and reader.is_staff else None
