"""Asking people whether they come, and reminding them: what runs for it, what people see."""

from commands import blocks, cards
from commands.blocks import Message
from commands.briefings import approving
from commands.briefings.noting import read_named, read_remind
from commands.routes import Reply, Work
from commands.typing import row_id
from commands.words import count, listed, said, when
from storage import invitations, reminders
from storage.briefings import Detail
from storage.invitations import AT_MOST, Invited
from storage.models import Briefing

INVITE = "briefings.invite"
EXAMPLE = "Say which briefing, and whom if not all, for example: /briefings invite E12 @Ana @Ben"


async def foresee(work: Work, reply: Reply, text: str) -> None:
    """Ask those who are named, or say how many there are to ask."""
    meant, users = read_named(text, EXAMPLE)
    if users:
        await reply(done(await work(invitations.invite_named, meant, users)))
        return
    await reply(foreseen(await work(invitations.foresee, meant)))


async def invite(work: Work, reply: Reply, value: str) -> None:
    """Ask all who have not answered."""
    await reply(done(await work(invitations.invite, row_id(value))), replace=True)


async def remind(work: Work, reply: Reply, text: str) -> None:
    """Remind whoever asks of one, or not."""
    meant, is_on = read_remind(text)
    await reply(switched(await work(reminders.switch, meant, on=is_on), is_on=is_on))


def switched(briefing: Briefing, *, is_on: bool) -> Message:
    """Say whether they are reminded of it."""
    name = f"*E{briefing.id} {said(briefing.title, 150)}*"
    if is_on:
        told = f"You are reminded of {name} a day before, and 15 minutes before."
    else:
        told = (
            f"You are not reminded of {name}, unless it moves to another time. To be reminded "
            f"after all: `/briefings remind E{briefing.id} on`"
        )
    return blocks.message(blocks.section(told))


def foreseen(invited: Invited) -> Message:
    """Say how many would be asked, and ask for the word."""
    if not invited.asking:
        return done(invited)
    asks = count(min(invited.asking, AT_MOST), "person", "people")
    asked = f" {invited.asked} more were asked and have not answered." if invited.asked else ""
    return blocks.message(
        blocks.section(
            f"{_name(invited)} is for {count(invited.asking, 'person', 'people')} who have not "
            f"answered and were not asked.{asked}",
            "Each gets one message with buttons to answer; not in their quiet hours, and not who "
            "mutes invitations.",
        ),
        blocks.actions(blocks.button(f"Ask {asks}", INVITE, str(invited.briefing.id))),
    )


def done(invited: Invited) -> Message:
    """Say who is asked and who is not."""
    told = []
    if invited.asking:
        told.append(f"{count(invited.asking, 'person is', 'people are')} asked whether they come.")
    if invited.asked:
        were = count(invited.asked, "person was", "people were")
        told.append(f"{were} asked before and not again.")
    if invited.answered:
        told.append(f"Answered already: {listed([said(name) for name in invited.answered])}.")
    if invited.outside:
        told.append(
            f"May not see it, so not asked: {listed([said(name) for name in invited.outside])}. "
            f"Share it with them first: `/coalition share E{invited.briefing.id} with @Ana`"
        )
    if invited.unreached:
        beyond = listed([said(name) for name in invited.unreached])
        told.append(f"Slack lets the bot write to them only if they write first: {beyond}.")
    nobody = "Everybody whom it is for has answered, so nobody is asked."
    return blocks.message(blocks.section(_name(invited), *(told or [nobody])))


def invitation(found: Detail, zone: str) -> Message:
    """Ask one of them, in *zone*."""
    briefing, closes = found.briefing, found.briefing.closes_at
    until = f"You can answer until {when(closes, zone)}. " if closes else ""
    return blocks.message(
        blocks.section(
            f"You are invited: *E{briefing.id} {said(briefing.title, 150)}*",
            when(briefing.starts_at, zone, briefing.zone, briefing.precision),
            cards.seats(briefing.capacity, briefing.taken, found.waiting).capitalize(),
            *approving.how(found),
        ),
        cards.answers(briefing.id, None),
        blocks.context(f"{until}You are asked once. To be asked of none: `/coalition settings`"),
    )


def _name(invited: Invited) -> str:
    return f"*E{invited.briefing.id} {said(invited.briefing.title, 150)}*"
