"""To somebody: the secretariat has said for whom they speak."""

from datetime import datetime

from bot.digests.composing import Composed, Unneeded
from commands import blocks
from commands.words import spelled, who
from storage import people
from storage.database import Session
from storage.deliveries import Claim


def compose(session: Session, claimed: Claim, now: datetime) -> Composed | Unneeded:
    """Say it as it stands now, unless it was taken back."""
    asker = people.asker_of(session, claimed.workspace, now, claimed.details["person"])
    if asker is None or not asker.is_linked:
        return Unneeded("The link was taken back.")
    home = people.organisation_name(session, claimed.workspace, asker.organisation)
    return Composed(
        blocks.message(
            blocks.section(
                f"The secretariat has linked you: you are *{who(asker.name, home)}*, role: "
                f"{spelled(asker.role)}. What you can say now: `/coalition help`"
            )
        )
    )
