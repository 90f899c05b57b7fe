"""What those who answered have to hear: a briefing was moved, or does not take place after all."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa

from storage import deliveries
from storage.database import Session
from storage.models import Briefing, Delivery, DeliveryState, Person, Rsvp, Standing, State

KIND = "briefing_changed"
HOLD = timedelta(minutes=10)  # what changes within it is told as one change
TIMES = ("starts_at", "ends_at", "precision", "zone")
PLACES = ("place", "venue", "city")
_Snapshot = Mapping[str, Any]
_CONCERNED = (
    sa.select(Person)
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
    """Owe to all who go, may go or wait what has changed since *before*; say how many are new.

    Whoever has not been told of a change before this one hears of both at once.
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
    times = [before["starts_at"].isoformat(), before["ends_at"].isoformat()]
    was = [*times, before["precision"], before["state"]]
    told = {"was": was, "parts": sorted(parts)}
    people = session.scalars(_CONCERNED, {"briefing": briefing.id}).all()
    return sum(_owe(session, now, briefing, person, told, until) for person in people)


def _owe(
    session: Session,
    now: datetime,
    briefing: Briefing,
    person: Person,
    told: Mapping[str, Any],
    until: datetime,
) -> bool:
    about = f"changed:{briefing.id}:{person.id}:"
    waiting = session.scalars(
        sa.select(Delivery)
        .where(
            Delivery.workspace_id == briefing.workspace_id,
            Delivery.key.startswith(about, autoescape=True),
            Delivery.state == DeliveryState.PENDING,
        )
        .with_for_update()
    ).first()
    if waiting is not None:
        parts = {*waiting.details["parts"], *told["parts"]}
        waiting.details = {**waiting.details, "parts": sorted(parts)}
        waiting.expires_at = until
        return False
    return deliveries.owe(
        session,
        briefing.workspace_id,
        now,
        key=f"{about}{int(now.timestamp())}",
        kind=KIND,
        recipient=person.slack_user,
        details={"briefing": briefing.id, "person": person.id, **told},
        due_at=now + HOLD,
        expires_at=until,
    )
