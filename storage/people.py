"""People and organisations: who asks, who somebody is, and what Slack says of them."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Any

import sqlalchemy as sa
from sqlalchemy import Row, SQLColumnExpression, bindparam

from storage import audit
from storage.asker import SEES, Asker
from storage.characters import seen
from storage.database import Session, writes
from storage.models import GroupSeat, NamedReader, Organisation, Person, Role, Workspace
from storage.packing import packed, unpacked
from storage.scoping import columns
from storage.wall_time import is_known

CONFIRMED_FOR = timedelta(days=180)  # after which staff say again whom an outsider speaks for
KEPT = 1000  # askers that are made once
LEFT = "left Slack"  # in the record, of whom Slack says it
# Of another organisation, or here as a guest; the statement joins the person's Workspace.
OUTSIDER = sa.or_(
    Person.is_guest,
    Person.is_stranger,
    # An enterprise has many teams of its own; Slack marks its strangers itself.
    sa.and_(Workspace.team.like("T%"), Person.slack_team != Workspace.team),
)


def _of_person(
    values: SQLColumnExpression[Any], *conditions: SQLColumnExpression[bool]
) -> sa.ScalarSelect[Any]:
    return sa.select(packed(values)).where(*conditions).correlate(Person).scalar_subquery()


_SEATS = (GroupSeat.workspace_id == Person.workspace_id, GroupSeat.person_id == Person.id)
_ITEM = NamedReader.item_table + ":" + sa.cast(NamedReader.item_id, sa.Text)
_NAMES = (NamedReader.workspace_id == Person.workspace_id, NamedReader.person_id == Person.id)
# What they may see besides what their role shows: seats, and items that name them.
_WHO = (
    sa.select(
        Person.id,
        Person.slack_team,
        Person.slack_user,
        Person.name,
        Person.zone,
        Person.role,
        Person.organisation_id,
        sa.or_(Person.is_active & ~Person.is_bot, Person.is_contact).label("is_there"),
        Person.linked_at,
        OUTSIDER.label("is_outsider"),
        _of_person(GroupSeat.group_id, *_SEATS).label("groups"),
        _of_person(GroupSeat.group_id, *_SEATS, GroupSeat.is_chair).label("chairs"),
        _of_person(_ITEM, *_NAMES).label("named"),
    )
    .join(Workspace, Person.workspace_id == Workspace.id)
    .where(Person.workspace_id == bindparam("workspace"))
)
_NAMED = _WHO.where(Person.slack_team == bindparam("team"), Person.slack_user == bindparam("user"))
_KNOWN = _WHO.where(Person.id.in_(bindparam("people", expanding=True)))
_LEFT = sa.select(Person.slack_user).where(
    Person.workspace_id == bindparam("workspace"),
    Person.slack_user.in_(bindparam("users", expanding=True)),
    ~Person.is_active,
)
_AMONG = _WHO.where(Person.slack_user.in_(bindparam("users", expanding=True)))
Known = Row[*tuple[Any, ...]]  # what is stored of somebody, of which an Asker is made


@dataclass(frozen=True)
class Profile:
    """What Slack says of a person; it never raises anybody's role.

    *domain* is that of an e-mail address Slack has confirmed.
    """

    team: str
    user: str
    name: str
    zone: str | None
    is_active: bool = True
    is_bot: bool = False
    is_guest: bool = False
    is_stranger: bool = False
    domain: str | None = None


def asker(session: Session, workspace: int, now: datetime, team: str, user: str) -> Asker | None:
    """Resolve the person *user* of *team*; None for somebody the bot has not met.

    Somebody whom staff have not linked sees what is public; a bot, or somebody deactivated, nothing
    at all. A guest, or somebody of another organisation, is at most external unless staff have
    confirmed within half a year whom they speak for.
    """
    values = {"workspace": workspace, "team": team, "user": user}
    who: Any = columns(session, _NAMED, values).one_or_none()
    return as_asker(workspace, now, who) if who is not None else None


def known_by(
    session: Session, workspace: int, who: Collection[tuple[str, str]]
) -> dict[tuple[str, str], Known]:
    """Read what is stored of everybody of *who*, by team and user; who is not met is left out."""
    values = {"workspace": workspace, "users": sorted({user for _, user in who})}
    found = {(one.slack_team, one.slack_user): one for one in columns(session, _AMONG, values)}
    return {one: found[one] for one in who if one in found}


def asker_of(session: Session, workspace: int, now: datetime, person: int) -> Asker | None:
    """Resolve a person by our own id, for a message they are owed."""
    found = askers_of(session, workspace, now, [person])
    return found[0] if found else None


def askers_of(
    session: Session, workspace: int, now: datetime, people: Collection[int]
) -> list[Asker]:
    """Resolve everybody of *people*, our own ids, in one statement."""
    values = {"workspace": workspace, "people": list(people)}
    return [as_asker(workspace, now, who) for who in columns(session, _KNOWN, values)]


def askers(session: Session, workspace: int, now: datetime, users: Collection[str]) -> list[Asker]:
    """Resolve everybody of *users*, Slack's ids, whom the bot has met, in one statement."""
    values = {"workspace": workspace, "users": list(users)}
    return [as_asker(workspace, now, who) for who in columns(session, _AMONG, values)]


