"""The Web API methods, one module per noun."""

from __future__ import annotations

from bot.workspace.methods import auth, bots, chat, conversations, files, usergroups, users, views
from bot.workspace.methods.call import Method

METHODS: dict[str, Method] = {
    **auth.METHODS,
    **bots.METHODS,
    **chat.METHODS,
    **conversations.METHODS,
    **files.METHODS,
    **usergroups.METHODS,
    **users.METHODS,
    **views.METHODS,
}
