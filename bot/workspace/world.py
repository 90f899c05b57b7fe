"""Everything that is in the workspace: people, channels, what was said, what stands open."""

from __future__ import annotations

import asyncio
import itertools
import re
import unicodedata
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from bot.workspace.checks import Refused
from bot.workspace.clock import Clock
from bot.workspace.installation import Installation
from bot.workspace.people import User, Usergroup
from bot.workspace.places import Channel, File, Json, Message
from bot.workspace.record import Sent
from bot.workspace.tickets import Tickets
from bot.workspace.views import View

SLACKBOT = "USLACKBOT"


def slug(name: str) -> str:
    """Reduce a name to what an id or a handle is made of: "Ana Silva" to ana.silva."""
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode()
    return re.sub(r"[^a-z0-9]+", ".", plain.lower()).strip(".")


@dataclass
class World:
    """The whole state. Only the event loop's thread touches it."""

    installation: Installation
    clock: Clock
    url: str = ""
    is_uninstalled: bool = False
    users: dict[str, User] = field(default_factory=dict)
    channels: dict[str, Channel] = field(default_factory=dict)
    usergroups: dict[str, Usergroup] = field(default_factory=dict)
    messages: dict[str, list[Message]] = field(default_factory=dict)
    files: dict[str, File] = field(default_factory=dict)
    modals: dict[str, list[View]] = field(default_factory=dict)
    homes: dict[str, View] = field(default_factory=dict)
    seen: dict[tuple[str, str], str] = field(default_factory=dict)
    sent: list[Sent] = field(default_factory=list)
    version: int = 0

    def __post_init__(self) -> None:
        self.tickets = Tickets(self.clock)
        self._numbers = itertools.count(1)
        self._moved = asyncio.Event()
        self._last_ts = self.clock() - timedelta(seconds=1)
        app = self.installation
        bot = User(
            app.bot_user, app.name, slug(app.name), app.team, organisation=app.name, is_bot=True
        )
        slackbot = User(SLACKBOT, "Slackbot", "slackbot", app.team, organisation="Slack")
        self.users = {bot.id: bot, slackbot.id: slackbot}

    def touch(self) -> None:
        """Note that something visible changed."""
        self.version += 1
        moved, self._moved = self._moved, asyncio.Event()
        moved.set()

    async def changed(self, since: int, timeout: float) -> int:  # noqa: ASYNC109 - part of the API
        """Wait until the version is beyond *since* or *timeout* seconds are over."""
        if self.version <= since:
            try:
                await asyncio.wait_for(self._moved.wait(), timeout)
            except TimeoutError:
                return self.version
        return self.version

    def fresh(self, prefix: str) -> str:
        """Make an id that nothing has yet."""
        return f"{prefix}{next(self._numbers):08d}"

    def next_ts(self) -> str:
        """Make a message's ts: the clock's time, but always later than the one before."""
        self._last_ts = max(self.clock(), self._last_ts + timedelta(microseconds=1))
        return f"{int(self._last_ts.timestamp())}.{self._last_ts.microsecond:06d}"

    def new_hash(self) -> str:
        """Make a view's hash."""
        return f"{int(self.clock().timestamp())}.{self.fresh('h')}"

    def person(self, ref: User | str) -> User:
        """Find somebody by id or object; raises Refused user_not_found."""
        user = self.users.get(ref if isinstance(ref, str) else ref.id)
        if user is None:
            raise Refused("user_not_found")
        return user

    def place(self, ref: Channel | User | str) -> Channel:
        """Find a channel, or the direct messages with somebody; raises Refused."""
        if isinstance(ref, User) or (isinstance(ref, str) and ref in self.users):
            return self.dm(ref)
        channel = self.channels.get(ref if isinstance(ref, str) else ref.id)
        if channel is None:
            raise Refused("channel_not_found")
        return channel

    def message(self, channel: str, ts: str) -> Message:
        """Find a message; raises Refused message_not_found."""
        for message in reversed(self.messages.get(channel, [])):
            if message.ts == ts:
                return message
        raise Refused("message_not_found")

    def view(self, view_id: str) -> View:
        """Find a view that is open or a Home; raises Refused not_found."""
        for view in self.open_views():
            if view.id == view_id:
                return view
        raise Refused("not_found")

    def open_views(self) -> list[View]:
        """List every modal in every stack and every Home."""
        return [*itertools.chain.from_iterable(self.modals.values()), *self.homes.values()]

    def dm(self, ref: User | str) -> Channel:
        """Find or open the direct messages between the bot and somebody."""
        user = self.person(ref)
        bot = self.installation.bot_user
        for channel in self.channels.values():
            if channel.is_dm and user.id in channel.members:
                return channel
        channel = Channel(self.fresh("D"), user.handle, "dm", [user.id, bot], created=self.seconds)
        self.channels[channel.id] = channel
        return channel

    @property
    def seconds(self) -> int:
        """The clock's time as a Unix second."""
        return int(self.clock().timestamp())

    def seen_by(self, user: str, channel: Channel) -> list[Message]:
        """List what *user* sees in *channel*."""
        if user not in channel.members:
            return []
        said = self.messages.get(channel.id, [])
        return [message for message in said if message.visible_to in (None, user)]

    def say(self, message: Message) -> Message:
        """Put a message where it belongs."""
        self.messages.setdefault(message.channel, []).append(message)
        self.touch()
        return message

    def unsay(self, message: Message) -> None:
        """Take a message away."""
        self.messages[message.channel].remove(message)
        self.touch()

    def notice(self, user: str, channel: str, text: str) -> Message:
        """Let Slackbot tell one person something."""
        notice = Message(
            channel, self.next_ts(), SLACKBOT, text, is_from_bot=False, visible_to=user
        )
        return self.say(notice)

    def reload(self, user: str) -> None:
        """Let somebody reload their page: what only they saw is gone."""
        for channel, said in self.messages.items():
            self.messages[channel] = [message for message in said if message.visible_to != user]
        self.touch()

    def close(self, view: View) -> None:
        """Take one modal off its person's stack."""
        stack = self.modals.get(view.user, [])
        self.modals[view.user] = [each for each in stack if each.id != view.id]
        self.touch()

    def note(self, sent: Sent) -> None:
        """Keep what the bot sent."""
        self.sent.append(sent)
        self.touch()

    def describe(self, ref: str) -> str:
        """Name a person or a place as people would."""
        channel = self.channels.get(ref)
        if channel is not None and not channel.is_dm:
            return f"#{channel.name}"
        if channel is not None:
            ref = next(each for each in channel.members if each != self.installation.bot_user)
        user = self.users.get(ref)
        return user.name if user is not None else ref


def as_message_object(world: World, message: Message, *, with_metadata: bool = False) -> Json:
    """Describe a message as the API does."""
    app = world.installation
    told: dict[str, Any] = {
        "type": "message",
        "user": message.user,
        "ts": message.ts,
        "text": message.text,
        "team": world.users[message.user].team_id,
    }
    if message.is_from_bot:
        told |= {"bot_id": app.bot_id, "app_id": app.app_id}
    for name in ("blocks", "attachments", "thread_ts"):
        if value := getattr(message, name):
            told[name] = value
    if message.edited is not None:
        told["edited"] = {"user": message.user, "ts": message.edited}
    if message.files:
        told["files"] = [as_file_object(world, world.files[each]) for each in message.files]
    if with_metadata and message.metadata is not None:
        told["metadata"] = message.metadata
    return told


def as_file_object(world: World, file: File) -> Json:
    """Describe a file as the API does."""
    return {
        "id": file.id,
        "name": file.name,
        "title": file.title,
        "size": file.length,
        "alt_txt": file.alt_text,
        "user": world.installation.bot_user,
        "channels": list(file.channels),
        "url_private": f"{world.url}/files/{file.id}/{file.name}",
        "permalink": f"{world.url}/files/{file.id}/{file.name}",
    }
