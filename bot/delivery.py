"""The one sender: claims what is due, asks again who would read it, posts once, records."""

import asyncio
import logging
import math
import time
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from functools import partial
from typing import TypeVar

import aiohttp
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot import audience, digests, posting, refusals
from bot.audience import Unfit
from bot.bundling import Bundler
from bot.digests import Composed, Later, Recall, Settled, Unneeded
from bot.installed import Installed
from bot.outcomes import PARKED, Outcomes
from bot.units import Units
from bot.unsure import LOOK, LOST, TRIES, UNINSTALLED, Search
from commands import blocks
from commands.blocks import Message
from storage import deliveries, jobs
from storage.deliveries import LEASE, ON_TIME, SETTLE, Claim
from storage.errors import Away
from storage.models import DeliveryState

log = logging.getLogger(__name__)
T = TypeVar("T")

# No connection, so no request: refused, not resolved, not encrypted, or not there in time.
UNCONNECTED = (aiohttp.ClientConnectorError, aiohttp.ConnectionTimeoutError)
CALL = 10  # seconds for the post itself
# A post begins only while its lease outlasts it, and what Slack may still do with it.
MARGIN = (LEASE - SETTLE).total_seconds() - CALL - 5
UNCHECKED = "Slack did not say who reads the channel, so nothing was posted there."
UNWRITTEN = "It could not be written yet."
TURN = 10  # seconds after which the rest waits for the next beat, which also plans
PAUSE = 1  # seconds after which free lanes are looked for again
AGAIN = timedelta(seconds=1)  # at least, until a job comes again
SWEEP = timedelta(seconds=30)  # where jobs do the sending: what is due that long is swept up
Post = Callable[[], Awaitable[posting.Sent]]


