"""What somebody wishes of the messages to them: not these, not now, not while on leave."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, time
from enum import StrEnum

import sqlalchemy as sa

from storage import quiet
from storage.asker import Asker
from storage.database import Session
from storage.deliveries import Claim
from storage.errors import Refusal
from storage.models import Person, Preference
from storage.quiet import Hours


class News(StrEnum):
    """What one may mute. All else is one's own concern or duty, and is always told."""

    REMINDERS = "reminders"
    ACTIONS = "actions"
    GROUPS = "groups"
    INVITATIONS = "invitations"
    RECORDINGS = "recordings"
    SUGGESTIONS = "suggestions"
    FEEDBACK = "feedback"
    ORGANISING = "organising"
    REQUESTS = "requests"


# Which kinds of message each is. What one ordered oneself, or is asked as a lead, cannot be muted.
OF: Mapping[str, News] = {
    "action_accepted": News.ACTIONS,
    "action_declined": News.ACTIONS,
    "action_given": News.ACTIONS,
    "action_proposed": News.ACTIONS,
    "feedback_asked": News.FEEDBACK,
    "group_joined": News.GROUPS,
    "group_left": News.GROUPS,
    "invited": News.INVITATIONS,
    "last_call": News.REMINDERS,
    "organiser_nudge": News.ORGANISING,
    "recording_added": News.RECORDINGS,
    "reminder": News.REMINDERS,
    "seats_asked": News.REQUESTS,
    "update_suggested": News.SUGGESTIONS,
}
# An own digest is not even owed while its reader is on leave, see own_digests.plan.
NOT_ON_LEAVE = frozenset({*OF, "update_due"})
# Of the rest, a reminder is planned for another hour, see reminders.due.
WAITING = frozenset(OF) - {"reminder", "last_call"}


@dataclass(frozen=True)
class Wishes:
    """What is *muted*, until when they are on leave, and their quiet *hours*."""

    muted: frozenset[News] = frozenset()
    back_at: datetime | None = None
    hours: Hours | None = None


@dataclass(frozen=True)
class Rest:
    """A message is not to go now, and *why*: after *until* it may, without one never."""

    why: str
    until: datetime | None = None


def on_leave(person: type[Person]) -> sa.ColumnElement[bool]:
    """Give the condition that *person*, which may be an alias, is on leave; asked with `now`."""
    is_away = Preference.back_at > sa.bindparam("now")
    return sa.exists().where(Preference.person_id == person.id, is_away).correlate(person)


def mine(session: Session, asker: Asker, now: datetime) -> Wishes:
    """Give what *asker* wishes; a leave that is over is none."""
    found = _found(session, asker)
    if found is None:
        return Wishes()
    back_at = found.back_at if found.back_at and found.back_at > now else None
    return Wishes(_muted(found), back_at, hours_of(found))


def keep(session: Session, asker: Asker, now: datetime, wishes: Wishes) -> None:
    """Keep *wishes* in the place of what was wished before. Raises Refusal."""
    if wishes.back_at is not None and wishes.back_at <= now:
        raise Refusal("A leave ends on a day to come.")
    if wishes.hours is not None and wishes.hours.length > quiet.LONGEST:
        raise Refusal("Quiet hours last at most 14 hours.")
    found = _found(session, asker)
    if wishes == Wishes():
        if found is not None:
            session.delete(found)
        return
    if found is None:
        found = Preference(workspace_id=asker.workspace, person_id=asker.person)
        session.add(found)
    found.muted = sorted(wishes.muted)
    found.back_at = wishes.back_at
    found.quiet_from = f"{wishes.hours.since:%H:%M}" if wishes.hours else None
    found.quiet_until = f"{wishes.hours.until:%H:%M}" if wishes.hours else None


def rest(session: Session, claimed: Claim, now: datetime) -> Rest | None:
    """Say whether its reader wishes not to get *claimed*, or not now."""
    if claimed.kind not in NOT_ON_LEAVE:
        return None
    found = session.execute(
        sa.select(Preference, Person.zone)
        .join(Person, Preference.person_id == Person.id)
        .where(Preference.workspace_id == claimed.workspace, Person.slack_user == claimed.recipient)
    ).first()
    if found is None:
        return None
    wished, zone = found
    if wished.back_at is not None and wished.back_at > now:
        return Rest("They are on leave.")
    if OF.get(claimed.kind) in _muted(wished):
        return Rest("They wish not to be told of such things.")
    hours = hours_of(wished) if claimed.kind in WAITING else None
    until = quiet.over(now, zone, hours) if hours else None
    return Rest("These are their quiet hours.", until) if until else None


def hours_of(wished: Preference | None) -> Hours | None:
    """Give the quiet hours that somebody chose."""
    if wished is None or wished.quiet_from is None or wished.quiet_until is None:
        return None
    return Hours(time.fromisoformat(wished.quiet_from), time.fromisoformat(wished.quiet_until))


def _muted(wished: Preference) -> frozenset[News]:
    return frozenset(News(one) for one in wished.muted if one in set(News))


def _found(session: Session, asker: Asker) -> Preference | None:
    return session.scalars(
        sa.select(Preference).where(
            Preference.workspace_id == asker.workspace, Preference.person_id == asker.person
        )
    ).one_or_none()
