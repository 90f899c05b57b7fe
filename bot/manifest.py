"""The app's manifest, made from the catalog: paste it into Slack and the app is configured."""

from typing import Any

from commands import catalog

NAME = "Convene"
RETURN = "/slack/oauth_redirect"  # where Slack sends a browser back after an installation

# Each scope with what needs it; a reviewer asks, and a test compares with the methods we call.
SCOPES = {
    "commands": "the slash commands",
    "chat:write": "reminders, news of a freed seat, digests",
    "users:read": "names and time zones",
    "users:read.email": "the domain of a confirmed address, for proposing whom somebody speaks for",
    "channels:read": "checking who reads a public channel before anything is posted there",
    "groups:read": "the same for private channels",
    "files:write": "handing out files, such as a briefing for a calendar, and taking them back",
    "im:write": "finding the direct messages with somebody, for files and lost answers",
}
# Whoever installs the app may leave these out.
OPTIONAL = {
    "im:history": "finding in the bot's own direct messages what Slack did not say it took",
}

# The Web API methods the bot calls, and the scope each needs; None where none is.
METHODS: dict[str, str | None] = {
    "auth.test": None,
    "apps.connections.open": None,
    "bots.info": "users:read",
    "chat.delete": "chat:write",
    "chat.postMessage": "chat:write",
    "chat.update": "chat:write",
    "conversations.history": "im:history",
    "conversations.info": "channels:read",
    "conversations.members": "channels:read",
    "conversations.open": "im:write",
    "files.completeUploadExternal": "files:write",
    "files.delete": "files:write",
    "files.getUploadURLExternal": "files:write",
    "oauth.v2.access": None,
    "users.info": "users:read",
    "views.open": None,
    "views.publish": None,
}


def manifest(url: str | None = None) -> dict[str, Any]:
    """Make the manifest: for Socket Mode, or for HTTP below the public address *url*."""
    base = url.rstrip("/") if url else ""
    request = {"request_url": f"{base}/slack/events"} if url else {}
    back = {"redirect_urls": [f"{base}{RETURN}"]} if url else {}
    scopes = {"bot": list(SCOPES), "bot_optional": list(OPTIONAL)}
    return {
        "_metadata": {"major_version": 2},
        "display_information": {
            "name": NAME,
            "description": "Briefings, working groups, resources and action items of the coalition",
            "background_color": "#1f3a4d",
        },
        "features": {
            "app_home": {
                "home_tab_enabled": True,
                "messages_tab_enabled": True,
                "messages_tab_read_only_enabled": True,
            },
            "bot_user": {"display_name": NAME, "always_online": False},
            "slash_commands": [
                {
                    "command": room.command,
                    "description": room.description,
                    "usage_hint": " | ".join(word.word for word in room.words),
                    "should_escape": True,
                    **({"url": request["request_url"]} if request else {}),
                }
                for room in catalog.FEATURES
                if room.command
            ],
        },
        "oauth_config": {**back, "scopes": scopes},
        "settings": {
            "event_subscriptions": {**request, "bot_events": sorted(catalog.EVENTS)},
            "interactivity": {"is_enabled": True, **request},
            "org_deploy_enabled": False,
            "socket_mode_enabled": url is None,
            "token_rotation_enabled": False,
        },
    }


def vocabulary() -> list[dict[str, Any]]:
    """List every command with its words, for whoever completes what is typed."""
    return [
        {
            "command": room.command,
            "description": room.description,
            "usage_hint": " | ".join(word.word for word in room.words),
            "words": [
                {"word": word.word, "sentence": word.sentence, "example": word.example}
                for word in room.words
            ],
        }
        for room in catalog.FEATURES
        if room.command
    ]
