"""Who calls, where the socket is, and the token for an app that somebody has allowed."""

from __future__ import annotations

from bot.workspace.checks import Refused
from bot.workspace.methods.call import Call, Json, Method


def test(call: Call) -> Json:
    """Say who the token belongs to."""
    app = call.app
    return {
        "url": f"{call.world.url}/",
        "team": app.team_name,
        "user": call.world.users[app.bot_user].handle,
        "team_id": app.team,
        "user_id": app.bot_user,
        "bot_id": app.bot_id,
        "is_enterprise_install": False,
    }


def open_connection(call: Call) -> Json:
    """Hand out the address of a socket, good for one connection."""
    address = call.world.url.replace("http://", "ws://", 1)
    return {"url": f"{address}/socket?ticket={call.world.tickets.socket()}"}


def access(call: Call) -> Json:
    """Exchange a code for the token of the workspace in which somebody allowed the app."""
    app, world = call.app, call.world
    user = world.tickets.redeem_code(call.text("code"))
    if call.text("redirect_uri") not in app.returns:
        raise Refused("bad_redirect_uri")
    return {
        "app_id": app.app_id,
        "authed_user": {"id": user},
        "scope": ",".join(sorted(app.scopes)),
        "token_type": "bot",
        "access_token": app.bot_token,
        "bot_user_id": app.bot_user,
        "team": {"id": app.team, "name": app.team_name},
        "enterprise": None,
        "is_enterprise_install": False,
    }


METHODS: dict[str, Method] = {
    "auth.test": test,
    "apps.connections.open": open_connection,
    "oauth.v2.access": access,
}
