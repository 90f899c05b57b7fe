"""How a briefing, a choice or a page looks wherever it is shown."""

import re
from datetime import datetime
from functools import lru_cache
from typing import Any

from commands import asking, blocks
from commands.blocks import Block, Message
from commands.words import channel, count, day, link, listed, loosely, said, spelled, when, who
from storage import actions, groups, initiatives, resources, seating
from storage.briefings import Line
from storage.errors import Choice, Refusal
from storage.models import (
    ActionState,
    Answer,
    Audience,
    Kind,
    Place,
    Precision,
    Standing,
    State,
    Tlp,
)
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
SHOW_ACTION, DONE = SHOWN_BY["A"], "actions.done"
ACCEPT, DECLINE = "actions.accept", "actions.decline"
SETTINGS = "coalition.settings"
STANDINGS = {
    Standing.GOING: "You are going",
    Standing.OFFERED: "A seat is held for you",
    Standing.WAITLISTED: "You are on the waitlist",
    Standing.ASKED: "You asked for a seat, the organisers decide",
    Standing.MAYBE: "You said maybe",
    Standing.DECLINED: "You are not going",
}
UNLINKED = (
    "The secretariat has not linked you to an organisation yet, so you see what is public. Ask the "
    "secretariat to link you."
)
LEVELS = {
    Audience.PUBLIC: "For everyone",
    Audience.COMMUNITY: "For the community",
    Audience.MEMBERS: "For members",
    Audience.GROUP: "For one working group",
    Audience.NAMED: "For people named",
    Audience.STAFF: "For staff",
}


def briefing(line: Line, zone: str, now: datetime) -> list[Block]:
    """Draw *line* in a list: what, when, where, seats, the reader's own answer, and buttons."""
    counts = stands(line, line.mine, now)
    return list(_briefing(line, zone, counts, answerable=takes_answers(line, now)))


@lru_cache(maxsize=1000)  # it follows from what is given and nothing else
def _briefing(
    line: Line, zone: str, counts: Standing | None, *, answerable: bool
) -> tuple[Block, ...]:
    mark = "CANCELLED · " if line.state is State.CANCELLED else ""
    details = blocks.button("Details", SHOW_BRIEFING, line.id, about=f"Details of E{line.id}")
    drawn = [
        blocks.section(
            f"*{mark}E{line.id} {said(line.title, 150)}*",
            when(line.starts_at, zone, line.zone, line.precision),
            " · ".join([where(line.place, line.city), *_facts(line, answerable=answerable)]),
            accessory=details,
        )
    ]
    if answerable:
        drawn.append(answers(line.id, counts, *asking.button(line.id, line.asks)))
    return tuple(drawn)


def takes_answers(line: Any, now: datetime) -> bool:
    """Say whether buttons to answer make sense: *line* is a Line or a Briefing."""
    return line.state is State.PUBLISHED and line.kind is not Kind.EXTERNAL and line.ends_at > now


def stands(line: Any, mine: Standing | None, now: datetime) -> Standing | None:
    """Give the answer *mine* to *line* that counts: once it has begun nobody waits any more."""
    return None if mine is Standing.WAITLISTED and seating.has_begun(line, now) else mine