class Sender:
    """Sends what is owed. No other code posts unasked.

    No client may have retry handlers: after a lost answer the SDK would post a second time.
    *late* is what a beat leaves to the jobs that are there to be quicker.
    """

    def __init__(
        self,
        units: Units,
        installed: Installed,
        clock: Callable[[], datetime],
        late: timedelta = ON_TIME,
    ) -> None:
        self._units, self._installed, self._clock, self._late = units, installed, clock, late
        self._outcomes = Outcomes(units, clock)
        self._bundler = Bundler(units, clock)
        self._search = Search(installed, self._outcomes)
        self._is_resting = False

    def rest(self) -> None:
        """Claim nothing any more; what is under way goes on."""
        self._is_resting = True

    async def deliver(self, delivery: int) -> timedelta | None:
        """Send what is next in the lane of *delivery*; say after what time to come again.

        None once it is settled.
        """
        await self._outcomes.catch_up()
        deadline = posting.now() + MARGIN
        for claimed in await self._claims(delivery):
            await self._send(claimed, deadline)
        at = await self._units.run(jobs.awaited, delivery)
        return None if at is None else max(at - self._clock(), AGAIN)

    async def pump(self) -> None:
        """Send everything that is due now; whoever is slow keeps nobody else waiting."""
        await self._outcomes.catch_up()
        until = time.monotonic() + TURN
        under_way: set[asyncio.Task[None]] = set()
        try:
            while True:
                # Read before the lease is asked for: a process that is frozen in between is late.
                deadline = posting.now() + MARGIN
                claims = [] if time.monotonic() > until else await self._claims()
                if not claims and not under_way:
                    break
                worded = asyncio.ensure_future(self._together(claims))
                under_way |= {
                    asyncio.create_task(self._send(claimed, deadline, worded)) for claimed in claims
                }
                _, under_way = await asyncio.wait(
                    under_way, timeout=PAUSE, return_when=asyncio.FIRST_COMPLETED
                )
        except asyncio.CancelledError:
            for task in under_way:
                task.cancel()
            raise
        finally:
            if under_way:
                await asyncio.wait(under_way)

    async def _claims(self, beside: int | None = None) -> list[Claim]:
        if self._is_resting:
            return []
        late = self._late if beside is None else ON_TIME
        return await self._units.run(deliveries.claim, self._clock(), late, beside, digests.BUNDLED)

    async def _together(self, claims: list[Claim]) -> dict[int, Settled]:
        """Word at once what can be worded for many; what is left out is worded alone."""
        alike = [c for c in claims if c.kind in digests.TOGETHER and not c.unsure_since]
        if len(alike) < 2:
            return {}
        try:
            return await self._units.run(digests.together, alike, self._clock())
        except Exception as error:
            # One of them may be at fault: alone, it is the only one that waits.
            log.error("delivery.apart", exc_info=None if isinstance(error, Away) else error)
            return {}

    async def _send(
        self, claimed: Claim, deadline: float, worded: Awaitable[dict[int, Settled]] | None = None
    ) -> None:
        since = min((one.unsure_since for one in claimed.each if one.unsure_since), default=None)
        try:
            if since:
                await self._search(claimed, since)
                return
            composed = (await worded).get(claimed.id) if worded is not None else None
            if claimed.others:
                bundle = await self._bundler.word(claimed)
                if bundle is None:
                    return
                claimed, composed = bundle
            post = await self._ready(claimed, deadline, composed)
        except Exception as error:
            # Nothing has left now: this one waits, and no other.
            cause = None if isinstance(error, Away) else error
            log.error("delivery.unwritten kind=%s", claimed.kind, exc_info=cause)
            if since:
                await self._outcomes.doubt(claimed, None, LOST)
            else:
                await self._outcomes.later(claimed, None, UNWRITTEN, alone=True)
            return
        if post is not None:
            await self._post(claimed, post, deadline)

    async def _ready(
        self, claimed: Claim, deadline: float, composed: Settled | Unfit | None
    ) -> Post | None:
        """Word it as things are now, unless it is, and do all that may be done twice.

        Give the one call that may not; None where the claim is settled already.
        """
        tenant = await self._installed.at(claimed.workspace)
        if tenant is None:
            await self._outcomes.later(claimed, PARKED, UNINSTALLED)
            return None
        if composed is None:
            composed = await self._units.run(digests.compose, claimed, self._clock())
        if isinstance(composed, Composed) and claimed.is_for_channel:
            composed = await self._checked(tenant.client, claimed)
        if isinstance(composed, Composed):
            return await self._post_of(tenant.client, claimed, composed, deadline)
        if isinstance(composed, Recall):
            await self._take_back(tenant.client, claimed, composed)
        elif composed is not None:
            await self._leave(claimed, composed)
        return None

    async def _leave(self, claimed: Claim, why_not: Later | Unneeded | Unfit) -> None:
        match why_not:
            case Later(until, why):
                await self._outcomes.later(claimed, until - self._clock(), why, alone=True)
            case Unneeded(why):
                await self._outcomes.close(claimed, DeliveryState.SKIPPED, why)
            case Unfit(why):
                await self._outcomes.close(claimed, DeliveryState.DEAD, why)

    async def _checked(self, client: AsyncWebClient, claimed: Claim) -> Settled | Unfit | None:
        """Word it for a channel as that is now; None where Slack did not say how it is."""
        looked = asyncio.wait_for(audience.look(client, claimed.recipient), LOOK)
        # What stands there already is not left so for want of an answer.
        tries = math.inf if claimed.kind in digests.REPEATABLE else TRIES
        place = await self._learned(claimed, looked, UNCHECKED, tries)
        if place is None:
            return None
        return await self._units.run(audience.decided, claimed, self._clock(), place)

    async def _post_of(
        self, client: AsyncWebClient, claimed: Claim, composed: Composed, deadline: float
    ) -> Post | None:
        if composed.ts:
            return partial(posting.change, client, claimed, composed, deadline)
        if not composed.files:
            return partial(self._say, client, claimed, composed.message, deadline)
        upload = posting.upload(client, claimed.recipient, composed.files)
        uploaded = await self._learned(claimed, upload, "The files could not be uploaded.")
        if uploaded is None:
            return None
        return partial(posting.share, client, uploaded, composed.message)

    async def _take_back(self, client: AsyncWebClient, claimed: Claim, recall: Recall) -> None:
        gone = posting.take_back(client, recall)
        if not await self._learned(claimed, gone, "Slack did not say whether it is gone."):
            return
        if recall.why:
            await self._outcomes.close(claimed, DeliveryState.DEAD, recall.why)
        else:
            await self._outcomes.sent(claimed, (recall.channel, recall.ts, ""))

    async def _learned(
        self, claimed: Claim, call: Awaitable[T], unknown: str, tries: float = math.inf
    ) -> T | None:
        """Give what *call* says, which may be made again; None where it settled the claim."""
        try:
            return await call
        except SlackApiError as error:
            if await self._outcomes.refused(claimed, error):
                return None
        except (TimeoutError, aiohttp.ClientError):
            pass
        if claimed.attempts < tries:
            await self._outcomes.later(claimed, None, unknown)
        else:
            await self._outcomes.close(claimed, DeliveryState.DEAD, unknown)
        return None

    async def _post(self, claimed: Claim, post: Post, deadline: float) -> None:
        try:
            sent = await post()
        except SlackApiError as error:
            if claimed.others and refusals.name(error) in refusals.NEVER:
                await self._apart(claimed, deadline)
            elif not await self._outcomes.refused(claimed, error):
                # internal_error, any 5xx, whatever Slack may invent: it may have been posted.
                await self._outcomes.doubt(claimed, SETTLE, LOST)
        except (*UNCONNECTED, posting.TooLateError):
            await self._outcomes.later(claimed, None, "Slack could not be reached.")
        except Exception as error:  # noqa: BLE001 -- no answer, or none that anybody can read
            log.warning("delivery.in_doubt kind=%s why=%s", claimed.kind, type(error).__name__)
            await self._outcomes.doubt(claimed, SETTLE, LOST)
        else:
            await self._outcomes.sent(claimed, sent)

    async def _apart(self, claimed: Claim, deadline: float) -> None:
        """Send the first alone: Slack may refuse one for good, and no other is to go with it."""
        try:
            alone = await self._bundler.alone(claimed)
        except Away:
            return  # its lease ends, it is looked for, and is not there
        if alone is not None:
            await self._send(alone, deadline)

    async def _say(
        self, client: AsyncWebClient, claimed: Claim, message: Message, deadline: float
    ) -> posting.Sent:
        """Post *message*, and where Slack does not take its chart, the same without it.

        What was refused is surely not there, and the second is held to the deadline of the first.
        """
        try:
            return await posting.post(client, claimed, message, deadline)
        except SlackApiError as error:
            plainly = blocks.without_charts(message)
            if refusals.name(error) not in refusals.UNDRAWN or plainly == message:
                raise
        log.info("delivery.undrawn kind=%s", claimed.kind)
        sent = await posting.post(client, claimed, plainly, deadline)
        await self._outcomes.undrawn(claimed.workspace)
        return sent
