"""Answers that the secretariat records for somebody who told them by other ways."""

from dataclasses import dataclass
from datetime import datetime

from storage import deliveries, owners, people, policy, rsvps, seating
from storage.asker import Asker
from storage.database import Session, writes
from storage.errors import Refusal
from storage.models import Answer
from storage.rsvps import Outcome


@dataclass(frozen=True)
class Recorded:
    """What became of it, and the *name* of the person it is the answer of."""

    name: str
    outcome: Outcome


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
    if not asker.is_staff:
        raise Refusal("Answers of others are recorded by the secretariat. Ask them.")
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
        deliveries.owe(
            session,
            asker.workspace,
            now,
            key=f"recorded:{briefing.id}:{person.person}:{own.changes}",
            kind="answer_recorded",
            recipient=person.slack_user,
            details={
                "briefing": briefing.id,
                "person": person.person,
                "changes": own.changes,
            },
            expires_at=briefing.ends_at,
        )
    return Recorded(person.name, outcome)
