"""What people have to hear of the sessions on their agenda: moved, in another room, or off."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import selectinload

from storage import deliveries
from storage.asker import Asker
from storage.changes import HOLD
from storage.database import Session
from storage.models import (
    Briefing,
    Delivery,
    DeliveryState,
    FormerTalk,
    Person,
    Pick,
    Rsvp,
    Standing,
    State,
    Talk,
)
from storage.talks import IN_ORDER, READABLE

KIND = "agenda_changed"
_COMES = sa.and_(Rsvp.briefing_id == sa.bindparam("briefing"), Rsvp.standing != Standing.DECLINED)
_ANSWERED = sa.select(Rsvp.person_id).where(_COMES)
_CHOSE = (
    sa.select(Pick.talk_id, Person.id, Person.slack_user)
    .join(Person, Pick.person_id == Person.id)
    .where(Pick.talk_id.in_(sa.bindparam("talks", expanding=True)), Person.is_active)
    .order_by(Person.id)
)
_SPEAK = (
    sa.select(Rsvp.organisation_id, Person.id, Person.slack_user)
    .join(Person, Rsvp.person_id == Person.id)
    .where(
        _COMES,
        Rsvp.organisation_id.in_(sa.bindparam("organisations", expanding=True)),
        Person.is_active,
    )
    .order_by(Person.id)
)
_IS_CHOSEN = sa.exists().where(Pick.talk_id == Talk.id, Pick.person_id == sa.bindparam("asker"))
_SPEAKS = sa.exists().where(
    Rsvp.briefing_id == Talk.briefing_id,
    Rsvp.organisation_id == Talk.organisation_id,
    Rsvp.person_id == sa.bindparam("asker"),
    Rsvp.standing != Standing.DECLINED,
)
_TOLD = (
    sa.select(Talk, FormerTalk, _IS_CHOSEN.label("is_chosen"))
    .join(FormerTalk, FormerTalk.talk_id == Talk.id)
    .join(Briefing, Talk.briefing_id == Briefing.id)
    .where(
        READABLE,
        Briefing.id == sa.bindparam("briefing"),
        FormerTalk.id.in_(sa.bindparam("former", expanding=True)),
        sa.or_(_IS_CHOSEN, _SPEAKS),
    )
    .options(selectinload(Talk.briefing))
    .order_by(*IN_ORDER)
)


@dataclass(frozen=True)
class Was:
    """What of a session is news where it changes."""

    starts_at: datetime
    ends_at: datetime
    room: str | None
    takes_place: bool


@dataclass(frozen=True)
class Change:
    """A session, how its reader knew it, and how it *is*; who has not chosen it speaks in it."""

    talk: Talk
    was: Was
    now: Was
    is_chosen: bool


@dataclass
class Reader:
    """Somebody who has to hear of *talks*, by their Slack id."""

    slack_user: str
    talks: set[int] = field(default_factory=set)


def noted(talks: Iterable[Talk], state: State) -> dict[int, Was]:
    """Note how *talks* of a briefing in *state* are, before they are changed or after."""
    return {
        talk.id: Was(
            talk.starts_at,
            talk.ends_at,
            talk.room,
            talk.gone_at is None and state is not State.CANCELLED,
        )
        for talk in talks
    }


def readers(
    session: Session, briefing: Briefing, talks: Collection[Talk], *, but_answered: bool = False
) -> dict[int, Reader]:
    """Say by their ids who has some of *talks* on their agenda, or comes and speaks in some.

    *but_answered* leaves out whoever goes to the briefing, may go or waits.
    """
    found: dict[int, Reader] = {}
    values = {"briefing": briefing.id, "talks": [talk.id for talk in talks]}
    for number, person, user in session.execute(_CHOSE, values):
        found.setdefault(person, Reader(user)).talks.add(number)
    if but_answered:
        answered = set(session.scalars(_ANSWERED, values))
        return {person: reader for person, reader in found.items() if person not in answered}
    spoken: dict[int | None, set[int]] = {}
    for talk in talks:
        spoken.setdefault(talk.organisation_id, set()).add(talk.id)
    speaking = {"organisations": [one for one in spoken if one is not None]}
    for organisation, person, user in session.execute(_SPEAK, values | speaking):
        found.setdefault(person, Reader(user)).talks.update(spoken[organisation])
    return found


def announce(
    session: Session,
    now: datetime,
    briefing: Briefing,
    talks: Sequence[Talk],
    before: Mapping[int, Was],
    *,
    but_answered: bool = False,
) -> int:
    """Owe to whom it concerns what of *talks* is not as *before*; say how many hear of it.

    Each hears once of all that changes within `HOLD`, as of the first change they have not heard
    of. What begins or ceases to take place can be taken back until then, so with that all waits
    from *now*. *but_answered* is for what `changes.announce` tells of the briefing itself.
    """
    after = noted(talks, briefing.state)
    changed = [
        talk
        for talk in talks
        if talk.id in before
        and before[talk.id] != after[talk.id]
        and max(before[talk.id].ends_at, after[talk.id].ends_at) > now
    ]
    if not changed or briefing.state is State.DRAFT:
        return 0
    ends = {talk.id: max(before[talk.id].ends_at, talk.ends_at) for talk in changed}
    hearing = readers(session, briefing, changed, but_answered=but_answered)
    former = _kept(session, briefing, hearing.values(), before)
    waiting = {row.recipient: row for row in _untold(session, briefing)}
    for person, reader in hearing.items():
        was = {str(talk): former[talk] for talk in sorted(reader.talks)}
        until = max(ends[talk] for talk in reader.talks)
        row = waiting.get(reader.slack_user)
        if row is None:
            _owe(session, now, briefing, person, reader, was, until)
        else:
            row.details = {**row.details, "was": {**was, **row.details["was"]}}
            row.expires_at = max(row.expires_at or until, until)
    if any(before[talk.id].takes_place != after[talk.id].takes_place for talk in changed):
        for row in waiting.values():
            row.due_at = now + HOLD
    return len(hearing)


def changed(
    session: Session, asker: Asker, briefing_id: int, was: Mapping[str, int]
) -> tuple[Change, ...]:
    """Say what of a briefing's sessions is not as *asker* knew it, as *was* says by ids.

    Nothing of what they may not see any more, nor of what is neither on their agenda nor theirs.
    """
    values = asker.binds() | {"briefing": briefing_id, "former": list(was.values())}
    found = []
    for talk, former, is_chosen in session.execute(_TOLD, values):
        knew = Was(former.starts_at, former.ends_at, former.room, former.takes_place)
        is_now = noted([talk], talk.briefing.state)[talk.id]
        if knew != is_now and (knew.takes_place or is_now.takes_place):
            found.append(Change(talk, knew, is_now, is_chosen))
    return tuple(found)


def _kept(
    session: Session, briefing: Briefing, hearing: Iterable[Reader], before: Mapping[int, Was]
) -> dict[int, int]:
    """Keep how sessions were of which somebody hears; give the ids of that, by the sessions'."""
    rows = {
        number: FormerTalk(
            workspace_id=briefing.workspace_id,
            briefing_id=briefing.id,
            talk_id=number,
            **vars(before[number]),
        )
        for number in sorted(set[int]().union(*(reader.talks for reader in hearing)))
    }
    session.add_all(rows.values())
    session.flush()
    return {number: row.id for number, row in rows.items()}


def _owe(
    session: Session,
    now: datetime,
    briefing: Briefing,
    person: int,
    reader: Reader,
    was: dict[str, int],
    until: datetime,
) -> None:
    details: dict[str, Any] = {"briefing": briefing.id, "person": person, "was": was}
    deliveries.owe(
        session,
        briefing.workspace_id,
        now,
        key=f"agenda:{briefing.id}:{person}:{int(now.timestamp())}",
        kind=KIND,
        recipient=reader.slack_user,
        details=details,
        due_at=now + HOLD,
        expires_at=until,
    )


def _untold(session: Session, briefing: Briefing) -> Sequence[Delivery]:
    """Load what is owed of an earlier change of its sessions and has not gone yet."""
    owed = sa.select(Delivery).where(
        Delivery.workspace_id == briefing.workspace_id,
        Delivery.key.startswith(f"agenda:{briefing.id}:", autoescape=True),
        Delivery.state == DeliveryState.PENDING,
    )
    return session.scalars(owed.with_for_update()).all()
