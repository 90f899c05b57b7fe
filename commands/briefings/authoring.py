"""What runs for who writes a briefing: its two forms, publishing it, calling it off."""

from collections.abc import Mapping
from datetime import datetime

from commands.briefings import calling_off, read_back, terms_form, what_form
from commands.briefings.reading import read_repeat
from commands.routes import OpenForm, Reply, Work
from commands.typing import called, page_asked, row_id
from storage import authoring, publishing, series
from storage.asker import Asker
from storage.models import State


async def create(work: Work, open_form: OpenForm, actor: Asker) -> None:
    """Open the form of a new one."""
    await work(authoring.begin)
    await open_form(what_form.drawn(what_form.blank(actor.zone), ""))


async def edit(work: Work, open_form: OpenForm, now: datetime, text: str, value: str) -> None:
    """Open the form of one that is there."""
    form, sizes, _ = await work(series.size, _meant(text, value))
    reaches = [reach for reach, others in sizes.items() if others]
    typed = what_form.filled(form.what, now, reaches)
    await open_form(what_form.drawn(typed, what_form.subject(form)))


async def copy(work: Work, open_form: OpenForm, now: datetime, text: str, value: str) -> None:
    """Open the form of a new one that is like another."""
    form = await work(authoring.show, _meant(text, value))
    like = f"{what_form.LIKE}{form.briefing.id}"
    await open_form(what_form.drawn(what_form.copied(form.what, now), like))


async def save_what(
    work: Work,
    open_form: OpenForm,
    actor: Asker,
    now: datetime,
    form: Mapping[str, str],
    metadata: str,
) -> None:
    """Take the first form, and open the second; or the first again, with what it has to ask."""
    asked = what_form.asks(form, now, is_staff=actor.is_staff)
    if asked:
        await open_form(what_form.drawn(form, metadata, asked))
        return
    number, seen, like = what_form.read_subject(metadata)
    what = what_form.read(form, now)
    if number:
        saved = await work(series.revise, number, seen, what, what_form.read_reach(form))
    else:
        saved = await work(authoring.draft, what, like)
    if saved.is_overtaken:
        theirs = what_form.now_there(saved, form, now)
        await open_form(what_form.drawn(form, what_form.subject(saved), now_there=theirs))
        return
    await open_form(terms_form.drawn(saved, is_staff=actor.is_staff))


async def save_terms(
    work: Work, open_form: OpenForm, actor: Asker, form: Mapping[str, str], metadata: str
) -> None:
    """Take the second form, and read the whole back."""
    number, seen = terms_form.read_subject(metadata)
    saved = await work(authoring.settle, number, seen, terms_form.read(form))
    if saved.is_overtaken:
        await open_form(terms_form.drawn(saved, is_staff=actor.is_staff, typed=form))
        return
    await open_form(read_back.drawn(saved, actor))


async def look_over(
    work: Work, reply: Reply, open_form: OpenForm, actor: Asker, text: str, value: str
) -> None:
    """Read one back before it is published."""
    form = await work(authoring.show, _meant(text, value))
    if form.briefing.state is not State.DRAFT:
        await reply(read_back.past_publishing(form.briefing))
        return
    await open_form(read_back.drawn(form, actor))


async def publish(
    work: Work, reply: Reply, open_form: OpenForm, actor: Asker, metadata: str
) -> None:
    """Show a draft to those it is for; read it back again if it is not as it was read."""
    form = await work(publishing.publish, *read_back.read_subject(metadata))
    if form.is_overtaken:
        await open_form(read_back.drawn(form, actor))
        return
    await reply(read_back.published(form))


async def drafts(work: Work, reply: Reply, actor: Asker, text: str, value: str) -> None:
    """List the drafts."""
    page = await work(publishing.drafts, page_asked(value, text))
    await reply(read_back.drafts(page, actor.zone), replace=bool(value))


async def foresee(work: Work, reply: Reply, text: str, value: str) -> None:
    """Say what calling one off would mean, and ask for the word."""
    form, sizes, hearing = await work(series.size, _meant(text, value))
    foreseen = await work(publishing.foreseen, f"E{form.briefing.id}")
    await reply(calling_off.foreseen(foreseen, sizes, hearing))


async def cancel(work: Work, reply: Reply, action: str, value: str) -> None:
    """Call one off, or what of its series the button says."""
    reach = calling_off.REACHES[action]
    ended = await work(series.cancel, row_id(value), reach)
    await reply(calling_off.ended(ended), replace=True)


async def restore(work: Work, reply: Reply, value: str) -> None:
    """Let take place after all what was called off."""
    restored = await work(series.restore, row_id(value))
    await reply(calling_off.restored(restored), replace=True)


async def repeat(work: Work, reply: Reply, actor: Asker, text: str) -> None:
    """Make more like one, by the clock on the wall."""
    meant, rhythm, times = read_repeat(text)
    repeated = await work(series.repeat, meant, rhythm, times)
    await reply(read_back.repeated(repeated, actor.zone))


def _meant(text: str, value: str) -> str:
    return f"E{row_id(value)}" if value else called(text)
