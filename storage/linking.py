"""Who speaks for whom: staff confirm it, Slack's word is only a proposal."""

from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from storage import audit, deliveries, forfeits, organisations
from storage.asker import Asker
from storage.database import Session, writes
from storage.errors import Refusal
from storage.models import (
    AuditEntry,
    Organisation,
    OrganisationDomain,
    OrganisationKind,
    Person,
    Role,
    Workspace,
)
from storage.pages import SIZE, Page, offset, within
from storage.people import CONFIRMED_FOR, OUTSIDER

SECRETARIAT = (Role.STAFF, Role.ADMIN)
ROLES = {OrganisationKind.MEMBER: Role.MEMBER, OrganisationKind.SECRETARIAT: Role.STAFF}
NOT_YOURS = "Linking people is for the secretariat. Ask them."


@dataclass(frozen=True)
class Line:
    """Somebody who waits for staff; *proposal* is whom their e-mail address speaks for."""

    id: int
    slack_user: str
    name: str
    organisation: str | None
    role: Role
    is_outsider: bool
    proposal_id: int | None
    proposal: str | None


@dataclass(frozen=True)
class Outcome:
    """What became of a link; *changed* is False when it was so and confirmed today."""

    person: Person
    organisation: Organisation
    role: Role
    changed: bool


@dataclass(frozen=True)
class Standing:
    """Who the bot takes somebody for; *until* is when staff are to confirm it again."""

    name: str
    organisation: str | None
    role: Role
    groups: int
    until: datetime | None


_PROPOSED = sa.orm.aliased(Organisation)
_WAITING = (
    sa.select(
        Person.id,
        Person.slack_user,
        Person.name,
        Organisation.name.label("organisation"),
        Person.role,
        OUTSIDER.label("is_outsider"),
        _PROPOSED.id.label("proposal_id"),
        _PROPOSED.name.label("proposal"),
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
                sa.or_(Person.linked_at.is_(None), Person.linked_at <= sa.bindparam("lapsed")),
            ),
        ),
    )
    .order_by(_PROPOSED.id.is_(None), Person.id.desc())
)


def standing(session: Session, asker: Asker, now: datetime) -> Standing:
    """Say who the bot takes the asker for."""
    linked_at = session.scalar(
        sa.select(Person.linked_at)
        .join(Workspace, Person.workspace_id == Workspace.id)
        .where(Person.id == asker.person, OUTSIDER)
    )
    home = session.get(Organisation, asker.organisation) if asker.organisation else None
    until = linked_at + CONFIRMED_FOR if linked_at is not None else None
    return Standing(asker.name, home.name if home else None, asker.role, len(asker.groups), until)


def waiting(session: Session, asker: Asker, now: datetime, page: int = 0) -> Page[Line]:
    """List whom staff have yet to link, or to confirm again: those with a proposal first."""
    _check_staff(asker)
    values = {"workspace": asker.workspace, "lapsed": now - CONFIRMED_FOR}
    total = session.scalar(sa.select(sa.func.count()).select_from(_WAITING.subquery()), values) or 0
    number = within(page, total)
    rows = session.execute(_WAITING.limit(SIZE).offset(offset(number)), values).mappings()
    return Page(tuple(Line(**row) for row in rows), number, total)


@writes
def link(
    session: Session, asker: Asker, now: datetime, user: str, organisation: str, role: str = ""
) -> Outcome:
    """Say that the person *user*, a Slack id, speaks for *organisation*, and confirm it from now.

    The role follows from the kind of organisation unless *role* names one; only an admin makes
    staff and admins. Raises Refusal.
    """
    _check_staff(asker)
    person, home = known(session, asker, user), organisations.called(session, asker, organisation)
    return _linked(session, asker, now, person, home, role)


@writes
def confirm(
    session: Session, asker: Asker, now: datetime, person_id: int, organisation_id: int
) -> Outcome:
    """Do the same with what a button proposed, if it is still proposed. Raises Refusal."""
    _check_staff(asker)
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
        return _linked(session, asker, now, person, home, person.role.value)
    if person.role is not Role.UNKNOWN or not _proposes(session, person, home):
        raise Refusal("That was proposed before, and is not any more. See /members waiting.")
    return _linked(session, asker, now, person, home, "")


def had_admin(session: Session, workspace: int) -> bool:
    """Say whether there is an admin, or the first one was made already."""
    admins = sa.select(Person.id).where(Person.workspace_id == workspace, Person.role == Role.ADMIN)
    before = sa.select(AuditEntry.id).where(
        AuditEntry.workspace_id == workspace, AuditEntry.verb == "bootstrap"
    )
    return any(session.scalar(one.limit(1)) is not None for one in (admins, before))


