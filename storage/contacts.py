"""Contacts: people without a Slack account, for whom the secretariat answers, and whom it tells."""

import difflib
import secrets
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from storage import audit, deliveries, guard, organisations, people
from storage.asker import Asker
from storage.database import Session
from storage.errors import Refusal
from storage.look_alikes import passes_for_us, skeleton
from storage.models import (
    CONTACT,
    Briefing,
    Organisation,
    OrganisationKind,
    Person,
    Role,
    Rsvp,
    Standing,
    Workspace,
    folded,
)

NAME_LIMIT = 80
# Whoever speaks for one of these counts as a member; nobody without Slack does the secretariat's
# work here, so nobody counts as staff.
INSIDE = {OrganisationKind.MEMBER, OrganisationKind.SECRETARIAT}
Readers = dict[tuple[int, str], tuple["Contact", ...]]
_ANSWERING = (
    sa.select(Rsvp.id, Person.name, Organisation.name, Rsvp.standing, Rsvp.recorded_by_id)
    .join(Person, Rsvp.person_id == Person.id)
    .outerjoin(Organisation, Rsvp.organisation_id == Organisation.id)
    .where(
        Rsvp.briefing_id == sa.bindparam("briefing"),
        Rsvp.standing != Standing.DECLINED,
        Person.is_contact,
    )
    .order_by(Organisation.folded, Person.name, Rsvp.id)
)


@dataclass(frozen=True)
class Contact:
    """One who goes, may go or waits, by the id of the *answer* that *recorded_by* recorded."""

    answer: int
    name: str
    organisation: str | None
    standing: Standing
    recorded_by: int | None


def named(session: Session, asker: Asker, now: datetime, name: str, organisation: str) -> Person:
    """Find the contact *name* at *organisation*, or make them; that they speak for it is confirmed.

    The caller has checked that *asker* is staff. Raises Refusal where the organisation is not
    known, or where the name is somebody's who has Slack, or could be taken for another one there.
    """
    home = organisations.called(session, asker, organisation)
    _check(name)
    # Two who record the same contact at once wait for each other here; else each would make one.
    held = sa.select(Organisation.id).where(Organisation.id == home.id)
    session.execute(held.with_for_update(key_share=True))
    contact = _there(session, home, name)
    if contact is None:
        contact = _made(session, home, name, now)
        after = {"organisation": home.id}
        audit.record(session, asker, now, "contact", f"person {contact.id}", after=after)
    contact.role = Role.MEMBER if home.kind in INSIDE else Role.EXTERNAL
    contact.linked_at = contact.met_at = now
    session.flush()
    return contact


def found(session: Session, asker: Asker, name: str, organisation: str) -> Person:
    """Find the contact *name* at *organisation*. Raises Refusal, with who is nearest."""
    home = organisations.called(session, asker, organisation)
    there = {folded(one.name): one for one in _at(session, home) if one.is_contact}
    contact = there.get(folded(name))
    if contact is None:
        near = difflib.get_close_matches(folded(name), there, n=3, cutoff=0.5)
        ask = f" Did you mean {' or '.join(there[key].name for key in near)}?" if near else ""
        raise Refusal(
            f"Nobody without Slack is called «{name[:NAME_LIMIT]}» at {home.name}.{ask} Nothing "
            "was changed."
        )
    return contact


def answering(session: Session, briefing: Briefing) -> tuple[Contact, ...]:
    """List the contacts who go to *briefing*, may go or wait."""
    return tuple(Contact(*row) for row in session.execute(_ANSWERING, {"briefing": briefing.id}))


def tellers(session: Session, workspace: int, contacts: Sequence[Contact]) -> Readers:
    """Give which of *contacts* each of the secretariat, by our id and Slack's, has to tell.

    Those whose answer they recorded; whose recorder is not of the secretariat any more are
    everybody's there.
    """
    if not contacts:
        return {}
    staff = people.secretariat(session, workspace)
    here = {person for person, _ in staff}
    theirs = {
        (person, user): tuple(
            one for one in contacts if one.recorded_by == person or one.recorded_by not in here
        )
        for person, user in staff
    }
    return {reader: told for reader, told in theirs.items() if told}


def to_tell(session: Session, asker: Asker, briefing: Briefing) -> tuple[Contact, ...]:
    """List the contacts whom *asker* has to tell what is new of *briefing*."""
    if not asker.is_staff:
        return ()
    readers = tellers(session, asker.workspace, answering(session, briefing))
    return readers.get((asker.person, asker.slack_user), ())


def tell_of_seats(
    session: Session, briefing: Briefing, now: datetime, answers: Collection[int]
) -> None:
    """Owe whoever has to tell them the news that the contacts of *answers* have a seat now."""
    if not answers:
        return
    seated = [one for one in answering(session, briefing) if one.answer in answers]
    for (person, user), told in tellers(session, briefing.workspace_id, seated).items():
        first = told[0].answer
        deliveries.owe(
            session,
            briefing.workspace_id,
            now,
            key=f"contact_seated:{briefing.id}:{first}:{int(now.timestamp())}:{person}",
            kind="contact_seated",
            recipient=user,
            details={
                "briefing": briefing.id,
                "person": person,
                "answers": [one.answer for one in told],
            },
            expires_at=briefing.ends_at,
        )


def _check(name: str) -> None:
    guard.check(name=name)
    if not any(character.isalpha() for character in name):
        raise Refusal("Say the name of whom you answer for. Nothing was recorded.")
    if len(name) > NAME_LIMIT:
        raise Refusal(
            f"That name has {len(name)} characters; {NAME_LIMIT} fit. Nothing was recorded."
        )
    if passes_for_us(name):
        raise Refusal("That name passes for the secretariat's own. Nothing was recorded.")


def _there(session: Session, home: Organisation, name: str) -> Person | None:
    known = None
    for person in _at(session, home):
        if folded(person.name) == folded(name):
            if not person.is_contact:
                raise Refusal(
                    f"{person.name} ({home.name}) is on Slack, and is told there. Record their "
                    "answer with a mention: /briefings record @Ana E12 yes"
                )
            known = person
        elif skeleton(person.name) == skeleton(name):
            raise Refusal(
                f"That name looks like {person.name} ({home.name}), who is there already. Write it "
                "as it is there, or otherwise. Nothing was recorded."
            )
    return known


def _at(session: Session, home: Organisation) -> Sequence[Person]:
    return session.scalars(
        sa.select(Person)
        .where(
            Person.workspace_id == home.workspace_id,
            Person.organisation_id == home.id,
            sa.or_(Person.is_active & ~Person.is_bot, Person.is_contact),
        )
        .order_by(Person.id)
    ).all()


def _made(session: Session, home: Organisation, name: str, now: datetime) -> Person:
    contact = Person(
        workspace_id=home.workspace_id,
        slack_team=session.get_one(Workspace, home.workspace_id).team,
        slack_user=f"{CONTACT}{secrets.token_hex(16)}",
        name=name,
        organisation_id=home.id,
        is_active=False,
        met_at=now,
    )
    session.add(contact)
    session.flush()
    return contact
