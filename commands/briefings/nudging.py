"""What whoever organises briefings reads of what is missing at them."""

from datetime import datetime
from zoneinfo import ZoneInfo

from commands import blocks
from commands.blocks import Block, Message
from commands.briefings.checkin_form import opening
from commands.briefings.read_back import EDIT
from commands.words import count, day, said, when
from storage.asker import Asker
from storage.models import Briefing
from storage.nudges import Left, Nudge

MOST = 20


def drawn(nudge: Nudge, asker: Asker, now: datetime) -> Message:
    """Draw what is missing at each, with the button to see to it."""
    told = [_ahead(briefing, asker, now) for briefing in nudge.agenda]
    told += [_over(left, asker) for left in nudge.left]
    cut = [blocks.context(f"and {len(told) - MOST} more")] if len(told) > MOST else []
    return blocks.message(
        blocks.header("What is missing at briefings you organise"),
        *told[:MOST],
        *cut,
        blocks.context("You are told once of each. To hear of none: `/coalition settings`"),
    )


def _ahead(briefing: Briefing, asker: Asker, now: datetime) -> Block:
    zone = ZoneInfo(asker.zone)
    days = (briefing.starts_at.astimezone(zone).date() - now.astimezone(zone).date()).days
    left = f"{count(days, 'day')} to go" if days else "it is today"
    edit = blocks.button("Edit", EDIT, briefing.id, about=f"Edit: E{briefing.id}")
    return blocks.section(
        f"{_name(briefing)}: no agenda yet, {left}",
        when(briefing.starts_at, asker.zone, briefing.zone, briefing.precision),
        accessory=edit,
    )


def _over(left: Left, asker: Asker) -> Block:
    briefing, number = left.briefing, f"E{left.briefing.id}"
    lacks = []
    if left.check_in:
        lacks.append("• Check-in: nobody is noted to have come")
        lacks.append(f"• Recap: once that is noted, `/briefings recap {number}`")
    if left.recording:
        link = f"`/briefings recording {number} https://…`"
        lacks.append(f"• Recording: announced, and not linked yet: {link}")
    return blocks.section(
        f"{_name(briefing)} took place on {day(briefing.starts_at, asker.zone)}:",
        *lacks,
        accessory=opening(briefing) if left.check_in else None,
    )


def _name(briefing: Briefing) -> str:
    return f"*E{briefing.id} {said(briefing.title, 150)}*"
