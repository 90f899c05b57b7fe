"""To the lead of an initiative: somebody else suggests an update."""

from datetime import datetime

from bot.digests.composing import Composed, Unneeded
from commands import blocks, cards
from commands.initiatives.views import TAKE_OVER
from commands.words import said, spelled, who
from storage import people, policy, suggestions, updates
from storage.database import Session
from storage.deliveries import Claim


def compose(session: Session, claimed: Claim, now: datetime) -> Composed | Unneeded:
    """Show the suggestion, unless it no longer waits for this lead."""
    found = suggestions.waiting(session, claimed.workspace, claimed.details["update"])
    if found is None or found.lead_user != claimed.recipient:
        return Unneeded("A newer update exists, or the reader no longer leads the initiative.")
    update, initiative = found.update, found.initiative
    lead = people.asker_of(session, claimed.workspace, now, initiative.lead_id or 0)
    if lead is None or not (
        policy.decide(lead, initiative) and updates.may_apply(lead, initiative)
    ):
        return Unneeded("The lead may no longer see the initiative, or move it.")
    author = people.asker_of(session, claimed.workspace, now, update.author_id or 0)
    title = f"*I{initiative.id} {said(initiative.title, 150)}*"
    about = f"I{initiative.id}"
    return Composed(
        blocks.message(
            blocks.section(
                f"{who(author.name if author else 'Somebody')} suggests an update on {title}: "
                f"{spelled(update.health)}.",
                said(update.text, 1000),
                f"Next: {said(update.next_step)}" if update.next_step else "",
                f"Why: {said(update.reason)}" if update.reason else "",
            ),
            blocks.actions(
                blocks.button("Take over", TAKE_OVER, update.id, about=f"Take over: {about}"),
                blocks.button(
                    "Details", cards.SHOWN_BY["I"], initiative.id, about=f"Details of {about}"
                ),
            ),
        )
    )
