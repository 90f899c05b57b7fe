"""How a digest looks, in a channel or for one person."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from itertools import islice
from typing import Any

from commands import blocks, cards
from commands.blocks import Block, Message
from commands.words import count, day, listed, said, spelled, when, when_there, who
from storage import actions, briefings, corrections, initiatives, resources
from storage.initiatives import MilestoneLine, UpdateLine
from storage.models import ActionState, Health, Kind
from storage.progress import AT_MOST, Moved
from storage.subscriptions import Edition

# Draws one line for a reader in a zone.
Draw = Callable[[Any, str], str]

SHOWN = 5
TITLE = "What moved, and what is next"
TITLE_DAILY = "What is due"
TITLE_OF_ONE, TITLE_OF_ONE_DAILY = "What moved in", "What is due in"
MARKS = {
    Health.ON_TRACK: "on track",
    Health.AT_RISK: "AT RISK",
    Health.OFF_TRACK: "OFF TRACK",
    Health.PAUSED: "paused",
    Health.DONE: "done",
}
STANDING = (Health.ON_TRACK, Health.AT_RISK, Health.OFF_TRACK, Health.PAUSED)


class Pen:
    """Writes lines; what several readers in one zone are told, it writes once."""

    def __init__(self) -> None:
        # The line stands in it too: while it is there, no other has its id.
        self._written: dict[tuple[Any, int, str], tuple[Any, str]] = {}
        self._drawn: dict[tuple[Any, ...], tuple[Any, Block | None]] = {}
        self._forms: dict[int, tuple[Any, Sequence[UpdateLine]]] = {}

    def write(self, draw: Draw, line: Any, zone: str) -> str:
        """Give what *draw* makes of *line* for a reader in *zone*."""
        key = draw, id(line), zone
        if key not in self._written:
            self._written[key] = line, draw(line, zone)
        return self._written[key][1]

    def last_forms(self, updates: Sequence[UpdateLine]) -> Sequence[UpdateLine]:
        """Leave out of *updates* those that were corrected."""
        if id(updates) not in self._forms:
            self._forms[id(updates)] = updates, corrections.last_forms(updates)
        return self._forms[id(updates)][1]

    def section(
        self,
        title: str,
        zone: str,
        *parts: tuple[Draw, Sequence[Any]],
        unread: int = 0,
        is_cut: bool = False,
    ) -> Block | None:
        """Draw the first few lines of *parts* below *title*, and how many more there are.

        *unread* follow on the next page; with *is_cut* there are more than were read.
        """
        numbers = [len(lines) for _, lines in parts]
        if not any(numbers):
            return None
        written = [self.write(draw, line, zone) for draw, line in _first(parts)]
        hidden = max(sum(numbers) - SHOWN, 0) + unread
        at_least = "at least " if is_cut or max(numbers) >= AT_MOST else ""
        return blocks.bullets(title, written, f"and {at_least}{hidden} more" if hidden else "")

    def shared(
        self, title: str, zone: str, *parts: tuple[Draw, Sequence[Any]], is_cut: bool = False
    ) -> Block | None:
        """Draw as `section` does what many readers are told, all of it once."""
        first, total = _first(parts), sum(len(lines) for _, lines in parts)
        key = title, zone, total, is_cut, *(id(line) for _, line in first)
        if key not in self._drawn:
            self._drawn[key] = first, self.section(title, zone, *parts, is_cut=is_cut)
        return self._drawn[key][1]


def edition(told: Edition) -> Message | None:
    """Draw what a channel is told; None where that is not worth a post."""
    if not told.is_worth_posting:
        return None
    if told.about is not None:
        return _of_one(told, told.about)
    return drawn(told.moved, told.zone, for_many=True, is_daily=told.is_daily)


def drawn(
    moved: Moved, zone: str, *, for_many: bool = False, is_daily: bool = False
) -> Message | None:
    """Draw a digest, what needs attention first; None when there is nothing at all to tell.

    *zone* is the reader's, or with *for_many* the channel's: times then also stand in each
    reader's own zone.
    """
    told = sections(Pen(), moved, zone, for_many=for_many, is_daily=is_daily)
    if not told:
        return None
    return blocks.message(
        blocks.header(TITLE_DAILY if is_daily else TITLE),
        *told,
        blocks.context("More: `/initiatives active`, `/briefings`, `/actions`, `/resources new`"),
    )


def sections(
    pen: Pen, moved: Moved, zone: str, *, for_many: bool = False, is_daily: bool = False
) -> list[Block]:
    """Draw what moved, section by section; nothing for what is empty."""
    worries, progressed = moved.attention, moved.progressed
    drawn = [
        pen.shared(
            "Due and overdue" if is_daily else "Needs attention",
            zone,
            (_troubled, worries.troubled),
            (_stale, worries.stale),
            (_late_milestone, worries.overdue),
            (_late_action, moved.overdue),
        ),
        *(_standing(moved.health) if for_many else []),
        pen.shared(
            "Moved since the last digest" if for_many else "Moved",
            zone,
            (_update, pen.last_forms(progressed.updates)),
            is_cut=len(progressed.updates) >= AT_MOST,
        ),
        pen.section(
            "Today and tomorrow" if is_daily else "Next 14 days",
            zone,
            (_coming_there if for_many else _coming, moved.coming),
        ),
        pen.section("Who is waiting on whom", zone, (_wait, moved.waits)),
        pen.shared(
            "Newly done", zone, (_milestone, progressed.milestones), (_done_action, moved.done)
        ),
        pen.shared("New resources", zone, (_resource, moved.resources)),
    ]
    return [one for one in drawn if one is not None]


def _of_one(told: Edition, about: initiatives.Line) -> Message:
    title = TITLE_OF_ONE_DAILY if told.is_daily else TITLE_OF_ONE
    moved = told.moved
    if told.stands:  # which says as much of itself
        moved = replace(moved, attention=replace(moved.attention, troubled=(), stale=()))
    return blocks.message(
        blocks.header(f"{title} I{about.id} {about.title}"),
        *([blocks.section(cards.standing(about))] if told.stands else []),
        *sections(Pen(), moved, told.zone, for_many=True, is_daily=told.is_daily),
        blocks.context(f"More: `/initiatives show I{about.id}`"),
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


def _first(parts: Sequence[tuple[Draw, Sequence[Any]]]) -> list[tuple[Draw, Any]]:
    lines = ((draw, line) for draw, lines in parts for line in lines[:SHOWN])
    return list(islice(lines, SHOWN))


def _troubled(line: initiatives.Line, _zone: str) -> str:
    led = f", led by {who(line.lead, line.lead_organisation)}" if line.lead else ""
    return f"*I{line.id} {said(line.title, 150)}* is {MARKS[line.health]}{led}"


def _stale(line: initiatives.Line, _zone: str) -> str:
    return (
        f"*I{line.id} {said(line.title, 150)}*: no update for {count(line.days, 'day')} "
        f"(due every {line.cadence_days})"
    )


def _late_milestone(line: MilestoneLine, _zone: str) -> str:
    due = f", due {cards.roughly(line.due)}" if line.due else ""
    return f"Milestone overdue: {said(line.title, 150)}{due} (I{line.initiative_id})"


def _late_action(line: actions.Line, _zone: str) -> str:
    waits = f"; {who(line.creator)} waits" if line.creator != line.owner else ""
    due = f", due {day(line.due_on)}" if line.due_on else ""
    owner = who(line.owner, line.organisation)
    return f"*A{line.id}* {said(line.title, 150)}: {owner}{due}{waits}"


def _wait(line: actions.Line, _zone: str) -> str:
    return (
        f"*A{line.id}* {said(line.title, 150)}: {who(line.creator)} waits for "
        f"{who(line.owner, line.organisation)}{taken(line)}"
    )


def taken(line: actions.Line) -> str:
    """Say when its owner means to have done it, or that they have not said yet."""
    if line.state is ActionState.PROPOSED:
        return ", not accepted yet"
    return f", due {day(line.due_on)}" if line.due_on else ""


def _update(line: UpdateLine, _zone: str) -> str:
    changed = ""
    if line.was is not None and line.was is not line.health:
        reason = f" ({said(line.reason, 200)})" if line.reason else ""
        changed = f" now {MARKS[line.health]}, was {MARKS[line.was]}{reason}:"
    name = f"*I{line.initiative_id} {said(line.initiative, 100)}*"
    again = " (corrected)" if line.is_corrected else ""
    return f"{name}{changed or ':'} {said(line.text, 300)}{again}"


def _coming(line: briefings.Line, zone: str) -> str:
    return _briefing(line, when(line.starts_at, zone, line.zone, line.precision))


def _coming_there(line: briefings.Line, _zone: str) -> str:
    return _briefing(line, when_there(line.starts_at, line.zone, line.precision))


def _briefing(line: briefings.Line, at: str) -> str:
    told = f"*E{line.id} {said(line.title, 150)}*: {at}, {cards.where(line.place, line.city)}"
    if line.kind is Kind.EXTERNAL:
        return told
    return f"{told}; {cards.seats(line.capacity, line.taken, line.waiting)}"


def _milestone(line: MilestoneLine, _zone: str) -> str:
    return f"Milestone: {said(line.title, 150)} (I{line.initiative_id})"


def _done_action(line: actions.Line, zone: str) -> str:
    by = who(line.done_by or line.owner)
    at = f", {day(line.done_at, zone)}" if isinstance(line.done_at, datetime) else ""
    return f"*A{line.id}* {said(line.title, 150)}: done by {by}{at}"


def _resource(line: resources.Line, _zone: str) -> str:
    return f"*R{line.id} {said(line.title, 150)}* ({spelled(line.kind)}, TLP:{line.tlp})"
