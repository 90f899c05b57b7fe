"""What those who keep digests see of them: when they go and went, and what the next would say."""

from collections.abc import Sequence

from commands import blocks, digests, rhythms
from commands.blocks import Block, Message
from commands.coalition.order_form import of_whom
from commands.words import city, count, said, when
from storage.asker import Asker
from storage.orders import Line, Preview

PREVIEW, SEND_NOW = "coalition.preview_digest", "coalition.send_digest"
PAUSE, RESUME = "coalition.pause_digest", "coalition.resume_digest"
CHANGE, CALL_OFF = "coalition.change_digest", "coalition.call_off_digest"
HERE = "coalition.order_here"
SHOWN = 10
ORDERING = "To order one: `/coalition digest here` in the channel that is to get it."


def standing(lines: Sequence[Line], asker: Asker) -> Message:
    """List the digests that *asker* keeps, with their buttons."""
    if not lines:
        return blocks.message(
            blocks.section("There is no digest that you keep."), _here(), blocks.context(ORDERING)
        )
    left = len(lines) - SHOWN
    unsent = ["What could not be sent: `/coalition messages`"] if asker.is_staff else []
    return blocks.message(
        blocks.header("Digests for channels"),
        *(block for line in lines[:SHOWN] for block in _line(line, asker.zone)),
        *([blocks.section(f"and {count(left, 'digest')} more")] if left > 0 else []),
        _here(),
        blocks.context(ORDERING, *unsent),
    )


def preview(found: Preview) -> Message:
    """Show to whoever asked what the channel's readers would be told now."""
    drawn = digests.edition(found.edition)
    if drawn is None:
        return blocks.message(
            blocks.section(f"Nothing new for <#{found.channel}>: no digest would be posted now.")
        )
    note = f"Only you see this. <#{found.channel}> would be told this now."
    return blocks.message(blocks.context(note), *blocks.without_charts(drawn)["blocks"])


def ordered(line: Line, zone: str) -> Message:
    """Read an order back. It is shown inside the form, where buttons lead nowhere."""
    rest = "" if line.is_on else " It is paused; resume it with `/coalition digest status`."
    return blocks.message(
        blocks.section(
            f"<#{line.channel}> gets a digest {_order(line)}.{rest}",
            f"Next: {when(line.next_at, zone, line.zone)}." if line.is_on else "",
        ),
        blocks.context("To look ahead, change it or call it off: `/coalition digest status`"),
    )


def _line(line: Line, zone: str) -> list[Block]:
    buttons = [_button("Preview", PREVIEW, line)]
    buttons += (
        [_button("Send now", SEND_NOW, line), _button("Pause", PAUSE, line)]
        if line.is_on
        else [_button("Resume", RESUME, line)]
    )
    following = f"next {when(line.next_at, zone, line.zone)}" if line.is_on else "paused"
    return [
        blocks.section(
            f"*<#{line.channel}>*: {following}.", f"It is {_order(line)}.", *_past(line, zone)
        ),
        blocks.actions(
            *buttons, _button("Change", CHANGE, line), _button("Call off", CALL_OFF, line)
        ),
    ]


def _here() -> Block:
    return blocks.actions(blocks.button("Order one for this channel", HERE, "here"))


def _order(line: Line) -> str:
    often = rhythms.said(line.weekday, line.at)
    about = "" if line.initiative is None else f" about I{line.initiative}"
    title = f" {said(line.about, 100)}" if line.about else ""
    return f"{of_whom(line.audience, line.group)}{about}{title}, {often} ({city(line.zone)})"


def _past(line: Line, zone: str) -> list[str]:
    """Say when it last went, and why it last did not."""
    told = [f"Last sent {when(line.sent_at, zone)}." if line.sent_at else "Never sent yet."]
    if line.failed_at is not None:
        told.append(f"Last failure {when(line.failed_at, zone)}: {line.why or 'no reason given.'}")
    return told


def _button(label: str, action: str, line: Line) -> Block:
    return blocks.button(label, action, line.id, about=f"{label}: the digest of {line.channel}")
