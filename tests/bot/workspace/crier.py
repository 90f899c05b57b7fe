"""A stock Bolt app as the workspace's other side, a town to try it in, and short Block Kit."""

import re
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from aiohttp import web
from slack_bolt.adapter.socket_mode.aiohttp import AsyncSocketModeHandler
from slack_bolt.async_app import AsyncApp
from slack_sdk.web.async_client import AsyncWebClient

from bot.workspace import Channel, Clock, User, Workspace

Json = dict[str, Any]
Handler = Callable[..., Awaitable[None]]
NOON = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
QUIET: Json = {"unfurl_links": False, "unfurl_media": False}
MANIFEST: Json = {
    "display_information": {"name": "Town Crier"},
    "features": {
        "bot_user": {"display_name": "Crier"},
        "app_home": {"home_tab_enabled": True, "messages_tab_enabled": True},
        "slash_commands": [
            {
                "command": "/cry",
                "description": "Cry it out",
                "usage_hint": "what",
                "should_escape": True,
            },
            {"command": "/plain", "description": "Words as they are"},
        ],
        "shortcuts": [
            {"name": "New cry", "type": "global", "callback_id": "cry.new", "description": "Cry"},
            {"name": "Cry it", "type": "message", "callback_id": "cry.it", "description": "It"},
        ],
    },
    "oauth_config": {
        "scopes": {
            "bot": ["commands", "chat:write", "users:read", "channels:read", "groups:read"],
            "bot_optional": [
                "im:read",
                "im:write",
                "im:history",
                "channels:history",
                "groups:history",
                "files:write",
                "usergroups:read",
            ],
        }
    },
    "settings": {
        "event_subscriptions": {
            "bot_events": ["app_home_opened", "app_mention", "message.im", "team_join"]
        }
    },
}


@dataclass
class Bot:
    """A Bolt app that notes what it hears and does what a test tells it to."""

    workspace: Workspace
    heard: list[Json] = field(default_factory=list)
    does: dict[str, Handler] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.client = client_of(self.workspace)
        secret = self.workspace.signing_secret
        self.app = AsyncApp(signing_secret=secret, client=self.client, process_before_response=True)
        anything = re.compile(".*", re.DOTALL)
        for kind in ("command", "action", "view", "view_closed", "options", "shortcut", "event"):
            getattr(self.app, kind)(anything)(self._listener(kind))

    def on(self, kind: str) -> Callable[[Handler], Handler]:
        """Let the handler below answer what comes of one kind."""

        def chosen(handler: Handler) -> Handler:
            self.does[kind] = handler
            return handler

        return chosen

    def _listener(self, kind: str) -> Handler:
        async def listen(ack: Any, body: Json, client: Any, respond: Any, request: Any) -> None:
            self.heard.append({"kind": kind, "headers": request.headers, **body})
            if kind in self.does:
                await self.does[kind](ack=ack, body=body, client=client, respond=respond)
            else:
                await ack()

        return listen


def client_of(workspace: Workspace, token: str | None = None) -> AsyncWebClient:
    return AsyncWebClient(
        token or workspace.bot_token,
        base_url=f"{workspace.url}/api/",
        timeout=5,
        retry_handlers=[],
    )


@dataclass
class Town:
    """A served workspace with a few people, channels, and perhaps a bot."""

    workspace: Workspace
    clock: Clock
    ana: User
    ben: User
    square: Channel
    attic: Channel
    bot: Bot = field(init=False)

    @property
    def client(self) -> AsyncWebClient:
        return client_of(self.workspace)


def build(**options: Any) -> Town:
    clock = options.pop("clock", None) or Clock(frozen_at=NOON)
    manifest = options.pop("manifest", MANIFEST)
    workspace = Workspace(manifest, clock, **{"ack_timeout": 1.0, **options})
    ana = workspace.add_user("Ana Silva", id="U0ANA", tz="Europe/Lisbon", email="ana@example.org")
    ben = workspace.add_user("Ben Okoro", id="U0BEN", is_admin=True)
    square = workspace.add_channel("square", id="C0SQUARE", members=[ana, ben])
    attic = workspace.add_channel("attic", id="C0ATTIC", members=[ana], is_private=True)
    return Town(workspace, clock, ana, ben, square, attic)


@asynccontextmanager
async def serving_http(bot: Bot) -> AsyncIterator[str]:
    server = bot.app.server(path="/slack/events")
    async with listening(server.web_app) as url:
        bot.workspace.deliver_to(f"{url}/slack/events")
        yield url


@asynccontextmanager
async def listening(app: web.Application) -> AsyncIterator[str]:
    runner = web.AppRunner(app, shutdown_timeout=0.1)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    try:
        yield f"http://127.0.0.1:{runner.addresses[0][1]}"
    finally:
        await runner.cleanup()


@asynccontextmanager
async def serving_socket(bot: Bot) -> AsyncIterator[AsyncSocketModeHandler]:
    handler = AsyncSocketModeHandler(bot.app, bot.workspace.app_token)
    await handler.connect_async()  # type: ignore[no-untyped-call]
    await bot.workspace.connected()
    try:
        yield handler
    finally:
        await handler.close_async()  # type: ignore[no-untyped-call]


def plain(text: str) -> Json:
    return {"type": "plain_text", "text": text}


def section(text: str, **more: Any) -> Json:
    return {"type": "section", "text": {"type": "mrkdwn", "text": text}, **more}


def button(action_id: str, value: str | None = None) -> Json:
    made: Json = {"type": "button", "text": plain(action_id), "action_id": action_id}
    return made | ({"value": value} if value is not None else {})


def actions(*elements: Json, block_id: str | None = None) -> Json:
    made: Json = {"type": "actions", "elements": list(elements)}
    return made | ({"block_id": block_id} if block_id else {})


def field_of(block_id: str, element: Json, **more: Any) -> Json:
    return {
        "type": "input",
        "block_id": block_id,
        "label": plain(block_id),
        "element": element,
        **more,
    }


def text_input(action_id: str, **more: Any) -> Json:
    return {"type": "plain_text_input", "action_id": action_id, **more}


def options(*values: str) -> list[Json]:
    return [{"text": plain(value.title()), "value": value} for value in values]


def modal(*blocks: Json, **more: Any) -> Json:
    shown = {"type": "modal", "title": plain("A form"), "submit": plain("Send")}
    return {**shown, "blocks": list(blocks), **more}


def home(*blocks: Json, **more: Any) -> Json:
    return {"type": "home", "blocks": list(blocks), **more}
