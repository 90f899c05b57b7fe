"""What a file of this folder gives: the message as things are now, or why it is not needed."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from commands.blocks import Message
from storage.database import Session
from storage.deliveries import Claim
from storage.models import Marked


@dataclass(frozen=True)
class File:
    """What goes with a message: "my-data.json", its bytes, and the title people read."""

    name: str
    content: bytes
    title: str


@dataclass(frozen=True)
class Composed:
    """A message, and for a channel the *item* whose audience it is for; None for one person.

    With *files* Slack takes the message's text alone, without its blocks. With *ts* it takes the
    place of what the bot itself posted there so.
    """

    message: Message
    item: Marked | None = None
    files: tuple[File, ...] = ()
    ts: str = ""


@dataclass(frozen=True)
class Recall:
    """Take back what the bot itself posted as *ts*; what is gone already counts as taken back.

    Of files, *ts* is their ids. Staff are told *why* where that is said.
    """

    channel: str
    ts: str
    why: str = ""


@dataclass(frozen=True)
class Unneeded:
    """There is nothing to say any more, and *why*."""

    why: str


@dataclass(frozen=True)
class Later:
    """Its reader wishes not to be told before *until*, and *why*."""

    until: datetime
    why: str


Settled = Composed | Recall | Unneeded | Later
Compose = Callable[[Session, Claim, datetime], Settled]
# For claims of one workspace, in their order.
ComposeAll = Callable[[Session, Sequence[Claim], datetime], Sequence[Settled]]
