"""How the digest looks that somebody ordered for themselves, and what the order looks like."""

from dataclasses import replace
from datetime import datetime

from commands import blocks, cards, digests, rhythms
from commands.blocks import Message
from commands.words import said, when
from storage import actions, briefings, editions
from storage.asker import Asker
from storage.editions import SOON
from storage.own_digests import Order, Told
from storage.progress import Moved

STOP = "To choose what it tells: `/coalition settings`. To stop it: `/coalition digest off`"


def drawn(told: Told, asker: Asker, now: datetime) -> Message | None:
    """Draw it for *asker*; None when there is nothing to tell. A daily one tells what is urgent."""
    told = _selected(told)
    own, is_daily = told.own, told.is_daily
    items = [line for line in own.actions.rows if not is_daily or _is_soon(line, now)]
    coming = [line for line in own.coming.rows if not is_daily or line.starts_at <= now + SOON]
    asked = () if is_daily else own.unanswered.rows
    first = [
        digests.section(
            "Waiting on you",
            [*map(_proposed, own.proposed.rows), *(_asked(line, asker) for line in asked)],
        ),
        digests.section("Your action items", [_item(line, now) for line in items]),
        digests.section("Your next briefings", [_briefing(line, asker) for line in coming]),
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


def preview(told: Told | None, asker: Asker, now: datetime) -> Message:
    """Show to whoever asked what their next digest would say now."""
    if told is None:
        return blocks.message(
            blocks.section("You have ordered none. To order one: `/coalition settings`")
        )
    shown = drawn(told, asker, now)
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
    own = editions.of_own(told.own, told.selection)
    return replace(told, own=own, moved=editions.of_moved(told.moved, told.selection))


def _others(told: Told) -> Moved:
    """Leave out the briefings that stand among their own already."""
    own = {line.id for line in (*told.own.unanswered.rows, *told.own.coming.rows)}
    coming = tuple(line for line in told.moved.coming if line.id not in own)
    return replace(told.moved, coming=coming)


def _is_soon(line: actions.Line, now: datetime) -> bool:
    return line.due_at is not None and line.due_at <= now + SOON


def _proposed(line: actions.Line) -> str:
    return f"*A{line.id} {said(line.title, 150)}*: {said(line.creator, 80)} proposes it to you"


def _asked(line: briefings.Line, asker: Asker) -> str:
    return f"{_briefing(line, asker)}. Do you come?"


def _item(line: actions.Line, now: datetime) -> str:
    return f"*A{line.id} {said(line.title, 150)}*: {cards.due(line, now)}"


def _briefing(line: briefings.Line, asker: Asker) -> str:
    at = when(line.starts_at, asker.zone, line.zone, line.precision)
    return f"*E{line.id} {said(line.title, 150)}*: {at}, {cards.where(line.place, line.city)}"
