"""How the digest looks that somebody ordered for themselves, and what the order looks like."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from functools import partial
from typing import TypeVar

from commands import blocks, cards, digests, rhythms
from commands.blocks import Block, Message
from commands.digests import Pen
from commands.words import said, when, who
from storage import actions, briefings, editions
from storage.asker import Asker
from storage.editions import SOON
from storage.own_digests import Order, Told
from storage.pages import Page
from storage.progress import Moved
from storage.waiting import Suggested

T = TypeVar("T")

STOP = "To choose what it tells: `/coalition settings`. To stop it: `/coalition digest off`"


def drawn(pen: Pen, told: Told, asker: Asker, now: datetime) -> Message | None:
    """Draw it for *asker*; None when there is nothing to tell. A daily one tells what is urgent."""
    told = _selected(told)
    own, is_daily, zone = told.own, told.is_daily, asker.zone
    items = [line for line in own.actions.rows if not is_daily or _is_soon(line, now)]
    coming = [line for line in own.coming.rows if not is_daily or line.starts_at <= now + SOON]
    left = (_unread(items, own.actions), _unread(coming, own.coming))
    first = [
        _waiting_on(pen, told, zone),
        pen.section("Your action items", zone, (partial(_item, now=now), items), unread=left[0]),
        _waited_for(pen, told, zone, now),
        pen.section("Your next briefings", zone, (_briefing, coming), unread=left[1]),
    ]
    moved = [] if is_daily else digests.sections(pen, _others(told), zone)
    sections = [*(section for section in first if section is not None), *moved]
    if not sections:
        return None
    return blocks.message(
        blocks.header("Today and tomorrow" if is_daily else "Your week"),
        *sections,
        blocks.context(f"In full: `/actions`, `/briefings`, `/initiatives active`. {STOP}"),
    )


def preview(told: Told | None, asker: Asker, now: datetime) -> Message:
    """Show to whoever asked what their next digest would say now."""
    if told is None:
        return blocks.message(
            blocks.section("You have ordered none. To order one: `/coalition settings`")
        )
    shown = drawn(Pen(), told, asker, now)
    if shown is None:
        return blocks.message(
            blocks.section("There is nothing to tell now, so no digest would come.")
        )
    return blocks.message(blocks.context("Your own digest would say this now."), *shown["blocks"])


def ordered(order: Order, asker: Asker) -> Message:
    """Confirm what was ordered."""
    often = rhythms.said(order.weekday, order.at)
    return blocks.message(
        blocks.section(
            f"You get a digest by direct message {often} your time, first "
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


def _selected(told: Told) -> Told:
    """Leave out what they did not select."""
    chosen = told.selection
    return replace(
        told,
        own=editions.of_own(told.own, chosen),
        moved=editions.of_moved(told.moved, chosen),
        waits=editions.of_waits(told.waits, chosen),
    )


def _waiting_on(pen: Pen, told: Told, zone: str) -> Block | None:
    own, title, items = told.own, "Waiting on you", (_proposed, told.own.proposed.rows)
    if told.is_daily:
        return pen.section(title, zone, items, unread=_unread(own.proposed.rows, own.proposed))
    return pen.section(
        title,
        zone,
        items,
        (_suggested, told.waits.asked),
        (_asked, own.unanswered.rows),
        unread=_unread(own.proposed.rows, own.proposed)
        + _unread(own.unanswered.rows, own.unanswered),
    )


def _waited_for(pen: Pen, told: Told, zone: str, now: datetime) -> Block | None:
    given, title = told.waits.given, "You wait for"
    if told.is_daily:
        soon = [line for line in given.rows if _is_soon(line, now)]
        return pen.section(title, zone, (_given, soon), unread=_unread(soon, given))
    suggested = (_taken_over, told.waits.suggested)
    unread = _unread(given.rows, given)
    return pen.section(title, zone, (_given, given.rows), suggested, unread=unread)


def _unread(shown: Sequence[T], page: Page[T]) -> int:
    """Say how many follow on *page*; of what is shown in part only, the rest is not due yet."""
    return page.total - len(page.rows) if len(shown) == len(page.rows) else 0


def _others(told: Told) -> Moved:
    """Leave out the briefings that stand among their own already."""
    own = {line.id for line in (*told.own.unanswered.rows, *told.own.coming.rows)}
    coming = tuple(line for line in told.moved.coming if line.id not in own)
    return replace(told.moved, coming=coming)


def _is_soon(line: actions.Line, now: datetime) -> bool:
    return line.due_at is not None and line.due_at <= now + SOON


def _proposed(line: actions.Line, _zone: str) -> str:
    return f"*A{line.id} {said(line.title, 150)}*: {said(line.creator, 80)} proposes it to you"


def _suggested(line: Suggested, _zone: str) -> str:
    name = f"*I{line.initiative_id} {said(line.initiative, 150)}*"
    return f"{name}: {said(line.author, 80)} suggests an update for you to take over"


def _given(line: actions.Line, _zone: str) -> str:
    owner = who(line.owner, line.organisation)
    return f"*A{line.id} {said(line.title, 150)}*: {owner}{digests.taken(line)}"


def _taken_over(line: Suggested, _zone: str) -> str:
    name = f"*I{line.initiative_id} {said(line.initiative, 150)}*"
    return f"{name}: {said(line.lead, 80)}, to take over the update you suggested"


def _asked(line: briefings.Line, zone: str) -> str:
    return f"{_briefing(line, zone)}. Do you come?"


def _item(line: actions.Line, _zone: str, now: datetime) -> str:
    return f"*A{line.id} {said(line.title, 150)}*: {cards.due(line, now)}"


def _briefing(line: briefings.Line, zone: str) -> str:
    at = when(line.starts_at, zone, line.zone, line.precision)
    return f"*E{line.id} {said(line.title, 150)}*: {at}, {cards.where(line.place, line.city)}"
