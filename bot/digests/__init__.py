"""What the bot says unasked: one file per message, each composed at the moment it is sent."""

from bot.digests import promoted, reminder, weekly
from bot.digests.composing import Compose, Composed, Unneeded

__all__ = ["KINDS", "Compose", "Composed", "Unneeded"]

KINDS: dict[str, Compose] = {
    "promoted": promoted.compose,
    "reminder": reminder.compose,
    "weekly_digest": weekly.compose,
}
