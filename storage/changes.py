"""What those who answered have to hear: a briefing was moved, or does not take place after all."""

import hashlib
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
PARTS: Mapping[str, tuple[str, ...]] = {
    "time": TIMES,
    "place": ("place", "venue", "city"),
    "link": ("join_link",),
    "state": ("state",),
}
MARKED = ("place", "link")  # of which it is noted only by a mark how they were
ASKING = (*TIMES[:3], *PARTS["place"])  # whoever comes is asked whether they still do
_Snapshot = Mapping[str, Any]
_CONCERNED = (
    sa.select(Person.id.label("person"), Person.slack_user, Rsvp.id.label("answer"))
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
    return {name: getattr(briefing, name) for names in PARTS.values() for name in names}


def announce(session: Session, now: datetime, briefing: Briefing, before: _Snapshot) -> int:
    """Owe to all who go, may go or wait what has changed since *before*; say how many hear of it.

    For those without Slack it is whoever has to tell them, once, whether they come themselves or
    not. Whoever has not been told of a change before this one hears of both at once; of what was
    taken back until then nobody hears, and nobody is asked whether they still come because of it.
    Whether it takes place can be taken back until `HOLD` is over, so with that all of it waits from
    *now*.
    """
    after = noted(briefing)
    parts = {part for part, names in PARTS.items() if any(before[n] != after[n] for n in names)}
    until = max(before["ends_at"], after["ends_at"])
    if not parts or until <= now or State.DRAFT in (before["state"], after["state"]):
        return 0
    readers = _readers(session, briefing)
    waiting = {row.recipient: row for row in _untold(session, briefing)}
    for row in waiting.values():
        row.details = {**row.details, "parts": _different(row, parts, after)}
        row.expires_at = until
        if "state" in parts:
            row.due_at = now + HOLD
    is_asking = any(before[name] != after[name] for name in ASKING)
    asked = _ask_again(session, briefing, readers, waiting) if is_asking else set()
    times = [before["starts_at"].isoformat(), before["ends_at"].isoformat()]
    told = {
        "was": [*times, before["precision"], before["state"]],
        "marks": {part: _mark(before, part) for part in MARKED},
        "parts": sorted(parts),
    }
    hearing = sum(user in waiting for _, user in readers)
    return hearing + sum(
        deliveries.owe(
            session,
            briefing.workspace_id,
            now,
            key=f"changed:{briefing.id}:{person}:{int(now.timestamp())}",
            kind=KIND,
            recipient=user,
            details={
                "briefing": briefing.id,
                "person": person,
                **told,
                "asked": sorted(asked & answers),
            },
            due_at=now + HOLD,
            expires_at=until,
        )
        for (person, user), answers in readers.items()
        if user not in waiting
    )


def _readers(session: Session, briefing: Briefing) -> dict[tuple[int, str], set[int]]:
    """Give who hears of a change, by our id and Slack's, and for whose answers."""
    people = session.execute(_CONCERNED, {"briefing": briefing.id}).all()
    readers = {(row.person, row.slack_user): {row.answer} for row in people}
    unreached = contacts.answering(session, briefing)
    for reader, theirs in contacts.tellers(session, briefing.workspace_id, unreached).items():
        readers.setdefault(reader, set()).update(one.answer for one in theirs)
    return readers


def _ask_again(
    session: Session,
    briefing: Briefing,
    readers: Mapping[tuple[int, str], set[int]],
    waiting: Mapping[str, Delivery],
) -> set[int]:
    """Note of all who come that they are to confirm it; give of which answers that is new.

    Not of those who will hear nothing, since for them it is where and when it was: what was noted
    of them because of this change alone is undone.
    """
    hearing = {
        answer
        for (_, user), answers in readers.items()
        if user not in waiting or not _is_back(waiting[user], briefing)
        for answer in answers
    }
    spared = set[int]().union(*readers.values()) - hearing
    asked = set[int](
        session.scalars(
            sa.update(Rsvp)
            .where(
                Rsvp.briefing_id == briefing.id,
                Rsvp.standing != Standing.DECLINED,
                Rsvp.reconfirm.is_(False),
                Rsvp.id.not_in(spared),
            )
            .values(reconfirm=True)
            .returning(Rsvp.id)
        )
    )
    undone = set[int]()
    for (_, user), answers in readers.items():
        if user in waiting:
            row = waiting[user]
            noted_before = set(row.details.get("asked", ()))
            undone |= noted_before & spared
            row.details = {
                **row.details,
                "asked": sorted((noted_before - spared) | (asked & answers)),
            }
    session.execute(sa.update(Rsvp).where(Rsvp.id.in_(undone)).values(reconfirm=False))
    return asked


def _different(row: Delivery, parts: set[str], after: _Snapshot) -> list[str]:
    marks = row.details.get("marks", {})
    same = {part for part in MARKED if marks.get(part) == _mark(after, part)}
    return sorted({*row.details["parts"], *parts} - same)


def _is_back(row: Delivery, briefing: Briefing) -> bool:
    starts, ends, precision, _ = row.details["was"]
    times = datetime.fromisoformat(starts), datetime.fromisoformat(ends)
    is_same = (*times, precision) == (briefing.starts_at, briefing.ends_at, briefing.precision)
    return is_same and "place" not in row.details["parts"]


def _mark(snapshot: _Snapshot, part: str) -> str:
    """Name how that *part* was where its words have no place."""
    words = "\n".join(str(snapshot[name]) for name in PARTS[part])
    return hashlib.sha256(words.encode()).hexdigest()[:12]


def _untold(session: Session, briefing: Briefing) -> Sequence[Delivery]:
    """Load what is owed of an earlier change of *briefing* and has not gone yet."""
    owed = sa.select(Delivery).where(
        Delivery.workspace_id == briefing.workspace_id,
        Delivery.key.startswith(f"changed:{briefing.id}:", autoescape=True),
        Delivery.state == DeliveryState.PENDING,
    )
    return session.scalars(owed.with_for_update()).all()
