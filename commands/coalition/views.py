"""What people see of the coalition as a whole."""

from commands import blocks, cards
from commands.blocks import Message
from commands.words import said
from storage import titles
from storage.sharing import Outcome

CONFIRM_SHARE = "coalition.confirm_share"


def quiet_week() -> Message:
    """Say that nothing moved, and what to look at instead."""
    return blocks.message(
        blocks.section(
            "Nothing you can see moved in the last seven days, and nothing is due in the next "
            "fourteen. See `/initiatives active` for how the work stands."
        )
    )


def shared(outcome: Outcome) -> Message:
    """Say whom an item is shown to now, or that a second person has yet to agree."""
    name = f"{titles.short_id(outcome.item)} {said(outcome.item.title, 150)}"
    level = cards.label(outcome.audience, outcome.tlp)
    if not outcome.changed:
        return blocks.message(blocks.section(f"*{name}* is already so: {level}. Nothing changed."))
    if outcome.waits:
        return blocks.message(
            blocks.section(
                f"*{name}* will be shown to everyone once a second member of the secretariat "
                "confirms within seven days. They have been asked; until then nothing changes."
            )
        )
    was = cards.LEVELS[outcome.before].casefold()
    return blocks.message(blocks.section(f"*{name}* is now shown so: {level}. It was {was}."))


def about() -> Message:
    """Say what the bot is for, and what it never takes."""
    return blocks.message(
        blocks.header("Convene"),
        blocks.section(
            "Convene coordinates the people of the coalition: briefings, working groups, "
            "resources, action items, and how initiatives progress."
        ),
        blocks.section(
            "*It takes no reports, signals or case material.* Send those by the signal-sharing "
            "programme, your hotline or law enforcement; never here."
        ),
        blocks.context("What you can say: `/coalition help`"),
    )
