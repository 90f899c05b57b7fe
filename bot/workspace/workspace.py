"""The workspace itself: a Slack-compatible server on this machine, and the people in it."""

from __future__ import annotations

import contextlib
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from datetime import timedelta
from typing import Any

import aiohttp

from bot.workspace import serving
from bot.workspace.clock import Clock
from bot.workspace.deeds import Deeds
from bot.workspace.deliveries import Courier, Delivery, HttpTransport
from bot.workspace.faults import DeliveryFaults, Faults
from bot.workspace.installation import Installation
from bot.workspace.limits import Limits
from bot.workspace.page_api import Page
from bot.workspace.record import Sent
from bot.workspace.sockets import Sockets
from bot.workspace.web_api import WebApi
from bot.workspace.webhooks import Webhooks
from bot.workspace.world import World

Json = dict[str, Any]
ACK_SECONDS = 3.0


class Workspace(Deeds):
    """A workspace with one app in it, installed from its manifest.

    *ack_timeout* is how many real seconds the bot has to acknowledge. *vocabulary* is what the
    page completes; without it, what the manifest says. *note* stands on the page. *on_advance*
    moves time when somebody on the page asks for it; without it, only the clock moves.
    """

    def __init__(
        self,
        manifest: Mapping[str, Any],
        clock: Clock,
        *,
        team: str = "T0CONVENE",
        team_name: str = "Coalition",
        signing_secret: str = "local-signing-secret",  # noqa: S107 - of this machine only
        bot_token: str = "xoxb-local-bot",  # noqa: S107 - of this machine only
        app_token: str = "xapp-local-app",  # noqa: S107 - of this machine only
        ack_timeout: float = ACK_SECONDS,
        vocabulary: Sequence[Json] | None = None,
        note: str = "",
        on_advance: Callable[[timedelta], Awaitable[None]] | None = None,
    ) -> None:
        self.installation = Installation(
            manifest, team, team_name, bot_token, app_token, signing_secret
        )
        self.clock = clock
        self.world = World(self.installation, clock)
        self.faults = Faults()
        self.limits = Limits()
        self.delivery_faults = DeliveryFaults()
        self.sockets = Sockets(self.world, ack_timeout)
        self.courier = Courier(clock, self.delivery_faults, self.sockets)
        self.vocabulary = list(vocabulary) if vocabulary is not None else self._vocabulary()
        self.note = note
        self.on_advance = on_advance
        self._ack_timeout = ack_timeout
        self._session: aiohttp.ClientSession | None = None

    @contextlib.asynccontextmanager
    async def serving(self, host: str = "127.0.0.1", port: int = 0) -> AsyncIterator[Workspace]:
        """Serve while the block runs; raises ValueError for a host that is not loopback."""
        listening = serving.listen(host, port)
        name = f"[{host}]" if ":" in host else host
        self.world.url = f"http://{name}:{listening.getsockname()[1]}"
        api = WebApi(self.world, self.faults, self.limits)
        webhooks = Webhooks(self.world, self.faults, self.limits)
        app = serving.application(api, webhooks, self.sockets, Page(self))
        async with aiohttp.ClientSession() as self._session, serving.served(app, listening):
            try:
                yield self
            finally:
                await self.courier.stop()
                self.world.touch()

    @property
    def url(self) -> str:
        """Where the workspace is served, without a slash at the end."""
        return self.world.url

    @property
    def team(self) -> str:
        """The workspace's team id."""
        return self.installation.team

    @property
    def bot_token(self) -> str:
        """The token the bot calls with."""
        return self.installation.bot_token

    @property
    def app_token(self) -> str:
        """The token that opens sockets."""
        return self.installation.app_token

    @property
    def signing_secret(self) -> str:
        """The secret that HTTP deliveries are signed with."""
        return self.installation.signing_secret

    @property
    def scopes(self) -> set[str]:
        """What the app was granted; a test may take some away."""
        return self.installation.scopes

    @property
    def sent(self) -> list[Sent]:
        """Everything the bot sent, oldest first."""
        return self.world.sent

    @property
    def deliveries(self) -> list[Delivery]:
        """Everything the bot was sent, each attempt, oldest first."""
        return self.courier.log

    @property
    def version(self) -> int:
        """A number that grows with every visible change."""
        return self.world.version

    async def changed(self, since: int, timeout: float = 25) -> int:  # noqa: ASYNC109 - in seconds
        """Wait until the version is beyond *since*, or *timeout* is over; give the version."""
        return await self.world.changed(since, timeout)

    def deliver_to(self, url: str) -> None:
        """Deliver over HTTP, signed, to *url* instead of over a socket."""
        if self._session is None:
            raise RuntimeError("Serve the workspace first.")
        self.courier.transport = HttpTransport(
            url, self.signing_secret, self._ack_timeout, self._session
        )

    async def connected(self, timeout: float = 5) -> None:  # noqa: ASYNC109 - in seconds
        """Wait until the bot has a socket open; raises TimeoutError."""
        await self.sockets.connected(timeout)

    def _vocabulary(self) -> list[Json]:
        return [
            {
                "command": name,
                "description": command.get("description", ""),
                "usage_hint": command.get("usage_hint", ""),
                "words": [],
            }
            for name, command in self.installation.commands.items()
        ]
