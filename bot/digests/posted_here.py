"""To a channel, because somebody there wished it: one item, as all its readers may see it."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime

from bot.digests.composing import Composed, Unneeded
from commands import blocks
from commands.blocks import Message
from commands.briefings import views as briefing_views
from commands.initiatives import views as initiative_views
from commands.resources import views as resource_views
from commands.words import who
from storage import briefings, initiatives, people, policy, postings, resources
from storage.asker import Asker
from storage.database import Session
from storage.deliveries import Claim
from storage.errors import Refusal

Draw = Callable[[Session, Asker, datetime, str], Message]


def compose(session: Session, claimed: Claim, now: datetime) -> Composed | Unneeded:
    """Draw the item for its own audience, unless whoever asked may not post it any more."""
    found = postings.wished(session, claimed, now)
    if found is None:
        return Unneeded("It is gone, or whoever asked may not post it any more.")
    asker, item = found
    called = claimed.details["item"]
    try:
        drawn = DRAWN[called[0]](session, _readers(asker, item), now, called)
    except Refusal:
        return Unneeded("It is not for a channel as it is now.")
    organisation = people.organisation_name(session, claimed.workspace, asker.organisation)
    posted = blocks.context(f"Posted for {who(asker.name, organisation)}.")
    return Composed(blocks.message(*drawn["blocks"], posted), item)


def _readers(asker: Asker, item: postings.Postable) -> Asker:
    readers = policy.readers(asker.workspace, item.audience, item.audience_group_id, asker.zone)
    # Whether those in the channel are the ones named is decided of each of them.
    return replace(readers, named=frozenset({(item.__tablename__, item.id)}))


def _briefing(session: Session, readers: Asker, now: datetime, called: str) -> Message:
    return briefing_views.detail(briefings.show(session, readers, now, called), readers, now)


def _initiative(session: Session, readers: Asker, now: datetime, called: str) -> Message:
    return initiative_views.detail(initiatives.show(session, readers, now, called), readers, now)


def _resource(session: Session, readers: Asker, now: datetime, called: str) -> Message:
    return resource_views.detail(resources.show(session, readers, now, called), readers)


DRAWN: dict[str, Draw] = {"E": _briefing, "I": _initiative, "R": _resource}
