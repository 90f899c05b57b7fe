"""Attendance: who comes to a briefing, by organisation and by answer."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from storage import policy, questions, requests, titles
from storage.asker import Asker
from storage.database import Session
from storage.errors import Refusal
from storage.models import (
    Briefing,
    Notice,
    Organisation,
    OrganisationKind,
    Person,
    Role,
    Rsvp,
    Standing,
)
from storage.policy import Act
from storage.requests import NOBODY, Requests

NAMES_SHOWN = 200
Said = tuple[str, tuple[tuple[str, str], ...]]
# Who asks for a seat has not got one, and whoever was turned down never said that they do not come.
_ANSWERED = sa.and_(
    Rsvp.standing != Standing.ASKED,
    sa.or_(Rsvp.standing != Standing.DECLINED, Rsvp.turned_down_at.is_(None)),
)
_RECORDER = sa.orm.aliased(Person)


@dataclass(frozen=True)
class Party:
    """The people of one organisation who gave the same answer; *names* only for who may know.

    *notes* are what they added, and *recorded* who of the secretariat answered for them, each with
    its name; *without_slack* are the names of contacts, *asked_again* of those who have not said
    whether they still come, since it was moved: read by staff alone.
    """

    organisation: str | None
    kind: OrganisationKind | None
    standing: Standing
    people: int
    names: tuple[str, ...]
    notes: tuple[tuple[str, str], ...] = ()
    recorded: tuple[tuple[str, str], ...] = ()
    without_slack: tuple[str, ...] = ()
    asked_again: tuple[str, ...] = ()


@dataclass(frozen=True)
class Attendance:
    """Who comes to a briefing, counted from the answers as they were at *as_of*.

    *said* is what was said to each of its questions, each with its name: for whoever organises it;
    so are *requests*, of which nobody else reads anything.
    """

    briefing: Briefing
    parties: tuple[Party, ...]
    as_of: datetime
    said: tuple[Said, ...] = ()
    requests: Requests = NOBODY

    def people(self, standing: Standing) -> int:
        """How many people gave that answer."""
        return sum(party.people for party in self.parties if party.standing is standing)

    def by_kind(self, standing: Standing) -> dict[OrganisationKind | None, int]:
        """How many people of each kind of organisation gave that answer, most first."""
        people: Counter[OrganisationKind | None] = Counter()
        for party in self.parties:
            if party.standing is standing:
                people[party.kind] += party.people
        return dict(people.most_common())

    @property
    def is_chatham_house(self) -> bool:
        """Whether nobody but staff, who check people in, reads who comes."""
        return under_chatham_house(self.briefing)


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


def under_chatham_house(briefing: Briefing) -> bool:
    """Say whether *briefing* is held under the Chatham House Rule."""
    return Notice.CHATHAM_HOUSE in briefing.notices


def who(session: Session, asker: Asker, now: datetime, called: str) -> Attendance:
    """Say who comes, by organisation.

    Members and staff read names; outside bodies read numbers by kind of organisation (a roster
    is the coalition's own business), and under the Chatham House Rule so do members. Of those who
    read names, staff and chairs in their group read what was said to its questions. Raises Refusal
    for people nobody has linked yet.
    """
    briefing = titles.find(session, asker, Briefing, called)
    if not asker.is_linked:
        raise Refusal(
            "Who comes is shown to people the secretariat has linked to an organisation. "
            "Ask the secretariat to link you."
        )
    # One statement, so that the totals and what they are made of are of one moment.
    answered = (
        sa.select(
            Rsvp.standing,
            Person.name.label("person"),
            Organisation.name.label("organisation"),
            Organisation.kind,
            Rsvp.note,
            Rsvp.particulars,
            Rsvp.reconfirm,
            _RECORDER.name.label("recorder"),
            Person.is_contact.label("is_contact"),
        )
        .join(Person, Rsvp.person_id == Person.id)
        .outerjoin(Organisation, Rsvp.organisation_id == Organisation.id)
        .outerjoin(_RECORDER, Rsvp.recorded_by_id == _RECORDER.id)
        .where(
            Rsvp.briefing_id == briefing.id,
            Rsvp.workspace_id == asker.workspace,
            _ANSWERED,
        )
        .order_by(Organisation.folded.nulls_last(), Person.name, Rsvp.id)
    )
    rows = session.execute(answered).all()
    with_names = asker.is_staff or (
        asker.role is not Role.EXTERNAL and not under_chatham_house(briefing)
    )
    parties = _parties(rows, with_names=with_names, is_staff=asker.is_staff)
    organises = with_names and policy.decide(asker, briefing, Act.EDIT)
    said = _said(briefing, rows) if organises else ()
    asking = requests.waiting(session, asker, now, briefing)
    return Attendance(briefing, parties, now, said, asking)


def _said(briefing: Briefing, rows: Iterable[Any]) -> tuple[Said, ...]:
    told = [row for row in rows if row.particulars]
    return tuple(
        (
            questions.text(question),
            tuple((row.person, row.particulars[place]) for row in told if row.particulars[place]),
        )
        for place, question in enumerate(briefing.questions)
    )


def _parties(
    rows: Iterable[Any],
    *,
    with_names: bool,
    is_staff: bool,
) -> tuple[Party, ...]:
    together: dict[tuple[Standing, str | None, OrganisationKind | None], list[Any]] = {}
    for row in rows:
        key = (row.standing, row.organisation if with_names else None, row.kind)
        together.setdefault(key, []).append(row)
    return tuple(
        Party(
            organisation,
            kind,
            standing,
            len(there),
            tuple(row.person for row in there[:NAMES_SHOWN]) if with_names else (),
            _beside(there, "note") if is_staff else (),
            _beside(there, "recorder") if is_staff else (),
            tuple(row.person for row in there if row.is_contact) if is_staff else (),
            tuple(row.person for row in there if row.reconfirm) if is_staff else (),
        )
        for (standing, organisation, kind), there in together.items()
    )


def _beside(rows: Iterable[Any], column: str) -> tuple[tuple[str, str], ...]:
    said = [(row.person, getattr(row, column)) for row in rows if getattr(row, column)]
    return tuple(said[:NAMES_SHOWN])
