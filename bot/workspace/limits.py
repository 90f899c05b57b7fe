"""Slack's rate limits: so many calls a minute by method, one message a second by channel."""

from __future__ import annotations

import math
from collections import deque
from dataclasses import dataclass, field
from datetime import datetime, timedelta

MINUTE = timedelta(minutes=1)
SECOND = timedelta(seconds=1)
POSTS_PER_MINUTE = 300

TIERS = {
    1: ("apps.connections.open",),
    20: ("users.list", "conversations.list", "usergroups.list", "usergroups.users.list"),
    50: (
        "chat.update",
        "chat.delete",
        "files.delete",
        "conversations.info",
        "conversations.open",
        "conversations.history",
        "conversations.replies",
    ),
    100: (
        "views.open",
        "views.update",
        "views.push",
        "views.publish",
        "chat.postEphemeral",
        "bots.info",
        "users.info",
        "conversations.members",
        "files.getUploadURLExternal",
        "files.completeUploadExternal",
    ),
    POSTS_PER_MINUTE: ("chat.postMessage",),
    600: ("auth.test", "chat.getPermalink"),
}
PER_MINUTE = {method: calls for calls, methods in TIERS.items() for method in methods}


@dataclass(slots=True)
class Limits:
    """Counts calls while *enabled*; *per_minute* can be changed for a test."""

    enabled: bool = False
    per_minute: dict[str, int] = field(default_factory=lambda: dict(PER_MINUTE))
    calls: dict[str, deque[datetime]] = field(default_factory=dict)

    def wait(self, method: str, channel: str | None, now: datetime) -> int:
        """Count a call and return 0, or the seconds after which it may be tried again."""
        if not self.enabled:
            return 0
        lanes = [(method, self.per_minute.get(method, POSTS_PER_MINUTE), MINUTE)]
        if method in ("chat.postMessage", "response_url") and channel is not None:
            lanes.append((f"{method} {channel}", 1, SECOND))
        left = max(self._left(name, most, span, now) for name, most, span in lanes)
        if left > timedelta():
            return math.ceil(left.total_seconds())
        for name, _, _ in lanes:
            self.calls[name].append(now)
        return 0

    def _left(self, lane: str, most: int, span: timedelta, now: datetime) -> timedelta:
        counted = self.calls.setdefault(lane, deque())
        while counted and now - counted[0] >= span:
            counted.popleft()
        return counted[0] + span - now if len(counted) >= most else timedelta()
