"""What people do in a workspace, and what tests let happen to it."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from datetime import timedelta
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit

from bot.workspace import clicks, commands, events, forms, submissions
from bot.workspace.checks import Refused
from bot.workspace.clicks import Origin, Press
from bot.workspace.clock import Clock
from bot.workspace.deliveries import Courier, Exchange
from bot.workspace.people import User
from bot.workspace.places import Channel, Message
from bot.workspace.population import Population, Where, Who
from bot.workspace.told import told
from bot.workspace.views import View

Json = dict[str, Any]
PATIENCE = 5.0
HOUR, WEEK = timedelta(hours=1), timedelta(days=7)


class Deeds(Population):
    """The hands of the people in a workspace. Each deed waits for the bot's acknowledgement."""

    clock: Clock
    courier: Courier
    on_advance: Callable[[timedelta], Awaitable[None]] | None

    async def command(self, user: Who, where: Where, text: str) -> Exchange:
        """Type a slash command; raises Refused where the person's client would not let them."""
        person = self.world.person(user)
        return await commands.run(
            self.world, self.courier, person, self._where(person, where), text
        )

    async def say(
        self, user: Who, where: Where, text: str, thread_ts: str | None = None
    ) -> Message:
        """Say something; ``@name`` and ``#channel`` become mentions."""
        person = self.world.person(user)
        place = self._where(person, where)
        return await events.say(self.world, self.courier, person, place, text, thread_ts)

    async def click(
        self,
        user: Who,
        message: Message,
        action_id: str,
        value: Any = None,
        *,
        block_id: str | None = None,
        selected: Any = None,
        state: Mapping[str, Any] | None = None,
    ) -> Exchange:
        """Press or choose in *message*.

        *value* or *block_id* tells apart buttons of the same name; *selected* is what is chosen:
        an option's value, a date, a list; raises LookupError for what is not there.
        """
        press = Press(action_id, value, block_id, selected, state)
        return await self._press(user, message, press)

    async def click_home(
        self,
        user: Who,
        action_id: str,
        value: Any = None,
        *,
        block_id: str | None = None,
        selected: Any = None,
        state: Mapping[str, Any] | None = None,
    ) -> Exchange:
        """Press or choose in somebody's Home."""
        home = self.home(user)
        if home is None:
            raise LookupError("The bot has published no Home for this person")
        return await self._press(user, home, Press(action_id, value, block_id, selected, state))

    async def click_modal(
        self,
        user: Who,
        action_id: str,
        value: Any = None,
        *,
        block_id: str | None = None,
        selected: Any = None,
        state: Mapping[str, Any] | None = None,
    ) -> Exchange:
        """Press or choose in the top modal."""
        view = submissions.top(self.world, self.world.person(user))
        return await self._press(user, view, Press(action_id, value, block_id, selected, state))

    async def _press(self, user: Who, origin: Origin, press: Press) -> Exchange:
        return await clicks.press(self.world, self.courier, self.world.person(user), origin, press)

    async def submit(self, user: Who, values: Mapping[str, Any] | None = None) -> Exchange:
        """Fill in the top modal by block_id or action_id and submit it.

        What the client refuses is not sent: error ``incomplete`` and sentences in view.errors.
        """
        view = submissions.top(self.world, self.world.person(user))
        forms.fill(view, values or {})
        return await self.submit_view(user, view)

    async def submit_view(
        self, user: Who, view: View, state: Mapping[str, Any] | None = None
    ) -> Exchange:
        """Submit *view* with *state* as Slack's state.values."""
        person = self.world.person(user)
        return await submissions.submit(self.world, self.courier, person, view, state)

    async def close_modal(self, user: Who) -> list[Exchange]:
        """Close the top modal; gives the view_closed deliveries, if the bot asked for any."""
        return await self.close_view(submissions.top(self.world, self.world.person(user)))

    async def close_view(self, view: View) -> list[Exchange]:
        """Close one modal."""
        return await submissions.close(self.world, self.courier, view)

    async def suggest(
        self,
        user: Who,
        action_id: str,
        typed: str,
        *,
        message: Message | None = None,
        block_id: str | None = None,
    ) -> Json:
        """Type into an external menu of *message*, the top modal or else Home; gives the answer.

        Raises Refused with what went wrong: Slack's name for it, or ``operation_timeout``.
        """
        person = self.world.person(user)
        stack = self.modals(user)
        origin: Origin | None = message or (stack[-1] if stack else self.home(user))
        if origin is None:
            raise LookupError("There is nothing open to type into")
        press = Press(action_id, typed, block_id)
        exchange = await clicks.suggest(self.world, self.courier, person, origin, press)
        if exchange.error is not None:
            raise Refused(exchange.error, exchange.details)
        answer: Json = exchange.body
        return answer

    async def shortcut(
        self,
        user: Who,
        callback_id: str,
        *,
        message: Message | None = None,
        channel: Where | None = None,
    ) -> Exchange:
        """Use a global shortcut, or with *message* one for messages."""
        person = self.world.person(user)
        place = self._where(person, channel) if channel is not None else None
        return await clicks.shortcut(
            self.world, self.courier, person, callback_id, message=message, channel=place
        )

    async def open_home(self, user: Who) -> Exchange:
        """Open the app's Home."""
        return await events.open_home(self.world, self.courier, self.world.person(user))

    def allow(self, user: Who, url: str) -> str:
        """Allow the app at the address it sent a browser to; give where Slack sends that back.

        Raises Refused for what Slack shows an error page for.
        """
        app, asked = self.world.installation, dict(parse_qsl(urlsplit(url).query))
        if asked.get("client_id") != app.client_id:
            raise Refused("invalid_client_id")
        if asked.get("redirect_uri") not in app.returns:
            raise Refused("bad_redirect_uri")
        if not set(asked.get("scope", "").split(",")) <= app.scopes:
            raise Refused("invalid_scope")
        self.world.is_uninstalled = False
        code = self.world.tickets.code(self.world.person(user).id)
        back = urlencode({"code": code, "state": asked.get("state", "")})
        return f"{asked['redirect_uri']}?{back}"

    async def uninstall(self) -> Exchange:
        """Remove the app: its token is worth nothing from now on."""
        self.world.is_uninstalled = True
        return await self.event({"type": "app_uninstalled"})

    async def event(self, event: Mapping[str, Any]) -> Exchange:
        """Deliver any event; error ``not_subscribed`` where the manifest does not ask for it."""
        return await events.tell(self.world, self.courier, dict(event))

    async def advance(self, by: timedelta) -> None:
        """Move time: through on_advance where somebody set it, else just the clock."""
        self.world.tickets.happened("the clock was moved")
        if self.on_advance is not None:
            await self.on_advance(by)
        else:
            self.clock.advance(by)
        self.world.touch()

    async def advance_to_message(self) -> bool:
        """Move time to the next full hour at which the bot says something unasked.

        False where it says nothing for a week; then a week has passed.
        """
        before, end = len(told(self.world)), self.clock() + WEEK
        while self.clock() < end:
            await self.advance(HOUR - timedelta(seconds=self.clock().timestamp() % 3600))
            if len(told(self.world)) > before:
                return True
        return False

    async def until(self, holds: Callable[[], Any], timeout: float = PATIENCE) -> Any:  # noqa: ASYNC109
        """Wait until *holds* gives something true, and give it; raises TimeoutError."""
        async with asyncio.timeout(timeout):
            while not (found := holds()):
                await self.world.changed(self.world.version, timeout)
        return found

    def _where(self, person: User, where: Where) -> Channel:
        # Naming anybody, the bot included, means one's own direct messages with the bot.
        is_person = isinstance(where, User) or (
            isinstance(where, str) and where in self.world.users
        )
        return self.world.dm(person) if is_person else self.world.place(where)
