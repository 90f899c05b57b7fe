"""What runs for `/coalition`."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from commands import digests, helping
from commands.coalition import views
from commands.routes import Reply, Routes, Work
from storage import progress
from storage.asker import Asker

WEEK = timedelta(days=7)


async def helped(reply: Reply, rooms: Sequence[Routes], text: str) -> None:
    """Say what one can say."""
    await reply(helping.found(rooms, text) if text else helping.whole(rooms))


async def digest(work: Work, reply: Reply, actor: Asker, now: datetime) -> None:
    """Answer with the digest of the last seven days, as far as the person may see it."""
    moved = await work(progress.gather, now - WEEK)
    await reply(digests.drawn(moved, actor.zone) or views.quiet_week())


async def about(reply: Reply) -> None:
    """Say what this bot is."""
    await reply(views.about())
