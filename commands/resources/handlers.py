"""What runs for each word and button about resources."""

from commands import placing
from commands.resources import views
from commands.resources.reading import read_query, read_turn
from commands.routes import Reply, Work
from commands.typing import called, page_asked
from storage import postings, resources
from storage.asker import Asker


async def new(work: Work, reply: Reply, actor: Asker, text: str, value: str) -> None:
    """List what was added."""
    page = await work(resources.new, page_asked(value, text))
    await reply(views.new(page, actor.zone), replace=bool(value))


async def search(work: Work, reply: Reply, actor: Asker, text: str, value: str) -> None:
    """Find by words and filters."""
    page, asked = read_turn(value) if value else (0, text.strip())
    found = await work(resources.find, read_query(asked), page)
    await reply(views.found(found, asked, actor.zone), replace=bool(value))


async def show(work: Work, reply: Reply, actor: Asker, channel: str, text: str, value: str) -> None:
    """Show one in full."""
    found = await work(resources.show, value or called(text))
    await reply(views.detail(found, actor, channel))


async def post_here(work: Work, reply: Reply, channel: str, value: str) -> None:
    """Post it where it was asked for."""
    await work(postings.ask, f"R{value}", channel)
    await reply(placing.on_its_way())
