"""The page's own JSON API: what one person sees, waits for and does."""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable, Mapping
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

from starlette.requests import Request
from starlette.responses import FileResponse, JSONResponse, Response

from bot.workspace import clicks, page_state
from bot.workspace.checks import Refused
from bot.workspace.clicks import Origin, Press
from bot.workspace.deliveries import Exchange
from bot.workspace.elements import KEPT
from bot.workspace.faults import Fault
from bot.workspace.people import User
from bot.workspace.places import Channel
from bot.workspace.views import View

if TYPE_CHECKING:
    from bot.workspace.workspace import Workspace

Json = dict[str, Any]
FILES = Path(__file__).parent / "page"
MARK = "x-convene-page"
WAIT_SECONDS = 25.0
LARGEST = 1_000_000
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; "
    "img-src 'self' data:; form-action 'none'; base-uri 'none'; frame-ancestors 'none'"
)
HEADERS = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cache-Control": "no-store",
}
TYPES = {".html": "text/html", ".js": "text/javascript", ".css": "text/css"}
FAULTS: Mapping[str, Fault] = {
    "rate_limited": Fault.rate_limited(30),
    "server_error": Fault.server_error(),
    "hang": Fault.hang(5),
    "drop_after_accept": Fault.drop_after_accept(),
    "no_charts": Fault.unsupported("data_visualization"),
}


