"""users.info and users.list."""

from __future__ import annotations

from bot.workspace.methods.call import Call, Json, Method, page, paged
from bot.workspace.people import User, as_user_object


def info(call: Call) -> Json:
    """Describe one person."""
    user = call.world.person(call.text("user"))
    return {"user": _described(call, user)}


def everybody(call: Call) -> Json:
    """Describe the workspace's people, a page at a time; people of other organisations are not."""
    ours = [user for user in call.world.users.values() if user.team_id == call.app.team]
    users, cursor = page(call, ours, 200)
    members = [_described(call, user) for user in users]
    return paged({"members": members, "cache_ts": call.world.seconds}, cursor)


def _described(call: Call, user: User) -> Json:
    return as_user_object(
        user,
        call.world.clock(),
        with_locale=call.flag("include_locale") and user.team_id == call.app.team,
        with_email="users:read.email" in call.app.scopes,
    )


METHODS: dict[str, Method] = {"users.info": info, "users.list": everybody}
