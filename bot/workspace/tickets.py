"""What lets the bot answer: trigger ids, response URLs, tickets to a socket."""

from __future__ import annotations

import secrets
import time
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from bot.workspace.checks import Refused
from bot.workspace.clock import Clock

TRIGGER_LIFE = timedelta(seconds=3)
RESPONSE_LIFE = timedelta(minutes=30)
RESPONSE_USES = 5
CODE_LIFE = timedelta(minutes=10)
RECENT_SECONDS = 5.0


@dataclass(slots=True)
class Trigger:
    """Leave to open one view, for the person who just acted."""

    user: str
    place: str | None
    why: str
    made_at: datetime
    is_used: bool = False


@dataclass(slots=True)
class Reply:
    """Leave to answer where somebody acted; *original* is the message that can be replaced."""

    user: str
    channel: str
    why: str
    made_at: datetime
    command: str | None = None
    original: str | None = None
    thread_ts: str | None = None
    uses: int = 0


@dataclass
class Tickets:
    """Everything handed out, by its secret."""

    clock: Clock
    triggers: dict[str, Trigger] = field(default_factory=dict)
    replies: dict[str, Reply] = field(default_factory=dict)
    sockets: set[str] = field(default_factory=set)
    codes: dict[str, tuple[str, datetime]] = field(default_factory=dict)
    latest: str = ""
    latest_at: float = 0.0

    def happened(self, why: str) -> None:
        """Note what somebody just did: what the bot does next is likely because of it."""
        self.latest, self.latest_at = why, time.monotonic()

    def recent(self) -> str:
        """Say after what the bot acts now, if anything happened in the last real seconds."""
        is_recent = self.latest and time.monotonic() - self.latest_at < RECENT_SECONDS
        return f"after {self.latest}" if is_recent else ""

    def trigger(self, user: str, place: str | None, why: str) -> str:
        """Hand out a trigger id."""
        name = f"{secrets.randbelow(10**13)}.{secrets.randbelow(10**12)}.{secrets.token_hex(16)}"
        self.triggers[name] = Trigger(user, place, why, self.clock())
        self.happened(why)
        return name

    def redeem_trigger(self, name: str) -> Trigger:
        """Use a trigger id, once and within three seconds of the workspace's clock."""
        trigger = self.triggers.get(name)
        if trigger is None:
            raise Refused("invalid_trigger_id")
        if trigger.is_used:
            raise Refused("trigger_exchanged")
        if self.clock() - trigger.made_at > TRIGGER_LIFE:
            raise Refused("trigger_expired")
        trigger.is_used = True
        return trigger

    def reply(
        self,
        user: str,
        channel: str,
        why: str,
        *,
        command: str | None = None,
        original: str | None = None,
        thread_ts: str | None = None,
    ) -> str:
        """Hand out the secret part of a response URL."""
        name = secrets.token_urlsafe(24)
        made = self.clock()
        self.replies[name] = Reply(user, channel, why, made, command, original, thread_ts)
        return name

    def usable_reply(self, name: str) -> Reply:
        """Find what a response URL stands for while it can still be used."""
        reply = self.replies.get(name)
        if reply is None:
            raise Refused("invalid_url")
        if self.clock() - reply.made_at > RESPONSE_LIFE:
            raise Refused("expired_url")
        if reply.uses >= RESPONSE_USES:
            raise Refused("used_url")
        return reply

    def code(self, user: str) -> str:
        """Hand out what an app exchanges for its token, once *user* has allowed it."""
        name = secrets.token_urlsafe(24)
        self.codes[name] = (user, self.clock())
        return name

    def redeem_code(self, name: str) -> str:
        """Use a code, once and within ten minutes; give who allowed the app."""
        user, made_at = self.codes.pop(name, ("", self.clock()))
        if not user:
            raise Refused("invalid_code")
        if self.clock() - made_at > CODE_LIFE:
            raise Refused("code_expired")
        return user

    def socket(self) -> str:
        """Hand out a ticket for one socket connection."""
        name = secrets.token_urlsafe(24)
        self.sockets.add(name)
        return name

    def redeem_socket(self, name: str) -> bool:
        """Use a socket ticket; it is good for one connection."""
        known = name in self.sockets
        self.sockets.discard(name)
        return known
