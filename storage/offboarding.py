"""Leaving: what somebody held is freed or handed on, in one transaction."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

import sqlalchemy as sa

from storage import audit, heirs, linking, organisations, posts, rsvps, seats
from storage.asker import Asker
from storage.database import Session, writes
from storage.errors import Refusal
from storage.heirs import Handed
from storage.models import (
    Briefing,
    CalendarFeed,
    Delivery,
    DeliveryState,
    GroupSeat,
    Initiative,
    NamedReader,
    Organisation,
    OwnDigest,
    Person,
    Preference,
    Role,
    Rsvp,
    Standing,
)
from storage.scoping import lift, unscoped

HOLDING = (
    *(Standing.GOING, Standing.OFFERED, Standing.WAITLISTED),
    *(Standing.ASKED, Standing.MAYBE),
)


@dataclass(frozen=True)
class Leaving:
    """Who has rights to lose, and what is held: answers to what is coming, seats, items, leads.

    *target* names them again for a button: "person 7", "organisation 3" or, with whoever is to have
    what they held, "person 7 to 9"; *handed* says what that is.
    """

    target: str
    name: str
    people: tuple[str, ...]
    answers: int
    seats: int
    actions: int
    leads: int
    handed: Handed | None = None

    @property
    def is_nothing(self) -> bool:
        """Whether nobody has a right left, nor holds anything."""
        return not (self.people or self.answers or self.seats or self.actions or self.leads)


def foreseen(
    session: Session, asker: Asker, now: datetime, user: str, name: str, heir: str = ""
) -> Leaving:
    """Say what would happen: of the person *user*, or of all who speak for organisation *name*.

    *heir* is the Slack id of whoever is to have what they held. Raises Refusal for anybody but
    staff, and for an heir who can hold nothing.
    """
    _check_staff(asker)
    if user:
        person = linking.known(session, asker, user)
        target, called, people = f"person {person.id}", person.name, [person]
    else:
        home = organisations.called(session, asker, name)
        target, called, people = f"organisation {home.id}", home.name, _of(session, asker, home)
    left = _leaving(session, now, target, called, people)
    if not heir:
        return left
    ids = [person.id for person in people]
    return _with_heir(session, left, heirs.by_user(session, asker, now, heir, ids), ids)


@writes
def carry_out(session: Session, asker: Asker, now: datetime, target: str) -> Leaving:
    """End what *target* holds, in one transaction; a second time nothing is left.

    Answers to what is coming are freed and the queue moves up, seats in groups are given up, open
    items go to *asker*, leads fall vacant, rights end; what is past stays. What the heir that
    *target* names may see goes to them.

    Raises Refusal for anybody but staff, for the last admin, and for an heir who can hold nothing.
    """
    _check_staff(asker)
    about, is_given, to = target.partition(" to ")
    name, people = _targeted(session, asker, *audit.read(about))
    left = _leaving(session, now, about, name, people)
    if left.is_nothing:
        return left
    heir = None
    if is_given:
        ids = [person.id for person in people]
        heir = heirs.by_id(session, asker, now, audit.read(f"person {to}")[1], ids)
        left = _with_heir(session, left, heir, ids)
    lift(session, "whoever leaves may hold what the asker does not see")
    for person in people:
        _check_leaver(session, asker, person)
        seats.tell_of_leaver(session, asker, now, person.id)
        heirs.hand_on(session, asker, now, person, heir)
        let_go(session, now, person, "They were offboarded.")
        before = {"organisation": person.organisation_id, "role": person.role}
        person.role, person.linked_at = Role.UNKNOWN, None
        after = {"organisation": person.organisation_id, "role": Role.UNKNOWN}
        audit.record(session, asker, now, "offboard", f"person {person.id}", before, after)
    if heir is not None and left.handed is not None:
        heirs.tell(session, asker, now, heir, left.handed, left.name)
    return left


def left_behind(
    session: Session, asker: Asker, now: datetime, person_id: int
) -> tuple[str, Leaving] | None:
    """Give Slack's id of somebody who left Slack still linked, and what they hold; else None."""
    _check_staff(asker)
    person = session.scalars(
        sa.select(Person).where(
            Person.workspace_id == asker.workspace,
            Person.id == person_id,
            Person.role != Role.UNKNOWN,
            ~Person.is_active,
            Person.erased_at.is_(None),
        )
    ).one_or_none()
    if person is None:
        return None
    return person.slack_user, _leaving(session, now, f"person {person.id}", person.name, [person])


