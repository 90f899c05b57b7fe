"""Where people meet and what is said there: channels, messages, files."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, Literal

Kind = Literal["public", "private", "dm", "mpim"]
Json = dict[str, Any]


@dataclass(slots=True, eq=False)
class Channel:
    """A channel or a direct message between the bot and one person."""

    id: str
    name: str
    kind: Kind
    members: list[str] = field(default_factory=list)
    is_ext_shared: bool = False
    is_pending_ext_shared: bool = False
    is_archived: bool = False
    created: int = 0
    purpose: str = ""

    @property
    def is_dm(self) -> bool:
        """Whether this is a direct message."""
        return self.kind == "dm"


@dataclass(slots=True, eq=False)
class File:
    """An uploaded file; *content* is there once the bytes have come."""

    id: str
    name: str
    length: int
    title: str
    alt_text: str | None = None
    content: bytes | None = None
    channels: list[str] = field(default_factory=list)


@dataclass(slots=True, eq=False)
class Message:
    """What somebody said; *visible_to* names the one person who sees an ephemeral message."""

    channel: str
    ts: str
    user: str
    text: str
    blocks: list[Json] = field(default_factory=list)
    attachments: list[Json] = field(default_factory=list)
    is_from_bot: bool = True
    visible_to: str | None = None
    thread_ts: str | None = None
    is_broadcast: bool = False
    metadata: Json | None = None
    edited: str | None = None
    files: list[str] = field(default_factory=list)
    entered: dict[str, dict[str, dict[str, Json]]] = field(default_factory=dict)

    @property
    def ephemeral(self) -> bool:
        """Whether only one person sees it, until they reload."""
        return self.visible_to is not None

    @property
    def is_reply(self) -> bool:
        """Whether it answers in a thread instead of opening one."""
        return self.thread_ts is not None and self.thread_ts != self.ts

    @property
    def at(self) -> datetime:
        """When it was said."""
        seconds, _, fraction = self.ts.partition(".")
        moment = datetime.fromtimestamp(int(seconds), UTC)
        return moment.replace(microsecond=int(fraction))
