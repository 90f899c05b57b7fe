"""What runs for `/coalition`."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from commands import digests, helping
from commands.coalition import views
from commands.coalition.reading import read_share
from commands.routes import Reply, Routes, Work
from commands.typing import row_id
from storage import installations, progress, sharing
from storage.asker import Asker

WEEK = timedelta(days=7)
SECOND = timedelta(seconds=1)


async def helped(reply: Reply, rooms: Sequence[Routes], text: str) -> None:
    """Say what one can say."""
    await reply(helping.found(rooms, text) if text else helping.whole(rooms))


async def digest(work: Work, reply: Reply, actor: Asker, now: datetime) -> None:
    """Answer with the digest of the last seven days, as far as the person may see it."""
    moved = await work(progress.gather, now - WEEK)
    await reply(digests.drawn(moved, actor.zone) or views.quiet_week())


async def share(work: Work, reply: Reply, text: str) -> None:
    """Change whom an item is shown to."""
    called, wish = read_share(text)
    await reply(views.shared(await work(sharing.share, called, wish)))


async def confirm(work: Work, reply: Reply, value: str) -> None:
    """Agree, as the second, that everybody may see an item."""
    await reply(views.shared(await work(sharing.confirm, row_id(value))))


async def removed(work: Work, event: Mapping[str, Any]) -> None:
    """Forget the workspace that removed the bot."""
    at = datetime.fromtimestamp(event["event_time"], UTC)
    await work(installations.erase, at + SECOND)  # Slack tells whole seconds


async def about(reply: Reply) -> None:
    """Say what this bot is."""
    await reply(views.about())
