"""The seats that one organisation's people hold of a briefing, where it may hold only so many."""

from dataclasses import dataclass

import sqlalchemy as sa

from storage import people, policy, queues
from storage.asker import Asker
from storage.database import Session
from storage.models import Briefing, Notice, Person, Rsvp
from storage.policy import Act

NAMED = 8


@dataclass(frozen=True)
class Company:
    """An organisation that has all the *seats* it may have, and the *names* of who holds them.

    They may be more, where it had them before it was to have fewer. Names are only for who may
    read them.
    """

    name: str
    seats: int
    taken: int
    names: tuple[str, ...]

    def __str__(self) -> str:
        """Say so, for a sentence to go on from."""
        by = f" by {_listed(self.names)}" if self.names else ""
        if self.taken > self.seats:
            return f"{self.name} may have {self.seats} of the seats, and {self.taken} are taken{by}"
        if self.seats == 1:
            return f"The one seat of {self.name} is taken{by}"
        return f"{self.taken} of {self.seats} seats of {self.name} are taken{by}"


def holders(session: Session, briefing: Briefing, organisation: int | None) -> list[str] | None:
    """Name those who hold the seats of *organisation*, if it may hold no more; else None.

    The caller holds the briefing's row.
    """
    if briefing.company_seats is None or organisation is None:
        return None
    names = session.scalars(
        sa.select(Person.name)
        .join(Rsvp, Rsvp.person_id == Person.id)
        .where(
            Rsvp.briefing_id == briefing.id,
            Rsvp.organisation_id == organisation,
            Rsvp.standing.in_(queues.SEATED),
        )
        .order_by(Rsvp.answered_at, Rsvp.id)
    ).all()
    return list(names) if len(names) >= briefing.company_seats else None


def full(session: Session, asker: Asker, briefing: Briefing, own: Rsvp) -> Company | None:
    """Say who holds the seats of *own*'s organisation, where it may hold no more; else None."""
    names = holders(session, briefing, own.organisation_id)
    name = people.organisation_name(session, asker.workspace, own.organisation_id)
    if names is None or name is None or briefing.company_seats is None:
        return None
    is_told = names_are_for(asker, briefing)
    return Company(name, briefing.company_seats, len(names), tuple(names) if is_told else ())


def names_are_for(asker: Asker, briefing: Briefing) -> bool:
    """Say whether *asker* may read who comes; under the Chatham House rule nobody does."""
    return (
        policy.decide(asker, briefing, Act.SEE_NAMES)
        and Notice.CHATHAM_HOUSE not in briefing.notices
    )


def _listed(names: tuple[str, ...]) -> str:
    shown = [*names[:NAMED], *([f"{len(names) - NAMED} more"] if len(names) > NAMED else [])]
    return " and ".join([", ".join(shown[:-1]), shown[-1]] if len(shown) > 1 else shown)
