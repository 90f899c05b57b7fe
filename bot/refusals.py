"""What Slack says when it refuses a call, also where its answer is not what it promises."""

from datetime import timedelta
from typing import Any

from slack_sdk.errors import SlackApiError

UNSAID = timedelta(seconds=30)  # to wait where Slack does not say how long


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
