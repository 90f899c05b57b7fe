"""About one action item: it was proposed, given, taken or declined."""

from collections.abc import Callable
from datetime import datetime

from bot.digests.composing import Compose, Composed, Unneeded
from commands import blocks, cards
from commands.blocks import Block
from commands.words import said, who
from storage import actions, people, policy
from storage.database import Session
from storage.deliveries import Claim
from storage.models import ActionItem, ActionState

Wording = Callable[[str, str, ActionItem], tuple[str, Block]]


def proposed(person: str, title: str, item: ActionItem) -> tuple[str, Block]:
    """Ask the owner to take it."""
    return (
        f"{person} proposes to you: {title}. It is yours once you take it.",
        blocks.actions(*cards.taking(item.id)),
    )


def given(person: str, title: str, item: ActionItem) -> tuple[str, Block]:
    """Tell the owner that it is theirs."""
    return f"{person} gave you {title}.", blocks.actions(cards.finishing(item.id))


def accepted(person: str, title: str, item: ActionItem) -> tuple[str, Block]:
    """Tell whoever proposed it that it was taken."""
    return f"{person} took {title}.", _details(item)


def declined(person: str, title: str, item: ActionItem) -> tuple[str, Block]:
    """Tell whoever proposed it that it was declined, and why."""
    reason = f"\nReason: {said(item.note)}" if item.note else ""
    sentence = f"{person} declined {title}. If it is still needed, add it again for somebody else."
    return f"{sentence}{reason}", _details(item)


def compose(wording: Wording, while_it_is: ActionState) -> Compose:
    """Make the message that *wording* words, as long as the item stands as it says."""

    def composed(session: Session, claimed: Claim, now: datetime) -> Composed | Unneeded:
        item = actions.loaded(session, claimed.details["action"])
        if item.state is not while_it_is:
            return Unneeded("The item stands otherwise by now.")
        told = item.owner if item.owner.slack_user == claimed.recipient else item.creator
        reader = people.asker_of(session, claimed.workspace, now, told.id)
        if reader is None or not policy.decide(reader, item):
            return Unneeded("They may no longer see the item.")
        actor = people.asker_of(session, claimed.workspace, now, claimed.details["person"])
        organisation = people.organisation_name(
            session, claimed.workspace, actor.organisation if actor else None
        )
        title = f"*A{item.id} {said(item.title, 150)}*, {cards.due(item, now)}"
        person = who(actor.name if actor else "Somebody", organisation)
        sentence, buttons = wording(person, title, item)
        return Composed(blocks.message(blocks.section(sentence), buttons))

    return composed


def _details(item: ActionItem) -> Block:
    about = f"Details of A{item.id}"
    return blocks.actions(blocks.button("Details", cards.SHOWN_BY["A"], item.id, about=about))
