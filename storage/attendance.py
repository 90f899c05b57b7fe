"""Attendance: who comes to a briefing, by organisation and by answer."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from storage import titles
from storage.asker import Asker
from storage.database import Session
from storage.errors import Refusal
from storage.models import Briefing, Organisation, OrganisationKind, Person, Role, Rsvp, Standing

NAMES_SHOWN = 200


@dataclass(frozen=True)
class Party:
    """The people of one organisation who gave the same answer; *names* only for who may know.

    *notes* are what they added, each with its name: read by staff alone.
    """

    organisation: str | None
    kind: OrganisationKind | None
    standing: Standing
    people: int
    names: tuple[str, ...]
    notes: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class Attendance:
    """Who comes to a briefing, counted from the answers as they are now."""

    briefing: Briefing
    parties: tuple[Party, ...]

    def people(self, standing: Standing) -> int:
        """How many people gave that answer."""
        return sum(party.people for party in self.parties if party.standing is standing)


@dataclass(frozen=True)
class Absent:
    """Of *total* member companies the *names* of those from which nobody has a seat."""

    briefing: Briefing
    names: tuple[str, ...]
    total: int
    is_over: bool


def missing(session: Session, asker: Asker, now: datetime, called: str) -> Absent:
    """Say which member companies send nobody. Raises Refusal for anybody but staff."""
    briefing = titles.find(session, asker, Briefing, called)
    if not asker.is_staff:
        raise Refusal("Who sends nobody is for the secretariat to see. Ask them.")
    sent = sa.select(Rsvp.organisation_id).where(
        Rsvp.briefing_id == briefing.id,
        Rsvp.standing == Standing.GOING,
        Rsvp.organisation_id.is_not(None),
    )
    members = sa.select(Organisation.name, Organisation.id.in_(sent)).where(
        Organisation.workspace_id == asker.workspace,
        Organisation.kind == OrganisationKind.MEMBER,
    )
    rows = session.execute(members.order_by(Organisation.folded, Organisation.id)).all()
    names = tuple(name for name, is_there in rows if not is_there)
    return Absent(briefing, names, len(rows), briefing.ends_at <= now)


def who(session: Session, asker: Asker, now: datetime, called: str) -> Attendance:
    """Say who comes, by organisation.

    Members and staff read names; outside bodies read numbers by kind of organisation (a roster
    is the coalition's own business). Raises Refusal for people nobody has linked yet.
    """
    briefing = titles.find(session, asker, Briefing, called)
    if not asker.is_linked:
        raise Refusal(
            "Who comes is shown to people the secretariat has linked to an organisation. "
            "Ask the secretariat to link you."
        )
    answered = (
        sa.select(Rsvp.standing, Person.name, Organisation.name, Organisation.kind, Rsvp.note)
        .join(Person, Rsvp.person_id == Person.id)
        .outerjoin(Organisation, Rsvp.organisation_id == Organisation.id)
        .where(Rsvp.briefing_id == briefing.id, Rsvp.workspace_id == asker.workspace)
        .order_by(Organisation.folded.nulls_last(), Person.name, Rsvp.id)
    )
    rows = session.execute(answered)
    with_names = asker.role is not Role.EXTERNAL
    return Attendance(briefing, _parties(rows, with_names=with_names, with_notes=asker.is_staff))


def _parties(
    rows: Iterable[tuple[Standing, str, str, OrganisationKind, str | None]],
    *,
    with_names: bool,
    with_notes: bool,
) -> tuple[Party, ...]:
    together: dict[tuple[Standing, str | None, OrganisationKind | None], list[str]] = {}
    notes: dict[tuple[Standing, str | None, OrganisationKind | None], list[tuple[str, str]]] = {}
    for standing, person, organisation, kind, note in rows:
        key = (standing, organisation if with_names else None, kind)
        together.setdefault(key, []).append(person)
        if note and with_notes:
            notes.setdefault(key, []).append((person, note))
    return tuple(
        Party(
            organisation,
            kind,
            standing,
            len(names),
            tuple(names[:NAMES_SHOWN]) if with_names else (),
            tuple(notes.get((standing, organisation, kind), ())[:NAMES_SHOWN]),
        )
        for (standing, organisation, kind), names in together.items()
    )
