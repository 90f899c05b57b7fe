"""Who can be written to, and which threads can be answered in."""

from __future__ import annotations

from bot.workspace.checks import Refused
from bot.workspace.people import User
from bot.workspace.places import Channel
from bot.workspace.world import SLACKBOT, World


def check_reachable(world: World, user: User) -> None:
    """Refuse to write to bots, to the deactivated, and to people we share no channel with."""
    if user.is_bot or user.id == SLACKBOT:
        raise Refused("cannot_dm_bot")
    if user.deleted:
        raise Refused("user_disabled")
    if user.is_stranger or not _is_ours_or_near(world, user):
        raise Refused("user_not_visible")


def _is_ours_or_near(world: World, user: User) -> bool:
    bot = world.installation.bot_user
    return user.team_id == world.installation.team or any(
        not channel.is_dm and user.id in channel.members and bot in channel.members
        for channel in world.channels.values()
    )


def check_thread(world: World, channel: Channel, thread_ts: str | None) -> None:
    """Refuse to answer where no thread can be: only a message that is no reply itself opens one."""
    if thread_ts is None:
        return
    try:
        parent = world.message(channel.id, thread_ts)
    except Refused:
        raise Refused("thread_not_found") from None
    if parent.is_reply or parent.ephemeral:
        raise Refused("cannot_reply_to_message")
