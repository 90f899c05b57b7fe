"""How a digest looks, in a channel or for one person."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from commands import blocks, cards
from commands.blocks import Block, Message
from commands.words import count, day, listed, said, spelled, when, when_there, who
from storage import actions, briefings, corrections, initiatives, resources
from storage.initiatives import MilestoneLine, UpdateLine
from storage.models import ActionState, Health, Kind
from storage.progress import AT_MOST, Moved

SHOWN = 5
TITLE = "What moved, and what is next"
MARKS = {
    Health.ON_TRACK: "on track",
    Health.AT_RISK: "AT RISK",
    Health.OFF_TRACK: "OFF TRACK",
    Health.PAUSED: "paused",
    Health.DONE: "done",
}
STANDING = (Health.ON_TRACK, Health.AT_RISK, Health.OFF_TRACK, Health.PAUSED)


def drawn(moved: Moved, zone: str, *, for_many: bool = False) -> Message | None:
    """Draw a digest, what needs attention first; None when there is nothing at all to tell.

    *zone* is the reader's, or with *for_many* the channel's: times then also stand in each
    reader's own zone.
    """
    told = sections(moved, zone, for_many=for_many)
    if not told:
        return None
    return blocks.message(
        blocks.header(TITLE),
        *told,
        blocks.context("More: `/initiatives active`, `/briefings`, `/actions`, `/resources new`"),
    )


def sections(moved: Moved, zone: str, *, for_many: bool = False) -> list[Block]:
    """Draw what moved, section by section; nothing for what is empty."""
    drawn = [
        _attention(moved),
        *(_standing(moved.health) if for_many else []),
        section(
            "Moved since the last digest" if for_many else "Moved",
            [_update(line) for line in corrections.last_forms(moved.progressed.updates)],
            moved.progressed.updates,
        ),
        section(
            "Next 14 days", [_coming(line, zone, for_many) for line in moved.coming], moved.coming
        ),
        section("Who is waiting on whom", [_wait(line) for line in moved.waits], moved.waits),
        _done(moved, zone),
        section("New resources", [_resource(line) for line in moved.resources], moved.resources),
    ]
    return [one for one in drawn if one is not None]


def section(title: str, lines: list[str], *read: Sequence[object], unread: int = 0) -> Block | None:
    """Draw a few *lines* below *title*, and how many more there are; None without any.

    *read* is what they were drawn from, of which `progress` reads a hundred at most; *unread* is
    how many more there are of what is read by the page.
    """
    if not lines:
        return None
    hidden = max(len(lines) - SHOWN, 0) + unread
    at_least = "at least " if any(len(part) >= AT_MOST for part in read) else ""
    more = f"and {at_least}{hidden} more" if hidden else ""
    return blocks.bullets(title, lines[:SHOWN], more)


def _attention(moved: Moved) -> Block | None:
    worries = moved.attention
    return section(
        "Needs attention",
        [
            *(_troubled(line) for line in worries.troubled),
            *(_stale(line) for line in worries.stale),
            *(_late_milestone(line) for line in worries.overdue),
            *(_late_action(line) for line in moved.overdue),
        ],
        *(worries.troubled, worries.stale, worries.overdue, moved.overdue),
    )


def _standing(health: Mapping[Health, int]) -> list[Block]:
    numbers = {health_: health.get(health_, 0) for health_ in STANDING}
    if not any(numbers.values()):
        return []
    told = listed([f"{number} {spelled(one)}" for one, number in numbers.items() if number])
    bars = {spelled(one).capitalize(): number for one, number in numbers.items()}
    return [
        blocks.section(f"*How the initiatives stand:* {told}"),
        blocks.bars("Initiatives by health", "Initiatives", bars),
    ]


def _done(moved: Moved, zone: str) -> Block | None:
    reached = moved.progressed.milestones
    return section(
        "Newly done",
        [
            *(f"Milestone: {said(line.title, 150)} (I{line.initiative_id})" for line in reached),
            *(_done_action(line, zone) for line in moved.done),
        ],
        *(reached, moved.done),
    )


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
    waits = f"; {who(line.creator)} waits" if line.creator != line.owner else ""
    due = f", due {day(line.due_on)}" if line.due_on else ""
    owner = who(line.owner, line.organisation)
    return f"*A{line.id}* {said(line.title, 150)}: {owner}{due}{waits}"


def _wait(line: actions.Line) -> str:
    return (
        f"*A{line.id}* {said(line.title, 150)}: {who(line.creator)} waits for "
        f"{who(line.owner, line.organisation)}{taken(line)}"
    )


def taken(line: actions.Line) -> str:
    """Say when its owner means to have done it, or that they have not said yet."""
    if line.state is ActionState.PROPOSED:
        return ", not accepted yet"
    return f", due {day(line.due_on)}" if line.due_on else ""


def _update(line: UpdateLine) -> str:
    changed = ""
    if line.was is not None and line.was is not line.health:
        reason = f" ({said(line.reason, 200)})" if line.reason else ""
        changed = f" now {MARKS[line.health]}, was {MARKS[line.was]}{reason}:"
    name = f"*I{line.initiative_id} {said(line.initiative, 100)}*"
    again = " (corrected)" if line.is_corrected else ""
    return f"{name}{changed or ':'} {said(line.text, 300)}{again}"


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
