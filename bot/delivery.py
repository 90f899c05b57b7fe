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

from bot import audience, digests, posting, refusals, unsure
from bot.audience import Unfit
from bot.digests import Composed, Recall, Settled, Unneeded
from bot.installed import Installed
from bot.units import Units
from bot.unsure import Found
from storage import deliveries, redaction, unposted
from storage.deliveries import LEASE, SETTLE, Claim
from storage.errors import Away
from storage.models import DeliveryState

log = logging.getLogger(__name__)
T = TypeVar("T")

# No connection, so no request: refused, not resolved, not encrypted, or not there in time.
UNCONNECTED = (aiohttp.ClientConnectorError, aiohttp.ConnectionTimeoutError)
PARKED = timedelta(minutes=5)
CALL = 10  # seconds for the post itself
# A post begins only while its lease outlasts it, and what Slack may still do with it.
MARGIN = (LEASE - SETTLE).total_seconds() - CALL - 5
LOST = "Slack did not say whether it took this; the bot looks for it."
IN_DOUBT = "Slack did not say whether it took this, and the bot may not look. Is it there?"
UNCHECKED = "Slack did not say who reads the channel, so nothing was posted there."
LOOK = 20  # seconds to find that out, well within the lease
TRIES = 12  # to find it out: half an hour
TURN = 10  # seconds after which the rest waits for the next beat, which also plans
PAUSE = 1  # seconds after which free lanes are looked for again
Post = Callable[[], Awaitable[posting.Sent]]


