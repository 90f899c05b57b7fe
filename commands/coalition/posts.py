"""What staff see of the bot's messages: what did not go and what is in doubt."""

from commands import blocks, cards
from commands.blocks import Block, Message
from commands.words import count, when
from storage.models import Delivery, DeliveryState
from storage.unposted import Line, Post

ARRIVED, SEND_AGAIN = "coalition.arrived", "coalition.send_again"
MORE_MESSAGES = "coalition.more_messages"
WHAT = {
    "action_accepted": "News of an action item",
    "action_declined": "News of an action item",
    "action_given": "News of an action item",
    "action_proposed": "A proposed action item",
    "agenda_changed": "News of sessions on somebody's agenda",
    "answer_recorded": "News of an answer recorded for somebody",
    "attendance_file": "Who came to a briefing, as a file",
    "briefing_changed": "News of a changed briefing",
    "calendar_file": "A briefing for somebody's calendar",
    "contact_seated": "News of a seat for somebody without Slack",
    "feedback_asked": "The question how a briefing was",
    "group_joined": "News of a working group",
    "group_left": "News of a working group",
    "handed_on": "News of what was handed on",
    "linked": "News of a link",
    "my_data": "Somebody's own data",
    "not_posted": "News of a post that did not go",
    "organiser_nudge": "What is missing at briefings somebody organises",
    "own_digest": "Somebody's own digest",
    "post_refused": "News of a post that did not go",
    "posted_here": "A post that somebody asked for",
    "promoted": "News of a freed seat",
    "recall": "Taking back a message",
    "redraw": "Bringing the post of a briefing up to date",
    "invited": "An invitation to a briefing",
    "last_call": "The question to whoever said maybe, before registration closes",
    "recording_added": "News of a recording",
    "reminder": "A reminder",
    "seat_decided": "News of a seat that somebody asked for",
    "seat_handed": "News of a seat sent to a colleague",
    "seat_offered": "A seat held for somebody",
    "seat_sent": "A seat sent by a colleague",
    "seats_asked": "Who asks for a seat at briefings somebody organises",
    "share_asked": "A question whether everyone may see something",
    "swap_answered": "News of a seat that a colleague was asked for",
    "swap_asked": "A seat that a colleague asks for",
    "to_link": "A newcomer to link",
    "to_offboard": "A leaver to offboard",
    "update_due": "A question how an initiative stands",
    "update_overdue": "News of a silent initiative",
    "update_suggested": "A suggested update",
    "weekly_digest": "The weekly digest",
}
STATES = {
    DeliveryState.HELD: "in doubt",
    DeliveryState.DEAD: "not sent",
    DeliveryState.EXPIRED: "not sent in time",
}


def standing(post: Post, zone: str) -> Message:
    """Say what failed and what waits."""
    waits = (
        f"{count(post.waiting, 'message')} due and not sent yet, the oldest since "
        f"{when(post.oldest, zone)}."
        if post.oldest
        else "Nothing is due that has not been sent."
    )
    return blocks.message(
        blocks.header("The bot's messages"),
        blocks.section(waits),
        *_failed(post, zone),
        blocks.context("When digests go: `/coalition digest status`"),
    )


def in_doubt(found: Delivery, zone: str) -> Message:
    """Ask whether a message is there, naming where and when but not what it said."""
    return blocks.message(
        blocks.section(
            f"{_name(found.kind)} to {_place(found.recipient)} is in doubt since "
            f"{when(found.due_at, zone)}: Slack did not say whether it took it, and the bot may "
            "not look.",
            "Look there, or ask, and say which it is. Until then it is neither sent again nor "
            "counted as sent.",
        ),
        _choice(found.id, f"{_name(found.kind)} to {found.recipient}"),
    )


def settled(*, is_new: bool, arrived: bool) -> Message:
    """Confirm what was decided."""
    if not is_new:
        return blocks.message(blocks.section("That has been settled already. Nothing changed."))
    return blocks.message(
        blocks.section(
            "Noted: it arrived."
            if arrived
            else "It goes out again now, unless it is of no use any more: `/coalition messages`"
        )
    )


def _failed(post: Post, zone: str) -> list[Block]:
    if not post.failed.total:
        return [blocks.section("In the last 30 days nothing failed.")]
    return [
        blocks.header("Not sent, or in doubt"),
        *(block for line in post.failed.rows for block in _line(line, zone)),
        *cards.pages(post.failed, MORE_MESSAGES, "message"),
    ]


def _line(line: Line, zone: str) -> list[Block]:
    told = blocks.section(
        f"*{_name(line.kind)}* to {_place(line.recipient)}, {when(line.due_at, zone)}: "
        f"{STATES[line.state]}.",
        line.reason or "",
    )
    if line.state is not DeliveryState.HELD:
        return [told]
    return [told, _choice(line.id, f"{_name(line.kind)} to {line.recipient}")]


def _choice(delivery: int, about: str) -> Block:
    return blocks.actions(
        blocks.button("It is there", ARRIVED, delivery, about=f"{about} is there"),
        blocks.button("Send it again", SEND_AGAIN, delivery, about=f"Send {about} again"),
    )


def _name(kind: str) -> str:
    return WHAT.get(kind, "A message")


def _place(recipient: str) -> str:
    return f"<@{recipient}>" if recipient.startswith(("U", "W")) else f"<#{recipient}>"
