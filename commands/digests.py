"""How a digest looks, in a channel or for one person."""

from datetime import datetime
from typing import TypeVar

from commands import blocks, cards
from commands.blocks import Block, Message
from commands.words import count, day, said, spelled, when, when_there, who
from storage import actions, briefings, initiatives, resources
from storage.initiatives import MilestoneLine, UpdateLine
from storage.models import Health, Kind
from storage.progress import Moved
from storage.subscriptions import Edition

T = TypeVar("T")

SHOWN = 5
TITLE = "What moved, and what is next"
TITLE_DAILY = "What is due"
MARKS = {
    Health.ON_TRACK: "on track",
    Health.AT_RISK: "AT RISK",
    Health.OFF_TRACK: "OFF TRACK",
    Health.PAUSED: "paused",
    Health.DONE: "done",
}


def edition(told: Edition) -> Message | None:
    """Draw what a channel is told; None where that is not worth a post."""
    if not told.is_worth_posting:
        return None
    return drawn(told.moved, told.zone, for_many=True, is_daily=told.is_daily)


def drawn(
    moved: Moved, zone: str, *, for_many: bool = False, is_daily: bool = False
) -> Message | None:
    """Draw a digest, what needs attention first; None when there is nothing at all to tell.

    *zone* is the reader's, or with *for_many* the channel's: times then also stand in each
    reader's own zone.
    """
    told = sections(moved, zone, for_many=for_many, is_daily=is_daily)
    if not told:
        return None
    return blocks.message(
        blocks.header(TITLE_DAILY if is_daily else TITLE),
        *told,
        blocks.context("More: `/initiatives active`, `/briefings`, `/actions`, `/resources new`"),
    )


def sections(
    moved: Moved, zone: str, *, for_many: bool = False, is_daily: bool = False
) -> list[Block]:
    """Draw what moved, section by section; nothing for what is empty."""
    drawn = [
        section("Due and overdue" if is_daily else "Needs attention", _attention(moved, zone)),
        section("Moved since the last digest" if for_many else "Moved", _progress(moved)),
        section(
            "Today and tomorrow" if is_daily else "Next 14 days",
            [_coming(line, zone, for_many) for line in moved.coming],
        ),
        section("Newly done", _done(moved, zone)),
        section("New resources", [_resource(line) for line in moved.resources]),
    ]
    return [one for one in drawn if one is not None]


def section(title: str, lines: list[str]) -> Block | None:
    """Draw a few *lines* below *title*, and how many more there are; None without any."""
    if not lines:
        return None
    more = [f"• and {len(lines) - SHOWN} more"] if len(lines) > SHOWN else []
    return blocks.section(f"*{title}*", *(f"• {line}" for line in lines[:SHOWN]), *more)


def _attention(moved: Moved, zone: str) -> list[str]:
    worries = moved.attention
    return [
        *(_troubled(line) for line in worries.troubled),
        *(_stale(line) for line in worries.stale),
        *(_late_milestone(line) for line in worries.overdue),
        *(_late_action(line) for line in moved.overdue),
    ]


def _progress(moved: Moved) -> list[str]:
    return [_update(line) for line in moved.progressed.updates]


def _done(moved: Moved, zone: str) -> list[str]:
    return [
        *(
            f"Milestone: {said(line.title, 150)} (I{line.initiative_id})"
            for line in moved.progressed.milestones
        ),
        *(_done_action(line, zone) for line in moved.done),
    ]


def _troubled(line: initiatives.Line) -> str:
    led = f", led by {who(line.lead, line.lead_organisation)}" if line.lead else ""
    return f"*I{line.id} {said(line.title, 150)}* is {MARKS[line.health]}{led}"


def _stale(line: initiatives.Line) -> str:
    return (
        f"*I{line.id} {said(line.title, 150)}*: no update for {count(line.days, 'day')} "
        f"(due every {line.cadence_days})"
    )


def _late_milestone(line: MilestoneLine) -> str:
    due = f", due {cards.roughly(line.due)}" if line.due else ""
    return f"Milestone overdue: {said(line.title, 150)}{due} (I{line.initiative_id})"


def _late_action(line: actions.Line) -> str:
    due = f", due {day(line.due_on)}" if line.due_on else ""
    return f"*A{line.id}* {said(line.title, 150)}: {who(line.owner, line.organisation)}{due}"


def _update(line: UpdateLine) -> str:
    changed = ""
    if line.was is not None and line.was is not line.health:
        reason = f" ({said(line.reason, 200)})" if line.reason else ""
        changed = f" now {MARKS[line.health]}, was {MARKS[line.was]}{reason}:"
    name = f"*I{line.initiative_id} {said(line.initiative, 100)}*"
    return f"{name}{changed or ':'} {said(line.text, 300)}"


def _coming(line: briefings.Line, zone: str, for_many: bool) -> str:
    at = (
        when_there(line.starts_at, line.zone, line.precision)
        if for_many
        else when(line.starts_at, zone, line.zone, line.precision)
    )
    told = f"*E{line.id} {said(line.title, 150)}*: {at}, {cards.where(line.place, line.city)}"
    if line.kind is Kind.EXTERNAL:
        return told
    return f"{told}; {cards.seats(line.capacity, line.taken, line.waiting)}"


def _done_action(line: actions.Line, zone: str) -> str:
    by = who(line.done_by or line.owner)
    at = f", {day(line.done_at, zone)}" if isinstance(line.done_at, datetime) else ""
    return f"*A{line.id}* {said(line.title, 150)}: done by {by}{at}"


def _resource(line: resources.Line) -> str:
    return f"*R{line.id} {said(line.title, 150)}* ({spelled(line.kind)}, TLP:{line.tlp})"
