"""One message of all that somebody is to hear at the same time: each in its place, as alone."""

import logging
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime

from bot import digests
from bot.digests import Composed, Later, Settled, Unneeded
from bot.units import Units
from commands import blocks
from commands.blocks import MESSAGE_BLOCKS, UPDATE_LIMIT, Block, Message
from commands.words import width
from storage import bundles
from storage.bundles import Fate
from storage.deliveries import Claim
from storage.errors import Away
from storage.models import DeliveryState

log = logging.getLogger(__name__)

BEHIND = Fate(DeliveryState.PENDING)  # it goes with the next


class Bundler:
    """Words what was claimed together, and leaves out what is not to go, or not now."""

    def __init__(self, units: Units, clock: Callable[[], datetime]) -> None:
        self._units, self._clock = units, clock

    async def word(self, claimed: Claim) -> tuple[Claim, Composed | None] | None:
        """Give what goes of *claimed* in one message, and that; what does not go is settled.

        Where it cannot be worded it is the first alone, unworded. None where nothing goes, or the
        lease was lost meanwhile.
        """
        try:
            worded = await self._units.run(digests.each, claimed, self._clock())
        except Exception as error:
            # One of them may be at fault: alone, it is the only one that waits.
            log.error("delivery.apart", exc_info=None if isinstance(error, Away) else error)
            alone = await self.alone(claimed)
            return None if alone is None else (alone, None)
        going = {one: told.message for one, told in worded.items() if isinstance(told, Composed)}
        number = fitting(list(going.values()))
        kept = dict(list(going.items())[:number])
        fates = {one: _fate(told) for one, told in worded.items() if one not in kept}
        left = await self._parted(claimed, fates) if fates else claimed
        return None if left is None else (left, Composed(joined(list(kept.values()))))

    async def alone(self, claimed: Claim) -> Claim | None:
        """Put all but the first of *claimed* back; None where the lease was lost meanwhile."""
        return await self._parted(claimed, {one.id: BEHIND for one in claimed.others})

    async def _parted(self, claimed: Claim, fates: Mapping[int, Fate]) -> Claim | None:
        kinds = (f"{one.kind}:{fates[one.id].state}" for one in claimed.each if one.id in fates)
        log.info("delivery.parted kinds=%s", ",".join(kinds))
        return await self._units.run(bundles.parted, claimed, self._clock(), fates)


def fitting(messages: Sequence[Message]) -> int:
    """Say how many of *messages*, from the first on, go in one: blocks, and the full text too."""
    for number in range(2, len(messages) + 1):
        drawn = _drawn(messages[:number])
        if len(drawn) > MESSAGE_BLOCKS or width(blocks.text_of(drawn)) > UPDATE_LIMIT:
            return number - 1
    return len(messages)


def joined(messages: Sequence[Message]) -> Message:
    """Make one message of *messages*, with a rule between them."""
    return blocks.message(*_drawn(messages))


def _drawn(messages: Sequence[Message]) -> list[Block]:
    ruled = [block for each in messages for block in (blocks.divider(), *each["blocks"])]
    return ruled[1:]


def _fate(told: Settled) -> Fate:
    match told:
        case Later(until, why):
            return Fate(DeliveryState.PENDING, why, until)
        case Unneeded(why):
            return Fate(DeliveryState.SKIPPED, why)
    return BEHIND
