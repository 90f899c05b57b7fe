"""What staff see of the digests that are ordered: when they go, and what the next would say."""

from collections.abc import Sequence

from commands import blocks, digests
from commands.blocks import Block, Message
from commands.words import count, when
from storage.orders import Line, Preview

PREVIEW, SEND_NOW = "coalition.preview_digest", "coalition.send_digest"
PAUSE, RESUME = "coalition.pause_digest", "coalition.resume_digest"
SHOWN = 10
ORDERING = "Which channel gets one, and when, stands in the coalition's file."


def standing(lines: Sequence[Line], zone: str) -> Message:
    """List the digests with their buttons."""
    if not lines:
        return blocks.message(blocks.section("No digest is ordered."), blocks.context(ORDERING))
    left = len(lines) - SHOWN
    return blocks.message(
        blocks.header("Weekly digests"),
        *(block for line in lines[:SHOWN] for block in _line(line, zone)),
        *([blocks.section(f"and {count(left, 'digest')} more")] if left > 0 else []),
        blocks.context(ORDERING, "What could not be sent: `/coalition messages`"),
    )


def preview(found: Preview) -> Message:
    """Show to whoever asked what the channel's readers would be told now."""
    drawn = digests.drawn(found.moved, found.zone, for_many=True) if found.moved.is_news else None
    if drawn is None:
        return blocks.message(
            blocks.section(f"Nothing new for <#{found.channel}>: no digest would be posted now.")
        )
    note = f"Only you see this. <#{found.channel}> would be told this now."
    return blocks.message(blocks.context(note), *blocks.without_charts(drawn)["blocks"])


def _line(line: Line, zone: str) -> list[Block]:
    channel = f"<#{line.channel}>"
    if not line.is_on:
        return [
            blocks.section(f"*{channel}*: paused."),
            blocks.actions(_button("Preview", PREVIEW, line), _button("Resume", RESUME, line)),
        ]
    return [
        blocks.section(f"*{channel}*: next {when(line.next_at, zone, line.zone)}."),
        blocks.actions(
            _button("Preview", PREVIEW, line),
            _button("Send now", SEND_NOW, line),
            _button("Pause", PAUSE, line),
        ),
    ]


def _button(label: str, action: str, line: Line) -> Block:
    return blocks.button(label, action, line.id, about=f"{label}: the digest of {line.channel}")
