"""What a person hears when something raises."""

import logging
import secrets
from datetime import datetime

from slack_sdk.errors import SlackApiError

from bot import refusals
from commands import blocks, cards
from commands.blocks import Message
from storage.errors import Away, Full, Refusal, Unconfirmed

log = logging.getLogger(__name__)

TOO_LATE = frozenset({"expired_trigger_id", "trigger_expired", "trigger_exchanged"})
LATE = "Slack closed the form before it could be opened. Nothing was changed; try once more."
AWAY = (
    "The bot cannot reach its database at the moment. Nothing was changed; try again in a minute."
)
UNCONFIRMED = (
    "The bot lost its database just as it wrote this down, and cannot say whether it did. Look "
    "before you ask again."
)
FULL = (
    "The bot can write nothing down at the moment: its disk is full, or may not be written to. "
    "Nothing was changed. Tell whoever runs the bot, and try again later."
)


def explain(error: Exception, zone: str, now: datetime) -> Message:
    """Turn *error* into what whoever asked will read, with times in their *zone*.

    What nobody foresaw is logged with a reference, and only the reference is told.
    """
    if isinstance(error, Refusal):
        return cards.refusal(error, zone)
    if isinstance(error, Full):
        log.error("database.full why=%s", error)
        return blocks.message(blocks.section(FULL))
    if isinstance(error, Unconfirmed):
        log.error("database.unconfirmed why=%s", error)
        return blocks.message(blocks.section(UNCONFIRMED))
    if isinstance(error, Away):
        log.error("database.away why=%s", error)
        return blocks.message(blocks.section(AWAY))
    if isinstance(error, SlackApiError) and refusals.name(error) in TOO_LATE:
        return blocks.message(blocks.section(LATE))
    reference = secrets.token_hex(2).upper()
    log.error("unforeseen ref=%s at=%s", reference, now.isoformat(), exc_info=error)
    return blocks.message(
        blocks.section(
            f"That did not work, and nothing was changed. Try again; if it happens again, give the "
            f"secretariat this reference: {reference}."
        )
    )
