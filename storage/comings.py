"""Comings and goings: what Slack says of somebody by itself, and what follows from it."""

from datetime import datetime

from storage import forfeits, people
from storage.asker import Asker
from storage.database import Session, writes
from storage.people import Profile


@writes
def noted(session: Session, asker: Asker, now: datetime, profile: Profile) -> None:
    """Keep what an event says of somebody the bot has met; strangers are met when they ask.

    A seat at what they may not see any more goes to whoever has waited longest.
    """
    if not people.met(session, asker.workspace, profile.team, profile.user):
        return
    person = people.meet(session, asker.workspace, profile, now)
    forfeits.of_person(session, asker, now, person)
