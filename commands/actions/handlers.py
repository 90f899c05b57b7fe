"""What runs for each word and button about action items."""

from datetime import datetime

from commands.actions import views
from commands.actions.reading import read_called, read_draft
from commands.routes import Reply, Work
from commands.typing import page_asked
from storage import actions, assignments
from storage.asker import Asker


async def mine(
    work: Work, reply: Reply, actor: Asker, now: datetime, text: str, value: str
) -> None:
    """List what the person has to do."""
    page = await work(actions.mine, page_asked(value, text))
    await reply(views.mine(page, actor, now), replace=bool(value))


async def show(
    work: Work, reply: Reply, actor: Asker, now: datetime, text: str, value: str
) -> None:
    """Show one in full."""
    called, _ = read_called(value or text)
    await reply(views.detail(await work(actions.show, called), actor, now))


async def add(work: Work, reply: Reply, actor: Asker, now: datetime, text: str) -> None:
    """Note one, for oneself or somebody else."""
    outcome = await work(assignments.give, read_draft(text, now, actor.zone))
    await reply(views.added(outcome, actor))


async def done(work: Work, reply: Reply, actor: Asker, text: str, value: str) -> None:
    """Mark one as done."""
    called, note = read_called(value or text)
    await reply(views.done(await work(actions.done, called, note), actor))


async def reopen(work: Work, reply: Reply, actor: Asker, text: str, value: str) -> None:
    """Take back that one is done."""
    called, _ = read_called(value or text)
    await reply(views.reopened(await work(actions.reopen, called), actor))


async def accept(work: Work, reply: Reply, actor: Asker, text: str, value: str) -> None:
    """Take one that was proposed."""
    called, _ = read_called(value or text)
    await reply(views.accepted(await work(actions.accept, called), actor))


async def decline(work: Work, reply: Reply, actor: Asker, text: str, value: str) -> None:
    """Decline one that was proposed."""
    called, reason = read_called(value or text)
    await reply(views.declined(await work(actions.decline, called, reason), actor))
