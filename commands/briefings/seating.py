"""What runs for seats sent, asked for, approved and taken back, and for answers recorded."""

from commands.briefings import approving, offers, swapping, undoing, without_slack
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
from storage import approving as deciding
from storage import calendars, delegating, recording, series_answers
from storage import swapping as swaps
from storage import undoing as taking_back
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


async def undo(work: Work, reply: Reply, actor: Asker, value: str) -> None:
    """Take back one's own answer."""
    undone = await work(taking_back.undo, *undoing.read(value))
    await reply(undoing.drawn(undone, actor.zone), replace=True)


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


async def swap(work: Work, reply: Reply, text: str, value: str) -> None:
    """List whom one may ask for their seat."""
    await reply(swapping.listed(await work(swaps.holders, value or called(text))))


async def ask_swap(work: Work, reply: Reply, actor: Asker, value: str) -> None:
    """Ask a colleague for theirs."""
    await reply(swapping.asked(await work(swaps.ask, row_id(value)), actor.zone))


async def give_seat(work: Work, reply: Reply, value: str) -> None:
    """Give one's own to whoever asked."""
    await reply(swapping.answered(await work(swaps.give, row_id(value))))


async def keep_seat(work: Work, reply: Reply, value: str) -> None:
    """Keep it."""
    await reply(swapping.answered(await work(swaps.keep, row_id(value))))


async def approve(work: Work, reply: Reply, actor: Asker, value: str) -> None:
    """Give somebody the seat they ask for."""
    told = await work(deciding.approve, row_id(value))
    await reply(approving.decided(told, actor), replace=True)


async def turn_down(work: Work, reply: Reply, actor: Asker, value: str) -> None:
    """Give them none."""
    told = await work(deciding.decline, row_id(value))
    await reply(approving.decided(told, actor), replace=True)
