"""What people see where organisers approve who comes: who asks, what is decided, and the news."""

from commands import asking, blocks, cards
from commands.blocks import Block, Message
from commands.words import count, said, when, who
from storage import questions
from storage.approving import Decided
from storage.asker import Asker
from storage.briefings import Detail
from storage.models import Briefing, Standing
from storage.requests import Request, Requests

APPROVE, TURN_DOWN = "briefings.approve", "briefings.turn_down"
WHO = "briefings.who"
LABEL = "Ask for a seat"
SHOWN = 20


def asked(name: str) -> str:
    """Say to whoever asks for a seat at *name* what becomes of it."""
    return (
        f"You asked for a seat at {name}; its organisers decide, and you hear of it by message. "
        "Until then you hold none."
    )


def how(shown: Detail) -> list[str]:
    """Say that organisers give the seats, and to them how many ask for one."""
    if not shown.briefing.needs_approval:
        return []
    number = f"`/briefings who E{shown.briefing.id}`"
    asking = count(shown.asking, "person asks", "people ask")
    told = [f"{asking} for a seat: {number}"] if shown.asking else []
    return ["Its organisers give the seats: Going asks them for one.", *told]


def listed(found: Requests, briefing: Briefing, zone: str) -> list[Block]:
    """Draw who asks for a seat, who asked first at the top, and whom one may still approve."""
    drawn: list[Block] = []
    if found.waiting:
        drawn.append(blocks.section(f"*{LABEL}: {_people(found.total)}*"))
    for one in found.waiting:
        decline = blocks.button("Decline", TURN_DOWN, one.answer, about=f"Decline {one.name}")
        drawn += [
            blocks.section(*_request(one, zone)),
            blocks.actions(_approve(one, primary=True), decline),
        ]
    if (more := found.total - len(found.waiting)) > 0:
        drawn.append(blocks.context(f"{more} more ask: they move up as you decide."))
    if found.turned_down:
        drawn.append(blocks.section(f"*Declined by its organisers: {_people(found.others)}*"))
        for one in found.turned_down:
            drawn.append(blocks.section(who(one.name, one.organisation), accessory=_approve(one)))
    if (more := found.others - len(found.turned_down)) > 0:
        drawn.append(blocks.context(f"{more} more were declined before these."))
    return drawn


def decided(told: Decided, asker: Asker) -> Message:
    """Say to an organiser what became of a request, and who asks besides."""
    briefing = told.briefing
    whom, name = who(told.name, told.organisation), _name(briefing)
    became = f"{whom} is going to {name}" if told.is_approved else f"{whom} gets no seat at {name}"
    news = "They are told." if told.changed else "Nothing changed: it was so already."
    seats = cards.seats(briefing.capacity, briefing.taken, 0).capitalize()
    comes = blocks.button("Who comes", WHO, briefing.id, about=f"Who comes to E{briefing.id}")
    nobody = [] if told.left.waiting else [blocks.context("Nobody else asks for a seat.")]
    return blocks.message(
        blocks.section(f"{became}. {news}", seats, accessory=comes),
        *listed(told.left, briefing, asker.zone),
        *nobody,
    )


def to_decide(found: tuple[tuple[Briefing, int], ...], zone: str) -> Message:
    """Tell an organiser how many ask for a seat at each briefing, with the button to see them."""
    drawn = [
        blocks.section(
            f"{_name(briefing)}: {count(asking, 'person asks', 'people ask')} for a seat",
            when(briefing.starts_at, zone, briefing.zone, briefing.precision),
            cards.seats(briefing.capacity, briefing.taken, 0).capitalize(),
            accessory=blocks.button(
                "See who asks", WHO, briefing.id, about=f"See who asks: E{briefing.id}"
            ),
        )
        for briefing, asking in found[:SHOWN]
    ]
    more = len(found) - SHOWN
    cut = [blocks.context(f"and {count(more, 'more briefing')}")] if more > 0 else []
    return blocks.message(
        blocks.header("Who asks for a seat at briefings you organise"),
        *drawn,
        *cut,
        blocks.context("All who ask are told together. To hear of none: `/coalition settings`"),
    )


def given(shown: Detail, zone: str, *beside: Block) -> Message:
    """Tell somebody that the seat they asked for is theirs."""
    briefing = shown.briefing
    asks = questions.of(briefing.questions, shown.mine)
    return blocks.message(
        blocks.section(
            f"The organisers have given you a seat: you are going to {_name(briefing)}.",
            when(briefing.starts_at, zone, briefing.zone, briefing.precision),
            cards.where(briefing.place, briefing.city),
            asking.told(briefing.id, asks),
        ),
        cards.answers(briefing.id, Standing.GOING, *beside, *asking.button(briefing.id, asks)),
    )


def turned_down(shown: Detail) -> Message:
    """Tell somebody, once, that the organisers gave them no seat."""
    return blocks.message(
        blocks.section(
            f"The organisers of {_name(shown.briefing)} could not give you a seat. Thank you for "
            "asking. If you have a question, write to them."
        )
    )


def _request(one: Request, zone: str) -> list[str]:
    since = f", asked {when(one.asked_at, zone)}" if one.asked_at else ""
    note = f"Note: {said(one.note)}" if one.note else ""
    return [f"{who(one.name, one.organisation)}{since}", note]


def _approve(one: Request, *, primary: bool = False) -> Block:
    style = "primary" if primary else None
    return blocks.button("Approve", APPROVE, one.answer, style=style, about=f"Approve {one.name}")


def _people(number: int) -> str:
    return count(number, "person", "people")


def _name(briefing: Briefing) -> str:
    return f"*E{briefing.id} {said(briefing.title, 150)}*"
