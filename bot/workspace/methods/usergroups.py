"""usergroups.list and usergroups.users.list."""

from __future__ import annotations

from bot.workspace.checks import Refused
from bot.workspace.methods.call import Call, Json, Method
from bot.workspace.people import as_usergroup_object


def everything(call: Call) -> Json:
    """Describe the user groups; switched off ones and their members only when asked for."""
    groups = [
        as_usergroup_object(group, call.app.team)
        for group in call.world.usergroups.values()
        if group.is_enabled or call.flag("include_disabled")
    ]
    for group in groups:
        if not call.flag("include_users"):
            del group["users"]
    return {"usergroups": groups}


def members(call: Call) -> Json:
    """List the members of one group."""
    group = call.world.usergroups.get(call.text("usergroup"))
    if group is None or not (group.is_enabled or call.flag("include_disabled")):
        raise Refused("no_such_subteam")
    return {"users": list(group.users)}


METHODS: dict[str, Method] = {"usergroups.list": everything, "usergroups.users.list": members}
