"""How the digest looks that somebody ordered for themselves, and what the order looks like."""

from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial

from commands import blocks, cards, digests
from commands.blocks import Message
from commands.digests import Pen
from commands.words import said, when
from storage import actions, briefings
from storage.asker import Asker
from storage.own_digests import Order, Told
from storage.progress import Moved

DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
SOON = timedelta(hours=36)  # what is due by the end of tomorrow, or begins by then
STOP = "To stop it: `/coalition digest off`"


def drawn(pen: Pen, told: Told, asker: Asker, now: datetime) -> Message | None:
    """Draw it for *asker*; None when there is nothing to tell. A daily one tells what is urgent."""
    own, is_daily, zone = told.own, told.is_daily, asker.zone
    items = [line for line in own.actions.rows if not is_daily or _is_soon(line, now)]
    coming = [line for line in own.coming.rows if not is_daily or line.starts_at <= now + SOON]
    asked = () if is_daily else own.unanswered.rows
    item = partial(_item, now=now)
    first = [
        pen.section("Waiting on you", zone, (_proposed, own.proposed.rows), (_asked, asked)),
        pen.section("Your action items", zone, (item, items)),
        pen.section("Your next briefings", zone, (_briefing, coming)),
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


def _others(told: Told) -> Moved:
    """Leave out the briefings that stand among their own already."""
    own = {line.id for line in (*told.own.unanswered.rows, *told.own.coming.rows)}
    coming = tuple(line for line in told.moved.coming if line.id not in own)
    return replace(told.moved, coming=coming)


def _is_soon(line: actions.Line, now: datetime) -> bool:
    return line.due_at is not None and line.due_at <= now + SOON


def _proposed(line: actions.Line, _zone: str) -> str:
    return f"*A{line.id} {said(line.title, 150)}*: {said(line.creator, 80)} proposes it to you"


def _asked(line: briefings.Line, zone: str) -> str:
    return f"{_briefing(line, zone)}. Do you come?"


def _item(line: actions.Line, _zone: str, now: datetime) -> str:
    return f"*A{line.id} {said(line.title, 150)}*: {cards.due(line, now)}"


def _briefing(line: briefings.Line, zone: str) -> str:
    at = when(line.starts_at, zone, line.zone, line.precision)
    return f"*E{line.id} {said(line.title, 150)}*: {at}, {cards.where(line.place, line.city)}"
