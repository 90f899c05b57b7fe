"""Takes back second copies: Slack may have taken, late, what had been sent once more."""

import asyncio
import logging
from collections.abc import Callable
from datetime import datetime

import aiohttp
from slack_sdk.errors import SlackApiError

from bot import posting, refusals, unsure
from bot.digests import Recall
from bot.installed import Installed
from bot.units import Units
from storage import audits
from storage.audits import Suspect

log = logging.getLogger(__name__)

LOOK = 20  # seconds


class Auditor:
    """Looks again at what was in doubt. What cannot be read now is looked at later."""

    def __init__(self, units: Units, installed: Installed, clock: Callable[[], datetime]) -> None:
        self._units, self._installed, self._clock = units, installed, clock

    async def __call__(self) -> None:
        """Audit what has come due."""
        suspects = await self._units.run(audits.due, self._clock())
        audits_made = (self._audit(suspect) for suspect in suspects)
        # The database may be away for one: the beat then ends when all have ended.
        for outcome in await asyncio.gather(*audits_made, return_exceptions=True):
            if outcome is not None:
                raise outcome

    async def _audit(self, suspect: Suspect) -> None:
        try:
            await asyncio.wait_for(self._settle(suspect), LOOK)
        except SlackApiError as error:
            log.warning("audit.refused why=%s", refusals.name(error))
        except (TimeoutError, aiohttp.ClientError, unsure.HiddenError) as error:
            log.warning("audit.unread why=%s", type(error).__name__)

    async def _settle(self, suspect: Suspect) -> None:
        tenant = await self._installed.at(suspect.workspace)
        if tenant is None:
            return
        told = await unsure.copies(tenant, suspect.channel, [suspect.key], suspect.since)
        copies = list(told[suspect.key])
        needed = await self._units.run(audits.needed, suspect, copies)
        # Where a person has removed the kept one, another is the only one there is.
        kept = next((ts for ts in (suspect.ts, *copies) if ts in (needed or copies)), suspect.ts)
        for ts in copies:
            if ts not in {kept, *needed}:
                log.warning("audit.second_copy")
                await posting.take_back(tenant.client, Recall(suspect.channel, ts))
        await self._units.run(audits.done, suspect, kept)
