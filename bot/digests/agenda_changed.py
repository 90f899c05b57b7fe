"""To whoever has sessions on their agenda, or speaks in some: moved, in another room, or off."""

from datetime import datetime

from bot.digests.composing import Composed, Unneeded
from commands.briefings import programme
from storage import briefings, people, picks, talk_news
from storage.database import Session
from storage.deliveries import Claim
from storage.models import Standing, State


def compose(session: Session, claimed: Claim, now: datetime) -> Composed | Unneeded:
    """Tell what is different from what they knew, unless they gave it up or it is as it was."""
    asker = people.asker_of(session, claimed.workspace, now, claimed.details["person"])
    found = briefings.seen(session, asker, now, claimed.details["briefing"]) if asker else None
    if asker is None or found is None:
        return Unneeded("They may no longer see this briefing.")
    comes = found.mine is not None and found.mine.standing is not Standing.DECLINED
    if comes and found.briefing.state is State.CANCELLED:
        return Unneeded("They hear that the briefing does not take place.")
    changes = talk_news.changed(session, asker, found.briefing.id, claimed.details["was"])
    if not changes:
        return Unneeded("It is as it was, or not on their agenda any more.")
    own = picks.chosen(session, asker, now)
    clashes = {change.talk.id: picks.clashes(change.talk, own) for change in changes}
    return Composed(programme.news(found.briefing, changes, clashes, asker.zone))