def met(session: Session, workspace: int, team: str, user: str) -> bool:
    """Say whether the bot has met the person *user* of *team*."""
    values = {"workspace": workspace, "team": team, "user": user}
    return session.execute(_NAMED, values).one_or_none() is not None


def secretariat(session: Session, workspace: int) -> list[tuple[int, str]]:
    """Give our id and Slack's of all staff and admins who are there."""
    found = session.execute(
        sa.select(Person.id, Person.slack_user)
        .where(
            Person.workspace_id == workspace,
            Person.role.in_([Role.STAFF, Role.ADMIN]),
            Person.is_active,
            ~Person.is_bot,
        )
        .order_by(Person.id)
    )
    return [(row.id, row.slack_user) for row in found]


def left(session: Session, workspace: int, users: Collection[str]) -> set[str]:
    """Say whom of *users* Slack has deactivated; of channels and strangers nobody knows that."""
    return set(session.scalars(_LEFT, {"workspace": workspace, "users": list(users)}))


def organisation_name(session: Session, workspace: int, organisation: int | None) -> str | None:
    """Name an organisation by our own id."""
    return session.scalar(
        sa.select(Organisation.name).where(
            Organisation.workspace_id == workspace, Organisation.id == organisation
        )
    )


def as_asker(workspace: int, now: datetime, who: Known) -> Asker:
    """Make the asker that somebody is *now*: what staff have confirmed of them may have expired."""
    return _in_role(workspace, _role(who, now), who)


@lru_cache(KEPT)
def _in_role(workspace: int, role: Role, who: Known) -> Asker:
    # What it is made of is its key, so it is never out of date, nor somebody else.
    is_linked = role is not Role.UNKNOWN
    named = (one.split(":") for one in unpacked(who.named)) if is_linked else ()
    return Asker(
        workspace,
        who.id,
        who.slack_user,
        who.name,
        who.zone,
        role,
        who.organisation_id,
        SEES[role] if who.is_there else (),
        _ids(who.groups) if is_linked else frozenset(),
        _ids(who.chairs) if is_linked else frozenset(),
        frozenset((table, int(item)) for table, item in named),
    )


def _ids(values: str | None) -> frozenset[int]:
    return frozenset(map(int, unpacked(values)))


def _role(who: Known, now: datetime) -> Role:
    """Cap what staff have said by what Slack says: a flag takes rights away and gives none."""
    role: Role = who.role
    if not who.is_there:
        return Role.UNKNOWN
    is_confirmed = who.linked_at is not None and now - who.linked_at < CONFIRMED_FOR
    if who.is_outsider and role is not Role.UNKNOWN and not is_confirmed:
        return Role.EXTERNAL
    return role


def profile(user: Mapping[str, Any], team: str | None = None) -> Profile:
    """Read a Slack user object; *team* is the person's own where the object does not say."""
    shown = user.get("profile", {})
    _, at, domain = str(shown.get("email", "")).rpartition("@")
    return Profile(
        user.get("team_id") or team or "",
        user["id"],
        _called(shown.get("real_name"), user.get("real_name"), user.get("name"), user["id"]),
        user.get("tz"),
        is_active=not user.get("deleted", False),
        is_bot=bool(user.get("is_bot", False)),
        is_guest=bool(user.get("is_restricted", False) or user.get("is_ultra_restricted", False)),
        is_stranger=bool(user.get("is_stranger", False)),
        domain=domain.lower() if at and user.get("is_email_confirmed") else None,
    )


@writes
def meet(session: Session, workspace: int, profile: Profile, now: datetime) -> int:
    """Keep what Slack says of a person, who starts without any role; give our id of them."""
    person = session.scalars(
        sa.select(Person).where(
            Person.workspace_id == workspace,
            Person.slack_team == profile.team,
            Person.slack_user == profile.user,
        )
    ).one_or_none()
    if person is None:
        person = Person(
            workspace_id=workspace,
            slack_team=profile.team,
            slack_user=profile.user,
            name=profile.name,
            zone="UTC",
            met_at=now,
        )
        session.add(person)
    person.name = profile.name
    if profile.zone and is_known(profile.zone):
        person.zone = profile.zone
    if person.is_active is not False and not profile.is_active:
        session.flush()
        audit.record(session, Asker(workspace), now, LEFT, f"person {person.id}")
    person.is_active = profile.is_active
    person.is_bot = profile.is_bot
    person.is_guest = profile.is_guest
    person.is_stranger = profile.is_stranger
    person.domain = profile.domain
    session.flush()
    return person.id


@writes
def open_workspace(session: Session, team: str, name: str) -> int:
    """Find or make the workspace of Slack team *team*; give its id."""
    workspace = session.scalars(sa.select(Workspace).where(Workspace.team == team)).one_or_none()
    if workspace is None:
        workspace = Workspace(team=team, name=name, zone="UTC")
        session.add(workspace)
        session.flush()
    return workspace.id


def _called(*names: str | None) -> str:
    # Some names are all blanks, and some hold what no database keeps.
    return next((name for given in names if (name := seen(given or "").strip())), "")
