"""To the chairs of a working group: somebody has joined it, or left."""

from datetime import datetime

from bot.digests.composing import Composed, Unneeded
from commands import blocks, cards
from commands.blocks import Message
from commands.words import count, said, who
from storage import groups, people
from storage.database import Session
from storage.deliveries import Claim
from storage.groups import Detail


def joined(session: Session, claimed: Claim, now: datetime) -> Composed | Unneeded:
    """Tell a chair who has joined, unless they have left again."""
    group = _as_chair(session, claimed, now)
    if group is None or not _sits(session, claimed, group):
        return Unneeded("They have left again, or the reader no longer chairs the group.")
    sit = count(group.people, "person sits", "people sit")
    return Composed(_message(session, claimed, now, group, "has joined", f"{sit} in it now."))


def left(session: Session, claimed: Claim, now: datetime) -> Composed | Unneeded:
    """Tell a chair who has left, and whether their organisation has no seat any more."""
    group = _as_chair(session, claimed, now)
    if group is None or _sits(session, claimed, group):
        return Unneeded("They are back, or the reader no longer chairs the group.")
    name = people.organisation_name(session, claimed.workspace, claimed.details["organisation"])
    gone = name is not None and name not in {party.organisation for party in group.parties}
    seatless = f"{said(name, 80)} has no seat in it now." if gone else ""
    return Composed(_message(session, claimed, now, group, "has left", seatless))


def _as_chair(session: Session, claimed: Claim, now: datetime) -> Detail | None:
    chair = people.asker_of(session, claimed.workspace, now, int(claimed.key.rsplit(":", 1)[1]))
    if chair is None or claimed.details["group"] not in chair.chairs:
        return None
    return groups.show(session, chair, now, f"G{claimed.details['group']}")


def _sits(session: Session, claimed: Claim, group: Detail) -> bool:
    return groups.sits(session, group.group, claimed.details["person"])


def _message(
    session: Session, claimed: Claim, now: datetime, group: Detail, did: str, more: str
) -> Message:
    details = claimed.details
    person = people.asker_of(session, claimed.workspace, now, details["person"])
    name = person.name if person else "Somebody"
    organisation = people.organisation_name(session, claimed.workspace, details["organisation"])
    title = f"*G{group.group.id} {said(group.group.title, 150)}*"
    button = blocks.button(
        "Details", cards.SHOWN_BY["G"], group.group.id, about=f"Details of G{group.group.id}"
    )
    return blocks.message(
        blocks.section(f"{who(name, organisation)} {did} {title}. {more}".strip(), accessory=button)
    )
