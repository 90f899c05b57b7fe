"""bots.info: which app a bot belongs to."""

from __future__ import annotations

from bot.workspace.checks import Refused
from bot.workspace.methods.call import Call, Json, Method


def info(call: Call) -> Json:
    """Describe the bot."""
    app = call.app
    if call.args.get("bot") != app.bot_id:
        raise Refused("bot_not_found")
    return {
        "bot": {
            "id": app.bot_id,
            "deleted": False,
            "name": app.name,
            "app_id": app.app_id,
            "user_id": app.bot_user,
        }
    }


METHODS: dict[str, Method] = {"bots.info": info}
