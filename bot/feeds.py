"""Calendars that ask for themselves: an address nobody can guess, read as its owner may see now."""

import hashlib
import logging
import re
from collections.abc import Callable
from datetime import UTC, datetime, time

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from bot.pace import Pace, Paces
from bot.units import Units
from commands import calendars
from storage import feeds
from storage.database import Session
from storage.errors import Away
from storage.feeds import Which

log = logging.getLogger(__name__)

ADDRESSES = re.compile(
    "(?P<kind>mine|all|public)|(?P<one>group)-(?P<group>[1-9][0-9]{0,8})", re.ASCII
)
PATH = calendars.address("", "{secret}", "{which}")
PRIVATE = {
    "cache-control": "private, no-cache",
    "referrer-policy": "no-referrer",
    "x-content-type-options": "nosniff",
    "x-robots-tag": "noindex",
}


class Feeds:
    """Answers calendars. Whatever is wrong with an address, the answer is the same."""

    def __init__(self, units: Units, now: Callable[[], datetime], paces: Paces) -> None:
        self._units, self._now, self._paces = units, now, paces

    def route(self) -> Route:
        """Name the address."""
        return Route(PATH, self.read)

    async def read(self, request: Request) -> Response:
        """Hand out a feed, or say that it is as it was."""
        secret, which = request.path_params["secret"], request.path_params["which"]
        named = ADDRESSES.fullmatch(which)
        if named is None:
            return _nothing()
        kind, group = Which(named["kind"] or named["one"]), int(named["group"] or 0)
        # Counted by the digest: a secret is held nowhere.
        if self._paces.of("feed", feeds.digest(secret)) is not Pace.FINE:
            return PlainTextResponse("too often", 429, {**PRIVATE, "retry-after": "60"})
        try:
            text = await self._units.run_soon(_written, self._now(), secret, kind, group)
        except Away as error:
            log.error("database.away why=%s", error)
            return PlainTextResponse("later", 503, {**PRIVATE, "retry-after": "60"})
        if text is None:
            return _nothing()
        tag = f'"{hashlib.sha256(text).hexdigest()[:32]}"'
        known = {each.strip() for each in request.headers.get("if-none-match", "").split(",")}
        if known & {tag, f"W/{tag}"}:
            return Response(status_code=304, headers={**PRIVATE, "etag": tag})
        return Response(text, 200, {**PRIVATE, "etag": tag}, "text/calendar; charset=utf-8")


def _written(
    session: Session, now: datetime, secret: str, which: Which, group: int
) -> bytes | None:
    found = feeds.read(session, now, secret, which, group)
    if found is None:
        return None
    # Stamped with the day: what has not changed since is the same bytes.
    today = datetime.combine(now.astimezone(UTC), time(), UTC)
    return calendars.feed(found, today)


def _nothing() -> Response:
    return PlainTextResponse("not found", 404, PRIVATE)
