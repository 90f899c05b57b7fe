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
from storage import briefings, initiatives, people, policy, postings, resources, titles
from storage.asker import Asker
from storage.database import Session
from storage.deliveries import Claim
from storage.errors import Refusal
from storage.models import Briefing, State
from storage.policy import Act

Draw = Callable[[Session, Asker, datetime, str], Message]


def compose(session: Session, claimed: Claim, now: datetime) -> Composed | Unneeded:
    """Draw the item for its own audience, unless whoever asked may not post it any more."""
    found = postings.wished(session, claimed, now)
    if found is None:
        return Unneeded("It is gone, or whoever asked may not post it any more.")
    asker, item = found
    drawn = draw(session, now, item, asker.zone, asker)
    if drawn is None:
        return Unneeded("It is not for a channel as it is now.")
    return Composed(drawn, item)


def draw(
    session: Session, now: datetime, item: postings.Postable, zone: str, asker: Asker | None
) -> Message | None:
    """Draw *item* as all its readers may see it, by the clock of *zone*; None if they may not.

    *asker*, who wished it, is named; None for somebody who is not there any more.
    """
    called, readers = titles.short_id(item), _readers(item, zone)
    if not policy.decide(readers, item, Act.READ):
        return None
    try:
        drawn = DRAWN[called[0]](session, readers, now, called)["blocks"]
    except Refusal:
        return None
    if isinstance(item, Briefing) and item.state is State.CANCELLED:
        # There is nothing left to press that helps all who read it.
        drawn = [block for block in drawn if block["type"] != "actions"]
    if asker is not None:
        organisation = people.organisation_name(session, item.workspace_id, asker.organisation)
        drawn = [*drawn, blocks.context(f"Posted for {who(asker.name, organisation)}.")]
    return blocks.message(*drawn)


def _readers(item: postings.Postable, zone: str) -> Asker:
    readers = policy.readers(item.workspace_id, item.audience, item.audience_group_id, zone)
    # Whether those in the channel are the ones named is decided of each of them.
    return replace(readers, named=frozenset({(item.__tablename__, item.id)}))


def _briefing(session: Session, readers: Asker, now: datetime, called: str) -> Message:
    return briefing_views.detail(briefings.show(session, readers, now, called), readers, now)


def _initiative(session: Session, readers: Asker, now: datetime, called: str) -> Message:
    return initiative_views.detail(initiatives.show(session, readers, now, called), readers, now)


def _resource(session: Session, readers: Asker, now: datetime, called: str) -> Message:
    return resource_views.detail(resources.show(session, readers, now, called), readers)


DRAWN: dict[str, Draw] = {"E": _briefing, "I": _initiative, "R": _resource}
