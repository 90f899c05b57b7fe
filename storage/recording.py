"""Answers that the secretariat records for somebody who told them by other ways."""

from dataclasses import dataclass
from datetime import datetime

from storage import contacts, deliveries, owners, people, policy, rsvps, seating
from storage.asker import Asker
from storage.database import Session, writes
from storage.errors import Refusal
from storage.models import Answer, Briefing, Role, Rsvp
from storage.rsvps import Outcome


@dataclass(frozen=True)
class Recorded:
    """What became of it, and the *name* of the person it is the answer of.

    Of a contact, who has no Slack, *organisation* is whom they speak for, and *answer* the id of
    the answer by which staff get the file to send on.
    """

    name: str
    outcome: Outcome
    organisation: str | None = None
    answer: int | None = None


@writes
def record(
    session: Session,
    asker: Asker,
    now: datetime,
    user: str,
    called: str,
    said: Answer,
    note: str | None = None,
) -> Recorded:
    """Answer the briefing *called* so for the person with Slack's id *user*, who is told of it.

    It is as if they had said so themselves: staff take no seat that is not free, and answer nothing
    that the person may not see. Raises Refusal, also for anybody but staff.
    """
    _check_staff(asker)
    number = owners.mentioned(session, asker, user)
    briefing = rsvps.named(session, asker, now, called)
    person = people.asker_of(session, asker.workspace, now, number)
    if person is None or not person.is_linked:
        raise Refusal("Link this person to an organisation first (`/members link`).")
    if not policy.decide(person, briefing):
        raise Refusal(
            f"{person.name} may not see E{briefing.id}, so nothing was recorded. "
            "Share it with them first."
        )
    by = asker if person.person != asker.person else None
    outcome = rsvps.hear(session, person, now, briefing.id, said, note, by)
    own = seating.of(session, outcome.briefing, person.person)
    if by is not None and outcome.changed and own is not None:
        tell(session, now, briefing, own, person.slack_user)
    return Recorded(person.name, outcome)


@writes
def record_contact(
    session: Session,
    asker: Asker,
    now: datetime,
    name: str,
    organisation: str,
    called: str,
    said: Answer,
    note: str | None = None,
) -> Recorded:
    """Do the same for *name* at *organisation*, who has no Slack, and so is told nothing.

    They are counted as their organisation's people are, and answer what those may see of what is
    for members or for all. Raises Refusal.
    """
    _check_staff(asker)
    briefing = rsvps.named(session, asker, now, called)
    contact = contacts.named(session, asker, now, name, organisation)
    person = people.asker_of(session, asker.workspace, now, contact.id)
    home = people.organisation_name(session, asker.workspace, contact.organisation_id)
    if person is not None:
        rsvps.check(person, now, briefing)
    if person is None or not policy.decide(person, briefing):
        raise Refusal(_hidden(briefing, contact.name, home, contact.role))
    outcome = rsvps.hear(session, person, now, briefing.id, said, note, asker)
    own = seating.of(session, outcome.briefing, contact.id)
    return Recorded(contact.name, outcome, home, own.id if own else None)


def tell(session: Session, now: datetime, briefing: Briefing, own: Rsvp, user: str) -> None:
    """Owe whoever has the Slack id *user* the news that *own*, their answer, was recorded."""
    deliveries.owe(
        session,
        briefing.workspace_id,
        now,
        key=f"recorded:{briefing.id}:{own.person_id}:{own.changes}",
        kind="answer_recorded",
        recipient=user,
        details={"briefing": briefing.id, "person": own.person_id, "changes": own.changes},
        expires_at=briefing.ends_at,
    )


def _check_staff(asker: Asker) -> None:
    if not asker.is_staff:
        raise Refusal("Answers of others are recorded by the secretariat. Ask them.")


def _hidden(briefing: Briefing, name: str, home: str | None, role: Role) -> str:
    others, circle = "outside bodies", "community"
    if role is Role.MEMBER:
        others = circle = "members"
    return (
        f"{name} ({home}) may not see E{briefing.id}, so nothing was recorded: without Slack they "
        f"count among {others}. To show it to all of those: "
        f"/coalition share E{briefing.id} with {circle}"
    )
