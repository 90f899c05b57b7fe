"""What runs for each word and button about working groups."""

from commands.groups import views
from commands.routes import Reply, Work
from commands.typing import called, page_asked
from storage import groups, seats
from storage.asker import Asker


async def mine(work: Work, reply: Reply, actor: Asker, text: str, value: str) -> None:
    """List those the person sits in."""
    page = await work(groups.mine, page_asked(value, text))
    await reply(views.mine(page, actor), replace=bool(value))


async def every(work: Work, reply: Reply, actor: Asker, text: str, value: str) -> None:
    """List those the person may see."""
    page = await work(groups.every, page_asked(value, text))
    await reply(views.every(page, actor), replace=bool(value))


async def show(work: Work, reply: Reply, actor: Asker, text: str, value: str) -> None:
    """Show one in full."""
    found = await work(groups.show, value or called(text))
    await reply(views.detail(found, actor))


async def join(work: Work, reply: Reply, actor: Asker, text: str, value: str) -> None:
    """Take a seat."""
    outcome = await work(seats.join, value or called(text))
    await reply(views.joined(outcome, actor.zone))


async def leave(work: Work, reply: Reply, text: str, value: str) -> None:
    """Give up a seat."""
    outcome = await work(seats.leave, value or called(text))
    await reply(views.left(outcome))
