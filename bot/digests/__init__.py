"""What the bot says unasked: one file per message, each composed at the moment it is sent."""

from bot.digests import group_seat, promoted, reminder, weekly
from bot.digests.composing import Compose, Composed, Unneeded

__all__ = ["KINDS", "Compose", "Composed", "Unneeded"]

KINDS: dict[str, Compose] = {
    "group_joined": group_seat.joined,
    "group_left": group_seat.left,
    "promoted": promoted.compose,
    "reminder": reminder.compose,
    "weekly_digest": weekly.compose,
}
