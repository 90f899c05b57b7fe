"""Posting an item where people talk, because somebody there wishes it."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from storage import deliveries, people, policy, titles
from storage.asker import Asker
from storage.database import Session, writes
from storage.deliveries import Claim, Debt
from storage.errors import Refusal
from storage.models import Audience, Briefing, Initiative, Resource, Role, State
from storage.policy import Act

Postable = Briefing | Initiative | Resource
MODELS: Mapping[str, Any] = {"E": Briefing, "I": Initiative, "R": Resource}
OF_USE = timedelta(hours=1)  # later nobody in the channel knows any more why it appears
NOWHERE = "Type the command in the channel where it should appear, and press Post here there."
ALONE = (
    "This is a conversation with the bot alone, so nobody else would see it. Type the command in "
    "the channel where it should appear."
)
UNLINKED = "The secretariat has to link you to an organisation before you can post here."
NOT_YOURS = (
    "Only members and the secretariat may post this, because it is not public. Ask one of them."
)
RED = "It is TLP:RED: said in the room and nowhere else."
DRAFT = (
    "It is a draft, so only staff see it, and the chairs of the group it is for. Once it is "
    "published it can be posted."
)


def is_open_to(asker: Asker, item: Postable) -> bool:
    """Say whether *asker*, who may see *item*, may also put it before others."""
    if isinstance(item, Briefing) and item.state is State.DRAFT:
        return False
    if not policy.decide(asker, item, Act.READ):
        return False
    if item.audience is Audience.PUBLIC:
        return asker.is_linked
    return asker.is_staff or asker.role is Role.MEMBER


@writes
def ask(session: Session, asker: Asker, now: datetime, called: str, channel: str) -> bool:
    """Owe *channel* the item "E12", once a minute; say whether that is new. Raises Refusal.

    Whether the channel's readers are those it is for is found out when it goes.
    """
    item = titles.find(session, asker, MODELS[called[:1]], called)
    if not channel:
        raise Refusal(NOWHERE)
    if channel.startswith("D"):
        raise Refusal(ALONE)
    _check(asker, item)
    known = titles.short_id(item)
    post = Debt(
        asker.workspace,
        key=f"here:{known}:{channel}:{asker.person}:{int(now.timestamp()) // 60}",
        kind="posted_here",
        recipient=channel,
        details={"item": known, "person": asker.person},
        due_at=now,
        expires_at=now + OF_USE,
        shows=known if isinstance(item, Briefing) else None,
    )
    return bool(deliveries.owe_all(session, now, [post]))


def wished(session: Session, claimed: Claim, now: datetime) -> tuple[Asker, Postable] | None:
    """Load who asked for a post and the item; None where they may not post it any more."""
    asker = people.asker_of(session, claimed.workspace, now, claimed.details["person"])
    called = claimed.details["item"]
    if asker is None:
        return None
    try:
        item = titles.find(session, asker, MODELS[called[0]], called)
    except Refusal:
        return None
    return (asker, item) if is_open_to(asker, item) else None


def _check(asker: Asker, item: Postable) -> None:
    if not asker.is_linked:
        raise Refusal(UNLINKED)
    if isinstance(item, Briefing) and item.state is State.DRAFT:
        raise Refusal(DRAFT)
    if not policy.decide(asker, item, Act.READ):
        raise Refusal(RED)
    if not is_open_to(asker, item):
        raise Refusal(NOT_YOURS)
