"""How the digest looks that somebody ordered for themselves, and what the order looks like."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any, TypeVar

from commands import blocks, cards, digests
from commands.blocks import Block, Message
from commands.words import said, when, who
from storage import actions, briefings
from storage.asker import Asker
from storage.own_digests import Order, Told
from storage.pages import Page
from storage.progress import Moved
from storage.waiting import Suggested

T = TypeVar("T")

DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
SOON = timedelta(hours=36)  # what is due by the end of tomorrow, or begins by then
STOP = "To stop it: `/coalition digest off`"


def drawn(told: Told, asker: Asker, now: datetime) -> Message | None:
    """Draw it for *asker*; None when there is nothing to tell. A daily one tells what is urgent."""
    own, is_daily = told.own, told.is_daily
    items = [line for line in own.actions.rows if not is_daily or _is_soon(line, now)]
    coming = [line for line in own.coming.rows if not is_daily or line.starts_at <= now + SOON]
    first = [
        _waiting_on(told, asker),
        digests.section(
            "Your action items",
            [_item(line, now) for line in items],
            unread=_unread(items, own.actions),
        ),
        _waited_for(told, now),
        digests.section(
            "Your next briefings",
            [_briefing(line, asker) for line in coming],
            unread=_unread(coming, own.coming),
        ),
    ]
    moved = [] if is_daily else digests.sections(_others(told), asker.zone)
    sections = [*(section for section in first if section is not None), *moved]
    if not sections:
        return None
    return blocks.message(
        blocks.header("Today and tomorrow" if is_daily else "Your week"),
        *sections,
        blocks.context(f"In full: `/actions`, `/briefings`, `/initiatives active`. {STOP}"),
    )


def ordered(order: Order, asker: Asker) -> Message:
    """Confirm what was ordered."""
    return blocks.message(
        blocks.section(
            f"You get a digest by direct message {rhythm(order)} your time, first "
            f"{when(order.next_at, asker.zone)}. {STOP}"
        )
    )


def cancelled(*, was_ordered: bool) -> Message:
    """Confirm that none comes any more."""
    return blocks.message(
        blocks.section(
            "You get no digest of your own any more."
            if was_ordered
            else "You had ordered none; nothing changes. To order one: `/coalition digest weekly`"
        )
    )


def rhythm(order: Order) -> str:
    """Say how often: "each Monday at 09:00"."""
    day = "each day" if order.weekday is None else f"each {DAYS[order.weekday]}"
    return f"{day} at {order.at}"


def _waiting_on(told: Told, asker: Asker) -> Block | None:
    own, waits = told.own, told.waits
    pages: list[Page[Any]] = [own.proposed] if told.is_daily else [own.proposed, own.unanswered]
    lines = [*map(_proposed, own.proposed.rows)]
    if not told.is_daily:
        lines += [
            *map(_suggested, waits.asked),
            *(_asked(one, asker) for one in own.unanswered.rows),
        ]
    unread = sum(page.total - len(page.rows) for page in pages)
    return digests.section("Waiting on you", lines, unread=unread)


def _waited_for(told: Told, now: datetime) -> Block | None:
    given, suggested = told.waits.given, told.waits.suggested
    if told.is_daily:
        soon = [line for line in given.rows if _is_soon(line, now)]
        return digests.section("You wait for", [*map(_given, soon)], unread=_unread(soon, given))
    lines = [*map(_given, given.rows), *map(_taken_over, suggested)]
    return digests.section("You wait for", lines, unread=_unread(given.rows, given))


def _unread(shown: Sequence[T], page: Page[T]) -> int:
    """Say how many follow on *page*; of what is shown in part only, the rest is not due yet."""
    return page.total - len(page.rows) if len(shown) == len(page.rows) else 0


def _others(told: Told) -> Moved:
    """Leave out the briefings that stand among their own already."""
    own = {line.id for line in (*told.own.unanswered.rows, *told.own.coming.rows)}
    coming = tuple(line for line in told.moved.coming if line.id not in own)
    return replace(told.moved, coming=coming, waits=())


def _is_soon(line: actions.Line, now: datetime) -> bool:
    return line.due_at is not None and line.due_at <= now + SOON


def _proposed(line: actions.Line) -> str:
    return f"*A{line.id} {said(line.title, 150)}*: {said(line.creator, 80)} proposes it to you"


def _suggested(line: Suggested) -> str:
    name = f"*I{line.initiative_id} {said(line.initiative, 150)}*"
    return f"{name}: {said(line.author, 80)} suggests an update for you to take over"


def _given(line: actions.Line) -> str:
    owner = who(line.owner, line.organisation)
    return f"*A{line.id} {said(line.title, 150)}*: {owner}{digests.taken(line)}"


def _taken_over(line: Suggested) -> str:
    name = f"*I{line.initiative_id} {said(line.initiative, 150)}*"
    return f"{name}: {said(line.lead, 80)}, to take over the update you suggested"


def _asked(line: briefings.Line, asker: Asker) -> str:
    return f"{_briefing(line, asker)}. Do you come?"


def _item(line: actions.Line, now: datetime) -> str:
    return f"*A{line.id} {said(line.title, 150)}*: {cards.due(line, now)}"


def _briefing(line: briefings.Line, asker: Asker) -> str:
    at = when(line.starts_at, asker.zone, line.zone, line.precision)
    return f"*E{line.id} {said(line.title, 150)}*: {at}, {cards.where(line.place, line.city)}"
