"""What people see of the coalition as a whole."""

from commands import blocks
from commands.blocks import Message


def quiet_week() -> Message:
    """Say that nothing moved, and what to look at instead."""
    return blocks.message(
        blocks.section(
            "Nothing you can see moved in the last seven days, and nothing is due in the next "
            "fourteen. See `/initiatives active` for how the work stands."
        )
    )


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
