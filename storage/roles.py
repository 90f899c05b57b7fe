"""Roles: changed and taken away, and the seats at briefings which that costs."""

from dataclasses import dataclass, replace
from datetime import datetime

import sqlalchemy as sa

from storage import audit, forfeits, linking, people
from storage.asker import SEES, Asker
from storage.database import Session, writes
from storage.errors import Refusal
from storage.models import Organisation, Person, Role

GONE = "That person is not here any more."


@dataclass(frozen=True)
class Change:
    """What became of a role. *seats* are those at briefings to come that it costs.

    While it costs any, it *waits* for somebody to say so again; *target* names it for that button:
    "7 external". *role* is unknown for whoever is linked no more.
    """

    target: str
    name: str
    organisation: str | None
    role: Role
    seats: int
    changed: bool
    waits: bool = False
    is_told: bool = False


@writes
def change(session: Session, asker: Asker, now: datetime, user: str, asked: str) -> Change:
    """Make the person *user*, a Slack id, what *asked* says, unless that costs seats.

    Only an admin makes and unmakes staff and admins. Raises Refusal.
    """
    linking.check_staff(asker)
    person = linking.known(session, asker, user)
    return _changed(session, asker, now, person, asked, is_sure=False)


@writes
def unlink(session: Session, asker: Asker, now: datetime, user: str) -> Change:
    """Let the person *user*, a Slack id, speak for nobody, unless that costs seats.

    What they hold besides stays theirs. Raises Refusal.
    """
    linking.check_staff(asker)
    return _unlinked(session, asker, now, linking.known(session, asker, user), is_sure=False)


@writes
def carry_out(session: Session, asker: Asker, now: datetime, person_id: int, to: str) -> Change:
    """Do the one or the other whatever it costs, as a button says. Raises Refusal."""
    linking.check_staff(asker)
    person = session.scalars(
        sa.select(Person).where(
            Person.workspace_id == asker.workspace,
            Person.id == person_id,
            ~Person.is_bot,
            Person.erased_at.is_(None),
        )
    ).one_or_none()
    if person is None:
        raise Refusal(GONE)
    if to == Role.UNKNOWN.value:
        return _unlinked(session, asker, now, person, is_sure=True)
    return _changed(session, asker, now, person, to, is_sure=True)


def _changed(
    session: Session, asker: Asker, now: datetime, person: Person, asked: str, *, is_sure: bool
) -> Change:
    home = session.get(Organisation, person.organisation_id) if person.organisation_id else None
    if home is None or person.role is Role.UNKNOWN:
        raise Refusal(
            f"{person.name} is not linked to an organisation. Say first for whom they speak, for "
            "example: /members link @Ana Adobe"
        )
    role = linking.fitting(asked, home)
    linking.check_rank(asker, role, person.role)
    seats = _at_stake(session, now, person, role)
    told = Change(f"{person.id} {role}", person.name, home.name, role, seats, changed=False)
    if seats and not is_sure:
        return replace(told, waits=True)
    outcome = linking.settle(session, asker, now, person, home, role, "role")
    return replace(told, changed=outcome.changed, is_told=outcome.is_told)


def _unlinked(
    session: Session, asker: Asker, now: datetime, person: Person, *, is_sure: bool
) -> Change:
    role = Role.UNKNOWN
    linking.check_rank(asker, person.role)
    if person.id == asker.person:
        raise Refusal("You cannot unlink yourself; a colleague does it.")
    linking.check_admin_left(session, asker, person)
    home = people.organisation_name(session, asker.workspace, person.organisation_id)
    seats = _at_stake(session, now, person, role)
    told = Change(f"{person.id} {role}", person.name, home, role, seats, changed=False)
    if person.role is role or (seats and not is_sure):
        return replace(told, waits=person.role is not role)
    before = {"organisation": person.organisation_id, "role": person.role}
    person.organisation_id, person.role, person.linked_at = None, role, None
    after = {"organisation": None, "role": role}
    audit.record(session, asker, now, "unlink", f"person {person.id}", before, after)
    session.flush()
    forfeits.of_person(session, asker, now, person.id)
    return replace(told, changed=True)


def _at_stake(session: Session, now: datetime, person: Person, role: Role) -> int:
    before = people.asker_of(session, person.workspace_id, now, person.id)
    assert before is not None  # noqa: S101 -- the row is at hand
    return forfeits.at_stake(session, replace(before, role=role, audiences=SEES[role]), now)
