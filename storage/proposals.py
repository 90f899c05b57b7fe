"""Who waits for staff: to be linked, with what their address proposes, or to be confirmed again."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa

from storage import linking
from storage.asker import Asker
from storage.database import Session, writes
from storage.errors import Refusal
from storage.models import Organisation, OrganisationDomain, Person, Role, Workspace
from storage.pages import SIZE, Page, offset, within
from storage.people import CONFIRMED_FOR, OUTSIDER

SOON = timedelta(days=30)  # before a link lapses, staff see it coming


@dataclass(frozen=True)
class Line:
    """Somebody who waits for staff; *proposal* is whom their e-mail address speaks for.

    *until* is when a confirmed link lapses, or did.
    """

    id: int
    slack_user: str
    name: str
    organisation_id: int | None
    organisation: str | None
    role: Role
    is_outsider: bool
    proposal_id: int | None
    proposal: str | None
    until: datetime | None
    has_lapsed: bool


_PROPOSED = sa.orm.aliased(Organisation)
_WAITING = (
    sa.select(
        Person.id,
        Person.slack_user,
        Person.name,
        Person.organisation_id,
        Organisation.name.label("organisation"),
        Person.role,
        OUTSIDER.label("is_outsider"),
        _PROPOSED.id.label("proposal_id"),
        _PROPOSED.name.label("proposal"),
        Person.linked_at,
    )
    .join(Workspace, Person.workspace_id == Workspace.id)
    .outerjoin(Organisation, Person.organisation_id == Organisation.id)
    .outerjoin(
        OrganisationDomain,
        sa.and_(
            OrganisationDomain.workspace_id == Person.workspace_id,
            OrganisationDomain.domain == Person.domain,
        ),
    )
    .outerjoin(_PROPOSED, OrganisationDomain.organisation_id == _PROPOSED.id)
    .where(
        Person.workspace_id == sa.bindparam("workspace"),
        Person.is_active,
        ~Person.is_bot,
        sa.or_(
            Person.role == Role.UNKNOWN,
            sa.and_(
                OUTSIDER,
                sa.or_(Person.linked_at.is_(None), Person.linked_at <= sa.bindparam("confirmed")),
            ),
        ),
    )
    .order_by(_PROPOSED.id.is_(None), Person.id.desc())
)


def waiting(session: Session, asker: Asker, now: datetime, page: int = 0) -> Page[Line]:
    """List whom staff have yet to link, or to confirm again soon: those with a proposal first."""
    linking.check_staff(asker)
    values = {"workspace": asker.workspace, "confirmed": now + SOON - CONFIRMED_FOR}
    total = session.scalar(sa.select(sa.func.count()).select_from(_WAITING.subquery()), values) or 0
    number = within(page, total)
    rows = session.execute(_WAITING.limit(SIZE).offset(offset(number)), values).mappings()
    return Page(tuple(_line(row, now) for row in rows), number, total)


def of(session: Session, asker: Asker, now: datetime, person_id: int) -> Line | None:
    """Give the line of one person; None for who does not wait."""
    linking.check_staff(asker)
    values = {"workspace": asker.workspace, "confirmed": now + SOON - CONFIRMED_FOR}
    found = session.execute(_WAITING.where(Person.id == person_id), values).mappings().first()
    return _line(found, now) if found is not None else None


@writes
def confirm(
    session: Session, asker: Asker, now: datetime, person_id: int, organisation_id: int
) -> linking.Outcome:
    """Link *person_id* as a button proposed, if it is still proposed. Raises Refusal."""
    linking.check_staff(asker)
    person = session.scalars(
        sa.select(Person).where(
            Person.workspace_id == asker.workspace,
            Person.id == person_id,
            Person.is_active,
            ~Person.is_bot,
            Person.erased_at.is_(None),
        )
    ).one_or_none()
    home = session.scalars(
        sa.select(Organisation).where(
            Organisation.workspace_id == asker.workspace, Organisation.id == organisation_id
        )
    ).one_or_none()
    if person is None or home is None:
        raise Refusal("That person or organisation is not here any more.")
    if person.role is not Role.UNKNOWN and person.organisation_id == home.id:
        return linking.settle(session, asker, now, person, home, person.role)
    if person.role is not Role.UNKNOWN or not _proposes(session, person, home):
        raise Refusal("That was proposed before, and is not any more. See /members waiting.")
    return linking.settle(session, asker, now, person, home, linking.fitting("", home))


def _line(row: Mapping[Any, Any], now: datetime) -> Line:
    told = dict(row)
    linked_at = told.pop("linked_at")
    is_confirmed = told["role"] is not Role.UNKNOWN and linked_at is not None
    until = linked_at + CONFIRMED_FOR if is_confirmed else None
    return Line(**told, until=until, has_lapsed=until is None or until <= now)


def _proposes(session: Session, person: Person, home: Organisation) -> bool:
    proposal = sa.select(OrganisationDomain.id).where(
        OrganisationDomain.workspace_id == person.workspace_id,
        OrganisationDomain.organisation_id == home.id,
        OrganisationDomain.domain == person.domain,
    )
    return session.scalar(proposal) is not None
