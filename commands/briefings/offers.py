"""What people see of seats that are held for them, sent to colleagues, or answered for."""

from datetime import datetime

from commands import asking, blocks, cards
from commands.blocks import Block, Message
from commands.cards import DECLINED, GOING, LABELS, MAYBE
from commands.words import count, said, spelled, when, who
from storage import questions, requests
from storage.briefings import Detail
from storage.delegating import Handed, Sent
from storage.models import Briefing, Standing
from storage.recording import Recorded
from storage.rsvps import Outcome
from storage.series_answers import Answered

LATER = {answer: f"{answer}_later" for answer in cards.ANSWERS}
SHOWN, ASKING = 20, 5
TAKE_SEAT = "briefings.take_seat"
PASS_SEAT = "briefings.pass_seat"  # noqa: S105 -- a button


def taking(briefing_id: int) -> Block:
    """Draw the buttons by which one takes a seat that is held for one, or lets it go on."""
    return _either(briefing_id, briefing_id, GOING, DECLINED)


def taking_sent(briefing_id: int, sent: int) -> Block:
    """Draw the buttons for a seat that a colleague has *sent*."""
    return _either(briefing_id, sent, TAKE_SEAT, PASS_SEAT)


def own(shown: Detail, zone: str, now: datetime) -> list[str]:
    """Say how the reader's own answer stands, or stood; nothing where there is none."""
    mine = shown.mine
    if mine is None:
        return []
    if not cards.takes_answers(shown.briefing, now):
        return [f"Your answer was: {spelled(mine.standing)}"]
    if mine.standing is Standing.DECLINED and requests.is_turned_down(shown.briefing, mine):
        return ["*The organisers declined your request for a seat*"]
    place = f", number {shown.position}" if shown.position else ""
    held = f" until {when(mine.offered_until, zone)}" if mine.offered_until else ""
    return [f"*{cards.STANDINGS[mine.standing]}{place}{held}*"]


def for_later(outcome: Outcome) -> list[Block]:
    """Draw the button by which one says the same to what comes later of a series."""
    said_so = {
        Standing.GOING: GOING,
        Standing.WAITLISTED: GOING,
        Standing.ASKED: GOING,
        Standing.MAYBE: MAYBE,
        Standing.DECLINED: DECLINED,
    }.get(outcome.standing)
    if not outcome.later or said_so is None:
        return []
    label = f"The same for {count(outcome.later, 'later one')}"
    about = f"{LABELS[said_so]} for all later than E{outcome.briefing.id}"
    return [blocks.button(label, LATER[said_so], outcome.briefing.id, about=about)]


def answered_later(told: Answered, zone: str) -> Message:
    """Say what became of the answer to each."""
    lines = [
        f"• E{one.briefing.id}, "
        f"{when(one.briefing.starts_at, zone, one.briefing.zone, one.briefing.precision)}: "
        + cards.STANDINGS[one.standing].lower()
        + (f", number {one.position}" if one.position else "")
        for one in told.outcomes
    ]
    lines += [
        f"• E{number} takes no such answer: `/briefings show E{number}`" for number in told.refused
    ]
    more = f"and {len(lines) - SHOWN} more" if len(lines) > SHOWN else ""
    later = f"What comes later than {_name(told.first)}:"
    return blocks.message(blocks.section(later, *lines[:SHOWN], more), *_questions(told))


def sent(told: Sent, zone: str) -> Message:
    """Say that a colleague was asked."""
    return blocks.message(
        blocks.section(
            f"{who(told.name)} was asked to take your seat at {_name(told.briefing)}. If they have "
            f"not taken it by {when(told.until, zone)}, it stays yours."
        )
    )


def handed(told: Handed, zone: str) -> Message:
    """Say to whoever was asked what became of the seat."""
    briefing = told.briefing
    if not told.is_taken:
        sentence = f"{who(told.name)} keeps the seat at {_name(briefing)}."
        return blocks.message(blocks.section(sentence))
    return blocks.message(
        blocks.section(
            f"You are going to {_name(briefing)}, with the seat of {who(told.name)}.",
            when(briefing.starts_at, zone, briefing.zone, briefing.precision),
            cards.where(briefing.place, briefing.city),
            asking.told(briefing.id, told.asks),
        ),
        cards.answers(briefing.id, Standing.GOING, *asking.button(briefing.id, told.asks)),
    )


def recorded(told: Recorded) -> Message:
    """Say to staff what became of the answer they recorded."""
    return blocks.message(became(told, "They are told."))


def became(told: Recorded, heard: str) -> Block:
    """Say how somebody stands whose answer was recorded, and that they *heard* of it."""
    outcome, name = told.outcome, _name(told.outcome.briefing)
    whom = who(told.name, told.organisation)
    stands = f"{whom} {_stands(outcome.standing, outcome.position)}: {name}."
    after = heard if outcome.changed else "Nothing changed: it was so already."
    waits = f"{said(f'{outcome.company}', 1000)}." if outcome.company else ""
    note = f"Note: {said(outcome.note)}" if outcome.note else ""
    return blocks.section(f"{stands} {after}", waits, note)


def on_behalf(shown: Detail, by: str, zone: str) -> Message:
    """Tell somebody what *by* has recorded for them, and how to say otherwise."""
    briefing, own = shown.briefing, shown.mine
    standing = own.standing if own else Standing.DECLINED
    place = f", number {shown.position}" if shown.position else ""
    asks = questions.of(briefing.questions, own)
    return blocks.message(
        blocks.section(
            f"{who(by)} recorded your answer to {_name(briefing)}: "
            f"*{cards.STANDINGS[standing]}{place}*.",
            when(briefing.starts_at, zone, briefing.zone, briefing.precision),
            f"The note with it: {said(own.note)}" if own and own.note else "",
            "If it is another, answer yourself.",
            asking.told(briefing.id, asks),
        ),
        cards.answers(briefing.id, standing, *asking.button(briefing.id, asks)),
    )


def _questions(told: Answered) -> list[Block]:
    wanting = [one for one in told.outcomes if one.asks and not one.asks.is_answered]
    asked = [
        blocks.section(asking.told(one.briefing.id, one.asks), accessory=button)
        for one in wanting[:ASKING]
        for button in asking.button(one.briefing.id, one.asks)
    ]
    left = f" And {len(wanting) - ASKING} more: `/briefings mine`" if wanting[ASKING:] else ""
    hint = f"What you answer to one stands in the form of the next.{left}"
    return [*asked, blocks.context(hint)] if asked else []


def _either(briefing_id: int, value: int, take: str, leave: str) -> Block:
    number = f"E{briefing_id}"
    return blocks.actions(
        blocks.button("Take it", take, value, style="primary", about=f"Take the seat: {number}"),
        blocks.button("Pass", leave, value, about=f"Pass on the seat: {number}"),
    )


def _stands(standing: Standing, position: int | None) -> str:
    return {
        Standing.GOING: "is going",
        Standing.OFFERED: "has a seat held for them",
        Standing.WAITLISTED: f"is number {position} on the waitlist",
        Standing.ASKED: "asks for a seat, and its organisers decide",
        Standing.MAYBE: "said maybe",
        Standing.DECLINED: "is not going",
    }[standing]


def _name(briefing: Briefing) -> str:
    return f"*E{briefing.id} {said(briefing.title, 150)}*"
