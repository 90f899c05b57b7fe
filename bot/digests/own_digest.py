"""To whoever ordered it: what waits for them, what is next, and what moved."""

from collections.abc import Sequence
from datetime import datetime

from bot.digests.composing import Composed, Unneeded
from commands import own_digest
from commands.digests import Pen
from storage import own_digests
from storage.asker import Asker
from storage.database import Session
from storage.deliveries import Claim
from storage.own_digests import Told


def compose(session: Session, claimed: Claim, now: datetime) -> Composed | Unneeded:
    """Write it as its reader may see things now; nothing to tell is not told."""
    return together(session, [claimed], now)[0]


def together(session: Session, claims: Sequence[Claim], now: datetime) -> list[Composed | Unneeded]:
    """Write each of *claims*, of one workspace, in as many statements as one alone."""
    persons = [claimed.details["person"] for claimed in claims]
    found = own_digests.told(session, claims[0].workspace, now, persons)
    told = {asker.person: (asker, each) for asker, each in found}
    pen = Pen()
    return [_worded(pen, told.get(person), now) for person in persons]


def _worded(pen: Pen, told: tuple[Asker, Told] | None, now: datetime) -> Composed | Unneeded:
    if told is None:
        return Unneeded("It was called off.")
    asker, found = told
    message = own_digest.drawn(pen, found, asker, now)
    return Composed(message) if message is not None else Unneeded("There was nothing to tell.")
