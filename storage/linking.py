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
    OrganisationKind,
    Person,
    Role,
    Workspace,
)
from storage.people import CONFIRMED_FOR, OUTSIDER

SECRETARIAT = (Role.STAFF, Role.ADMIN)
ROLES = {OrganisationKind.MEMBER: Role.MEMBER, OrganisationKind.SECRETARIAT: Role.STAFF}
NOT_YOURS = "Linking people is for the secretariat. Ask them."


@dataclass(frozen=True)
class Outcome:
    """What became of a link; *changed* is False when it was so and confirmed today.

    *is_told* says that the person hears of it: they do not where it was only confirmed.
    """

    person: Person
    organisation: Organisation
    role: Role
    changed: bool
    is_told: bool = False


@dataclass(frozen=True)
class Standing:
    """Who the bot takes somebody for; *until* is when staff are to confirm it again.

    *has_lapsed* says that they have not: a guest then sees what outside bodies see.
    """

    name: str
    organisation: str | None
    role: Role
    groups: int
    until: datetime | None
    has_lapsed: bool


def standing(session: Session, asker: Asker, now: datetime) -> Standing:
    """Say who the bot takes the asker for."""
    linked = session.execute(
        sa.select(Person.linked_at)
        .join(Workspace, Person.workspace_id == Workspace.id)
        .where(Person.id == asker.person, OUTSIDER)
    ).one_or_none()
    home = session.get(Organisation, asker.organisation) if asker.organisation else None
    until = linked.linked_at + CONFIRMED_FOR if linked and linked.linked_at else None
    return Standing(
        asker.name,
        home.name if home else None,
        asker.role,
        len(asker.groups),
        until,
        has_lapsed=linked is not None and (until is None or until <= now),
    )


@writes
def link(
    session: Session, asker: Asker, now: datetime, user: str, organisation: str, role: str = ""
) -> Outcome:
    """Say that the person *user*, a Slack id, speaks for *organisation*, and confirm it from now.

    The role follows from the kind of organisation unless *role* names one; only an admin makes
    staff and admins. Raises Refusal.
    """
    check_staff(asker)
    person, home = known(session, asker, user), organisations.called(session, asker, organisation)
    return settle(session, asker, now, person, home, fitting(role, home))


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


def check_staff(asker: Asker) -> None:
    """Refuse whoever is not of the secretariat."""
    if not asker.is_staff:
        raise Refusal(NOT_YOURS)


def check_rank(asker: Asker, *roles: Role) -> None:
    """Refuse whoever is no admin where one of *roles* is the secretariat's."""
    if asker.role is not Role.ADMIN and set(roles) & set(SECRETARIAT):
        raise Refusal("Only an admin says who is of the secretariat. Ask one. Nothing was changed.")


def check_admin_left(session: Session, asker: Asker, person: Person) -> None:
    """Refuse to take the last admin's role away."""
    if person.role is not Role.ADMIN:
        return
    # Two admins who lower each other at once wait here; else each would count the other.
    admins = session.scalars(
        sa.select(Person.id)
        .where(Person.workspace_id == asker.workspace, Person.role == Role.ADMIN, Person.is_active)
        .order_by(Person.id)
        .with_for_update()
    ).all()
    if not set(admins) - {person.id}:
        raise Refusal(f"{person.name} is the only admin. Make somebody else one first.")


def fitting(asked: str, home: Organisation) -> Role:
    """Give the role *asked* for, or that which follows from *home*. Raises Refusal."""
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


def settle(
    session: Session,
    asker: Asker,
    now: datetime,
    person: Person,
    home: Organisation,
    role: Role,
    verb: str = "link",
) -> Outcome:
    """Let *person* speak for *home* with *role*, confirmed from now. Raises Refusal.

    The caller has checked that *asker* is staff and that *role* goes with *home*.
    """
    check_rank(asker, role, person.role)
    if role is not Role.ADMIN:
        check_admin_left(session, asker, person)
    before = {"organisation": person.organisation_id, "role": person.role}
    after = {"organisation": home.id, "role": role}
    was, person.linked_at = person.linked_at, now
    if before == after and was is not None and was.date() == now.date():
        return Outcome(person, home, role, changed=False)
    person.organisation_id, person.role = home.id, role
    audit.record(session, asker, now, verb, f"person {person.id}", before, after)
    is_told = before != after and person.is_active and person.id != asker.person
    if is_told:
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
    return Outcome(person, home, role, changed=True, is_told=is_told)
