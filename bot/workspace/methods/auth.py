"""auth.test and apps.connections.open: who calls, and where the socket is."""

from __future__ import annotations

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


METHODS: dict[str, Method] = {"auth.test": test, "apps.connections.open": open_connection}
