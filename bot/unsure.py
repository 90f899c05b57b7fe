"""What became of a post whose answer was lost: looked for by the keys in its metadata."""

import asyncio
from collections.abc import Collection, Mapping
from datetime import datetime, timedelta
from typing import Any

import aiohttp
from slack_sdk.errors import SlackApiError

from bot import digests, posting, refusals
from bot.installed import Installed, Tenant
from bot.outcomes import PARKED, Outcomes
from storage.bundles import Standing
from storage.deliveries import Claim
from storage.models import DeliveryState

SKEW = timedelta(minutes=2)  # Slack's clock beside ours
PAGE, PAGES = 200, 25
LOOK = 20  # seconds to find it out, well within the lease
TRIES = 12  # to find it out: half an hour
LOST = "Slack did not say whether it took this; the bot looks for it."
IN_DOUBT = "Slack did not say whether it took this, and the bot may not look. Is it there?"
UNINSTALLED = "The bot is not installed in that workspace."


class HiddenError(Exception):
    """Where it would stand cannot be read, now or later."""


class Search:
    """Finds out what became of a claim; where that cannot be read, a person is to say."""

    def __init__(self, installed: Installed, outcomes: Outcomes) -> None:
        self._installed, self._outcomes = installed, outcomes

    async def __call__(self, claimed: Claim, since: datetime) -> None:
        """Settle *claimed*, which may have been posted *since* then."""
        if claimed.kind in digests.REPEATABLE:
            await self._outcomes.absent(claimed)
            return
        tenant = await self._installed.at(claimed.workspace)
        if tenant is None:
            await self._outcomes.doubt(claimed, PARKED, UNINSTALLED)
            return
        try:
            found = await asyncio.wait_for(look(tenant, claimed, since), LOOK)
        except HiddenError:
            await self._outcomes.close(claimed, DeliveryState.HELD, IN_DOUBT)
        except SlackApiError as error:
            is_parked = refusals.name(error) in refusals.NOT_NOW
            await self._later(claimed, PARKED if is_parked else refusals.wait(error))
        except (TimeoutError, aiohttp.ClientError):
            await self._later(claimed, None)
        else:
            await self._settle(claimed, found)

    async def _later(self, claimed: Claim, wait: timedelta | None) -> None:
        """Look again after *wait*; where Slack does not say when, not for ever."""
        if wait is not None or claimed.attempts < TRIES:
            await self._outcomes.doubt(claimed, wait, LOST)
        else:
            await self._outcomes.close(claimed, DeliveryState.HELD, IN_DOUBT)

    async def _settle(self, claimed: Claim, found: Mapping[int, Standing]) -> None:
        if found:
            await self._outcomes.found(claimed, found)
        else:
            await self._outcomes.absent(claimed)


async def look(tenant: Tenant, claimed: Claim, since: datetime) -> dict[int, Standing]:
    """Look for *claimed* and what goes with it in its channel, as far back as *since*.

    Give, by their ids, where those that were found stand: the oldest copy. Raises HiddenError where
    nobody will be able to tell; SlackApiError and what aiohttp raises where that may pass.
    """
    if claimed.kind in digests.TRACELESS:
        raise HiddenError
    keys = [each.key for each in claimed.each]
    try:
        channel = await posting.channel(tenant.client, claimed.recipient)
        found = await copies(tenant, channel, keys, since)
    except SlackApiError as error:
        if refusals.name(error) in refusals.NEVER:
            raise HiddenError from error
        raise
    return {
        each.id: (channel, *next(iter(found[each.key].items())))
        for each in claimed.each
        if found[each.key]
    }


async def copies(
    tenant: Tenant, channel: str, keys: Collection[str], since: datetime
) -> dict[str, dict[str, str]]:
    """Find the bot's messages in *channel* for each of the deliveries' *keys*.

    Give of each by ts, the oldest first, the short ids it names. Raises like `look`.
    """
    sought = {posting.opaque(key): key for key in keys}
    found: dict[str, dict[str, str]] = {key: {} for key in keys}
    cursor = ""
    for _ in range(PAGES):
        answer = await tenant.client.conversations_history(
            channel=channel,
            oldest=f"{(since - SKEW).timestamp():.6f}",
            include_all_metadata=True,
            limit=PAGE,
            cursor=cursor,
        )
        for message in answer["messages"]:
            if tenant.app and message.get("app_id") != tenant.app:
                continue
            for opaque in sought.keys() & _keys(message):
                found[sought[opaque]][str(message["ts"])] = posting.named(message)
        cursor = str((answer.get("response_metadata") or {}).get("next_cursor") or "")
        if not cursor:
            return {key: dict(sorted(each.items())) for key, each in found.items()}
    raise HiddenError  # more was said since than is worth reading


def _keys(message: Mapping[str, Any]) -> set[str]:
    metadata = message.get("metadata") or {}
    return set(str((metadata.get("event_payload") or {}).get("key", "")).split())
