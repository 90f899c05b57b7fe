"""Which scope each method asks for, and whether the app has it."""

from __future__ import annotations

from bot.workspace.checks import Refused

READ_CHANNELS = ("channels:read", "groups:read", "im:read", "mpim:read")
HISTORY = ("channels:history", "groups:history", "im:history", "mpim:history")
NEEDED: dict[str, tuple[str, ...]] = {
    "auth.test": (),
    "oauth.v2.access": (),
    "chat.getPermalink": (),
    "chat.postMessage": ("chat:write",),
    "chat.postEphemeral": ("chat:write",),
    "chat.update": ("chat:write",),
    "chat.delete": ("chat:write",),
    "conversations.info": READ_CHANNELS,
    "conversations.members": READ_CHANNELS,
    "conversations.list": READ_CHANNELS,
    "conversations.open": ("im:write", "mpim:write"),
    "conversations.history": HISTORY,
    "conversations.replies": HISTORY,
    "views.open": (),
    "views.update": (),
    "views.push": (),
    "views.publish": (),
    "bots.info": ("users:read",),
    "users.info": ("users:read",),
    "users.list": ("users:read",),
    "usergroups.list": ("usergroups:read",),
    "usergroups.users.list": ("usergroups:read",),
    "files.getUploadURLExternal": ("files:write",),
    "files.completeUploadExternal": ("files:write",),
    "files.delete": ("files:write",),
}
BY_KIND = {"public": "channels", "private": "groups", "dm": "im", "mpim": "mpim"}


class MissingScope(Refused):
    """The app lacks the scope that the call *needed*."""

    def __init__(self, needed: str) -> None:
        super().__init__("missing_scope")
        self.needed = needed


def check_method(method: str, granted: set[str]) -> None:
    """Refuse a *method* for which none of the granted scopes is enough."""
    needed = NEEDED.get(method, ())
    if needed and granted.isdisjoint(needed):
        raise MissingScope(needed[0])


def check_kind(kind: str, right: str, granted: set[str]) -> None:
    """Refuse to look into a *kind* of conversation without, say, groups:read."""
    needed = f"{BY_KIND[kind]}:{right}"
    if needed not in granted:
        raise MissingScope(needed)
