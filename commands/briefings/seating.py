"""What runs for seats sent to colleagues, and for answers recorded for somebody."""

from commands.briefings import offers, without_slack
from commands.briefings.reading import (
    FOR_SOMEBODY,
    SEND,
    read_for_contact,
    read_person,
    read_rsvp,
)
from commands.cards import ANSWERS
from commands.routes import Reply, Work
from commands.typing import called, row_id
from storage import calendars, delegating, recording, series_answers
from storage.asker import Asker


async def record(work: Work, reply: Reply, text: str) -> None:
    """Answer for somebody who is mentioned, or who has no Slack and is named."""
    if text.lstrip().startswith("<@"):
        user, rest = read_person(text, FOR_SOMEBODY)
        said = read_rsvp(rest, FOR_SOMEBODY)
        await reply(offers.recorded(await work(recording.record, user, *said)))
        return
    told = await work(recording.record_contact, *read_for_contact(text))
    await reply(without_slack.recorded(told))


async def hand_out(work: Work, reply: Reply, value: str) -> None:
    """Give staff the file of somebody without Slack, to send on."""
    await reply(without_slack.on_its_way(await work(calendars.hand_out, row_id(value))))


async def answer_later(work: Work, reply: Reply, actor: Asker, action: str, value: str) -> None:
    """Say the same to what comes later of a series."""
    said = {offers.LATER[button]: answer for button, answer in ANSWERS.items()}[action]
    answered = await work(series_answers.answer, row_id(value), said)
    await reply(offers.answered_later(answered, actor.zone))


async def send(work: Work, reply: Reply, actor: Asker, text: str) -> None:
    """Ask a colleague to take one's seat."""
    user, rest = read_person(text, SEND)
    await reply(offers.sent(await work(delegating.send, user, called(rest)), actor.zone))


async def take_seat(work: Work, reply: Reply, actor: Asker, value: str) -> None:
    """Take a colleague's seat."""
    await reply(offers.handed(await work(delegating.take, row_id(value)), actor.zone))


async def pass_seat(work: Work, reply: Reply, actor: Asker, value: str) -> None:
    """Leave it with them."""
    await reply(offers.handed(await work(delegating.leave, row_id(value)), actor.zone))