@writes
def bootstrap(session: Session, workspace: int, now: datetime, team: str, user: str) -> bool:
    """Make *user* the first admin where there never was one; say whether that happened.

    Never a guest, a stranger, a bot, or somebody of another team than the workspace's.
    """
    if had_admin(session, workspace):
        return False
    person = session.scalars(
        sa.select(Person)
        .join(Workspace, Person.workspace_id == Workspace.id)
        .where(
            sa.or_(Workspace.team == team, Workspace.team.like("E%")),
            Person.workspace_id == workspace,
            Person.slack_team == team,
            Person.slack_user == user,
            Person.is_active,
            ~Person.is_bot,
            ~Person.is_guest,
            ~Person.is_stranger,
        )
    ).one_or_none()
    if person is None:
        return False
    was = {"organisation": person.organisation_id, "role": person.role}
    person.role, person.linked_at = Role.ADMIN, now
    after = {"organisation": person.organisation_id, "role": Role.ADMIN}
    audit.record(session, Asker(workspace), now, "bootstrap", f"person {person.id}", was, after)
    return True


def known(session: Session, asker: Asker, user: str) -> Person:
    """Find the person with the Slack id *user*, active or not. Raises Refusal."""
    found = session.scalars(
        sa.select(Person).where(
            Person.workspace_id == asker.workspace,
            Person.slack_user == user,
            ~Person.is_bot,
            Person.erased_at.is_(None),
        )
    ).first()
    if found is None:
        raise Refusal(
            "The bot has not met that person. Mention somebody with @; if they are new, ask them "
            "to open this app's Home once."
        )
    return found


def check_admin_left(session: Session, asker: Asker, person: Person) -> None:
    """Refuse to take the last admin's role away."""
    others = sa.select(Person.id).where(
        Person.workspace_id == asker.workspace,
        Person.role == Role.ADMIN,
        Person.is_active,
        Person.id != person.id,
    )
    if person.role is Role.ADMIN and session.scalar(others.limit(1)) is None:
        raise Refusal(f"{person.name} is the only admin. Make somebody else one first.")


def _linked(
    session: Session, asker: Asker, now: datetime, person: Person, home: Organisation, asked: str
) -> Outcome:
    role = _role(asked, home)
    if {role, person.role} & set(SECRETARIAT) and asker.role is not Role.ADMIN:
        raise Refusal("Only an admin says who is of the secretariat. Ask one. Nothing was changed.")
    if role is not Role.ADMIN:
        check_admin_left(session, asker, person)
    before = {"organisation": person.organisation_id, "role": person.role}
    after = {"organisation": home.id, "role": role}
    was, person.linked_at = person.linked_at, now
    if before == after and was is not None and was.date() == now.date():
        return Outcome(person, home, role, changed=False)
    person.organisation_id, person.role = home.id, role
    audit.record(session, asker, now, "link", f"person {person.id}", before, after)
    if before != after and person.is_active and person.id != asker.person:
        deliveries.owe(
            session,
            asker.workspace,
            now,
            key=f"linked:{person.id}:{int(now.timestamp())}",
            kind="linked",
            recipient=person.slack_user,
            details={"person": person.id},
        )
    session.flush()
    forfeits.of_person(session, asker, now, person.id)
    return Outcome(person, home, role, changed=True)


def _proposes(session: Session, person: Person, home: Organisation) -> bool:
    proposal = sa.select(OrganisationDomain.id).where(
        OrganisationDomain.workspace_id == person.workspace_id,
        OrganisationDomain.organisation_id == home.id,
        OrganisationDomain.domain == person.domain,
    )
    return session.scalar(proposal) is not None


def _role(asked: str, home: Organisation) -> Role:
    if not asked:
        return ROLES.get(home.kind, Role.EXTERNAL)
    choices = [role.value for role in Role if role is not Role.UNKNOWN]
    if asked not in choices:
        raise Refusal(f"There is no role {asked}. Choose one of: {', '.join(choices)}.")
    role = Role(asked)
    if (role in SECRETARIAT) != (home.kind is OrganisationKind.SECRETARIAT):
        raise Refusal("Staff and admins are of the secretariat, and nobody else is.")
    if role is Role.MEMBER and home.kind is not OrganisationKind.MEMBER:
        raise Refusal(f"{home.name} is no member company; its people are external.")
    return role


def _check_staff(asker: Asker) -> None:
    if not asker.is_staff:
        raise Refusal(NOT_YOURS)