def let_go(session: Session, now: datetime, person: Person, reason: str) -> None:
    """Free the answers to what is coming, seats and leads; skip what they are owed, for *reason*.

    The caller has the right to do it, and has handed on what others count on.
    """
    _free_answers(session, now, person)
    for model, mine in (
        (GroupSeat, GroupSeat.person_id == person.id),
        (NamedReader, NamedReader.person_id == person.id),
        (OwnDigest, OwnDigest.person_id == person.id),
        (CalendarFeed, CalendarFeed.person_id == person.id),
        (Preference, Preference.person_id == person.id),
    ):
        session.execute(sa.delete(model).where(mine))
    for place in (Initiative.lead_id, Initiative.alternate_id):
        session.execute(sa.update(Initiative).where(place == person.id).values({place: None}))
    session.execute(
        sa.update(Delivery)
        .where(
            Delivery.workspace_id == person.workspace_id,
            Delivery.recipient == person.slack_user,
            Delivery.state == DeliveryState.PENDING,
        )
        .values(state=DeliveryState.SKIPPED, reason=reason)
    )


def _check_leaver(session: Session, asker: Asker, person: Person) -> None:
    if person.id == asker.person:
        raise Refusal("You cannot offboard yourself; a colleague does it.")
    if person.role in linking.SECRETARIAT and asker.role is not Role.ADMIN:
        raise Refusal("Only an admin offboards people of the secretariat. Nothing was changed.")
    linking.check_admin_left(session, asker, person)


def _targeted(session: Session, asker: Asker, kind: str, number: int) -> tuple[str, list[Person]]:
    person = session.get(Person, number) if kind == "person" else None
    home = session.get(Organisation, number) if kind == "organisation" else None
    if person is not None and person.workspace_id == asker.workspace:
        return person.name, [person]
    if home is not None and home.workspace_id == asker.workspace:
        return home.name, _of(session, asker, home)
    raise Refusal("That person or organisation is not here any more.")


def _of(session: Session, asker: Asker, home: Organisation) -> list[Person]:
    found = sa.select(Person).where(
        Person.workspace_id == asker.workspace,
        Person.organisation_id == home.id,
    )
    return list(session.scalars(found.order_by(Person.id)))


def _leaving(
    session: Session, now: datetime, target: str, name: str, people: Sequence[Person]
) -> Leaving:
    ids = [person.id for person in people]
    linked = tuple(person.name for person in people if person.role is not Role.UNKNOWN)
    answers, held, actions, leads = [
        session.scalar(unscoped(sa.select(sa.func.count(one.c.id)), "only numbers are told")) or 0
        for one in (
            _answers(ids, now).subquery(),
            sa.select(GroupSeat.id).where(GroupSeat.person_id.in_(ids)).subquery(),
            heirs.items(ids).subquery(),
            heirs.leads(ids).subquery(),
        )
    ]
    return Leaving(target, name, linked, answers, held, actions, leads)


def _with_heir(session: Session, left: Leaving, heir: Asker, ids: Sequence[int]) -> Leaving:
    handed = heirs.foreseen(session, heir, ids)
    return replace(left, target=f"{left.target} to {heir.person}", handed=handed)


def _answers(ids: Sequence[int], now: datetime) -> sa.Select[Rsvp]:
    return (
        sa.select(Rsvp)
        .join(Briefing, Rsvp.briefing_id == Briefing.id)
        .where(Rsvp.person_id.in_(ids), Rsvp.standing.in_(HOLDING), Briefing.ends_at > now)
        .order_by(Rsvp.briefing_id)
    )


def _free_answers(session: Session, now: datetime, person: Person) -> None:
    for answer in session.scalars(_answers([person.id], now)).all():
        briefing = session.scalars(
            sa.select(Briefing).where(Briefing.id == answer.briefing_id).with_for_update()
        ).one()
        rsvps.give_up(session, briefing, answer, now)
        posts.outdate(session, person.workspace_id, now, briefing.id)


def _check_staff(asker: Asker) -> None:
    if not asker.is_staff:
        raise Refusal("Offboarding is for the secretariat. Ask them.")
