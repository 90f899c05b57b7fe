"""What the bot says unasked: one file per message, each composed at the moment it is sent."""

from collections.abc import Sequence
from datetime import datetime

from bot.digests import (
    action_news,
    agenda_changed,
    answer_recorded,
    approval,
    attendance_file,
    briefing_changed,
    calendar_file,
    comings,
    contact_seated,
    feedback_asked,
    group_seat,
    handed_on,
    in_doubt,
    invited,
    last_call,
    linked,
    my_data,
    organiser_nudge,
    own_digest,
    post_refused,
    posted_here,
    promoted,
    recall,
    recording_added,
    redraw,
    reminder,
    seat_offered,
    seat_sent,
    share_asked,
    swap,
    update_due,
    update_suggested,
    weekly,
)
from bot.digests.composing import (
    Compose,
    ComposeAll,
    Composed,
    File,
    Later,
    Recall,
    Settled,
    Unneeded,
)
from storage import people, preferences
from storage.database import Session
from storage.deliveries import Claim
from storage.models import ActionState

__all__ = [
    "BUNDLED",
    "KINDS",
    "REPEATABLE",
    "TOGETHER",
    "TRACELESS",
    "Compose",
    "Composed",
    "File",
    "Later",
    "Recall",
    "Settled",
    "Unneeded",
    "compose",
    "each",
    "together",
]

KINDS: dict[str, Compose] = {
    "action_accepted": action_news.compose(action_news.accepted, ActionState.OPEN),
    "action_declined": action_news.compose(action_news.declined, ActionState.DECLINED),
    "action_given": action_news.compose(action_news.given, ActionState.OPEN),
    "action_proposed": action_news.compose(action_news.proposed, ActionState.PROPOSED),
    "agenda_changed": agenda_changed.compose,
    "answer_recorded": answer_recorded.compose,
    "attendance_file": attendance_file.compose,
    "briefing_changed": briefing_changed.compose,
    "calendar_file": calendar_file.compose,
    "contact_seated": contact_seated.compose,
    "feedback_asked": feedback_asked.compose,
    "group_joined": group_seat.joined,
    "group_left": group_seat.left,
    "handed_on": handed_on.compose,
    "in_doubt": in_doubt.compose,
    "invited": invited.compose,
    "last_call": last_call.compose,
    "linked": linked.compose,
    "my_data": my_data.compose,
    "not_posted": post_refused.to_asker,
    "organiser_nudge": organiser_nudge.compose,
    "own_digest": own_digest.compose,
    "post_refused": post_refused.to_staff,
    "posted_here": posted_here.compose,
    "promoted": promoted.compose,
    "recall": recall.compose,
    "recording_added": recording_added.compose,
    "redraw": redraw.compose,
    "reminder": reminder.compose,
    "seat_decided": approval.to_person,
    "seat_handed": seat_sent.to_giver,
    "seat_offered": seat_offered.compose,
    "seat_sent": seat_sent.to_colleague,
    "seats_asked": approval.to_organiser,
    "share_asked": share_asked.compose,
    "swap_answered": swap.to_asker,
    "swap_asked": swap.to_holder,
    "to_link": comings.to_link,
    "to_offboard": comings.to_offboard,
    "update_due": update_due.to_lead,
    "update_overdue": update_due.to_staff,
    "update_suggested": update_suggested.compose,
    "weekly_digest": weekly.compose,
}

# What is composed for many in as many statements as for one.
TOGETHER: dict[str, ComposeAll] = {"own_digest": own_digest.together}
# News and reminders: what is due of them at the same time goes in one message. No button of theirs
# may put its answer in the message's place, for the others stand there too.
BUNDLED = frozenset(
    {
        *("action_accepted", "action_declined", "action_given", "action_proposed"),
        *("agenda_changed", "briefing_changed", "recording_added", "feedback_asked"),
        *("group_joined", "group_left", "invited", "last_call", "reminder"),
        *("organiser_nudge", "update_due", "update_overdue", "update_suggested"),
    }
)
REPEATABLE = frozenset({"recall", "redraw"})  # doing it again changes nothing
LEFT = Unneeded("They have left.")
# Slack lets no message with files carry a key.
TRACELESS = frozenset({"attendance_file", "calendar_file", "my_data"})


def compose(session: Session, claimed: Claim, now: datetime) -> Settled:
    """Word what is owed as things are now; not for somebody who has left, nor who wishes it not."""
    if people.left(session, claimed.workspace, [claimed.recipient]):
        return LEFT
    rest = preferences.rest(session, claimed, now)
    if rest is not None:
        return Later(rest.until, rest.why) if rest.until else Unneeded(rest.why)
    return KINDS[claimed.kind](session, claimed, now)


def each(session: Session, claimed: Claim, now: datetime) -> dict[int, Settled]:
    """Word as `compose` does, by their ids, all that go in one message."""
    return {one.id: compose(session, one, now) for one in claimed.each}


def together(session: Session, claims: Sequence[Claim], now: datetime) -> dict[int, Settled]:
    """Word as `compose` does, by their ids, those of *claims* that are worded together."""
    settled: dict[int, Settled] = {}
    for kind, workspace in {(claimed.kind, claimed.workspace) for claimed in claims}:
        alike = [c for c in claims if (c.kind, c.workspace) == (kind, workspace)]
        gone = people.left(session, workspace, {claimed.recipient for claimed in alike})
        settled |= {claimed.id: LEFT for claimed in alike if claimed.recipient in gone}
        there = [claimed for claimed in alike if claimed.recipient not in gone]
        if there and kind in TOGETHER:
            worded = TOGETHER[kind](session, there, now)
            settled |= {claimed.id: each for claimed, each in zip(there, worded, strict=True)}
    return settled
