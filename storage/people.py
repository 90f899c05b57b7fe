"""People and organisations: who asks, who somebody is, and what Slack says of them."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy import Row, bindparam

from storage.asker import SEES, Asker
from storage.database import Session, writes
from storage.models import GroupSeat, Organisation, Person, Role, Workspace
from storage.wall_time import is_known

_WHO = sa.select(
    Person.id,
    Person.slack_user,
    Person.name,
    Person.zone,
    Person.role,
    Person.organisation_id,
    Person.is_active,
).where(Person.workspace_id == bindparam("workspace"))
_NAMED = _WHO.where(Person.slack_team == bindparam("team"), Person.slack_user == bindparam("user"))
_KNOWN = _WHO.where(Person.id == bindparam("person"))
_Who = Row[int, str, str, str, Role, int | None, bool]
_SEATS = sa.select(GroupSeat.group_id, GroupSeat.is_chair).where(
    GroupSeat.workspace_id == bindparam("workspace"), GroupSeat.person_id == bindparam("person")
)


@dataclass(frozen=True)
class Profile:
    """What Slack says of a person; it never raises anybody's role."""

    team: str
    user: str
    name: str
    zone: str | None
    is_active: bool = True
    is_bot: bool = False


def asker(session: Session, workspace: int, team: str, user: str) -> Asker | None:
    """Resolve the person *user* of *team*; None for somebody the bot has not met.

    Somebody deactivated, or whom staff have not linked, sees what is public.
    """
    return _resolved(
        session,
        workspace,
        session.execute(_NAMED, {"workspace": workspace, "team": team, "user": user}).one_or_none(),
    )


def asker_of(session: Session, workspace: int, person: int) -> Asker | None:
    """Resolve a person by our own id, for a message they are owed."""
    return _resolved(
        session,
        workspace,
        session.execute(_KNOWN, {"workspace": workspace, "person": person}).one_or_none(),
    )


def has_left(session: Session, workspace: int, user: str) -> bool:
    """Say whether Slack has deactivated *user*; of a channel or a stranger nobody knows that."""
    gone = sa.select(Person.id).where(
        Person.workspace_id == workspace, Person.slack_user == user, ~Person.is_active
    )
    return session.execute(gone.limit(1)).first() is not None


def organisation_name(session: Session, workspace: int, organisation: int | None) -> str | None:
    """Name an organisation by our own id."""
    return session.scalar(
        sa.select(Organisation.name).where(
            Organisation.workspace_id == workspace, Organisation.id == organisation
        )
    )


def _resolved(session: Session, workspace: int, who: _Who | None) -> Asker | None:
    if who is None:
        return None
    role = who.role if who.is_active else Role.UNKNOWN
    seats = session.execute(_SEATS, {"workspace": workspace, "person": who.id}).all()
    held = seats if role is not Role.UNKNOWN else []
    return Asker(
        workspace,
        who.id,
        who.slack_user,
        who.name,
        who.zone,
        role,
        who.organisation_id,
        SEES[role],
        frozenset(seat.group_id for seat in held),
        frozenset(seat.group_id for seat in held if seat.is_chair),
    )


def profile(user: Mapping[str, Any], team: str | None = None) -> Profile:
    """Read a Slack user object; *team* is the person's own where the object does not say."""
    shown = user.get("profile", {})
    return Profile(
        user.get("team_id") or team or "",
        user["id"],
        shown.get("real_name") or user.get("real_name") or user.get("name", ""),
        user.get("tz"),
        is_active=not user.get("deleted", False),
        is_bot=bool(user.get("is_bot", False)),
    )


@writes
def noted(session: Session, asker: Asker, now: datetime, profile: Profile) -> None:
    """Keep what an event says of somebody the bot has met; strangers are met when they ask."""
    known = session.execute(
        _NAMED, {"workspace": asker.workspace, "team": profile.team, "user": profile.user}
    ).one_or_none()
    if known is not None:
        meet(session, asker.workspace, profile, now)


@writes
def meet(session: Session, workspace: int, profile: Profile, now: datetime) -> None:
    """Keep what Slack says of a person, who starts without any role."""
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
    person.is_active = profile.is_active
    person.is_bot = profile.is_bot


@writes
def open_workspace(session: Session, team: str, name: str) -> int:
    """Find or make the workspace of Slack team *team*; give its id."""
    workspace = session.scalars(sa.select(Workspace).where(Workspace.team == team)).one_or_none()
    if workspace is None:
        workspace = Workspace(team=team, name=name, zone="UTC")
        session.add(workspace)
        session.flush()
    return workspace.id
