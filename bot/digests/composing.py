"""What a file of this folder gives: the message as things are now, or why it is not needed."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from commands.blocks import Message
from storage.database import Session
from storage.deliveries import Claim
from storage.models import Audience


@dataclass(frozen=True)
class Composed:
    """A message, and for a channel the audience it is written for; None for one person."""

    message: Message
    audience: Audience | None = None


@dataclass(frozen=True)
class Unneeded:
    """There is nothing to say any more, and *why*."""

    why: str


Compose = Callable[[Session, Claim, datetime], Composed | Unneeded]
