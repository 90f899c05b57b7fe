"""What runs for each word and button about people, and when Slack says something of one."""

from collections.abc import Mapping
from typing import Any

from commands.members import views
from commands.members.reading import read_leaving, read_link, read_pair
from commands.routes import Reply, Work
from commands.typing import page_asked
from storage import comings, linking, offboarding, people
from storage.asker import Asker


async def me(work: Work, reply: Reply, actor: Asker) -> None:
    """Say whom the bot takes the person for."""
    await reply(views.me(await work(linking.standing), actor.zone))


async def waiting(work: Work, reply: Reply, text: str, value: str) -> None:
    """List who waits for staff."""
    page = await work(linking.waiting, page_asked(value, text))
    await reply(views.waiting(page), replace=bool(value))


async def link(work: Work, reply: Reply, text: str) -> None:
    """Say for whom somebody speaks."""
    await reply(views.linked(await work(linking.link, *read_link(text))))


async def confirm(work: Work, reply: Reply, value: str) -> None:
    """Say that a proposal is right."""
    await reply(views.linked(await work(linking.confirm, *read_pair(value))))


async def offboard(work: Work, reply: Reply, text: str) -> None:
    """Say what offboarding would do."""
    await reply(views.foreseen(await work(offboarding.foreseen, *read_leaving(text))))


async def carry_out(work: Work, reply: Reply, value: str) -> None:
    """Offboard."""
    await reply(views.gone(await work(offboarding.carry_out, value)), replace=True)


async def noted(work: Work, event: Mapping[str, Any]) -> None:
    """Keep a person's name and zone, and whether they are still there."""
    await work(comings.noted, people.profile(event["user"]))
