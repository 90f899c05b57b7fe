"""Erasing a person: what says who they were goes, what others count on stays without a name."""

import secrets
from datetime import datetime

import sqlalchemy as sa

from storage import audit, contacts, heirs, linking, offboarding, personal, privacy, wall_time
from storage.asker import Asker
from storage.database import Session, writes
from storage.errors import Refusal
from storage.linking import SECRETARIAT
from storage.models import Person, Role
from storage.scoping import lift

STILL_THERE = "They are still in the workspace, so only they can delete themselves."
LAST_ADMIN = (
    "You are the only admin, and somebody has to be one. Make a colleague admin first, for example "
    "/members link @Ana Our Coalition as admin, then delete yourself."
)


def departed(session: Session, asker: Asker, now: datetime, user: str) -> Person:
    """Find whom an admin may erase because they have left, by their Slack id. Raises Refusal."""
    if asker.role is not Role.ADMIN:
        raise Refusal("Deleting somebody who has left is for an admin. Ask one.")
    person = linking.known(session, asker, user)
    if person.is_active:
        raise Refusal(STILL_THERE)
    return person


def contact(session: Session, asker: Asker, now: datetime, name: str, organisation: str) -> Person:
    """Find the contact whom staff may erase, by their name. Raises Refusal."""
    if not asker.is_staff:
        raise Refusal("Deleting somebody without Slack is for the secretariat. Ask them.")
    return contacts.found(session, asker, name, organisation)


@writes
def erase_named(session: Session, asker: Asker, now: datetime, about: str) -> bool:
    """Erase whom *about* names ("person 7"); say whether that is whoever asks. Raises Refusal."""
    noun, person = audit.read(about)
    found = session.get(Person, person) if noun == "person" else None
    if asker.role is not Role.ADMIN and not (found is not None and _may_erase(asker, found)):
        privacy.check(asker, about)
    erase(session, asker, now, person if noun == "person" else 0)
    return person == asker.person


@writes
def erase(session: Session, asker: Asker, now: datetime, person_id: int) -> None:
    """Erase *person_id*: themselves, staff a contact, or an admin somebody who has left Slack.

    Open items go back to whoever gave them, or to the secretariat; answers and updates stay,
    without a name. Raises Refusal for the last admin; whom one may not erase and who is missing
    read alike.
    """
    person = _allowed(session, asker, person_id)
    _check_admin(session, person)
    lift(session, "whoever goes may hold what they do not see any more")
    forget(session, now, person)
    audit.record(session, asker, now, "erase", f"person {person.id}")


def forget(session: Session, now: datetime, person: Person) -> None:
    """Take everything off *person* that says who they were. The caller has the right to do it."""
    # First what they wrote, while the rows still name them; then what others go on with.
    _clear(session, person, f"erased-{secrets.token_hex(16)}")
    _hand_back(session, person)
    offboarding.let_go(session, now, person, "They were erased.")
    person.met_at = person.erased_at = now
    session.flush()


def _allowed(session: Session, asker: Asker, person_id: int) -> Person:
    person = session.scalars(
        sa.select(Person)
        .where(
            Person.workspace_id == asker.workspace,
            Person.id == person_id,
            Person.erased_at.is_(None),
        )
        .with_for_update()
        .execution_options(populate_existing=True)
    ).one_or_none()
    if person is None or not _may_erase(asker, person):
        raise Refusal("There is nobody here whom you could delete under that name.")
    if person.id != asker.person and person.is_active:
        raise Refusal(STILL_THERE)
    return person


def _may_erase(asker: Asker, person: Person) -> bool:
    if asker.role is Role.ADMIN or person.id == asker.person:
        return True
    return asker.is_staff and person.is_contact and person.workspace_id == asker.workspace


def _check_admin(session: Session, person: Person) -> None:
    if person.role is not Role.ADMIN:
        return
    # Two admins who go at once wait for each other here; else each would count the other.
    admins = session.scalars(
        sa.select(Person.id)
        .where(
            Person.workspace_id == person.workspace_id, Person.role == Role.ADMIN, Person.is_active
        )
        .order_by(Person.id)
        .with_for_update()
    ).all()
    if not set(admins) - {person.id}:
        raise Refusal(LAST_ADMIN)


def _hand_back(session: Session, person: Person) -> None:
    secretariat = _secretariat(session, person)
    for item in session.scalars(heirs.items([person.id])).all():
        creator = session.get(Person, item.creator_id)
        heir = creator if _may_have(creator, person) else secretariat
        if heir is not None:
            item.owner_id, item.organisation_id = heir.id, heir.organisation_id
            item.due_at = wall_time.end_of(item.due_on, heir.zone) if item.due_on else None


def _may_have(creator: Person | None, person: Person) -> bool:
    if creator is None or creator.id == person.id:
        return False
    return creator.is_active and creator.role is not Role.UNKNOWN


def _secretariat(session: Session, person: Person) -> Person | None:
    """Give whoever of the secretariat has been there longest, *person* aside."""
    return session.scalars(
        sa.select(Person)
        .where(
            Person.workspace_id == person.workspace_id,
            Person.role.in_(SECRETARIAT),
            Person.is_active,
            ~Person.is_bot,
            Person.id != person.id,
        )
        .order_by(Person.id)
        .limit(1)
    ).one_or_none()


def _clear(session: Session, person: Person, surrogate: str) -> None:
    """Take *person* out of every table; *surrogate* takes the place of the Slack account."""
    # As they are named now: once the account is gone, nothing finds what it names.
    theirs = [(held, personal.mine(held, person)) for held in personal.HELD]
    for held, mine in theirs:
        if held.goes:
            session.execute(sa.delete(held.model).where(mine))
        elif held.erased:
            values = {
                name: surrogate if value is personal.SURROGATE else value
                for name, value in held.erased.items()
            }
            session.execute(sa.update(held.model).where(mine).values(**values))
