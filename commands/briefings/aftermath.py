"""What runs for each word, button and form about who came, and what is told afterwards."""

from collections.abc import Mapping

from commands.briefings import checkin_form, feedback, recapping, recorded, turnout
from commands.briefings.noting import read_came, read_recording
from commands.routes import OpenForm, Reply, Work
from commands.typing import called, row_id
from storage import checking_in, recaps, recordings, turnouts
from storage import feedback as sayings
from storage.asker import Asker


async def check_in(work: Work, open_form: OpenForm, actor: Asker, text: str, value: str) -> None:
    """Open the form to note who came."""
    sheet = await work(checking_in.sheet, _meant(text, value))
    await open_form(checkin_form.drawn(sheet, actor))


async def save_checkin(work: Work, reply: Reply, form: Mapping[str, str], metadata: str) -> None:
    """Take that form: rights and answers are looked up afresh."""
    briefing, shown, came = checkin_form.read(form, metadata)
    await reply(checkin_form.saved(await work(checking_in.save, briefing, shown, came)))


async def came(work: Work, reply: Reply, text: str) -> None:
    """Note who came by name."""
    await reply(checkin_form.saved(await work(checking_in.add, *read_came(text))))


async def attendance(work: Work, reply: Reply, actor: Asker, text: str, value: str) -> None:
    """Say who came and who did not."""
    await reply(turnout.drawn(await work(turnouts.turnout, _meant(text, value)), actor))


async def attendance_file(work: Work, reply: Reply, value: str) -> None:
    """Hand the same out as a file."""
    await reply(turnout.on_its_way(await work(turnouts.ask, row_id(value))))


async def recap(work: Work, reply: Reply, text: str) -> None:
    """Give the paragraph on who took part."""
    await reply(recapping.drawn(await work(recaps.recap, called(text))))


async def recording(work: Work, reply: Reply, actor: Asker, text: str) -> None:
    """Link to a recording or notes."""
    outcome = await work(recordings.add, *read_recording(text))
    await reply(recorded.added(outcome, actor.zone))


async def how_it_was(work: Work, reply: Reply, text: str, value: str) -> None:
    """Say what those who took part say of it, and let them say it."""
    await reply(feedback.drawn(await work(sayings.show, _meant(text, value))))


async def rate(work: Work, reply: Reply, action: str, value: str) -> None:
    """Take what somebody says with one click."""
    verdict = feedback.VERDICTS[action]
    await reply(feedback.kept(await work(sayings.rate, row_id(value), verdict)))


async def say_more(work: Work, open_form: OpenForm, value: str) -> None:
    """Open the form to say more."""
    await open_form(feedback.more(await work(sayings.form, row_id(value))))


async def save_feedback(work: Work, reply: Reply, form: Mapping[str, str], metadata: str) -> None:
    """Take that form."""
    await reply(feedback.kept(await work(sayings.add, *feedback.read(form, metadata))))


def _meant(text: str, value: str) -> str:
    return f"E{row_id(value)}" if value else called(text)
