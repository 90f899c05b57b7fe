"""Where the bot is installed: the workspaces it serves, and the client that speaks in each."""

import logging
from collections.abc import Callable, Container, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol

from slack_bolt.authorization import AuthorizeResult
from slack_bolt.authorization.async_authorize import AsyncAuthorize
from slack_bolt.context.async_context import AsyncBoltContext
from slack_sdk.web.async_client import AsyncWebClient

from bot import ours
from bot.units import Units
from storage import installations
from storage.errors import Away, Unreadable
from storage.installations import Kept

if TYPE_CHECKING:  # it costs 15 MB, and only many workspaces need it
    from storage.keys import Keys

log = logging.getLogger(__name__)

Body = Mapping[str, Any]
Clients = Callable[[str], AsyncWebClient]  # a client for a token


@dataclass(frozen=True)
class Tenant:
    """One *workspace* that the bot serves, and the *client* that speaks there.

    *app* is the app's id, "" as long as Slack has not told it. *first_admin* is the Slack user who
    becomes the first admin by asking for anything.
    """

    workspace: int
    client: AsyncWebClient
    app: str = ""
    first_admin: str = ""

    def __post_init__(self) -> None:
        if self.client.retry_handlers:
            raise ValueError("A client that retries by itself may post a message twice.")


class Installed(Protocol):
    """Knows every workspace the bot is installed in. Neither question calls Slack."""

    async def whose(self, body: Body) -> Tenant | None:
        """Say for which workspace a request is meant; None where we are not installed."""
        ...

    async def at(self, workspace: int) -> Tenant | None:
        """Find a workspace by our own id; None where we are not installed any more."""
        ...


class Speaking(AsyncAuthorize):
    """Tells Bolt by whose token a request is answered; a function it would read each time."""

    async def __call__(self, *, context: AsyncBoltContext, **_: Any) -> AuthorizeResult:
        """Give the token of the tenant that *context* brings."""
        token = context["tenant"].client.token
        return AuthorizeResult(enterprise_id=None, team_id=None, bot_token=token)


class Alone:
    """One workspace, whose token stands in the settings: *teams* are its ids in Slack."""

    def __init__(self, tenant: Tenant, teams: Container[str]) -> None:
        self._tenant, self._teams = tenant, teams

    async def whose(self, body: Body) -> Tenant | None:
        """Give the one workspace, if *body* is meant for it."""
        is_named = any(team in self._teams for team in ours.installed_in(body))
        return self._tenant if is_named and ours.is_for(self._tenant.app, body) else None

    async def at(self, workspace: int) -> Tenant | None:
        """Give the one workspace; its database may hold what others left there."""
        return self._tenant if workspace == self._tenant.workspace else None


class Many:
    """Every workspace that has installed the bot: its token is stored sealed, and opened to speak.

    The database is asked each time, so that what was removed is gone on every replica at once.
    While it is away, or too many wait for it, whoever asks still gets an answer, in the workspace
    known from before; where none is known, Away rises.
    """

    def __init__(self, units: Units, keys: "Keys", clients: Clients) -> None:
        self._units, self._keys, self._clients = units, keys, clients
        self._before: dict[str, Tenant] = {}

    async def whose(self, body: Body) -> Tenant | None:
        """Find the workspace *body* is meant for."""
        teams = ours.installed_in(body)
        try:
            tenant = self._tenant(await self._units.run_soon(installations.find, teams))
        except Away:
            known = [self._before[team] for team in teams if team in self._before]
            if not known:
                raise
            tenant = known[0]
        return tenant if tenant is not None and ours.is_for(tenant.app, body) else None

    async def at(self, workspace: int) -> Tenant | None:
        """Find a workspace by our own id."""
        return self._tenant(await self._units.run(installations.at, workspace))

    def _tenant(self, kept: Kept | None) -> Tenant | None:
        if kept is None:
            return None
        try:
            token = self._keys.open(kept.token, kept.team)
        except Unreadable:
            log.error("installed.unreadable")
            return None
        tenant = Tenant(kept.workspace, self._clients(token), kept.app, kept.by)
        self._before[kept.team] = tenant
        return tenant
