"""What people see of a seat that a colleague asks for: whom to ask, the question, the answer."""

from datetime import datetime

from commands import blocks, cards
from commands.blocks import Block, Message
from commands.words import said, when, who
from storage.briefings import Detail
from storage.models import Briefing, Standing
from storage.rsvps import Outcome
from storage.swapping import MOST, Answered, Asked, Holder, Holders

SWAP, ASK = "briefings.swap", "briefings.ask_swap"
GIVE, KEEP = "briefings.give_seat", "briefings.keep_seat"


def button(outcome: Outcome) -> list[Block]:
    """Draw the button that lists whom to ask; none where their names are not to be read."""
    if outcome.company is None or not outcome.company.names:
        return []
    number = f"E{outcome.briefing.id}"
    about = f"Ask a colleague for their seat at {number}"
    return [blocks.button("Ask to swap", SWAP, number, about=about)]


def listed(told: Holders) -> Message:
    """List who has a seat, each with the button to ask for it."""
    cut = [blocks.context(f"The first {MOST} are shown.")] if len(told.holders) == MOST else []
    how = (
        "Whom you ask gets one message, and gives you the seat or keeps it."
        if told.holders
        else "Nobody of them has taken it yet, so nobody can be asked for now."
    )
    seats = said(f"{told.company}", 1000)
    return blocks.message(
        blocks.section(f"{_name(told.briefing)}: {seats}. {how}"), *map(_holder, told.holders), *cut
    )


def asked(told: Asked, zone: str) -> Message:
    """Say that a colleague was asked."""
    return blocks.message(
        blocks.section(
            f"{who(told.name)} was asked for their seat at {_name(told.briefing)}. Without their "
            f"answer by {when(told.until, zone)} they keep it. Your own answer stays as it is."
        )
    )


def question(shown: Detail, name: str, until: datetime, asked: int, zone: str) -> Message:
    """Ask somebody for their seat, which *name* would have; *asked* is the id of the question."""
    briefing, number = shown.briefing, f"E{shown.briefing.id}"
    return blocks.message(
        blocks.section(
            f"{who(name)} asks for your seat at {_name(briefing)}: your organisation has all that "
            f"it may have. Without your answer by {when(until, zone)} you keep it.",
            when(briefing.starts_at, zone, briefing.zone, briefing.precision),
            cards.where(briefing.place, briefing.city),
        ),
        blocks.actions(
            blocks.button("Give my seat", GIVE, asked, about=f"Give my seat at {number}"),
            blocks.button("Keep it", KEEP, asked, about=f"Keep my seat at {number}"),
        ),
    )


def answered(told: Answered) -> Message:
    """Say to whoever was asked what became of their seat."""
    name = _name(told.briefing)
    if not told.is_given:
        return blocks.message(
            blocks.section(f"You keep your seat at {name}. {who(told.name)} is told.")
        )
    return blocks.message(
        blocks.section(f"{who(told.name)} has your seat at {name}, so you are not going."),
        cards.answers(told.briefing.id, Standing.DECLINED),
    )


def news(shown: Detail, holder: str, zone: str, *beside: Block, is_given: bool) -> Message:
    """Say to whoever asked what *holder* answered; *beside* stands with their own buttons."""
    briefing, own = shown.briefing, shown.mine
    standing = own.standing if own else None
    if is_given:
        told = [
            f"{who(holder)} gave you their seat: you are going to {_name(briefing)}.",
            when(briefing.starts_at, zone, briefing.zone, briefing.precision),
            cards.where(briefing.place, briefing.city),
        ]
    else:
        place = f" You are number {shown.position} on the waitlist." if shown.position else ""
        told = [f"{who(holder)} keeps their seat at {_name(briefing)}.{place}"]
    return blocks.message(
        blocks.section(*told), cards.answers(briefing.id, standing, *(beside if is_given else ()))
    )


def _holder(one: Holder) -> Block:
    if one.is_asked:
        return blocks.section(f"{who(one.name)}: asked already")
    ask = blocks.button("Ask to swap", ASK, one.answer, about=f"Ask {one.name} for their seat")
    return blocks.section(who(one.name), accessory=ask)


def _name(briefing: Briefing) -> str:
    return f"*E{briefing.id} {said(briefing.title, 150)}*"