def answers(briefing_id: int, mine: Standing | None, *beside: Block) -> Block:
    """Draw the buttons by which one answers, but for the answer given, and what stands *beside*."""
    given = Standing.GOING if mine in (Standing.WAITLISTED, Standing.ASKED) else mine
    return blocks.actions(
        *(
            blocks.button(label, action, briefing_id, about=f"{label}: E{briefing_id}")
            for action, label in LABELS.items()
            if given is None or ANSWERS[action].value != given.value
        ),
        *beside,
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


def _facts(line: Line, *, answerable: bool) -> list[str]:
    facts = [spelled(line.kind)]
    if line.state is State.CANCELLED:
        return facts
    if line.kind is not Kind.EXTERNAL:
        facts.append(seats(line.capacity, line.taken, line.waiting))
    if line.mine is not None:
        facts.append(f"*{STANDINGS[line.mine]}*")
    elif line.needs_approval and answerable:
        facts.append("organisers give the seats")
    return facts


def group(line: groups.Line, zone: str) -> Block:
    """Draw *line* in a list: what for, how often, how many, the next meeting, the reader's seat."""
    facts = [said(line.cadence, 100), count(line.people, "person", "people")]
    if line.next_at is not None:
        facts.append(f"next meeting {when(line.next_at, zone)}")
    if not line.is_open:
        facts.append("joined through its chairs")
    if line.since is not None:
        seat = "You chair it" if line.is_chair else "You sit in it"
        facts.append(f"*{seat}, since {day(line.since, zone)}*")
    return blocks.section(
        f"*G{line.id} {said(line.title, 150)}*",
        said(line.purpose, 200),
        " · ".join(fact for fact in facts if fact),
        f"Channel: {channel(line.channel)}" if line.channel else "",
        accessory=blocks.button("Details", SHOWN_BY["G"], line.id, about=f"Details of G{line.id}"),
    )


def resource(line: resources.Line, zone: str) -> Block:
    """Draw *line* in a list: its level first, then what it is, from whom and since when."""
    published = f"published {loosely(line.published)}" if line.published else ""
    topics = listed([said(topic, 60) for topic in line.topics], 5)
    facts = (spelled(line.kind), topics, said(line.publisher, 80), published)
    return blocks.section(
        f"*R{line.id} {said(line.title, 150)}*",
        label(line.audience, line.tlp),
        " · ".join(fact for fact in facts if fact),
        f"{link(line.link)} · added {day(line.added_at, zone)}",
        accessory=blocks.button("Details", SHOWN_BY["R"], line.id, about=f"Details of R{line.id}"),
    )


def action(line: actions.Line, reader: int, now: datetime) -> list[Block]:
    """Draw *line* in a list: what, until when, whose; buttons where person *reader* owns it."""
    facts = [due(line, now)]
    if line.state is ActionState.PROPOSED:
        facts.append(f"proposed by {said(line.creator, 80)}, not taken yet")
    if line.owner_id != reader:
        facts.append(who(line.owner, line.organisation))
    details = blocks.button("Details", SHOW_ACTION, line.id, about=f"Details of A{line.id}")
    title = f"*A{line.id} {said(line.title, 150)}*"
    drawn = [blocks.section(title, " · ".join(facts), accessory=details)]
    if line.owner_id == reader and line.state is ActionState.PROPOSED:
        drawn.append(blocks.actions(*taking(line.id)))
    elif line.owner_id == reader and line.state is ActionState.OPEN:
        drawn.append(blocks.actions(finishing(line.id)))
    return drawn


def due(item: Any, now: datetime) -> str:
    """Say until when *item*, a Line or an ActionItem, is to be done, or that this is over."""
    if item.due_on is None:
        return "no due date"
    is_late = item.state in actions.LIVE and item.due_at <= now
    return f"*OVERDUE*, was due {day(item.due_on)}" if is_late else f"due {day(item.due_on)}"


def taking(action_id: int) -> list[Block]:
    """Draw the buttons by which one takes or declines what was proposed."""
    return [
        blocks.button("Take it", ACCEPT, action_id, style="primary", about=f"Take A{action_id}"),
        blocks.button("Decline", DECLINE, action_id, about=f"Decline A{action_id}"),
    ]


def finishing(action_id: int) -> Block:
    """Draw the button by which one marks an item as done."""
    return blocks.button("Done", DONE, action_id, about=f"Done: A{action_id}")


def initiative(line: initiatives.Line) -> Block:
    """Draw *line* in a list: how it stands, who leads it, what it said last, what is next."""
    ahead = f", due {roughly(line.milestone_due)}" if line.milestone_due else ""
    return blocks.section(
        f"*I{line.id} {said(line.title, 150)}*",
        standing(line),
        f"Next: {said(line.milestone, 150)}{ahead}" if line.milestone else "",
        accessory=blocks.button("Details", SHOWN_BY["I"], line.id, about=f"Details of I{line.id}"),
    )


def standing(line: initiatives.Line) -> str:
    """Say how an initiative stands, who leads it and how long ago it moved."""
    health = spelled(line.health)
    facts = [f"*{health.upper()}*" if line.health in initiatives.TROUBLED else health]
    lead = who(line.lead, line.lead_organisation) if line.lead else said(line.lead_organisation, 80)
    facts.append(f"led by {lead}" if lead else "no lead yet")
    if line.is_stale:
        silent = f"no update for {count(line.days, 'day')} (due every {line.cadence_days})"
        facts.append(f"*{silent}*")
    else:
        ago = f"{count(line.days, 'day')} ago" if line.days > 0 else "today"
        facts.append(f"last moved {ago}")
    return " · ".join(facts)


def roughly(text: str) -> str:
    """Say a milestone's date as precisely as its source does, in whatever words."""
    return loosely(text) if re.fullmatch(r"\d{4}(-\d\d){0,2}", text) else said(text, 60)


def label(audience: Audience, tlp: Tlp) -> str:
    """Say whom something is shown to and what a reader may do with it."""
    return f"{LEVELS[audience]} · TLP:{tlp}"


def pages(page: Page[Any], action: str, noun: str, plural: str = "") -> list[Block]:
    """Draw which rows of how many these are, and the buttons to the others."""
    shown, many = len(page.rows), plural or f"{noun}s"
    if page.total <= shown:
        return [blocks.context(f"{count(page.total, noun, many)} in all.")]
    last = page.first + shown - 1
    rows = f"{page.first}–{last}" if last > page.first else f"{last}"
    drawn = [blocks.context(f"{rows} of {count(page.total, noun, many, or_more=page.is_cut)}.")]
    # Slack refuses two buttons of one action in one block, so each has its own.
    if page.number:
        back = blocks.button("Back", action, page.number - 1, about=f"Earlier {many}")
        drawn.append(blocks.actions(back))
    if page.has_next:
        more = blocks.button("More", action, page.number + 1, about=f"More {many}")
        drawn.append(blocks.actions(more))
    return drawn


def refusal(refused: Refusal, zone: str) -> Message:
    """Say what a rule said, with the things that may have been meant as buttons."""
    sentence = said(refused.sentence, 600)
    for name, moment in refused.moments.items():
        sentence = sentence.replace(f"${name}", when(moment, zone))
    return blocks.message(
        blocks.section(sentence), *(_choice(choice, zone) for choice in refused.choices)
    )


def _choice(choice: Choice, zone: str) -> Block:
    exactly = choice.precision or Precision.MINUTE
    at = [when(choice.at, zone, choice.zone, exactly)] if choice.at else []
    where = [said(choice.where, 80)] if choice.where else []
    return blocks.section(
        f"*{choice.id} {said(choice.title, 150)}*",
        " · ".join(at + where),
        accessory=blocks.button(
            "Details", SHOWN_BY[choice.id[0]], choice.id[1:], about=f"Details of {choice.id}"
        ),
    )
