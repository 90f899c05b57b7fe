"""What people see of their address for calendars: whether there is one, and once which it is."""

from collections.abc import Iterable
from datetime import datetime

from commands import blocks, calendars
from commands.blocks import Message
from commands.words import day
from storage.asker import Asker
from storage.feeds import PUBLIC, Which
from storage.privacy import name

MAKE, STOP = "briefings.make_feed", "briefings.stop_feed"
GROUPS_SHOWN = 10
NOWHERE = (
    "There is no address to subscribe to, since the bot has no public one. For one briefing there "
    "is a file: `/briefings ics E12`"
)
ONCE = (
    "It is shown this once. Whoever has it sees what you may see at that moment, so give it to "
    "nobody; if it gets about, get a new one, and the old one leads nowhere."
)


def standing(since: datetime | None, asker: Asker) -> Message:
    """Say whether the reader has an address, and offer one."""
    if since is None:
        return blocks.message(
            blocks.section(
                "With an address of your own, your calendar keeps up with briefings by itself."
            ),
            blocks.actions(blocks.button("Get an address", MAKE, name(asker))),
        )
    return blocks.message(
        blocks.section(
            f"Your calendar has had an address since {day(since, asker.zone)}. It was shown once "
            "and cannot be shown again."
        ),
        blocks.actions(
            blocks.button("Get a new one", MAKE, name(asker)),
            blocks.button("Stop it", STOP, name(asker)),
        ),
    )


def published(since: datetime | None, asker: Asker) -> Message:
    """Say whether there is an address for everybody, and offer one."""
    if since is None:
        return blocks.message(
            blocks.section(
                "There is no calendar for everybody. With an address for one, whoever has it sees "
                "what is public, and no link to join."
            ),
            blocks.actions(blocks.button("Get an address", MAKE, PUBLIC)),
        )
    return blocks.message(
        blocks.section(
            f"The calendar for everybody has had an address since {day(since, asker.zone)}. It was "
            "shown once and cannot be shown again."
        ),
        blocks.actions(
            blocks.button("Get a new one", MAKE, PUBLIC),
            blocks.button("Stop it", STOP, PUBLIC),
        ),
    )


def made_public(public: str, secret: str) -> Message:
    """Show the address for everybody, once."""
    return blocks.message(
        blocks.section(
            "Publish this where people outside find it. In it stands what is public, without a "
            "link to join:",
            f"`{calendars.address(public, secret, Which.PUBLIC)}`",
        ),
        blocks.context("It is shown this once. With a new one, this one leads nowhere."),
    )


def made(public: str, secret: str, groups: Iterable[int]) -> Message:
    """Show an address, once, with those for each of the reader's *groups*."""
    mine, every = (calendars.address(public, secret, which) for which in (Which.MINE, Which.ALL))
    of_groups = [
        f"What is for G{number}: `{calendars.address(public, secret, f'{Which.GROUP}-{number}')}`"
        for number in sorted(groups)[:GROUPS_SHOWN]
    ]
    return blocks.message(
        blocks.section(
            "Subscribe to one of these in your calendar (add a calendar by its URL):",
            f"What you go to, may go to or wait for: `{mine}`",
            f"All that you may see: `{every}`",
            *of_groups,
        ),
        blocks.context(ONCE),
    )


def stopped(*, is_new: bool, is_own: bool) -> Message:
    """Confirm that there is none any more."""
    if is_own:
        gone = "Your address leads nowhere from now on. What your calendar has read stays there."
        return blocks.message(blocks.section(gone if is_new else "You have no address."))
    gone = "That address leads nowhere from now on. What calendars have read stays there."
    return blocks.message(blocks.section(gone if is_new else "There is no such address."))


def nowhere() -> Message:
    """Say that there can be none."""
    return blocks.message(blocks.section(NOWHERE))
