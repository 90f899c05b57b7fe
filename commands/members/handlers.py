"""What runs for each word and button about people, and when Slack says something of one."""

from collections.abc import Mapping
from typing import Any

from commands.members import views
from commands.members.reading import (
    read_change,
    read_leaving,
    read_link,
    read_merge,
    read_pair,
    read_role,
    read_who,
)
from commands.routes import Reply, Work
from commands.typing import page_asked
from storage import comings, linking, merging, offboarding, people, proposals, roles
from storage.asker import Asker


async def me(work: Work, reply: Reply, actor: Asker) -> None:
    """Say whom the bot takes the person for."""
    await reply(views.me(await work(linking.standing), actor.zone))


async def waiting(work: Work, reply: Reply, actor: Asker, text: str, value: str) -> None:
    """List who waits for staff."""
    page = await work(proposals.waiting, page_asked(value, text))
    await reply(views.waiting(page, actor.zone), replace=bool(value))


async def link(work: Work, reply: Reply, text: str) -> None:
    """Say for whom somebody speaks."""
    await reply(views.linked(await work(linking.link, *read_link(text))))


async def confirm(work: Work, reply: Reply, value: str) -> None:
    """Say that a proposal is right."""
    await reply(views.linked(await work(proposals.confirm, *read_pair(value))))


async def role(work: Work, reply: Reply, text: str) -> None:
    """Make somebody staff, a member or external."""
    await reply(views.changed(await work(roles.change, *read_role(text))))


async def unlink(work: Work, reply: Reply, text: str) -> None:
    """Say that somebody speaks for nobody."""
    await reply(views.changed(await work(roles.unlink, read_who(text))))


async def change(work: Work, reply: Reply, value: str) -> None:
    """Change a role although it costs seats."""
    changed = await work(roles.carry_out, *read_change(value))
    await reply(views.changed(changed), replace=True)


async def merge(work: Work, reply: Reply, text: str) -> None:
    """Say that somebody without Slack has come to it."""
    await reply(views.merged(await work(merging.merge, *read_merge(text))))


async def offboard(work: Work, reply: Reply, text: str) -> None:
    """Say what offboarding would do."""
    await reply(views.foreseen(await work(offboarding.foreseen, *read_leaving(text))))


async def carry_out(work: Work, reply: Reply, value: str) -> None:
    """Offboard."""
    await reply(views.gone(await work(offboarding.carry_out, value)), replace=True)


async def joined(work: Work, event: Mapping[str, Any]) -> None:
    """Meet somebody new, of whom staff are told."""
    await work(comings.joined, people.profile(event["user"]))


async def noted(work: Work, event: Mapping[str, Any]) -> None:
    """Keep a person's name and zone, and whether they are still there."""
    await work(comings.noted, people.profile(event["user"]))
