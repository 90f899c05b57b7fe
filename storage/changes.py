"""What those who answered have to hear: a briefing was moved, or does not take place after all."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa

from storage import contacts, deliveries
from storage.database import Session
from storage.models import Briefing, Delivery, DeliveryState, Person, Rsvp, Standing, State

KIND = "briefing_changed"
HOLD = timedelta(minutes=10)  # what changes within it is told as one change
TIMES = ("starts_at", "ends_at", "precision", "zone")
PLACES = ("place", "venue", "city")
ASKING = frozenset({"time", "place"})  # whoever comes is asked whether they still do
_Snapshot = Mapping[str, Any]
_CONCERNED = (
    sa.select(Person.id, Person.slack_user)
    .join(Rsvp, Rsvp.person_id == Person.id)
    .where(
        Rsvp.briefing_id == sa.bindparam("briefing"),
        Rsvp.standing != Standing.DECLINED,
        Person.is_active,
    )
    .order_by(Rsvp.id)
)


def noted(briefing: Briefing) -> _Snapshot:
    """Note how *briefing* is before it is changed."""
    return {name: getattr(briefing, name) for name in (*TIMES, *PLACES, "join_link", "state")}


def announce(session: Session, now: datetime, briefing: Briefing, before: _Snapshot) -> int:
    """Owe to all who go, may go or wait what has changed since *before*; say how many hear of it.

    For those without Slack it is whoever has to tell them, once, whether they come themselves or
    not. Whoever has not been told of a change before this one hears of both at once. Whether it
    takes place can be taken back until `HOLD` is over, so with that all of it waits from *now*.
    """
    after = noted(briefing)
    parts = {
        part
        for part, names in {"time": TIMES, "place": PLACES, "link": ("join_link",)}.items()
        if any(before[name] != after[name] for name in names)
    }
    if before["state"] is not after["state"]:
        parts.add("state")
    until = max(before["ends_at"], after["ends_at"])
    if not parts or until <= now or State.DRAFT in (before["state"], after["state"]):
        return 0
    if parts & ASKING:
        come = (Rsvp.briefing_id == briefing.id, Rsvp.standing != Standing.DECLINED)
        session.execute(sa.update(Rsvp).where(*come).values(reconfirm=True))
    times = [before["starts_at"].isoformat(), before["ends_at"].isoformat()]
    was = [*times, before["precision"], before["state"]]
    told = {"was": was, "parts": sorted(parts)}
    people = session.execute(_CONCERNED, {"briefing": briefing.id}).all()
    unreached = contacts.answering(session, briefing)
    staff = contacts.tellers(session, briefing.workspace_id, unreached)
    readers = dict.fromkeys([*((row.id, row.slack_user) for row in people), *staff])
    waiting = {row.recipient: row for row in _untold(session, briefing)}
    for row in waiting.values():
        row.details = {**row.details, "parts": sorted({*row.details["parts"], *parts})}
        row.expires_at = until
        if "state" in parts:
            row.due_at = now + HOLD
    hearing = sum(user in waiting for _, user in readers)
    return hearing + sum(
        deliveries.owe(
            session,
            briefing.workspace_id,
            now,
            key=f"changed:{briefing.id}:{person}:{int(now.timestamp())}",
            kind=KIND,
            recipient=user,
            details={"briefing": briefing.id, "person": person, **told},
            due_at=now + HOLD,
            expires_at=until,
        )
        for person, user in readers
        if user not in waiting
    )


def _untold(session: Session, briefing: Briefing) -> Sequence[Delivery]:
    """Load what is owed of an earlier change of *briefing* and has not gone yet."""
    owed = sa.select(Delivery).where(
        Delivery.workspace_id == briefing.workspace_id,
        Delivery.key.startswith(f"changed:{briefing.id}:", autoescape=True),
        Delivery.state == DeliveryState.PENDING,
    )
    return session.scalars(owed.with_for_update()).all()
