"""What Slack says when it refuses a call, also where its answer is not what it promises."""

from datetime import timedelta
from typing import Any

from slack_sdk.errors import SlackApiError

UNSAID = timedelta(seconds=30)  # to wait where Slack does not say how long
DELETED = "message_not_found"
NEVER = frozenset(
    {
        "block_mismatch",
        "cannot_dm_bot",
        "cant_delete_message",
        "cant_update_message",
        "channel_not_found",
        "compliance_exports_prevent_deletion",
        "edit_window_closed",
        "file_not_found",
        "invalid_arguments",
        "invalid_blocks",
        "invalid_blocks_format",
        "invalid_metadata_format",
        "is_archived",
        "is_inactive",
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
        "user_not_visible",
    }
)
UNDRAWN = frozenset({"invalid_arguments", "invalid_blocks", "invalid_blocks_format"})
NOT_NOW = frozenset(
    {"account_inactive", "invalid_auth", "not_authed", "token_expired", "token_revoked"}
)
REMEDIES = {
    "not_in_channel": "The bot is not in this channel. Invite it there: /invite @Convene",
    "channel_not_found": "The bot cannot see this channel. If it is private, invite the bot there.",
    "is_archived": "The channel is archived. Choose another one.",
    "edit_window_closed": "The workspace's settings let nobody change it any more. Post it again.",
    "missing_scope": "The bot lacks a permission for this. Install it again from its manifest.",
    "restricted_action": "The channel's settings do not let the bot post. Change them there.",
}


def name(error: SlackApiError) -> str:
    """Give Slack's name for it; "" where the answer holds none, such as a page of HTML."""
    data = getattr(error.response, "data", None)
    return str(data.get("error", "")) if isinstance(data, dict) else ""


def status(error: SlackApiError) -> int:
    """Give the HTTP status."""
    # Where JSON was promised and did not come, the SDK hands out aiohttp's response.
    response: Any = error.response
    return int(response.status_code if hasattr(response, "status_code") else response.status)


def wait(error: SlackApiError) -> timedelta | None:
    """Say how long not to call again; None where the refusal is not about too many calls."""
    if status(error) != 429 and name(error) != "ratelimited":
        return None
    seconds = str(error.response.headers.get("Retry-After", ""))
    is_said = seconds.isascii() and seconds.isdigit() and len(seconds) < 6
    return timedelta(seconds=int(seconds)) if is_said else UNSAID
