"""Filling a workspace with people and channels, and looking at what they see."""

from __future__ import annotations

from collections.abc import Iterable

from bot.workspace.people import User, Usergroup
from bot.workspace.places import Channel, Kind, Message
from bot.workspace.views import View
from bot.workspace.world import World, slug

Who = User | str
Where = Channel | User | str


class Population:
    """The people and places of a workspace."""

    world: World

    def add_user(
        self,
        name: str,
        *,
        id: str | None = None,
        handle: str | None = None,
        organisation: str | None = None,
        title: str = "",
        tz: str | None = "Europe/Brussels",
        locale: str = "en-GB",
        email: str | None = None,
        team_id: str | None = None,
        is_admin: bool = False,
        is_restricted: bool = False,
        is_ultra_restricted: bool = False,
        is_stranger: bool = False,
        is_bot: bool = False,
        deleted: bool = False,
    ) -> User:
        """Add somebody; *team_id* is another organisation's for people from outside."""
        app = self.world.installation
        called = handle or slug(name) or "someone"
        user = User(
            id or self._free(f"U0{called.replace('.', '').upper()}"),
            name,
            called,
            team_id or app.team,
            organisation=app.team_name if organisation is None else organisation,
            title=title,
            tz=tz,
            locale=locale,
            email=email,
            is_admin=is_admin,
            is_restricted=is_restricted,
            is_ultra_restricted=is_ultra_restricted,
            is_stranger=is_stranger,
            is_bot=is_bot,
            deleted=deleted,
        )
        self.world.users[user.id] = user
        self.world.touch()
        return user

    def add_channel(
        self,
        name: str,
        *,
        id: str | None = None,
        members: Iterable[Who] = (),
        purpose: str = "",
        is_private: bool = False,
        is_ext_shared: bool = False,
        is_pending_ext_shared: bool = False,
        bot_is_member: bool = True,
        is_archived: bool = False,
    ) -> Channel:
        """Add a channel; the bot is in it unless told otherwise."""
        kind: Kind = "private" if is_private else "public"
        people = [self.world.person(each).id for each in members]
        channel = Channel(
            id or self._free(f"C0{slug(name).replace('.', '').upper()}"),
            name,
            kind,
            people + ([self.world.installation.bot_user] if bot_is_member else []),
            is_ext_shared=is_ext_shared,
            is_pending_ext_shared=is_pending_ext_shared,
            is_archived=is_archived,
            created=self.world.seconds,
            purpose=purpose,
        )
        self.world.channels[channel.id] = channel
        self.world.touch()
        return channel

    def add_usergroup(self, name: str, handle: str, users: Iterable[Who] = ()) -> Usergroup:
        """Add a user group."""
        people = [self.world.person(each).id for each in users]
        group = Usergroup(self._free(f"S0{slug(handle).upper()}"), name, handle, people)
        self.world.usergroups[group.id] = group
        self.world.touch()
        return group

    def user(self, ref: Who) -> User:
        """Find somebody by id; raises Refused user_not_found."""
        return self.world.person(ref)

    def channel(self, ref: Where) -> Channel:
        """Find a channel by id, or the direct messages with somebody; raises Refused."""
        return self.world.place(ref)

    def dm(self, user: Who) -> Channel:
        """Find the direct messages between the bot and somebody, opened when asked for."""
        return self.world.dm(user)

    def messages(self, where: Where, *, seen_by: Who | None = None) -> list[Message]:
        """List what was said, oldest first: to everybody, or all that one person sees."""
        channel = self.world.place(where)
        if seen_by is not None:
            return self.world.seen_by(self.world.person(seen_by).id, channel)
        return [each for each in self.world.messages.get(channel.id, []) if not each.ephemeral]

    def home(self, user: Who) -> View | None:
        """Find the Home the bot published for somebody."""
        return self.world.homes.get(self.world.person(user).id)

    def modals(self, user: Who) -> list[View]:
        """List the modals open before somebody, the top one last."""
        return list(self.world.modals.get(self.world.person(user).id, []))

    def reload(self, user: Who) -> None:
        """Let somebody reload: ephemeral messages and open modals are gone."""
        person = self.world.person(user).id
        self.world.modals.pop(person, None)
        self.world.reload(person)

    def _free(self, wanted: str) -> str:
        world = self.world
        taken = world.users.keys() | world.channels.keys() | world.usergroups.keys()
        return world.fresh(wanted) if wanted in taken else wanted
