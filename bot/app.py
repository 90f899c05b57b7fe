"""The Bolt app: one listener per kind of request, which lends a handler all it needs."""

import asyncio
import inspect
import logging
import re
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cache, partial
from typing import Any

import aiohttp
from slack_bolt.app.async_app import AsyncApp
from slack_bolt.context.ack.async_ack import AsyncAck
from slack_bolt.response import BoltResponse
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot import audience, errors, once, refusals, typed
from bot.afterwards import Afterwards
from bot.installed import Speaking
from bot.pace import SLOWLY, Pace, Paces
from bot.people import Acquaintances, Identity
from bot.replies import ClickReply, CommandReply, EventReply, FormReply, HomeReply
from bot.units import Lent, Units
from commands import blocks, catalog, helping
from commands.home import handlers as home
from commands.routes import Handler, Invalid
from commands.typing import unescaped
from commands.words import plain
from storage import guard
from storage.asker import Asker
from storage.errors import Guarded, Replayed

log = logging.getLogger(__name__)

EVERY = re.compile("")
PATIENCE = 2  # seconds for a form to open: after three, Slack takes no answer either
UNOPENED = (
    "Slack did not open the form in time. Nothing was changed; if no form stands in front of you, "
    "try once more."
)
Clock = Callable[[], datetime]
Context = Mapping[str, Any]


