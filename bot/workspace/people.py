"""People and user groups of the workspace, and how Slack's API describes them."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo


@dataclass(slots=True, eq=False)
class User:
    """A person or a bot; *team_id* is their own organisation's."""

    id: str
    name: str
    handle: str
    team_id: str
    organisation: str = ""
    title: str = ""
    tz: str | None = "UTC"
    locale: str = "en-GB"
    email: str | None = None
    is_admin: bool = False
    is_restricted: bool = False
    is_ultra_restricted: bool = False
    is_stranger: bool = False
    is_bot: bool = False
    deleted: bool = False

    def __post_init__(self) -> None:
        # A single-channel guest is a guest.
        self.is_restricted = self.is_restricted or self.is_ultra_restricted


@dataclass(slots=True, eq=False)
class Usergroup:
    """A named group of people that can be mentioned."""

    id: str
    name: str
    handle: str
    users: list[str] = field(default_factory=list)
    is_enabled: bool = True


def as_user_object(
    user: User, now: datetime, *, with_locale: bool = False, with_email: bool = False
) -> dict[str, Any]:
    """Describe *user* as users.info does; a stranger's profile is reduced to the name."""
    described: dict[str, Any] = {
        "id": user.id,
        "team_id": user.team_id,
        "name": user.handle,
        "deleted": user.deleted,
        "real_name": user.name,
        "is_admin": user.is_admin,
        "is_owner": False,
        "is_primary_owner": False,
        "is_restricted": user.is_restricted,
        "is_ultra_restricted": user.is_ultra_restricted,
        "is_stranger": user.is_stranger,
        "is_bot": user.is_bot,
        "is_app_user": False,
        "is_email_confirmed": True,
        "updated": 1_700_000_000,
        "profile": _profile(user, with_email=with_email),
    }
    if not user.is_stranger:
        described |= _zone(user.tz, now) | ({"locale": user.locale} if with_locale else {})
    return described


def _profile(user: User, *, with_email: bool) -> dict[str, Any]:
    profile = {
        "real_name": user.name,
        "real_name_normalized": user.name,
        "display_name": user.handle,
        "display_name_normalized": user.handle,
        "team": user.team_id,
    }
    if user.is_stranger:
        return profile
    email = {"email": user.email} if with_email and user.email else {}
    return {**profile, "title": user.title, "status_text": "", "status_emoji": "", **email}


def _zone(tz: str | None, now: datetime) -> dict[str, Any]:
    if tz is None:
        return {}
    there = now.astimezone(ZoneInfo(tz))
    offset = there.utcoffset()
    return {
        "tz": tz,
        "tz_label": there.tzname(),
        "tz_offset": int(offset.total_seconds()) if offset is not None else 0,
    }


def as_usergroup_object(group: Usergroup, team: str) -> dict[str, Any]:
    """Describe *group* as usergroups.list does."""
    return {
        "id": group.id,
        "team_id": team,
        "is_usergroup": True,
        "name": group.name,
        "description": "",
        "handle": group.handle,
        "is_external": False,
        "date_delete": 0 if group.is_enabled else 1,
        "users": list(group.users),
        "user_count": len(group.users),
    }