class Sender:
    """Sends what is owed. No other code posts unasked.

    No client may have retry handlers: after a lost answer the SDK would post a second time.
    """

    def __init__(self, units: Units, installed: Installed, clock: Callable[[], datetime]) -> None:
        self._units, self._installed, self._clock = units, installed, clock
        self._unrecorded: list[Callable[[], Awaitable[object]]] = []
        self._is_resting = False

    def rest(self) -> None:
        """Claim nothing any more; what is under way goes on."""
        self._is_resting = True

    async def pump(self) -> None:
        """Send everything that is due now; whoever is slow keeps nobody else waiting."""
        await self._catch_up()
        until = time.monotonic() + TURN
        under_way: set[asyncio.Task[None]] = set()
        try:
            while True:
                # Read before the lease is asked for: a process that is frozen in between is late.
                deadline = posting.now() + MARGIN
                claims = await self._claims(until)
                if not claims and not under_way:
                    break
                under_way |= {
                    asyncio.create_task(self._send(claimed, deadline)) for claimed in claims
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

    async def _claims(self, until: float) -> list[Claim]:
        if self._is_resting or time.monotonic() > until:
            return []
        return await self._units.run(deliveries.claim, self._clock())

    async def _send(self, claimed: Claim, deadline: float) -> None:
        since = claimed.unsure_since
        try:
            post = await (
                self._look_for(claimed, since) if since else self._ready(claimed, deadline)
            )
        except Exception as error:
            # Nothing has left now: this one waits, and no other.
            cause = None if isinstance(error, Away) else error
            log.error("delivery.unwritten kind=%s", claimed.kind, exc_info=cause)
            if since:
                await self._doubt(claimed, None, LOST)
            else:
                await self._later(claimed, None, "It could not be written yet.", alone=True)
            return
        if post is not None:
            await self._post(claimed, post)

    async def _ready(self, claimed: Claim, deadline: float) -> Post | None:
        """Word it as things are now and do all that may be done twice.

        Give the one call that may not; None where the claim is settled already.
        """
        tenant = await self._installed.at(claimed.workspace)
        if tenant is None:
            await self._later(claimed, PARKED, "The bot is not installed in that workspace.")
            return None
        composed: Settled | Unfit | None
        composed = await self._units.run(digests.compose, claimed, self._clock())
        if isinstance(composed, Composed) and claimed.is_for_channel:
            composed = await self._checked(tenant.client, claimed)
        if isinstance(composed, Unneeded):
            await self._close(claimed, DeliveryState.SKIPPED, composed.why)
        if isinstance(composed, Unfit):
            await self._close(claimed, DeliveryState.DEAD, composed.why)
        if isinstance(composed, Recall):
            await self._take_back(tenant.client, claimed, composed)
        if not isinstance(composed, Composed):
            return None
        return await self._post_of(tenant.client, claimed, composed, deadline)

    async def _checked(self, client: AsyncWebClient, claimed: Claim) -> Settled | Unfit | None:
        """Word it for a channel as that is now; None where Slack did not say how it is."""
        looked = asyncio.wait_for(audience.look(client, claimed.recipient), LOOK)
        place = await self._learned(claimed, looked, UNCHECKED, tries=TRIES)
        if place is None:
            return None
        return await self._units.run(audience.decided, claimed, self._clock(), place)

    async def _post_of(
        self, client: AsyncWebClient, claimed: Claim, composed: Composed, deadline: float
    ) -> Post | None:
        if not composed.files:
            return partial(posting.post, client, claimed, composed.message, deadline)
        upload = posting.upload(client, claimed.recipient, composed.files)
        uploaded = await self._learned(claimed, upload, "The files could not be uploaded.")
        if uploaded is None:
            return None
        return partial(posting.share, client, uploaded, composed.message)

    async def _take_back(self, client: AsyncWebClient, claimed: Claim, recall: Recall) -> None:
        gone = posting.take_back(client, recall)
        if await self._learned(claimed, gone, "Slack did not say whether it is gone."):
            sent = (recall.channel, recall.ts)
            await self._record(redaction.sent, claimed, self._clock(), *sent)

    async def _learned(
        self, claimed: Claim, call: Awaitable[T], unknown: str, tries: float = math.inf
    ) -> T | None:
        """Give what *call* says, which may be made again; None where it settled the claim."""
        try:
            return await call
        except SlackApiError as error:
            if await self._surely_not_posted(claimed, error):
                return None
        except (TimeoutError, aiohttp.ClientError):
            pass
        if claimed.attempts < tries:
            await self._later(claimed, None, unknown)
        else:
            await self._close(claimed, DeliveryState.DEAD, unknown)
        return None

    async def _post(self, claimed: Claim, post: Post) -> None:
        try:
            sent = await post()
        except SlackApiError as error:
            if not await self._surely_not_posted(claimed, error):
                # internal_error, any 5xx, whatever Slack may invent: it may have been posted.
                await self._doubt(claimed, SETTLE, LOST)
        except (*UNCONNECTED, posting.TooLateError):
            await self._later(claimed, None, "Slack could not be reached.")
        except Exception as error:  # noqa: BLE001 -- no answer, or none that anybody can read
            log.warning("delivery.in_doubt kind=%s why=%s", claimed.kind, type(error).__name__)
            await self._doubt(claimed, SETTLE, LOST)
        else:
            await self._record(redaction.sent, claimed, self._clock(), *sent)

    async def _look_for(self, claimed: Claim, since: datetime) -> None:
        """Find out what became of it; where that cannot be read, a person is to say."""
        if claimed.kind in digests.REPEATABLE:
            await self._record(deliveries.absent, claimed, self._clock())
            return
        tenant = await self._installed.at(claimed.workspace)
        if tenant is None:
            await self._doubt(claimed, PARKED, "The bot is not installed in that workspace.")
            return
        try:
            found = await asyncio.wait_for(unsure.look(tenant, claimed, since), LOOK)
        except unsure.HiddenError:
            await self._close(claimed, DeliveryState.HELD, IN_DOUBT)
        except SlackApiError as error:
            is_parked = refusals.name(error) in refusals.NOT_NOW
            await self._look_later(claimed, PARKED if is_parked else refusals.wait(error))
        except (TimeoutError, aiohttp.ClientError):
            await self._look_later(claimed, None)
        else:
            await self._settle(claimed, found)

    async def _look_later(self, claimed: Claim, wait: timedelta | None) -> None:
        """Look again after *wait*; where Slack does not say when, not for ever."""
        if wait is not None or claimed.attempts < TRIES:
            await self._doubt(claimed, wait, LOST)
        else:
            await self._close(claimed, DeliveryState.HELD, IN_DOUBT)

    async def _settle(self, claimed: Claim, found: Found) -> None:
        for ts, about in found.copies.items():
            sent = (found.channel, ts, about)
            await self._record(redaction.sent, claimed, self._clock(), *sent)
            return
        await self._record(deliveries.absent, claimed, self._clock())

    async def _doubt(self, claimed: Claim, wait: timedelta | None, why: str) -> None:
        log.info("delivery.in_doubt kind=%s", claimed.kind)
        await self._record(deliveries.unsure, claimed, self._clock(), wait, why)

    async def _surely_not_posted(self, claimed: Claim, error: SlackApiError) -> bool:
        """Settle *claimed* where Slack's refusal leaves no doubt; say whether it did."""
        name, wait = refusals.name(error), refusals.wait(error)
        if wait is not None:
            log.info("delivery.limited kind=%s seconds=%s", claimed.kind, wait.total_seconds())
            await self._record(deliveries.limited, claimed, self._clock(), wait)
        elif name in refusals.NOT_NOW:
            log.error("delivery.parked why=%s", name)
            await self._later(claimed, PARKED, "Slack does not accept the bot's token.")
        elif name in refusals.NEVER:
            why = refusals.REMEDIES.get(name, f"Slack refused it: {name}.")
            await self._close(claimed, DeliveryState.DEAD, why)
        else:
            return False
        return True

    async def _later(
        self, claimed: Claim, wait: timedelta | None, why: str, *, alone: bool = False
    ) -> None:
        log.info("delivery.later kind=%s why=%s", claimed.kind, why)
        await self._record(deliveries.later, claimed, self._clock(), wait, why, alone=alone)

    async def _close(self, claimed: Claim, state: DeliveryState, why: str) -> None:
        log.info("delivery.closed kind=%s state=%s", claimed.kind, state.value)
        await self._record(unposted.closed, claimed, self._clock(), state, why)

    async def _record(self, verb: Callable[..., bool], *args: object, **kwargs: object) -> None:
        """Write down what became of it; while the database is away, keep it until it is back."""
        record = partial(self._units.run, verb, *args, **kwargs)
        try:
            await record()
        except Away:
            self._unrecorded.append(record)

    async def _catch_up(self) -> None:
        while self._unrecorded:
            await self._unrecorded[0]()
            del self._unrecorded[0]
