"""The whole app: a bot of its own in a local workspace of its own, reached as Slack reaches it."""

import shutil
import tomllib
from collections.abc import AsyncIterator, Iterable
from contextlib import AsyncExitStack
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from bot import demo
from bot.running import Running
from bot.settings import Settings
from bot.workspace import Clock, Message, Workspace
from commands import blocks
from storage import facts
from storage.database import Database

TEAM = "T0CONVENE"
HASTE = 1_000_000  # a test asks more in ten seconds than any person does
PUBLIC = "https://convene.example"
MONDAY = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)


@dataclass
class Story:
    """A coalition at work, and what a test says and sees in it."""

    workspace: Workspace
    bot: Running

    async def settled(self) -> None:
        """Wait until everything that happens after an answer has happened."""
        await self.bot.after.drained(5)

    async def says(self, user: str, text: str, channel: str = "C0ANNOUNCE") -> str:
        """Type a command; give the text of what the person sees for it."""
        await self.workspace.command(user, channel, text)
        await self.settled()
        return self.last(user, channel).text

    def last(self, user: str, channel: str = "C0ANNOUNCE") -> Message:
        """Give the newest message *user* sees in *channel*."""
        return self.workspace.messages(channel, seen_by=user)[-1]

    async def clicks(
        self, user: str, action: str, value: str | None = None, channel: str = "C0ANNOUNCE"
    ) -> str:
        """Press a button of the newest message; give the text of what then is newest."""
        await self.workspace.click(user, self.last(user, channel), action, value=value)
        await self.settled()
        return self.last(user, channel).text


def items(messages: Iterable[Message]) -> list[str]:
    """List what *messages* tell, also those that tell of several things with a rule between."""
    told: list[str] = []
    for message in messages:
        rules = [n for n, block in enumerate(message.blocks) if block["type"] == "divider"]
        if not rules:
            told.append(message.text)
            continue
        starts, ends = [0, *(n + 1 for n in rules)], [*rules, len(message.blocks)]
        told += [
            blocks.text_of(message.blocks[start:end])
            for start, end in zip(starts, ends, strict=True)
        ]
    return told


@pytest.fixture(scope="session")
def coalition() -> dict[str, Any]:
    """Read the coalition's facts once."""
    return tomllib.loads(demo.COALITION.read_text(encoding="utf-8"))


@pytest.fixture(scope="session")
def coalition_template(
    sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory, coalition: dict[str, Any]
) -> Path:
    """Make one SQLite file with the coalition in it; every story gets a copy."""
    return filled(sqlite_template, tmp_path_factory.mktemp("coalition"), coalition)


def filled(template: Path, folder: Path, coalition: dict[str, Any]) -> Path:
    """Copy *template* into *folder* and load *coalition* into it."""
    path = Path(shutil.copy(template, folder / "template.sqlite3"))
    database = Database(f"sqlite:///{path}")
    database.run(facts.load, coalition, TEAM, MONDAY)
    database.close()
    return path


@pytest.fixture(params=["http", "socket"])
async def story(
    request: pytest.FixtureRequest,
    sqlite_url: str,
    coalition_template: Path,
    coalition: dict[str, Any],
) -> AsyncIterator[Story]:
    """Give the demo's coalition on a Monday noon, over each transport."""
    shutil.copy(coalition_template, sqlite_url.removeprefix("sqlite:///"))
    async with AsyncExitStack() as stack:
        workspace = demo.populated(coalition, Clock(frozen_at=MONDAY))
        await stack.enter_async_context(workspace.serving())
        address = ("127.0.0.1", 0)
        settings = Settings("", "", "", "", sqlite_url, address, public_url=PUBLIC)
        app_token = workspace.app_token if request.param == "socket" else ""
        running = demo.running_in(workspace, settings, None, app_token=app_token, pace=HASTE)
        yield Story(workspace, await stack.enter_async_context(running))
