"""To the secretariat: a colleague wants everybody to see something, which takes a second person."""

from datetime import datetime

from bot.digests.composing import Composed, Unneeded
from commands import blocks, cards
from commands.coalition.views import CONFIRM_SHARE
from commands.words import said, who
from storage import people, sharing, titles
from storage.database import Session
from storage.deliveries import Claim
from storage.errors import Refusal


def compose(session: Session, claimed: Claim, now: datetime) -> Composed | Unneeded:
    """Ask for a second word, unless it has been given or is not theirs to give any more."""
    asked = sharing.waiting(session, claimed.workspace, claimed.details["widening"])
    reader = people.asker_of(session, claimed.workspace, now, claimed.details["person"])
    if asked is None or reader is None or not reader.is_staff:
        return Unneeded("It was confirmed or overtaken, or the reader is not of the secretariat.")
    try:
        item = titles.by_id(session, reader, sharing.TABLES[asked.item_table], asked.item_id)
    except Refusal:
        return Unneeded("It is not there any more.")
    asker = people.asker_of(session, claimed.workspace, now, asked.asked_by_id)
    name = f"{titles.short_id(item)} {said(item.title, 150)}"
    return Composed(
        blocks.message(
            blocks.section(
                f"{who(asker.name if asker else 'A colleague')} wants everyone to see *{name}*.",
                f"Today: {cards.label(item.audience, item.tlp)}. Then: "
                f"{cards.label(asked.audience, asked.tlp)}. It takes a second of you.",
            ),
            blocks.actions(
                blocks.button(
                    "Show it to everyone", CONFIRM_SHARE, asked.id, about=f"Show {name} to everyone"
                ),
                blocks.button(
                    "Details", cards.SHOWN_BY[name[0]], item.id, about=f"Details of {name}"
                ),
            ),
        )
    )
