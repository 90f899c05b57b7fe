"""Modals and Homes as they stand in front of one person."""

from __future__ import annotations

import copy
from dataclasses import dataclass, field
from typing import Any, Literal

from bot.workspace import elements
from bot.workspace.installation import Installation

Json = dict[str, Any]


@dataclass(slots=True, eq=False)
class View:
    """One modal or Home: *content* is what the bot sent, with its unnamed blocks named.

    *errors* are the sentences beside the fields, by block_id; *trouble* is the one above them.
    """

    id: str
    user: str
    content: Json
    hash: str
    root_id: str
    previous_id: str | None = None
    place: str | None = None
    entered: elements.Entered = field(default_factory=dict)
    suggested: dict[str, list[Json]] = field(default_factory=dict)
    errors: dict[str, str] = field(default_factory=dict)
    trouble: str = ""

    @property
    def type(self) -> Literal["modal", "home"]:
        """Whether it is a modal or a Home."""
        return "modal" if self.content["type"] == "modal" else "home"

    @property
    def blocks(self) -> list[Json]:
        """The blocks, every one with a block_id."""
        blocks: list[Json] = self.content["blocks"]
        return blocks

    @property
    def title(self) -> str:
        """The words in its title bar; a Home has none."""
        return str(self.content.get("title", {}).get("text", ""))

    @property
    def callback_id(self) -> str:
        """The id the bot gave it, or nothing."""
        return str(self.content.get("callback_id", ""))

    @property
    def private_metadata(self) -> str:
        """What the bot put aside in it, or nothing."""
        return str(self.content.get("private_metadata", ""))

    @property
    def state(self) -> elements.Entered:
        """What its fields hold: values by block_id and action_id."""
        return elements.state(self.blocks, self.entered)

    def replace(self, content: Json, fresh_hash: str) -> None:
        """Show *content* instead; what was entered stays where block_id and action_id stay."""
        self.content = content
        self.hash = fresh_hash
        self.errors = {}
        self.trouble = ""

    def payload(self, installation: Installation) -> Json:
        """Describe it as the API and interaction payloads do."""
        return {
            "id": self.id,
            "team_id": installation.team,
            "private_metadata": "",
            "callback_id": "",
            "external_id": "",
            "title": None,
            "close": None,
            "submit": None,
            "clear_on_close": False,
            "notify_on_close": False,
            **copy.deepcopy(self.content),
            "state": {"values": copy.deepcopy(self.state)},
            "hash": self.hash,
            "previous_view_id": self.previous_id,
            "root_view_id": self.root_id,
            "app_id": installation.app_id,
            "app_installed_team_id": installation.team,
            "bot_id": installation.bot_id,
        }