class Page:
    """Serves the page and does what its person asks for."""

    def __init__(self, workspace: Workspace) -> None:
        self._workspace = workspace
        self._deeds: Mapping[str, Callable[[User, Json], Awaitable[Json]]] = {
            "command": self._command,
            "say": self._say,
            "click": self._click,
            "submit": self._submit,
            "close": self._close,
            "suggest": self._suggest,
            "open_home": self._open_home,
            "shortcut": self._shortcut,
            "advance": self._advance,
            "advance_to_message": self._advance_to_message,
            "fault": self._fault,
            "clear_faults": self._clear_faults,
        }

    async def file(self, request: Request) -> Response:
        """Hand out one of the page's own files."""
        name = request.path_params.get("file", "index.html")
        path = FILES / name
        if path.parent != FILES or path.suffix not in TYPES or not path.is_file():
            return _json({"ok": False, "error": "not_found"}, 404)
        return FileResponse(path, headers=HEADERS, media_type=TYPES[path.suffix])

    async def state(self, request: Request) -> Response:
        """Tell what one person sees."""
        workspace = self._workspace
        told = page_state.state(
            workspace.world,
            workspace.faults,
            workspace.vocabulary,
            workspace.note,
            request.query_params,
        )
        return _json(told)

    async def wait(self, request: Request) -> Response:
        """Answer once something has changed, or after a while."""
        since = request.query_params.get("since", "")
        version = await self._workspace.changed(
            int(since) if since.isdecimal() else -1, WAIT_SECONDS
        )
        return _json({"version": version})

    async def act(self, request: Request) -> Response:
        """Do what somebody on the page does; only our own page can set the header we ask for."""
        if request.headers.get(MARK) != "1":
            return _json({"ok": False, "error": "not_from_the_page"}, 403)
        body = await request.body()
        if len(body) > LARGEST:
            return _json({"ok": False, "error": "too_large"}, 413)
        try:
            deed = json.loads(body)
            do = self._deeds[deed["kind"]]
            user = self._workspace.world.person(str(deed["user"]))
            return _json(await do(user, deed))
        except Refused as refused:
            return _json({"ok": False, "error": refused.error})
        except (ValueError, LookupError, TypeError, AttributeError) as error:
            return _json({"ok": False, "error": f"The workspace cannot do that: {error}"}, 400)

    async def _command(self, user: User, deed: Json) -> Json:
        return _told(await self._workspace.command(user, self._place(user, deed), deed["text"]))

    async def _say(self, user: User, deed: Json) -> Json:
        await self._workspace.say(
            user, self._place(user, deed), deed["text"], deed.get("thread_ts")
        )
        return {"ok": True}

    async def _click(self, user: User, deed: Json) -> Json:
        origin = self._origin(user, deed)
        action = deed["action"]
        key = KEPT.get(action["type"], "selected_option")
        is_kept = action["type"] in KEPT
        press = Press(
            action["action_id"],
            value=None if is_kept else action.get("value"),
            block_id=action.get("block_id") or None,
            selected=action.get(key),
            state=deed.get("state", {}).get("values"),
        )
        world, courier = self._workspace.world, self._workspace.courier
        return _told(await clicks.press(world, courier, user, origin, press))

    async def _submit(self, user: User, deed: Json) -> Json:
        view = self._view(user, deed)
        exchange = await self._workspace.submit_view(user, view, deed.get("state"))
        if view.errors:
            return {"ok": False, "error": "Please look at the fields again.", "errors": view.errors}
        return _told(exchange)

    async def _close(self, user: User, deed: Json) -> Json:
        await self._workspace.close_view(self._view(user, deed))
        return {"ok": True}

    async def _suggest(self, user: User, deed: Json) -> Json:
        press = Press(deed["action_id"], value=deed["typed"], block_id=deed.get("block_id") or None)
        world, courier = self._workspace.world, self._workspace.courier
        exchange = await clicks.suggest(world, courier, user, self._origin(user, deed), press)
        return {**_told(exchange), **(exchange.body if exchange.error is None else {})}

    async def _open_home(self, user: User, _: Json) -> Json:
        return _told(await self._workspace.open_home(user))

    async def _shortcut(self, user: User, deed: Json) -> Json:
        channel = self._workspace.world.channels.get(str(deed.get("place")))
        message = None
        if deed.get("ts"):
            message = self._message(user, deed)
        return _told(
            await self._workspace.shortcut(
                user, deed["callback_id"], message=message, channel=channel
            )
        )

    async def _advance(self, _: User, deed: Json) -> Json:
        await self._workspace.advance(timedelta(seconds=float(deed["seconds"])))
        return {"ok": True}

    async def _advance_to_message(self, _: User, __: Json) -> Json:
        if await self._workspace.advance_to_message():
            return {"ok": True}
        return {"ok": False, "error": "For a week nothing more is said unasked."}

    async def _fault(self, _: User, deed: Json) -> Json:
        fault = FAULTS.get(deed["fault"]) or Fault.error(str(deed["fault"]))
        self._workspace.faults.add(str(deed["method"]), fault, int(deed.get("times", 1)))
        self._workspace.world.touch()
        return {"ok": True}

    async def _clear_faults(self, _: User, __: Json) -> Json:
        self._workspace.faults.clear()
        self._workspace.world.touch()
        return {"ok": True}

    def _place(self, user: User, deed: Json) -> Channel:
        world = self._workspace.world
        place = str(deed.get("place"))
        return world.dm(user) if place == page_state.HOME else world.place(place)

    def _origin(self, user: User, deed: Json) -> Origin:
        if deed.get("home"):
            home = self._workspace.world.homes.get(user.id)
            if home is None:
                raise Refused("not_found")
            return home
        return self._view(user, deed) if deed.get("view_id") else self._message(user, deed)

    def _view(self, user: User, deed: Json) -> View:
        view = self._workspace.world.view(str(deed["view_id"]))
        if view.user != user.id:
            raise Refused("not_found")
        return view

    def _message(self, user: User, deed: Json) -> Any:
        channel = self._place(user, deed)
        for message in self._workspace.world.seen_by(user.id, channel):
            if message.ts == deed["ts"]:
                return message
        raise Refused("message_not_found")


def _told(exchange: Exchange) -> Json:
    if exchange.error is None:
        return {"ok": True}
    return {"ok": False, "error": exchange.error, "details": list(exchange.details)}


def _json(told: Json, status: int = 200) -> Response:
    return JSONResponse(told, status, HEADERS)
