"""The one sender: claims what is due, asks again who would read it, posts once, records."""

import asyncio
import logging
import uuid
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Any

import aiohttp
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot import digests
from bot.digests import Unneeded
from bot.units import Units
from storage import deliveries
from storage.deliveries import Claim
from storage.models import Audience, DeliveryState

log = logging.getLogger(__name__)

NAMESPACE = uuid.UUID("6ba7b811-9dad-11d1-80b4-00c04fd430c8")
NEVER = frozenset(
    {
        "cannot_dm_bot",
        "channel_not_found",
        "invalid_blocks",
        "is_archived",
        "messages_tab_disabled",
        "missing_scope",
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
PARKED = timedelta(minutes=5)
IN_DOUBT = "Slack did not say whether it took this; it is not sent again without a person's word."
SHAREABLE = (Audience.PUBLIC, Audience.COMMUNITY)


class Sender:
    """Sends what is owed. No other code posts unasked.

    *client* must have no retry handlers: after a lost answer the SDK would post a second time.
    """

    def __init__(self, units: Units, client: AsyncWebClient, clock: Callable[[], datetime]) -> None:
        if client.retry_handlers:
            raise ValueError("A client that retries by itself may post a message twice.")
        self._units, self._client, self._clock = units, client, clock

    async def pump(self) -> None:
        """Send everything that is due now."""
        if await self._units.run(deliveries.hold_abandoned, self._clock()):
            log.warning("delivery.abandoned")
        while claims := await self._units.run(deliveries.claim, self._clock()):
            await asyncio.gather(*(self._send(claimed) for claimed in claims))

    async def _send(self, claimed: Claim) -> None:
        composed = await self._units.run(digests.KINDS[claimed.kind], claimed, self._clock())
        if isinstance(composed, Unneeded):
            await self._close(claimed, DeliveryState.SKIPPED, composed.why)
            return
        if composed.audience is not None and not await self._fits(claimed, composed.audience):
            return
        try:
            answer = await self._client.chat_postMessage(
                channel=claimed.recipient,
                unfurl_links=False,
                unfurl_media=False,
                metadata={
                    "event_type": claimed.kind,
                    "event_payload": {"key": str(uuid.uuid5(NAMESPACE, claimed.key))},
                },
                **composed.message,
            )
        except SlackApiError as error:
            if not await self._surely_not_posted(claimed, error):
                # internal_error, any 5xx, whatever Slack may invent: it may have been posted.
                await self._close(claimed, DeliveryState.HELD, IN_DOUBT)
        except aiohttp.ClientConnectorError as error:
            await self._later(claimed, None, type(error).__name__)
        except (TimeoutError, aiohttp.ClientError):
            await self._close(claimed, DeliveryState.HELD, IN_DOUBT)
        else:
            sent = (answer["channel"], answer["ts"])
            await self._units.run(deliveries.sent, claimed, self._clock(), *sent)

    async def _fits(self, claimed: Claim, audience: Audience) -> bool:
        """Say whether the channel, as it is now, is for *audience*; settle the claim if not."""
        try:
            answer = await self._client.conversations_info(channel=claimed.recipient)
        except SlackApiError as error:
            if not await self._surely_not_posted(claimed, error):
                await self._later(claimed, None, "the channel could not be checked")
            return False
        except (TimeoutError, aiohttp.ClientError) as error:
            await self._later(claimed, None, type(error).__name__)
            return False
        unfit = _unfit(answer["channel"], audience)
        if unfit is not None:
            await self._close(claimed, DeliveryState.DEAD, unfit)
        return unfit is None

    async def _surely_not_posted(self, claimed: Claim, error: SlackApiError) -> bool:
        """Settle *claimed* where Slack's refusal leaves no doubt; say whether it did."""
        name, status, headers = _answer(error)
        if status == 429 or name == "ratelimited":
            wait = timedelta(seconds=int(headers.get("Retry-After", "30")))
            await self._later(claimed, wait, "ratelimited")
        elif name in NOT_NOW:
            await self._later(claimed, PARKED, name)
        elif name in NEVER:
            await self._close(claimed, DeliveryState.DEAD, REMEDIES.get(name, name))
        else:
            return False
        return True

    async def _later(self, claimed: Claim, wait: timedelta | None, why: str) -> None:
        log.info("delivery.later kind=%s why=%s", claimed.kind, why)
        await self._units.run(deliveries.later, claimed, self._clock(), wait, why)

    async def _close(self, claimed: Claim, state: DeliveryState, why: str) -> None:
        log.info("delivery.closed kind=%s state=%s", claimed.kind, state.value)
        await self._units.run(deliveries.closed, claimed, self._clock(), state, why)


REMEDIES = {
    "not_in_channel": "The bot is not in this channel. Invite it there: /invite @Convene",
    "channel_not_found": "The bot cannot see this channel. If it is private, invite the bot there.",
    "is_archived": "The channel is archived. Choose another one.",
    "missing_scope": "The bot lacks a permission for this. Install it again from its manifest.",
}


def _unfit(channel: Mapping[str, Any], audience: Audience) -> str | None:
    if channel.get("is_archived"):
        return REMEDIES["is_archived"]
    shared = channel.get("is_ext_shared") or channel.get("is_pending_ext_shared")
    if shared and audience not in SHAREABLE:
        return (
            "The channel is shared with other organisations, and this digest is not for them. "
            "Choose another channel, or a wider audience."
        )
    return None


def _answer(error: SlackApiError) -> tuple[str, int, Mapping[str, Any]]:
    response = error.response
    data = response.data if isinstance(response.data, dict) else {}
    return str(data.get("error", "")), int(response.status_code), response.headers or {}
