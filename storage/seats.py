"""Seats in working groups: taking one, giving it up, and telling the chairs."""

from dataclasses import dataclass, replace
from datetime import datetime

import sqlalchemy as sa

from storage import audit, deliveries, forfeits, policy, titles
from storage.asker import Asker
from storage.database import Session, writes
from storage.errors import Refusal
from storage.groups import Seated, own_seat, reads_names, seated
from storage.models import GroupSeat, Organisation, WorkingGroup
from storage.policy import scope

NAMES_IN_A_SENTENCE = 4


@dataclass(frozen=True)
class Outcome:
    """What became of joining or leaving. *changed* is False for who sat there already.

    *since* is when the seat was taken, *told* are the chairs who hear of it, *may_join* says
    whether who leaves can come back by themselves.
    """

    group: WorkingGroup
    organisation: str | None
    since: datetime
    changed: bool
    told: tuple[str, ...] = ()
    may_join: bool = False


@writes
def join(session: Session, asker: Asker, now: datetime, called: str) -> Outcome:
    """Give *asker* a seat for their organisation, and owe the chairs the news.

    Who sits there already keeps the seat they have. Raises Refusal for a group that is joined
    through its chairs, and for people nobody has linked.
    """
    group = titles.find(session, asker, WorkingGroup, called)
    there = seated(session, asker, group)
    own = own_seat(session, asker, group)
    if own is not None:
        return Outcome(group, _organisation(session, own), own.joined_at, changed=False)
    _check_joining(asker, group, there)
    # Two clicks at once both come this far; UNIQUE stops the second, which then finds the seat.
    seat = GroupSeat(
        workspace_id=asker.workspace,
        group_id=group.id,
        person_id=asker.person,
        organisation_id=asker.organisation,
        joined_at=now,
    )
    session.add(seat)
    session.flush()
    told = _tell_chairs(session, asker, now, seat, there, kind="group_joined")
    _record(session, asker, now, "join", seat)
    return Outcome(group, _organisation(session, seat), now, changed=True, told=told)


@writes
def leave(session: Session, asker: Asker, now: datetime, called: str) -> Outcome:
    """Give up *asker*'s seat, and owe the chairs the news.

    Raises Refusal for who does not sit there, and for the only chair.
    """
    group = titles.find(session, asker, WorkingGroup, called)
    _hold(session, asker, group)
    own = own_seat(session, asker, group)
    if own is None:
        raise Refusal(f"You do not sit in {_named(group)}, so there is nothing to leave.")
    there = seated(session, asker, group)
    others = [one for one in there if one.is_chair and one.person != asker.person]
    if own.is_chair and not others:
        raise Refusal(
            f"You are the only chair of {_named(group)}, so you cannot leave it yet. "
            "Ask the secretariat to name another chair first."
        )
    organisation = _organisation(session, own)
    told = _tell_chairs(session, asker, now, own, there, kind="group_left")
    _record(session, asker, now, "leave", own)
    session.delete(own)
    session.flush()
    forfeits.of_person(session, asker, now, asker.person)
    outside = replace(asker, groups=asker.groups - {group.id})
    return Outcome(
        group,
        organisation,
        own.joined_at,
        changed=True,
        told=told if reads_names(asker, own) else (),
        may_join=group.is_open and asker.is_linked and policy.decide(outside, group),
    )


def tell_of_leaver(session: Session, asker: Asker, now: datetime, person: int) -> None:
    """Owe the chairs the news that *person* leaves each group, just before staff take the seats."""
    held = sa.select(GroupSeat).where(
        GroupSeat.workspace_id == asker.workspace, GroupSeat.person_id == person
    )
    for seat in session.scalars(held.order_by(GroupSeat.id)).all():
        group = session.get_one(WorkingGroup, seat.group_id)
        there = tuple(one for one in seated(session, asker, group) if one.person != person)
        _tell_chairs(session, asker, now, seat, there, kind="group_left")


def _hold(session: Session, asker: Asker, group: WorkingGroup) -> None:
    # Two chairs who leave at once wait for each other here; else each would count the other.
    session.execute(
        sa.select(WorkingGroup.id)
        .where(scope(WorkingGroup), WorkingGroup.id == group.id)
        .with_for_update(),
        asker.binds(),
    )


def _check_joining(asker: Asker, group: WorkingGroup, there: tuple[Seated, ...]) -> None:
    if not asker.is_linked:
        raise Refusal(
            "A seat is held for an organisation, and the secretariat has not linked you to one "
            "yet. Ask the secretariat to link you, then join again."
        )
    if group.is_open:
        return
    chairs = [
        f"{one.name} ({one.organisation})" if one.organisation else one.name
        for one in there
        if one.is_chair and reads_names(asker, None)
    ]
    ask = " or ".join(chairs[:NAMES_IN_A_SENTENCE]) or "the secretariat, who can reach its chairs"
    raise Refusal(f"{_named(group)} is joined through its chairs. Ask {ask}.")


def _tell_chairs(
    session: Session,
    asker: Asker,
    now: datetime,
    seat: GroupSeat,
    there: tuple[Seated, ...],
    *,
    kind: str,
) -> tuple[str, ...]:
    what = kind.removeprefix("group_")
    chairs = [one for one in there if one.is_chair and one.person != asker.person]
    for chair in chairs:
        deliveries.owe(
            session,
            asker.workspace,
            now,
            key=f"group:{seat.group_id}:{seat.person_id}:{what}:{seat.id}:{chair.person}",
            kind=kind,
            recipient=chair.slack_user,
            details={
                "group": seat.group_id,
                "person": seat.person_id,
                "organisation": seat.organisation_id,
            },
        )
    return tuple(chair.name for chair in chairs)


def _record(session: Session, asker: Asker, now: datetime, verb: str, seat: GroupSeat) -> None:
    held = {"seat": seat.id, "organisation": seat.organisation_id, "chair": seat.is_chair}
    before, after = (held, {}) if verb == "leave" else ({}, held)
    audit.record(session, asker, now, verb, f"group {seat.group_id}", before, after)


def _organisation(session: Session, seat: GroupSeat) -> str | None:
    return session.scalar(
        sa.select(Organisation.name).where(
            Organisation.id == seat.organisation_id,
            Organisation.workspace_id == seat.workspace_id,
        )
    )


def _named(group: WorkingGroup) -> str:
    return f"{titles.short_id(group)} {group.title}"
