"""What runs for each word, button and form about initiatives."""

from collections.abc import Mapping
from datetime import datetime

from commands import placing
from commands.initiatives import views
from commands.initiatives.form import read_update
from commands.routes import OpenForm, Reply, Work
from commands.typing import called, page_asked, row_id
from storage import initiatives, postings, updates
from storage.asker import Asker


async def active(work: Work, reply: Reply, text: str, value: str) -> None:
    """List what is under way."""
    page = await work(initiatives.active, page_asked(value, text))
    await reply(views.active(page), replace=bool(value))


async def show(
    work: Work, reply: Reply, actor: Asker, now: datetime, channel: str, text: str, value: str
) -> None:
    """Show one in full."""
    found = await work(initiatives.show, called(value or text))
    await reply(views.detail(found, actor, now, channel))


async def update(work: Work, open_form: OpenForm, text: str, value: str) -> None:
    """Open the form to say what moved."""
    await open_form(views.form(await work(updates.form, called(value or text))))


async def take_over(work: Work, open_form: OpenForm, value: str) -> None:
    """Open the form with what somebody suggested."""
    await open_form(views.form(await work(updates.form_from, row_id(value))))


async def save(
    work: Work, reply: Reply, actor: Asker, form: Mapping[str, str], metadata: str
) -> None:
    """Take the form: rights and health are looked up afresh."""
    asked = await work(updates.form, f"I{metadata}")
    draft = read_update(form, asked.before)
    await reply(views.posted(await work(updates.post, asked.initiative_id, draft), actor.zone))


async def post_here(work: Work, reply: Reply, channel: str, value: str) -> None:
    """Post it where it was asked for."""
    await work(postings.ask, f"I{value}", channel)
    await reply(placing.on_its_way())
