"""To whoever asked for it: a briefing as a file for their calendar."""

from datetime import datetime

from bot.digests.composing import Composed, File, Unneeded
from commands import blocks, calendars
from commands.words import when
from storage import briefings, feeds, people, picks
from storage.database import Session
from storage.deliveries import Claim
from storage.models import Workspace


def compose(session: Session, claimed: Claim, now: datetime) -> Composed | Unneeded:
    """Write it as it is now, with the join link only for who goes, and what they chose of it.

    A strict label closes it.
    """
    asker = people.asker_of(session, claimed.workspace, now, claimed.details["person"])
    found = briefings.seen(session, asker, now, claimed.details["briefing"]) if asker else None
    if asker is None or found is None:
        return Unneeded("They may no longer see this briefing.")
    briefing = found.briefing
    team = session.get_one(Workspace, claimed.workspace).team
    # No title outside the file: Slack keeps what stands beside a file that is taken back.
    name = f"E{briefing.id}"
    at = when(briefing.starts_at, asker.zone, briefing.zone, briefing.precision)
    is_closed = feeds.is_closed(asker, briefing)
    own = picks.chosen(session, asker, briefing.starts_at)
    talks = [talk for talk in own if talk.briefing_id == briefing.id]
    written = calendars.file(found, team, now, talks, is_closed=is_closed)
    return Composed(
        blocks.message(
            blocks.section(
                f"{name}, {at}: open the file to put it into your calendar. When the briefing or "
                f"your answer changes, ask again (`/briefings ics {name}`): the new file takes the "
                "old one's place there."
            )
        ),
        files=(File(f"{name}.ics", written, name),),
    )
