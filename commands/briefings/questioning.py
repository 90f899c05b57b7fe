"""What runs for what a briefing asks of whoever comes."""

from collections.abc import Mapping

from commands.briefings import particulars_form
from commands.routes import OpenForm, Reply, Work
from commands.typing import called, row_id
from storage import particulars


async def ask(work: Work, open_form: OpenForm, text: str, value: str) -> None:
    """Open the form with its questions."""
    meant = f"E{row_id(value)}" if value else called(text)
    await open_form(particulars_form.drawn(await work(particulars.sheet, meant)))


async def save(work: Work, reply: Reply, form: Mapping[str, str], metadata: str) -> None:
    """Take that form: rights, seat and questions are looked up afresh."""
    number, seen = particulars_form.read_subject(metadata)
    answers = particulars_form.read(form)
    await reply(particulars_form.kept(await work(particulars.keep, number, seen, answers)))