@dataclass(frozen=True)
class Bot:
    """Everything a request meets: made once, in the composition root.

    *client* speaks for nobody; each request brings the one of its tenant (see bot/installed.py).
    """

    units: Units
    clock: Clock
    client: AsyncWebClient
    after: Afterwards
    people: Acquaintances
    paces: Paces
    address: str = ""

    def listening(self) -> AsyncApp:
        """Hang one listener for each kind of request on Bolt.

        Bolt tries listeners one after another; rooms keep their routes by exact id instead.
        """
        app = AsyncApp(
            name="convene",  # Bolt would read the source of every module to find one
            client=self.client,
            authorize=Speaking(),  # type: ignore[no-untyped-call]
            process_before_response=True,
            # The door has verified and answered what is no request; a socket needs none of it.
            request_verification_enabled=False,
            ssl_check_enabled=False,
            url_verification_enabled=False,
            ignoring_self_events_enabled=False,
            attaching_function_token_enabled=False,
            attaching_conversation_kwargs_enabled=False,
        )
        app.command(EVERY)(self.command)
        app.action(EVERY)(self.click)
        app.view(EVERY)(self.submission)
        app.view_closed(EVERY)(self.nothing)
        app.options(EVERY)(self.no_options)
        app.shortcut(EVERY)(self.nothing)
        app.event(EVERY)(self.event)
        app.error(self.shapeless)
        return app

    async def command(self, ack: AsyncAck, body: dict[str, Any], context: Context) -> None:
        """Answer a slash command: its first word says which handler, the rest is for it."""
        reply = CommandReply(ack)
        tenant, name = context["tenant"], body.get("user_name", "")
        who = Identity(tenant, body["team_id"], body["user_id"], name)
        # Asked before anything is read: reading 40,000 characters holds everybody up.
        if await self._in_pace(who, reply):
            await self._command(who, reply, body)

    async def _command(self, who: Identity, reply: CommandReply, body: Mapping[str, Any]) -> None:
        room = catalog.COMMANDS.get(body["command"])
        if room is None:
            # The app's settings in Slack name a command that this version does not have.
            await reply(helping.found(catalog.FEATURES, body["command"]))
            return
        told = unescaped(body.get("text", ""))
        try:
            guard.check(command=told)  # before anything of it is looked for, or said back
        except Guarded as refused:
            await reply.explain(errors.explain(refused, "UTC", self.clock()))
            return
        first, *rest = told.split(maxsplit=1) or [""]
        words = {word.word: word for word in room.words}
        word = words.get(first.casefold()) if first else room.words[0]
        if first.casefold() == "help" and word is None:
            await reply(helping.of(room))
        elif word is None:
            await reply(helping.unknown(room, first))
        else:
            more = {
                "text": "".join(rest).strip(),
                "value": "",
                "action": "",
                "channel": body.get("channel_id", ""),
            }
            await self._handle(word.handler, who, reply, body, more)

    async def click(self, ack: AsyncAck, body: dict[str, Any], context: Context) -> None:
        """Answer a button, wherever it stands."""
        action = body["actions"][0]
        who = _person(body, context)
        handler = catalog.BUTTONS.get(action["action_id"])
        reply = self._way_back(ack, body, who)
        if handler is None:
            # An old message may hold a button that no longer exists; a link button needs no answer.
            await reply.silently()
            return
        if not await self._in_pace(who, reply):
            return
        more = {
            "text": "",
            "value": plain(action.get("value", "")),
            "action": action["action_id"],
            "channel": (body.get("channel") or {}).get("id", ""),
        }
        await self._handle(handler, who, reply, body, more)

    async def submission(self, ack: AsyncAck, body: dict[str, Any], context: Context) -> None:
        """Take a form."""
        view = body["view"]
        who = _person(body, context)
        handler = catalog.FORMS.get(view["callback_id"])
        reply = FormReply(ack, view)
        if handler is None:
            await reply.silently()
            return
        if not await self._in_pace(who, reply):
            return
        more = {
            "text": "",
            "value": "",
            "form": typed.fields(view["state"]["values"]),
            "metadata": view.get("private_metadata", ""),
        }
        await self._handle(handler, who, reply, body, more)

    async def event(self, ack: AsyncAck, body: dict[str, Any], context: Context) -> None:
        """Take note of an event; the answer, if any, is a message of its own."""
        event = body["event"]
        handler = catalog.EVENTS.get(event.get("type", ""))
        user = event.get("user", "")
        # What Slack says of a person brings its own profile: nobody asks, so nobody is looked up.
        asks = user if isinstance(user, str) else ""
        who = Identity(context["tenant"], body.get("team_id", ""), asks, "", is_own=False)
        reply = EventReply(ack)
        if handler is not None and await self._in_pace(who, reply):
            told = {"event": {"event_time": body.get("event_time"), **event}}
            await self._handle(handler, who, reply, body, told)
        if not reply.is_given:
            await reply.silently()

    async def nothing(self, ack: AsyncAck) -> None:
        """Acknowledge what needs no answer."""
        await ack()

    async def no_options(self, ack: AsyncAck) -> None:
        """Answer a menu that asks for choices: no menu of ours does."""
        await ack(options=[])

    async def shapeless(self, error: Exception) -> BoltResponse:
        """Turn away what is signed and yet no request; a handler's own faults do not come here."""
        log.warning("app.shapeless why=%s", type(error).__name__)
        return BoltResponse(status=400, body="no such request")

    def _way_back(self, ack: AsyncAck, body: dict[str, Any], who: Identity) -> CommandReply:
        if body.get("response_url"):
            session = self.client.session
            assert session is not None  # noqa: S101 -- the composition root gave one
            return ClickReply(ack, self.after, session, body["response_url"])

        async def show(notice: str) -> None:
            asker = await self.people.asker(who)
            request, begun = once.name(body, who.team), time.monotonic()
            work = Lent(self.units, asker, self.clock(), request, begun)
            await home.publish(work, who.tenant.client, asker, self.clock(), notice)

        return HomeReply(ack, self.after, show)

    async def _open(
        self, client: AsyncWebClient, trigger: str, view: dict[str, Any], reply: CommandReply
    ) -> None:
        opening = client.views_open(trigger_id=trigger, view=view)
        try:
            await asyncio.wait_for(opening, PATIENCE)
        except (SlackApiError, TimeoutError, aiohttp.ClientError) as error:
            if not _is_passing(error):
                raise
            log.warning("form.unopened why=%s", type(error).__name__)
            await reply.explain(blocks.message(blocks.section(UNOPENED)))
        else:
            await reply.silently()

    async def _handle(
        self,
        handler: Handler,
        who: Identity,
        reply: CommandReply,
        body: Mapping[str, Any],
        more: Mapping[str, Any],
    ) -> None:
        now, actor, begun = self.clock(), Asker(0), time.monotonic()
        try:
            guard.check(value=more.get("value"))  # to turn a page it holds what was typed
            actor = await self.people.asker(who)

            async def open_form(view: dict[str, Any]) -> None:
                if isinstance(reply, FormReply):
                    await reply.turn(view)
                else:
                    await self._open(who.tenant.client, body["trigger_id"], view, reply)

            lent = {
                "actor": actor,
                "work": Lent(self.units, actor, now, once.name(body, who.team), begun),
                "now": now,
                "reply": reply,
                "open_form": open_form,
                "fits": partial(audience.check, self.units, who.tenant, now),
                "after": self.after,
                "client": who.tenant.client,
                "form": {},
                "metadata": "",
                "channel": "",
                "rooms": catalog.FEATURES,
                "address": self.address,
                **more,
            }
            await handler(**{name: lent[name] for name in _wanted(handler)})
        except Invalid as invalid:
            await reply.invalid(invalid.fields)
        except Replayed:
            await reply.silently()  # whoever asked was told the first time
        except Exception as error:  # noqa: BLE001 -- the one place that answers for everything
            await reply.explain(errors.explain(error, actor.zone, now))

    async def _in_pace(self, who: Identity, reply: CommandReply) -> bool:
        if not who.user:
            return True  # Slack itself tells, and what it says of somebody is never left out
        pace = self.paces.of(who.team, who.user, hears=who.is_own)
        if pace is Pace.FINE:
            return True
        # A form is always told: silence would close it, and what was typed would be lost.
        if pace is Pace.SAY or isinstance(reply, FormReply):
            await reply.explain(blocks.message(blocks.section(SLOWLY)))
        else:
            await reply.silently()
        return False


@cache
def _wanted(handler: Handler) -> tuple[str, ...]:
    return tuple(inspect.signature(handler).parameters)


def _person(body: Mapping[str, Any], context: Context) -> Identity:
    user = body["user"]
    return Identity(context["tenant"], user["team_id"], user["id"], user.get("name", ""))


def _is_passing(error: Exception) -> bool:
    return not isinstance(error, SlackApiError) or refusals.status(error) >= 429
