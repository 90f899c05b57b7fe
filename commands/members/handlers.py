"""What runs when Slack says that somebody joined, moved or left."""

from collections.abc import Mapping
from typing import Any

from commands.routes import Work
from storage import people


async def noted(work: Work, event: Mapping[str, Any]) -> None:
    """Keep a person's name and zone, and whether they are still there."""
    await work(people.noted, people.profile(event["user"]))
