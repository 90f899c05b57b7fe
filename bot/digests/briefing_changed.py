"""To whoever comes, or has to tell those without Slack: it was moved, or does not take place."""

from datetime import datetime

from bot.digests.composing import Composed, Unneeded
from commands import blocks
from commands.briefings import views, without_slack
from storage import briefings, contacts, people
from storage.database import Session
from storage.deliveries import Claim
from storage.models import Precision, State


def compose(session: Session, claimed: Claim, now: datetime) -> Composed | Unneeded:
    """Tell what is different from what they knew, unless they gave it up or it is as it was."""
    asker = people.asker_of(session, claimed.workspace, now, claimed.details["person"])
    found = briefings.seen(session, asker, now, claimed.details["briefing"]) if asker else None
    if asker is None or found is None:
        return Unneeded("They may no longer see this briefing.")
    unreached = contacts.to_tell(session, asker, found.briefing)
    if not (found.is_mine or unreached):
        return Unneeded("They are not coming any more.")
    begins, ends, precision, state = claimed.details["was"]
    times = datetime.fromisoformat(begins), datetime.fromisoformat(ends)
    was = views.Before(*times, Precision(precision), State(state))
    drawn = views.changed(found, asker, was, frozenset(claimed.details["parts"]))
    if not drawn:
        return Unneeded("It is as it was.")
    return Composed(blocks.message(*drawn, *without_slack.to_tell(unreached, found.briefing)))
