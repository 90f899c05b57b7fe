"""The app as its manifest installs it here: who it is, what it offers, what it may do."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

APP_ID = "A0CONVENE"
BOT_ID = "B0CONVENE"
BOT_USER = "U0CONVENE"


@dataclass(frozen=True)
class Installation:
    """One app in one workspace, with its tokens and the *scopes* it was granted."""

    manifest: Mapping[str, Any]
    team: str
    team_name: str
    bot_token: str
    app_token: str
    signing_secret: str
    client_id: str = "1.2"
    client_secret: str = "localclientsecret"  # noqa: S105 - of this machine only
    scopes: set[str] = field(default_factory=set)
    app_id: str = APP_ID
    bot_id: str = BOT_ID
    bot_user: str = BOT_USER

    def __post_init__(self) -> None:
        asked = self.manifest.get("oauth_config", {}).get("scopes", {})
        self.scopes.update(asked.get("bot", ()), asked.get("bot_optional", ()))

    @property
    def name(self) -> str:
        """The bot's name as people see it."""
        named = self._features.get("bot_user", {}).get("display_name")
        return str(named or self.manifest.get("display_information", {}).get("name", "App"))

    @property
    def domain(self) -> str:
        """The workspace's subdomain."""
        return re.sub(r"[^a-z0-9]+", "-", self.team_name.lower()).strip("-") or "workspace"

    @property
    def commands(self) -> dict[str, Mapping[str, Any]]:
        """The slash commands by name."""
        return {each["command"]: each for each in self._features.get("slash_commands", ())}

    @property
    def shortcuts(self) -> list[dict[str, Any]]:
        """The shortcuts, each with name, type, callback_id and description."""
        return [dict(each) for each in self._features.get("shortcuts", ())]

    @property
    def events(self) -> frozenset[str]:
        """The events the app is told of."""
        settings = self.manifest.get("settings", {})
        return frozenset(settings.get("event_subscriptions", {}).get("bot_events", ()))

    @property
    def returns(self) -> frozenset[str]:
        """Where a browser may be sent back to after an installation."""
        return frozenset(self.manifest.get("oauth_config", {}).get("redirect_urls", ()))

    @property
    def has_home(self) -> bool:
        """Whether the app has a Home."""
        return bool(self._features.get("app_home", {}).get("home_tab_enabled", False))

    @property
    def takes_messages(self) -> bool:
        """Whether the app's direct messages are switched on."""
        return bool(self._features.get("app_home", {}).get("messages_tab_enabled", True))

    @property
    def is_read_only(self) -> bool:
        """Whether people can only read the app's direct messages."""
        return bool(self._features.get("app_home", {}).get("messages_tab_read_only_enabled", False))

    @property
    def _features(self) -> Mapping[str, Any]:
        features: Mapping[str, Any] = self.manifest.get("features", {})
        return features
