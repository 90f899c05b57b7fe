"""What runs for each word, button and form about the sessions of a briefing."""

from collections.abc import Mapping
from datetime import datetime

from commands.briefings import programme as views
from commands.briefings import programme_form, programme_lines
from commands.routes import OpenForm, Reply, Work
from commands.typing import called, row_id
from storage import picks, programmes
from storage.asker import Asker


async def programme(
    work: Work, reply: Reply, actor: Asker, now: datetime, text: str, value: str, action: str
) -> None:
    """Show the sessions of one."""
    number, page, _ = views.numbers(value)
    shown = await work(picks.programme, f"E{number}" if value else called(text), page)
    await reply(views.drawn(shown, actor, now), replace=action == views.MORE)


async def agenda(
    work: Work, reply: Reply, actor: Asker, text: str, value: str, action: str
) -> None:
    """Show what the person chose, of one briefing or of all that is to come."""
    number, page, _ = views.numbers(value)
    which = (f"E{number}" if number else "") if value else called(text)
    shown = await work(picks.agenda, which, page)
    await reply(views.agenda(shown, actor), replace=action == views.MORE_AGENDA)


async def choose(
    work: Work, reply: Reply, actor: Asker, now: datetime, value: str, action: str
) -> None:
    """Put a session on the person's agenda, or take it off; show the programme with it."""
    talk, page, _ = views.numbers(value)
    picked = await work(picks.add if action == views.ADD else picks.drop, talk)
    shown = await work(picks.programme, f"E{picked.line.talk.briefing_id}", page)
    await reply(views.drawn(shown, actor, now, picked), replace=True)


async def give_up(work: Work, reply: Reply, actor: Asker, value: str) -> None:
    """Take a session off the person's agenda, and show what is left of it."""
    talk, number, page = views.numbers(value)
    picked = await work(picks.drop, talk)
    shown = await work(picks.agenda, f"E{number}" if number else "", page)
    await reply(views.agenda(shown, actor, picked), replace=True)


async def sessions(work: Work, open_form: OpenForm, text: str, value: str) -> None:
    """Open the form by which its programme is written."""
    sheet = await work(programmes.sheet, f"E{row_id(value)}" if value else called(text))
    await open_form(programme_form.drawn(sheet))


async def save_sessions(
    work: Work,
    reply: Reply,
    open_form: OpenForm,
    actor: Asker,
    form: Mapping[str, str],
    metadata: str,
) -> None:
    """Take that form: read it back, and save what was read back."""
    number, found, seen = programme_form.read_subject(metadata)
    texts = programme_form.typed(form)
    speakers = programme_lines.speakers(list(texts.values()))
    sheet = await work(programmes.sheet, f"E{number}", speakers)
    plan = await work(programmes.put, number, programme_form.read(texts, sheet), seen)
    if plan.is_saved:
        await reply(programme_form.saved(plan))
    else:
        await open_form(programme_form.read_back(plan, texts, actor, found))
