"""To staff who asked for it: who came to a briefing, as a file for spreadsheets."""

from datetime import datetime

from bot.digests.composing import Composed, File, Unneeded
from commands import blocks
from commands.briefings import turnout
from storage import people, turnouts
from storage.database import Session
from storage.deliveries import Claim


def compose(session: Session, claimed: Claim, now: datetime) -> Composed | Unneeded:
    """Write it as it is noted now, for nobody who is not of the secretariat any more."""
    asker = people.asker_of(session, claimed.workspace, now, claimed.details["person"])
    found = turnouts.seen(session, asker, now, claimed.details["briefing"]) if asker else None
    if found is None:
        return Unneeded("They may no longer have it.")
    # No title outside the file: Slack keeps what stands beside a file that is taken back.
    name = f"E{found.briefing.id}"
    sentence = f"Who came to {name}. It is for the secretariat: it says who did not come."
    return Composed(
        blocks.message(blocks.section(sentence)),
        files=(File(f"{name}-attendance.csv", turnout.written(found), f"{name} attendance"),),
    )
