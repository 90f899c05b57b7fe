"""The one sender: claims what is due, asks again who would read it, posts once, records."""

import asyncio
import logging
import time
import uuid
from collections.abc import Awaitable, Callable, Mapping
from datetime import datetime, timedelta
from functools import partial
from typing import Any

import aiohttp
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot import digests, refusals
from bot.digests import Composed, Unneeded
from bot.units import Units
from commands.blocks import Message
from storage import deliveries
from storage.deliveries import Claim
from storage.errors import Away
from storage.models import Audience, DeliveryState

log = logging.getLogger(__name__)

NAMESPACE = uuid.UUID("6ba7b811-9dad-11d1-80b4-00c04fd430c8")
NEVER = frozenset(
    {
        "cannot_dm_bot",
        "channel_not_found",
        "invalid_arguments",
        "invalid_blocks",
        "invalid_metadata_format",
        "is_archived",
        "messages_tab_disabled",
        "metadata_too_large",
        "missing_scope",
        "msg_blocks_too_long",
        "msg_too_long",
        "no_text",
        "not_in_channel",
        "restricted_action",
        "user_disabled",
        "user_not_found",
    }
)
NOT_NOW = frozenset(
    {"account_inactive", "invalid_auth", "not_authed", "token_expired", "token_revoked"}
)
# No connection, so no request: refused, not resolved, not encrypted, or not there in time.
UNCONNECTED = (aiohttp.ClientConnectorError, aiohttp.ConnectionTimeoutError)
PARKED = timedelta(minutes=5)
IN_DOUBT = "Slack did not say whether it took this; it is not sent again without a person's word."
SHAREABLE = (Audience.PUBLIC, Audience.COMMUNITY)
TURN = 10  # seconds after which the rest waits for the next beat, which also plans
PAUSE = 1  # seconds after which free lanes are looked for again


class Sender:
    """Sends what is owed. No other code posts unasked.

    *client* must have no retry handlers: after a lost answer the SDK would post a second time.
    """

    def __init__(self, units: Units, client: AsyncWebClient, clock: Callable[[], datetime]) -> None:
        if client.retry_handlers:
            raise ValueError("A client that retries by itself may post a message twice.")
        self._units, self._client, self._clock = units, client, clock
        self._unrecorded: list[Callable[[], Awaitable[object]]] = []
        self._is_resting = False

    def rest(self) -> None:
        """Claim nothing any more; what is under way goes on."""
        self._is_resting = True

    async def pump(self) -> None:
        """Send everything that is due now; whoever is slow keeps nobody else waiting."""
        await self._catch_up()
        if await self._units.run(deliveries.hold_abandoned, self._clock()):
            log.warning("delivery.abandoned")
        until = time.monotonic() + TURN
        under_way: set[asyncio.Task[None]] = set()
        try:
            while (claims := await self._claims(until)) or under_way:
                under_way |= {asyncio.create_task(self._send(claimed)) for claimed in claims}
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

    async def _send(self, claimed: Claim) -> None:
        try:
            message = await self._message(claimed)
        except Exception as error:
            # Nothing has left yet: this one waits, and no other.
            cause = None if isinstance(error, Away) else error
            log.error("delivery.unwritten kind=%s", claimed.kind, exc_info=cause)
            await self._later(claimed, None, "It could not be written yet.", alone=True)
            return
        if message is not None:
            await self._post(claimed, message)

    async def _message(self, claimed: Claim) -> Message | None:
        """Word it as things are now; None where it is settled already, because it must not go."""
        composed = await self._units.run(digests.compose, claimed, self._clock())
        if isinstance(composed, Unneeded):
            await self._close(claimed, DeliveryState.SKIPPED, composed.why)
            return None
        return composed.message if await self._fits(claimed, composed) else None

    async def _fits(self, claimed: Claim, composed: Composed) -> bool:
        """Say whether the channel, as it is now, is for its audience; settle the claim if not."""
        if composed.audience is None:
            return True
        try:
            answer = await self._client.conversations_info(channel=claimed.recipient)
        except SlackApiError as error:
            if not await self._surely_not_posted(claimed, error):
                await self._later(claimed, None, "The channel could not be checked.")
            return False
        except (TimeoutError, aiohttp.ClientError):
            await self._later(claimed, None, "The channel could not be checked.")
            return False
        unfit = _unfit(answer["channel"], composed.audience)
        if unfit is not None:
            await self._close(claimed, DeliveryState.DEAD, unfit)
        return unfit is None

    async def _post(self, claimed: Claim, message: Message) -> None:
        try:
            answer = await self._client.chat_postMessage(
                channel=claimed.recipient,
                unfurl_links=False,
                unfurl_media=False,
                metadata={
                    "event_type": claimed.kind,
                    "event_payload": {"key": str(uuid.uuid5(NAMESPACE, claimed.key))},
                },
                **message,
            )
            sent = (str(answer["channel"]), str(answer["ts"]))
        except SlackApiError as error:
            if not await self._surely_not_posted(claimed, error):
                # internal_error, any 5xx, whatever Slack may invent: it may have been posted.
                await self._close(claimed, DeliveryState.HELD, IN_DOUBT)
        except UNCONNECTED:
            await self._later(claimed, None, "Slack could not be reached.")
        except Exception as error:  # noqa: BLE001 -- no answer, or none that the SDK can read
            log.warning("delivery.in_doubt kind=%s why=%s", claimed.kind, type(error).__name__)
            await self._close(claimed, DeliveryState.HELD, IN_DOUBT)
        else:
            await self._record(deliveries.sent, claimed, self._clock(), *sent)

    async def _surely_not_posted(self, claimed: Claim, error: SlackApiError) -> bool:
        """Settle *claimed* where Slack's refusal leaves no doubt; say whether it did."""
        name, wait = refusals.name(error), refusals.wait(error)
        if wait is not None:
            await self._later(claimed, wait, "Slack asked to wait.")
        elif name in NOT_NOW:
            log.error("delivery.parked why=%s", name)
            await self._later(claimed, PARKED, "Slack does not accept the bot's token.")
        elif name in NEVER:
            why = REMEDIES.get(name, f"Slack refused it: {name}.")
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
        await self._record(deliveries.closed, claimed, self._clock(), state, why)

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


REMEDIES = {
    "not_in_channel": "The bot is not in this channel. Invite it there: /invite @Convene",
    "channel_not_found": "The bot cannot see this channel. If it is private, invite the bot there.",
    "is_archived": "The channel is archived. Choose another one.",
    "missing_scope": "The bot lacks a permission for this. Install it again from its manifest.",
    "restricted_action": "The channel's settings do not let the bot post. Change them there.",
}


def _unfit(channel: Mapping[str, Any], audience: Audience) -> str | None:
    if channel.get("is_archived"):
        return REMEDIES["is_archived"]
    shared = channel.get("is_ext_shared") or channel.get("is_pending_ext_shared")
    if audience not in SHAREABLE and not channel.get("is_private"):
        return (
            "The channel is public, and this digest is not for everybody who may join it. "
            "Choose a private channel, or a wider audience."
        )
    if shared and audience not in SHAREABLE:
        return (
            "The channel is shared with other organisations, and this digest is not for them. "
            "Choose another channel, or a wider audience."
        )
    return None
