"""To whoever asked for it: a briefing as a file for their calendar, or to send on."""

from datetime import datetime

from bot.digests.composing import Composed, File, Unneeded
from commands import blocks, calendars
from commands.words import when, who
from storage import briefings, feeds, people, picks
from storage.asker import Asker
from storage.database import Session
from storage.deliveries import Claim
from storage.models import Workspace


def compose(session: Session, claimed: Claim, now: datetime) -> Composed | Unneeded:
    """Write it as it is now, with the join link only for who goes, and what they chose of it.

    A strict label closes it.
    """
    asker = people.asker_of(session, claimed.workspace, now, claimed.details["person"])
    owner = _owner(session, claimed, now, asker) if asker else None
    found = briefings.seen(session, owner, now, claimed.details["briefing"]) if owner else None
    if asker is None or owner is None or found is None:
        return Unneeded("They may no longer see this briefing.")
    briefing = found.briefing
    team = session.get_one(Workspace, claimed.workspace).team
    # No title outside the file: Slack keeps what stands beside a file that is taken back.
    name = f"E{briefing.id}"
    at = when(briefing.starts_at, asker.zone, briefing.zone, briefing.precision)
    is_closed = feeds.is_closed(owner, briefing)
    own = picks.chosen(session, owner, briefing.starts_at)
    talks = [talk for talk in own if talk.briefing_id == briefing.id]
    written = calendars.file(found, team, now, talks, is_closed=is_closed)
    told = (
        f"{name}, {at}: open the file to put it into your calendar. When the briefing or "
        f"your answer changes, ask again (`/briefings ics {name}`): the new file takes the "
        "old one's place there."
    )
    if owner is not asker:
        told = (
            f"{name}, {at}: the file for {who(owner.name)}, who has no Slack, to send on. When the "
            "briefing changes you are told, with a new one: it takes the old one's place there."
        )
    return Composed(
        blocks.message(blocks.section(told)), files=(File(f"{name}.ics", written, name),)
    )


def _owner(session: Session, claimed: Claim, now: datetime, asker: Asker) -> Asker | None:
    """Give whose calendar it is for: the reader's own, or of a contact for whom staff ask."""
    contact = claimed.details.get("contact")
    if contact is None:
        return asker
    return people.asker_of(session, claimed.workspace, now, contact) if asker.is_staff else None
