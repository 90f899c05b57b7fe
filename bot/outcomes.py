"""What became of a claim: written down at once, or when the database is back."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Mapping
from datetime import datetime, timedelta
from functools import partial

from slack_sdk.errors import SlackApiError

from bot import posting, refusals
from bot.units import Units
from storage import bundles, charts, deliveries, redaction, unposted
from storage.deliveries import Claim
from storage.errors import Away
from storage.models import DeliveryState

log = logging.getLogger(__name__)

PARKED = timedelta(minutes=5)


class Outcomes:
    """Writes down what became of claims, and keeps what it cannot write down yet."""

    def __init__(self, units: Units, clock: Callable[[], datetime]) -> None:
        self._units, self._clock = units, clock
        self._unrecorded: list[Callable[[], Awaitable[object]]] = []
        self._one_at_a_time = asyncio.Lock()

    async def sent(self, claimed: Claim, sent: posting.Sent) -> None:
        """Write down that Slack took it."""
        await self._record(redaction.sent, claimed, self._clock(), *sent)

    async def found(self, claimed: Claim, standing: Mapping[int, posting.Sent]) -> None:
        """Write down where those in *standing*, by their ids, are; the rest is not there."""
        await self._record(bundles.found, claimed, self._clock(), standing)

    async def absent(self, claimed: Claim) -> None:
        """Write down that Slack has not taken it after all."""
        await self._record(deliveries.absent, claimed, self._clock())

    async def doubt(self, claimed: Claim, wait: timedelta | None, why: str) -> None:
        """Leave it open: Slack may have taken it, and it is looked for after *wait*."""
        log.info("delivery.in_doubt kind=%s", claimed.kind)
        await self._record(deliveries.unsure, claimed, self._clock(), wait, why)

    async def later(
        self, claimed: Claim, wait: timedelta | None, why: str, *, alone: bool = False
    ) -> None:
        """Put it back: Slack surely did not take it, and is asked again after *wait*."""
        log.info("delivery.later kind=%s why=%s", claimed.kind, why)
        await self._record(deliveries.later, claimed, self._clock(), wait, why, alone=alone)

    async def close(self, claimed: Claim, state: DeliveryState, why: str) -> None:
        """Write down that it is not sent, and *why*; or that a person is to say whether it was."""
        log.info("delivery.closed kind=%s state=%s", claimed.kind, state.value)
        await self._record(unposted.closed, claimed, self._clock(), state, why)

    async def refused(self, claimed: Claim, error: SlackApiError) -> bool:
        """Settle *claimed* where Slack's refusal leaves no doubt; say whether it did."""
        name, wait = refusals.name(error), refusals.wait(error)
        if wait is not None:
            log.info("delivery.limited kind=%s seconds=%s", claimed.kind, wait.total_seconds())
            await self._record(deliveries.limited, claimed, self._clock(), wait)
        elif name in refusals.NOT_NOW:
            log.error("delivery.parked why=%s", name)
            await self.later(claimed, PARKED, "Slack does not accept the bot's token.")
        elif name == refusals.DELETED:
            await self.close(claimed, DeliveryState.SKIPPED, "Somebody has deleted it in Slack.")
        elif name in refusals.NEVER:
            why = refusals.REMEDIES.get(name, f"Slack refused it: {name}.")
            await self.close(claimed, DeliveryState.DEAD, why)
        else:
            return False
        return True

    async def undrawn(self, workspace: int) -> None:
        """Write down that Slack takes no charts in *workspace*."""
        await self._record(charts.refused, workspace, self._clock())

    async def catch_up(self) -> None:
        """Write down what could not be until now. Raises Away while it still cannot."""
        async with self._one_at_a_time:
            while self._unrecorded:
                await self._unrecorded[0]()
                del self._unrecorded[0]

    async def _record(self, verb: Callable[..., object], *args: object, **kwargs: object) -> None:
        record = partial(self._units.run, verb, *args, **kwargs)
        try:
            await record()
        except Away:
            self._unrecorded.append(record)
