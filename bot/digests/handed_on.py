"""To somebody: the secretariat has handed them what a leaver held."""

from datetime import datetime

from bot.digests.composing import Composed, Unneeded
from commands import blocks
from commands.words import said, who
from storage import people, sharing, titles
from storage.asker import Asker
from storage.database import Session
from storage.deliveries import Claim
from storage.errors import Refusal


def compose(session: Session, claimed: Claim, now: datetime) -> Composed | Unneeded:
    """Name all of it that the reader may still see."""
    reader = people.asker_of(session, claimed.workspace, now, claimed.details["person"])
    lines = [_line(session, reader, number) for number in claimed.details["numbers"] if reader]
    seen = [line for line in lines if line]
    if not seen:
        return Unneeded("They may not see any of it any more.")
    by = people.asker_of(session, claimed.workspace, now, claimed.details["by"])
    return Composed(
        blocks.message(
            blocks.section(
                f"{who(by.name if by else 'The secretariat')} handed you what somebody who left "
                "held. It is yours now:",
                *seen,
            )
        )
    )


def _line(session: Session, reader: Asker, number: str) -> str:
    try:
        item = sharing.numbered(session, reader, number)
    except Refusal:
        return ""
    return f"• *{titles.short_id(item)} {said(item.title, 150)}*"
