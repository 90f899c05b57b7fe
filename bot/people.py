"""Whoever a request comes from: met once through Slack, then known from the database."""

import asyncio
import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

import aiohttp
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot.units import Units
from storage import linking, people
from storage.asker import Asker

log = logging.getLogger(__name__)

PATIENCE = 1.5  # seconds: the first answer to somebody new must still come within three


@dataclass(frozen=True)
class Identity:
    """Who a payload says it comes from: their own team, their user id, a name to begin with.

    An event names the team it happened in, which is not everybody's own: *is_own* says so. Without
    a user it is Slack itself that tells.
    """

    team: str
    user: str
    name: str
    is_own: bool = True


class Acquaintances:
    """Resolves an identity to an asker in *workspace*."""

    def __init__(
        self,
        units: Units,
        client: AsyncWebClient,
        clock: Callable[[], datetime],
        workspace: int,
        first_admin: str = "",
    ) -> None:
        self._units, self._client, self._clock = units, client, clock
        self.workspace, self._first_admin = workspace, first_admin

    async def asker(self, who: Identity) -> Asker:
        """Resolve *who*; somebody new is looked up in Slack first, for the zone they live in.

        This one look-up comes before the acknowledgement: without it the first answer would be
        in UTC. When Slack does not say in time, UTC it is, and the next request asks again.
        """
        if not who.user:
            return Asker(self.workspace)
        known = await self._known(who.team, who.user)
        if known is not None:
            return known
        profile = await self._looked_up(who)
        if profile is None:
            return Asker(self.workspace, slack_user=who.user, name=who.name)
        await self._units.run(people.meet, self.workspace, profile, self._clock())
        return await self._known(profile.team, profile.user) or Asker(self.workspace)

    async def _known(self, team: str, user: str) -> Asker | None:
        known = await self._units.run(people.asker, self.workspace, self._clock(), team, user)
        if known is None or user != self._first_admin or known.is_staff:
            return known
        await self._units.run(linking.bootstrap, self.workspace, self._clock(), team, user)
        return await self._units.run(people.asker, self.workspace, self._clock(), team, user)

    async def _looked_up(self, who: Identity) -> people.Profile | None:
        try:
            answer = await asyncio.wait_for(self._client.users_info(user=who.user), PATIENCE)
        except (SlackApiError, TimeoutError, aiohttp.ClientError) as error:
            log.warning("people.unknown why=%s", type(error).__name__)
            return None
        own = {"team_id": who.team} if who.is_own else {}
        return people.profile({**answer["user"], **own}, who.team)
