"""To a channel that has a briefing's post: the same in its place, as the briefing is now."""

from datetime import datetime

from bot.digests import posted_here
from bot.digests.composing import Composed, Later, Recall, Settled, Unneeded
from commands.blocks import Message
from storage import changes, people, posts, publishing
from storage.asker import Asker
from storage.database import Session
from storage.deliveries import Claim
from storage.lanes import OPEN
from storage.models import Briefing, Delivery, State

UNFIT = "It was taken back: it may not stand in a channel any more."


def compose(session: Session, claimed: Claim, now: datetime) -> Settled:
    """Draw it anew, or take it back where it is no longer for a channel."""
    post = posts.of(session, claimed)
    if post is None or post.shows is None:
        return Unneeded("Nobody knows any more where it stands.")
    if post.state in OPEN:
        return Later(now + posts.HOLD, "It does not stand there yet.")
    if post.channel is None or post.ts is None:
        return Unneeded("It did not come to stand there.")
    item = posts.shown(session, post)
    if item is not None and (until := _held(session, now, item)):
        return Later(until, "That it is called off may yet be taken back.")
    drawn = _drawn(session, now, post, item) if item is not None else None
    if drawn is None:
        return Recall(post.channel, post.ts, UNFIT)
    return Composed(drawn, item, ts=post.ts)


def _held(session: Session, now: datetime, item: Briefing) -> datetime | None:
    """Say until when nobody is to hear that *item* is called off."""
    if item.state is not State.CANCELLED:
        return None
    at = publishing.called_off(session, Asker(item.workspace_id), item)
    return at + changes.HOLD if at is not None and now < at + changes.HOLD else None


def _drawn(session: Session, now: datetime, post: Delivery, item: Briefing) -> Message | None:
    asker = people.asker_of(session, post.workspace_id, now, post.details["person"])
    if asker is None or not asker.audiences:  # they have left
        return posted_here.draw(session, now, item, item.zone, None)
    return posted_here.draw(session, now, item, asker.zone, asker)
