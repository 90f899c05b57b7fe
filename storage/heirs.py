"""Handing on: what a leaver held goes to whom staff name, as far as they may see it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from storage import audit, deliveries, people, titles, wall_time
from storage.actions import LIVE
from storage.asker import Asker
from storage.database import Session
from storage.errors import Refusal
from storage.models import ActionItem, GroupSeat, Initiative, Person, WorkingGroup
from storage.policy import decide
from storage.scoping import unscoped

VERB = "hand on"


@dataclass(frozen=True)
class Handed:
    """What goes to somebody, by number ("A7"); *refused* is what they may not see."""

    name: str
    organisation: str | None
    items: tuple[str, ...]
    leads: tuple[str, ...]
    chairs: tuple[str, ...]
    refused: tuple[str, ...]


def items(ids: Sequence[int]) -> sa.Select[ActionItem]:
    """Give the statement for the open items of the people *ids*."""
    return sa.select(ActionItem).where(ActionItem.owner_id.in_(ids), ActionItem.state.in_(LIVE))


def leads(ids: Sequence[int]) -> sa.Select[Initiative]:
    """Give the statement for the initiatives that the people *ids* lead."""
    return sa.select(Initiative).where(Initiative.lead_id.in_(ids))


def by_user(session: Session, asker: Asker, now: datetime, user: str, ids: Sequence[int]) -> Asker:
    """Find whom *user*, a Slack id, names as heir of the people *ids*. Raises Refusal."""
    found = people.askers(session, asker.workspace, now, [user])
    return _checked(found[0] if found else None, ids)


def by_id(session: Session, asker: Asker, now: datetime, person: int, ids: Sequence[int]) -> Asker:
    """Do the same for our own id, which a button brings back. Raises Refusal."""
    return _checked(people.asker_of(session, asker.workspace, now, person), ids)


def foreseen(session: Session, heir: Asker, ids: Sequence[int]) -> Handed:
    """Say what of all that the people *ids* hold would go to *heir*."""
    chaired = sa.select(WorkingGroup).join(GroupSeat, GroupSeat.group_id == WorkingGroup.id)
    chaired = chaired.where(GroupSeat.person_id.in_(ids), GroupSeat.is_chair).distinct()
    held = [
        session.scalars(unscoped(one, "the secretariat sees all that a leaver holds")).all()
        for one in (items(ids), leads(ids), chaired)
    ]
    own, led, chairs = ([item for item in part if decide(heir, item)] for part in held)
    refused = [item for part in held for item in part if not decide(heir, item)]
    return Handed(
        heir.name,
        people.organisation_name(session, heir.workspace, heir.organisation),
        _numbers(own),
        _numbers(led),
        _numbers(chairs),
        _numbers(refused),
    )


def hand_on(
    session: Session, asker: Asker, now: datetime, person: Person, heir: Asker | None
) -> None:
    """Give *heir* what *person* holds and *heir* may see; other open items go to *asker*.

    Without an heir leads and chairs fall vacant. The caller may do it and reads all there is.
    """
    for item in session.scalars(items([person.id])).all():
        to = heir if heir is not None and decide(heir, item) else asker
        item.owner_id, item.organisation_id = to.person, to.organisation
        item.due_at = wall_time.end_of(item.due_on, to.zone) if item.due_on else None
        _record(session, asker, now, f"action {item.id}", person, to)
    if heir is None:
        return
    for initiative in session.scalars(leads([person.id])).all():
        if decide(heir, initiative):
            initiative.lead_id = heir.person
            _record(session, asker, now, f"initiative {initiative.id}", person, heir)
    chaired = sa.select(GroupSeat).where(GroupSeat.person_id == person.id, GroupSeat.is_chair)
    for seat in session.scalars(chaired).all():
        if decide(heir, session.get_one(WorkingGroup, seat.group_id)):
            _let_chair(session, now, seat.group_id, heir)
            _record(session, asker, now, f"group {seat.group_id}", person, heir)
    session.flush()


def tell(
    session: Session, asker: Asker, now: datetime, heir: Asker, handed: Handed, name: str
) -> None:
    """Owe *heir* the news of what is theirs now, in one message; *name* is whose it was."""
    numbers = [*handed.items, *handed.leads, *handed.chairs]
    if numbers and heir.person != asker.person:
        deliveries.owe(
            session,
            asker.workspace,
            now,
            key=f"handed_on:{heir.person}:{numbers[0]}:{int(now.timestamp())}",
            kind="handed_on",
            recipient=heir.slack_user,
            details={"person": heir.person, "by": asker.person, "numbers": numbers},
        )


def _checked(heir: Asker | None, ids: Sequence[int]) -> Asker:
    if heir is None or heir.is_contact:
        raise Refusal("Say to whom, with a mention of somebody the bot has met.")
    if not heir.is_linked:
        raise Refusal(
            f"{heir.name} is not linked to an organisation, so nothing can be handed to them. "
            "Name somebody else. Nothing was changed."
        )
    if heir.person in ids:
        raise Refusal(f"{heir.name} is among those who leave. Name somebody else.")
    return heir


def _let_chair(session: Session, now: datetime, group: int, heir: Asker) -> None:
    seat = session.scalars(
        sa.select(GroupSeat).where(GroupSeat.group_id == group, GroupSeat.person_id == heir.person)
    ).one_or_none()
    if seat is None:
        seat = GroupSeat(
            workspace_id=heir.workspace,
            group_id=group,
            person_id=heir.person,
            organisation_id=heir.organisation,
            joined_at=now,
        )
        session.add(seat)
    seat.is_chair = True


def _numbers(found: Sequence[Any]) -> tuple[str, ...]:
    return tuple(titles.short_id(item) for item in sorted(found, key=lambda item: item.id))


def _record(
    session: Session, asker: Asker, now: datetime, subject: str, person: Person, to: Asker
) -> None:
    audit.record(session, asker, now, VERB, subject, {"person": person.id}, {"person": to.person})
