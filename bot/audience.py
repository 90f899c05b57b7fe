"""Who really reads a channel, asked afresh before each post, and whether that is whom it is for."""

import asyncio
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

import aiohttp
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot import digests, refusals
from bot.digests import Composed, Recall, Settled
from bot.installed import Tenant
from bot.units import Units
from storage import readership
from storage.database import Session
from storage.deliveries import Claim
from storage.errors import Refusal
from storage.models import Audience, Marked

PAGE, PAGES = 500, 10  # Slack may put fewer on a page than it was asked for
PATIENCE = 2  # seconds for all of it where somebody waits for an answer
MOST = 2000  # people in a channel whom it is worth asking Slack for
SHARED = (
    "is_shared",
    "is_ext_shared",
    "is_pending_ext_shared",
    "is_org_shared",
    "pending_shared",
    "pending_connected_team_ids",
)
ALONE = "This is a conversation with the bot alone. Choose a channel."
UNTOLD = "Slack did not say who reads this channel, so nothing was changed. Try once more."
UNSAID = "It is not said whom this is for, so it may not stand in a channel."
PUBLIC = (
    "The channel is public, and this is not for everybody who may join it. "
    "Choose a private channel, or a wider audience."
)
OUTSIDE = (
    "The channel is shared with other organisations, or about to be, and this is not for "
    "them. Choose another channel, or a wider audience."
)
TAKEN_BACK = "It was taken back."
MANY = (
    f"More than {MOST} people are in the channel, too many to check. "
    "Choose a smaller one, or a wider audience."
)
SOME = (
    "Somebody in the channel may not see this: a guest, a person staff have not linked, another "
    "app, or somebody outside its audience. Choose another channel, or a wider audience."
)


@dataclass(frozen=True)
class Place:
    """A channel as Slack describes it now; *readers* are user ids without the bot's own.

    Who reads a public or shared channel cannot be told from who is in it, and of too many it is
    not asked: *readers* is None there. *is_member* is what Slack says of the bot by itself.
    """

    is_alone: bool = False
    is_archived: bool = False
    is_private: bool = False
    is_shared: bool = False
    is_member: bool = True
    is_entered: bool = True
    readers: frozenset[str] | None = None


@dataclass(frozen=True)
class Unfit:
    """A message must not stand in a channel, and *why*, with what would help."""

    why: str


async def look(client: AsyncWebClient, channel: str) -> Place:
    """Ask Slack who reads *channel*. It raises what the client raises, and nothing is assumed."""
    if channel.startswith("D"):
        return Place(is_alone=True)
    told: dict[str, Any] = (await client.conversations_info(channel=channel))["channel"]
    # A group of direct messages has a fixed circle, as a private channel has.
    is_private = bool(told.get("is_private") or told.get("is_mpim"))
    place = Place(
        bool(told.get("is_im")),
        bool(told.get("is_archived")),
        is_private,
        any(told.get(flag) for flag in SHARED),
        bool(told.get("is_member")),
    )
    if place.is_alone or place.is_archived or place.is_shared or not place.is_private:
        return place
    members = await _members(client, channel)
    if members is None:
        return place
    own = str((await client.auth_test())["user_id"])
    return replace(place, is_entered=own in members, readers=members - {own})


def decided(session: Session, claimed: Claim, now: datetime, place: Place) -> Settled | Unfit:
    """Word what is owed to a channel, in the transaction that says whether it may stand there.

    What stands there already, and may not any more, is to be taken back.
    """
    settled = digests.compose(session, claimed, now)
    if not isinstance(settled, Composed):
        return settled
    why: str | None = UNSAID
    if settled.item is not None:
        why = _unfit(session, claimed.workspace, now, place, settled.item)
    if why and settled.ts:
        return Recall(claimed.recipient, settled.ts, f"{TAKEN_BACK} {why}")
    return Unfit(why) if why else settled


async def check(units: Units, tenant: Tenant, now: datetime, channel: str, item: Marked) -> None:
    """Refuse *item* where it may not stand in *channel* as that is now, or nobody can tell.

    Raises Refusal.
    """
    try:
        place = await asyncio.wait_for(look(tenant.client, channel), PATIENCE)
    except SlackApiError as error:
        raise Refusal(refusals.REMEDIES.get(refusals.name(error), UNTOLD)) from error
    except (TimeoutError, aiohttp.ClientError) as error:
        raise Refusal(UNTOLD) from error
    why = await units.run_soon(_unfit, tenant.workspace, now, place, item)
    if why or not place.is_member:
        raise Refusal(why or refusals.REMEDIES["not_in_channel"])


def _unfit(
    session: Session, workspace: int, now: datetime, place: Place, item: Marked
) -> str | None:
    why = _closed(place) or _wider(place, item)
    if why is None and item.audience is not Audience.PUBLIC:
        readers = place.readers or frozenset()
        why = SOME if readership.outside(session, workspace, now, readers, item) else None
    return why


def _closed(place: Place) -> str | None:
    """Say why nothing at all may be posted there."""
    if place.is_alone:
        return ALONE
    if place.is_archived:
        return refusals.REMEDIES["is_archived"]
    return None if place.is_entered else refusals.REMEDIES["not_in_channel"]


def _wider(place: Place, item: Marked) -> str | None:
    """Say why others than those in the channel may read there what is not for everybody."""
    if item.audience is Audience.PUBLIC:
        return None
    if place.is_shared:
        return OUTSIDE
    if not place.is_private:
        # Anybody in the workspace may join, and whom staff have not linked sees what is public:
        # not even what is for the community may stand there.
        return PUBLIC
    return MANY if place.readers is None else None


async def _members(client: AsyncWebClient, channel: str) -> frozenset[str] | None:
    """List who is in *channel*; None where they are too many."""
    members: set[str] = set()
    cursor = None
    for _ in range(PAGES):
        answer = await client.conversations_members(channel=channel, limit=PAGE, cursor=cursor)
        members.update(map(str, answer["members"]))
        cursor = (answer.get("response_metadata") or {}).get("next_cursor")
        if not cursor:
            return frozenset(members) if len(members) <= MOST else None
    return None
