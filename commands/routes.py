"""How a room says which words, buttons, forms and events are its own, and what is lent to it."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Concatenate, ParamSpec, Protocol, TypeVar

from commands.blocks import Message, View
from storage.asker import Asker
from storage.database import Session
from storage.models import Marked

P = ParamSpec("P")
R = TypeVar("R")

Handler = Callable[..., Awaitable[None]]


class Work(Protocol):
    """Runs a storage function as one unit of work, for whoever asks, at the moment they asked."""

    async def __call__(
        self,
        verb: Callable[Concatenate[Session, Asker, datetime, P], R],
        *args: P.args,
        **kwargs: P.kwargs,
    ) -> R:
        """Give what *verb* returns, once it is committed. Raises Refusal, Away."""
        ...


class Reply(Protocol):
    """Answers where the question was asked, seen by whoever asked and nobody else."""

    async def __call__(self, message: Message, *, replace: bool = False) -> None:
        """Show *message*; *replace* puts it in the place of the message that was clicked."""
        ...


class OpenForm(Protocol):
    """Opens a modal. Slack allows three seconds and one try."""

    async def __call__(self, view: View) -> None:
        """Open *view* for whoever asked; who sent in a form sees it in the place of that form."""
        ...


class Fits(Protocol):
    """Asks who reads a channel now, and whether something may stand there."""

    async def __call__(self, channel: str, item: Marked) -> None:
        """Refuse *item* where some who read *channel* may not see it, or nobody can tell."""
        ...


class After(Protocol):
    """Keeps what may happen once the answer is out; shutting down waits for it."""

    def __call__(self, task: Callable[P, Awaitable[None]], *args: P.args, **kw: P.kwargs) -> None:
        """Run *task* soon."""
        ...


class Invalid(Exception):  # noqa: N818 -- an answer to a form, not an error
    """A form cannot be taken as it is: a sentence for each field that needs another look."""

    def __init__(self, **fields: str) -> None:
        super().__init__(", ".join(fields))
        self.fields = fields


@dataclass(frozen=True)
class Word:
    """One word after a command: what runs, what help says of it, and an example to copy."""

    word: str
    handler: Handler
    sentence: str
    example: str


@dataclass(frozen=True)
class Routes:
    """Everything that is a room's own. The first of *words* runs when the command stands alone.

    *events* are Slack event types, *buttons* action ids, *forms* callback ids.
    """

    room: str
    command: str = ""
    description: str = ""
    words: tuple[Word, ...] = ()
    buttons: Mapping[str, Handler] = field(default_factory=dict)
    forms: Mapping[str, Handler] = field(default_factory=dict)
    events: Mapping[str, Handler] = field(default_factory=dict)

    def handlers(self) -> list[Handler]:
        """Every handler of the room."""
        return [
            *(word.handler for word in self.words),
            *self.buttons.values(),
            *self.forms.values(),
            *self.events.values(),
        ]


# What a handler may ask for by parameter name, and the type it gets.
LENT: Mapping[str, Any] = {
    "actor": Asker,
    "work": Work,
    "now": datetime,
    "channel": str,
    "text": str,
    "value": str,
    "form": Mapping[str, str],
    "metadata": str,
    "action": str,
    "reply": Reply,
    "open_form": OpenForm,
    "fits": Fits,
    "after": After,
    "client": Any,
    "event": Mapping[str, Any],
    "rooms": Sequence[Routes],
    "address": str,
}
