"""Whoever a request comes from: met once through Slack, then known from the database."""

import asyncio
import logging
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime

import aiohttp
from slack_sdk.errors import SlackApiError

from bot.installed import Tenant
from bot.units import LEAST, Units
from storage import linking, people
from storage.asker import Asker
from storage.database import PATIENCE

log = logging.getLogger(__name__)

MOST = 1000  # who are kept
LOOK = 1.5  # seconds: the first answer to somebody new must still come within three


@dataclass(frozen=True)
class Identity:
    """Who a payload says it comes from: their own team, their user id, a name to begin with.

    *tenant* is the workspace they ask in. An event names the team it happened in, which is not
    everybody's own: *is_own* says so. Without a user it is Slack itself that tells.
    """

    tenant: Tenant
    team: str
    user: str
    name: str
    is_own: bool = True


@dataclass(frozen=True)
class _Asked:
    """Somebody of a team who waits to be *found*, since *at* on the monotonic clock."""

    who: tuple[str, str]
    at: float
    found: asyncio.Future[people.Known | None]


class Acquaintances:
    """Resolves an identity to an asker in its workspace.

    Whoever asks while others are being looked up is looked up next, together with all who do.
    Where the database tells that nothing was written since, whoever was read then is not read anew.
    """

    def __init__(self, units: Units, clock: Callable[[], datetime]) -> None:
        self._units, self._clock = units, clock
        self._waiting: dict[int, list[_Asked]] = {}
        self._looking: set[asyncio.Task[None]] = set()
        self._read: dict[tuple[int, tuple[str, str]], people.Known] = {}
        self._version: int | None = None  # of the database, at which they were read
        self._is_told = False  # in this turn of the loop

    async def asker(self, who: Identity) -> Asker:
        """Resolve *who*; somebody new is looked up in Slack first, for the zone they live in.

        This one look-up comes before the acknowledgement: without it the first answer would be
        in UTC. When Slack does not say in time, UTC it is, and the next request asks again.
        """
        workspace = who.tenant.workspace
        if not who.user:
            return Asker(workspace)
        known = await self._known(who.tenant, who.team, who.user)
        if known is not None:
            return known
        profile = await self._looked_up(who)
        if profile is None:
            return Asker(workspace, slack_user=who.user, name=who.name)
        await self._units.run_soon(people.meet, workspace, profile, self._clock())
        return await self._known(who.tenant, profile.team, profile.user) or Asker(workspace)

    async def _known(self, tenant: Tenant, team: str, user: str) -> Asker | None:
        known = await self._found(tenant.workspace, (team, user))
        if known is None or user != tenant.first_admin or known.is_staff:
            return known
        asked = (tenant.workspace, self._clock(), team, user)
        # Asked first without writing: whoever installed the bot need not be of the secretariat.
        if await self._units.run_soon(linking.had_admin, tenant.workspace):
            return known
        await self._units.run_soon(linking.bootstrap, *asked)
        return await self._units.run_soon(people.asker, *asked)

    async def _found(self, workspace: int, who: tuple[str, str]) -> Asker | None:
        self._forget_what_changed()
        known = self._read.get((workspace, who))
        if known is None:
            known = await self._asked(workspace, who)
        return people.as_asker(workspace, self._clock(), known) if known is not None else None

    def _forget_what_changed(self) -> None:
        # Once in a turn of the loop: who asked in the same has heard of nothing written meanwhile.
        if self._is_told:
            return
        self._is_told = True
        asyncio.get_running_loop().call_soon(self._ask_again)
        version = self._units.database.version()
        if version is None or version != self._version:
            self._read.clear()
            self._version = version

    def _ask_again(self) -> None:
        self._is_told = False

    async def _asked(self, workspace: int, who: tuple[str, str]) -> people.Known | None:
        asked = _Asked(who, time.monotonic(), asyncio.get_running_loop().create_future())
        if workspace in self._waiting:
            self._waiting[workspace].append(asked)
        else:
            self._waiting[workspace] = [asked]
            looking = asyncio.create_task(self._look(workspace))
            self._looking.add(looking)
            looking.add_done_callback(self._looking.discard)
        return await asked.found

    async def _look(self, workspace: int) -> None:
        while waiting := self._waiting[workspace]:
            self._waiting[workspace] = []
            until = max(waiting[0].at + PATIENCE, time.monotonic() + LEAST)
            who = {asked.who for asked in waiting}
            version = self._units.database.version()  # what is written from now on makes it another
            try:
                known = await self._units.run_by(until, None, people.known_by, workspace, who)
            except Exception as error:  # noqa: BLE001 -- each who asked hears of it
                # Also who asked meanwhile: a second such wait, and Slack takes no answer.
                for asked in (*waiting, *self._waiting[workspace]):
                    if not asked.found.done():
                        asked.found.set_exception(error)
                self._waiting[workspace] = []
            else:
                self._keep(version, workspace, known)
                for asked in waiting:
                    if not asked.found.done():
                        asked.found.set_result(known.get(asked.who))
        del self._waiting[workspace]

    def _keep(
        self, version: int | None, workspace: int, known: Mapping[tuple[str, str], people.Known]
    ) -> None:
        if version is not None and version == self._version:
            if len(self._read) > MOST:
                self._read.clear()
            self._read.update({(workspace, who): one for who, one in known.items()})

    async def _looked_up(self, who: Identity) -> people.Profile | None:
        try:
            answer = await asyncio.wait_for(who.tenant.client.users_info(user=who.user), LOOK)
        except (SlackApiError, TimeoutError, aiohttp.ClientError) as error:
            log.warning("people.unknown why=%s", type(error).__name__)
            return None
        own = {"team_id": who.team} if who.is_own else {}
        return people.profile({**answer["user"], **own}, who.team)
