"""What storage says when a rule says no."""

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from storage.models import Precision


@dataclass(frozen=True)
class Choice:
    """One thing a person may have meant: its short id, its title and what tells it apart.

    *at* is as exact as *precision* says (None: to the minute), in *zone*.
    """

    id: str
    title: str
    at: datetime | None = None
    where: str = ""
    zone: str | None = None
    precision: "Precision | None" = None


class Refusal(Exception):  # noqa: N818 -- an answer, not an error
    """A rule said no. *sentence* is what the person will read; nothing was changed.

    A moment stands in the sentence as $name and is given by keyword, so that each reader gets it
    in their own zone.
    """

    def __init__(
        self, sentence: str, choices: tuple[Choice, ...] = (), **moments: datetime
    ) -> None:
        super().__init__(sentence)
        self.sentence = sentence
        self.choices = choices
        self.moments = moments


class Guarded(Refusal):
    """Text that looks like a signal was refused; *field* names where it stood, and nothing else."""

    def __init__(self, sentence: str, field: str) -> None:
        super().__init__(sentence)
        self.field = field


class Away(Exception):  # noqa: N818 -- a state of the world, not a mistake
    """The database cannot be reached, or stayed busy for too long. Nothing was changed."""


class Full(Away):
    """The database takes in nothing new: no room, or no right to write. Nothing was changed."""


class Unconfirmed(Away):
    """The connection broke as the change was confirmed: it may have been made, or not."""


class Unreadable(Exception):  # noqa: N818 -- a state of the world, not a mistake
    """No key opens what was sealed, it was sealed for somebody else, or too long ago."""


class Replayed(Exception):  # noqa: N818 -- it was answered the first time
    """The same request came before and had its effect then. Nothing was changed."""
