"""People and organisations: who asks, who somebody is, and what Slack says of them."""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy import Row, bindparam

from storage import audit
from storage.asker import SEES, Asker
from storage.characters import seen
from storage.database import Session, writes
from storage.models import GroupSeat, NamedReader, Organisation, Person, Role, Workspace
from storage.scoping import columns
from storage.wall_time import is_known

CONFIRMED_FOR = timedelta(days=180)  # after which staff say again whom an outsider speaks for
LEFT = "left Slack"  # in the record, of whom Slack says it
_GROUPS = "working_groups"
# Of another organisation, or here as a guest; the statement joins the person's Workspace.
OUTSIDER = sa.or_(
    Person.is_guest,
    Person.is_stranger,
    # An enterprise has many teams of its own; Slack marks its strangers itself.
    sa.and_(Workspace.team.like("T%"), Person.slack_team != Workspace.team),
)

_WHO = (
    sa.select(
        Person.id,
        Person.slack_user,
        Person.name,
        Person.zone,
        Person.role,
        Person.organisation_id,
        sa.or_(Person.is_active & ~Person.is_bot, Person.is_contact).label("is_there"),
        Person.linked_at,
        OUTSIDER.label("is_outsider"),
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
_Who = Row[int, str, str, str, Role, int | None, bool, datetime | None, bool]


def _own(is_theirs: Callable[[Any], sa.ColumnElement[bool]]) -> sa.CompoundSelect[Any]:
    """Read what a person may see besides what their role shows: seats, and items that name them."""
    return sa.union_all(
        sa.select(
            GroupSeat.person_id,
            sa.literal_column(f"'{_GROUPS}'", sa.Text).label("kind"),
            GroupSeat.group_id.label("item"),
            GroupSeat.is_chair,
        ).where(GroupSeat.workspace_id == bindparam("workspace"), is_theirs(GroupSeat.person_id)),
        sa.select(
            NamedReader.person_id, NamedReader.item_table, NamedReader.item_id, sa.false()
        ).where(
            NamedReader.workspace_id == bindparam("workspace"), is_theirs(NamedReader.person_id)
        ),
    )


_OWN = _own(lambda person: person.in_(bindparam("people", expanding=True)))
_OWN_OF_ONE = _own(lambda person: person == bindparam("person"))


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
    if who is None:
        return None
    own = columns(session, _OWN_OF_ONE, {"workspace": workspace, "person": who.id}).all()
    return _as_asker(workspace, now, who, own)


def asker_of(session: Session, workspace: int, now: datetime, person: int) -> Asker | None:
    """Resolve a person by our own id, for a message they are owed."""
    found = askers_of(session, workspace, now, [person])
    return found[0] if found else None


def askers_of(
    session: Session, workspace: int, now: datetime, people: Collection[int]
) -> list[Asker]:
    """Resolve everybody of *people*, our own ids, in two statements."""
    values = {"workspace": workspace, "people": list(people)}
    return _resolved(session, workspace, now, session.execute(_KNOWN, values))


def askers(session: Session, workspace: int, now: datetime, users: Collection[str]) -> list[Asker]:
    """Resolve everybody of *users*, Slack's ids, whom the bot has met, in two statements."""
    values = {"workspace": workspace, "users": list(users)}
    return _resolved(session, workspace, now, session.execute(_AMONG, values))


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


def _resolved(session: Session, workspace: int, now: datetime, found: Iterable[Any]) -> list[Asker]:
    known = list(found)
    values = {"workspace": workspace, "people": [who.id for who in known]}
    own: dict[int, list[Any]] = {who.id: [] for who in known}
    for held in columns(session, _OWN, values) if known else ():
        own[held.person_id].append(held)
    return [_as_asker(workspace, now, who, own[who.id]) for who in known]


def _as_asker(workspace: int, now: datetime, who: _Who, own: Sequence[Any]) -> Asker:
    role = _role(who, now)
    held = own if role is not Role.UNKNOWN else []
    seats = [one for one in held if one.kind == _GROUPS]
    return Asker(
        workspace,
        who.id,
        who.slack_user,
        who.name,
        who.zone,
        role,
        who.organisation_id,
        SEES[role] if who.is_there else (),
        frozenset(seat.item for seat in seats),
        frozenset(seat.item for seat in seats if seat.is_chair),
        frozenset((one.kind, one.item) for one in held if one.kind != _GROUPS),
    )


def _role(who: _Who, now: datetime) -> Role:
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
