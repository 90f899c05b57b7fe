"""What became of a post whose answer was lost: looked for by the key in its metadata."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from slack_sdk.errors import SlackApiError

from bot import digests, posting, refusals
from bot.installed import Tenant
from storage.deliveries import Claim

SKEW = timedelta(minutes=2)  # Slack's clock beside ours
PAGE, PAGES = 200, 25


class HiddenError(Exception):
    """Where it would stand cannot be read, now or later."""


@dataclass(frozen=True)
class Found:
    """Where the copies of a message stand, the oldest first, and what each named."""

    channel: str
    copies: Mapping[str, str]  # the short ids it named, by ts


async def look(tenant: Tenant, claimed: Claim, since: datetime) -> Found:
    """Look for what was *claimed* in its channel, as far back as *since*.

    Raises HiddenError where nobody will be able to tell; SlackApiError and what aiohttp raises
    where that may pass.
    """
    if claimed.kind in digests.TRACELESS:
        raise HiddenError
    try:
        channel = await posting.channel(tenant.client, claimed.recipient)
        return await copies(tenant, channel, claimed.key, since)
    except SlackApiError as error:
        if refusals.name(error) in refusals.NEVER:
            raise HiddenError from error
        raise


async def copies(tenant: Tenant, channel: str, key: str, since: datetime) -> Found:
    """Find the bot's messages for the delivery *key* in *channel*. Raises like `look`."""
    sought, found = posting.opaque(key), dict[str, str]()
    cursor = ""
    for _ in range(PAGES):
        answer = await tenant.client.conversations_history(
            channel=channel,
            oldest=f"{(since - SKEW).timestamp():.6f}",
            include_all_metadata=True,
            limit=PAGE,
            cursor=cursor,
        )
        found |= {
            str(message["ts"]): posting.named(message)
            for message in answer["messages"]
            if _key(message) == sought and (not tenant.app or message.get("app_id") == tenant.app)
        }
        cursor = str((answer.get("response_metadata") or {}).get("next_cursor") or "")
        if not cursor:
            return Found(channel, dict(sorted(found.items())))
    raise HiddenError  # more was said since than is worth reading


def _key(message: Mapping[str, Any]) -> str:
    metadata = message.get("metadata") or {}
    return str((metadata.get("event_payload") or {}).get("key", ""))
