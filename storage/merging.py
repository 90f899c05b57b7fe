"""Merging: a contact who has come to Slack is one person with their account from then on."""

from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from storage import audit, contacts, erasure, forfeits, linking, recording
from storage.asker import Asker
from storage.database import Session, writes
from storage.errors import Refusal
from storage.models import Briefing, Organisation, Person, Role, Rsvp, State
from storage.scoping import lift


@dataclass(frozen=True)
class Merged:
    """How many *answers* of the contact are those of the *person* now."""

    person: Person
    organisation: str
    answers: int


@writes
def merge(
    session: Session, asker: Asker, now: datetime, name: str, organisation: str, user: str
) -> Merged:
    """Let the person *user*, a Slack id, have what staff recorded for the contact *name*.

    Where both have answered, the person's own answer stays, and the contact's seat goes to whoever
    waits. The contact is erased. The person is told of what is to come. Raises Refusal.
    """
    linking.check_staff(asker)
    contact = contacts.found(session, asker, name, organisation)
    person = linking.known(session, asker, user)
    home = _shared(session, contact, person)
    lift(session, "whoever answered may hold what the asker does not see")
    answers = _answers(session, contact, person)
    for answer in answers:
        # Held until the end: whoever answers now waits, and meets one answer.
        held = sa.select(Briefing).where(Briefing.id == answer.briefing_id).with_for_update()
        briefing = session.scalars(held).one()
        answer.person_id, answer.reminded_for = person.id, None
        answer.recorded_by_id = answer.recorded_by_id or asker.person
        answer.changes += 1
        session.flush()
        if briefing.state is State.PUBLISHED and briefing.ends_at > now:
            recording.tell(session, now, briefing, answer, person.slack_user)
    audit.record(session, asker, now, "merge", f"person {person.id}", {"contact": contact.id})
    erasure.forget(session, now, contact)
    forfeits.of_person(session, asker, now, person.id)
    return Merged(person, home, len(answers))


def _shared(session: Session, contact: Person, person: Person) -> str:
    home = session.get_one(Organisation, contact.organisation_id)
    is_linked = person.role is not Role.UNKNOWN and person.organisation_id == home.id
    if not (person.is_active and is_linked):
        raise Refusal(
            f"{person.name} is not linked to {home.name} yet. Link them first, for example: "
            f"/members link @Ana {home.name}"
        )
    return home.name


def _answers(session: Session, contact: Person, person: Person) -> list[Rsvp]:
    """List what the contact answered and the person did not."""
    own = sa.select(Rsvp.briefing_id).where(Rsvp.person_id == person.id)
    theirs = sa.select(Rsvp).where(Rsvp.person_id == contact.id, Rsvp.briefing_id.not_in(own))
    return list(session.scalars(theirs.order_by(Rsvp.briefing_id)))
