"""How a briefing, a choice or a page looks wherever it is shown."""

from datetime import datetime
from typing import Any

from commands import blocks
from commands.blocks import Block, Message
from commands.words import count, said, spelled, when
from storage.briefings import Line
from storage.errors import Refusal
from storage.models import Answer, Kind, Place, Standing, State
from storage.pages import Page

GOING, MAYBE, DECLINED = "briefings.going", "briefings.maybe", "briefings.declined"
ANSWERS = {GOING: Answer.GOING, MAYBE: Answer.MAYBE, DECLINED: Answer.DECLINED}
LABELS = {GOING: "Going", MAYBE: "Maybe", DECLINED: "Not going"}
SHOW_BRIEFING = "briefings.show"
SHOWN_BY = {
    "E": SHOW_BRIEFING,
    "G": "groups.show",
    "R": "resources.show",
    "A": "actions.show",
    "I": "initiatives.show",
}
STANDINGS = {
    Standing.GOING: "You are going",
    Standing.WAITLISTED: "You are on the waitlist",
    Standing.MAYBE: "You may go",
    Standing.DECLINED: "You are not going",
}


def briefing(line: Line, zone: str, now: datetime) -> list[Block]:
    """Draw *line* in a list: what, when, where, seats, the reader's own answer, and buttons."""
    mark = "CANCELLED · " if line.state is State.CANCELLED else ""
    drawn = [
        blocks.section(
            f"*{mark}E{line.id} {said(line.title, 150)}*",
            when(line.starts_at, zone, line.zone, line.precision),
            " · ".join([where(line.place, line.city), *_facts(line)]),
            accessory=blocks.button(
                "Details", SHOW_BRIEFING, line.id, about=f"Details of E{line.id}"
            ),
        )
    ]
    if takes_answers(line, now):
        drawn.append(answers(line.id, line.mine))
    return drawn


def takes_answers(line: Any, now: datetime) -> bool:
    """Say whether buttons to answer make sense: *line* is a Line or a Briefing."""
    return line.state is State.PUBLISHED and line.kind is not Kind.EXTERNAL and line.ends_at > now


def answers(briefing_id: int, mine: Standing | None) -> Block:
    """Draw the buttons by which one answers, without the answer already given."""
    given = Standing.GOING if mine is Standing.WAITLISTED else mine
    return blocks.actions(
        *(
            blocks.button(
                LABELS[action], action, briefing_id, about=f"{LABELS[action]}: E{briefing_id}"
            )
            for action, answer in ANSWERS.items()
            if given is None or answer.value != given.value
        )
    )


def where(place: Place, city: str | None) -> str:
    """Say where one takes part: "London, or online"."""
    if place is Place.VIRTUAL:
        return "online"
    there = said(city, 80) or "place to be announced"
    return f"{there}, or online" if place is Place.HYBRID else there


def seats(capacity: int | None, taken: int, waiting: int) -> str:
    """Say how full it is: "38 of 40 seats taken", "full (40 seats), 3 waiting"."""
    if capacity is None:
        return f"{count(taken, 'person', 'people')} going"
    queue = f", {waiting} waiting" if waiting else ""
    if taken >= capacity:
        return f"full ({count(capacity, 'seat')}){queue}"
    return f"{taken} of {count(capacity, 'seat')} taken"


def _facts(line: Line) -> list[str]:
    facts = [spelled(line.kind)]
    if line.kind is not Kind.EXTERNAL:
        facts.append(seats(line.capacity, line.taken, line.waiting))
    if line.mine is not None:
        facts.append(f"*{STANDINGS[line.mine]}*")
    return facts


def pages(page: Page[Any], action: str, noun: str) -> list[Block]:
    """Draw which rows of how many these are, and the buttons to the others."""
    shown = len(page.rows)
    if page.total <= shown:
        return [blocks.context(f"{count(page.total, noun)} in all.")]
    last = page.first + shown - 1
    turn = []
    if page.number:
        turn.append(blocks.button("Back", action, page.number - 1, about=f"Earlier {noun}s"))
    if page.has_next:
        turn.append(blocks.button("More", action, page.number + 1, about=f"More {noun}s"))
    return [
        blocks.context(f"{page.first}–{last} of {page.total} {noun}s."),
        *([blocks.actions(*turn)] if turn else []),
    ]


def refusal(refused: Refusal, zone: str) -> Message:
    """Say what a rule said, with the things that may have been meant as buttons."""
    sentence = said(refused.sentence, 600)
    for name, moment in refused.moments.items():
        sentence = sentence.replace(f"${name}", when(moment, zone))
    return blocks.message(
        blocks.section(sentence),
        *(
            blocks.section(
                f"*{choice.id} {said(choice.title, 150)}*",
                " · ".join(
                    ([when(choice.at, zone)] if choice.at else [])
                    + ([said(choice.where, 80)] if choice.where else [])
                ),
                accessory=blocks.button(
                    "Details",
                    SHOWN_BY[choice.id[0]],
                    choice.id[1:],
                    about=f"Details of {choice.id}",
                ),
            )
            for choice in refused.choices
        ),
    )
