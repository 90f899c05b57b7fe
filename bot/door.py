"""The HTTP door: size, signature on the raw bytes, shape; then Bolt. And health."""

import hmac
import logging
from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from typing import Any

from slack_bolt.app.async_app import AsyncApp
from slack_bolt.request.async_request import AsyncBoltRequest
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route, Router
from starlette.types import Receive, Scope, Send

from bot.installed import Installed, Tenant
from bot.replies import Written
from bot.typed import read, read_form
from storage.errors import Away

log = logging.getLogger(__name__)

# Slack takes 40,000 characters of a command, and escapes each of the longest twelvefold.
BODY_LIMIT = 512 * 1024
AGE_LIMIT = 300  # seconds, as Slack recommends
RETRY_HEADERS = ("x-slack-retry-num", "x-slack-retry-reason")
SHAPELESS = (AttributeError, LookupError, TypeError, ValueError)  # what Bolt raises on odd bodies

Headers = Mapping[str, str]
Ready = Callable[[], Awaitable[str | None]]
EpochClock = Callable[[], float]


class Turned(Exception):  # noqa: N818 -- somebody was turned away, nothing failed
    """A request does not get in: *status* and a few words for the log."""

    def __init__(self, status: int, why: str) -> None:
        super().__init__(why)
        self.status = status
        self.why = why


class Door:
    """Lets in what Slack signed for us within the last five minutes, and nothing else."""

    def __init__(self, app: AsyncApp, secret: str, epoch: EpochClock, installed: Installed) -> None:
        self._app, self._epoch = app, epoch
        self._keyed = hmac.new(secret.encode(), digestmod="sha256")
        self._installed = installed

    def route(self) -> Route:
        """Name the one address at which Slack reaches the bot."""
        return Route("/slack/events", self, methods=["POST"])

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer as an app of its own, without what Starlette puts around a function."""
        try:
            headers = _headers(scope)
            raw = await _raw(headers, receive)
            self._verify(headers, raw)
            response = await self._answer(headers, _parsed(headers, raw))
        except Turned as turned:
            log.info("door.turned status=%s why=%s", turned.status, turned.why)
            response = PlainTextResponse(turned.why, turned.status)
        await response(scope, receive, send)

    async def _answer(self, headers: Headers, body: dict[str, Any]) -> Response:
        if body.get("type") == "url_verification":
            challenge = str(body.get("challenge", ""))[:500]
            return PlainTextResponse(challenge.encode("utf-8", "replace"))
        if body.get("type") == "app_rate_limited" or "ssl_check" in body:
            return Response()
        try:
            tenant = await self._installed.whose(body)
        except Away as away:
            raise Turned(503, "no database") from away
        if tenant is None:
            raise Turned(403, "not for us")
        try:
            answer = await self._app.async_dispatch(_bolt_request(headers, body, tenant))
        except SHAPELESS as error:
            raise Turned(400, "no such request") from error
        if answer.status != 200:
            log.warning("door.unanswered status=%s", answer.status)
        said = answer.written if isinstance(answer, Written) else answer.body or ""
        kind = answer.first_headers().get("content-type", "text/plain")
        return Response(said, answer.status, {"content-type": kind})

    def _verify(self, headers: Headers, raw: bytes) -> None:
        stamp = headers.get("x-slack-request-timestamp", "")
        given = headers.get("x-slack-signature", "")
        if not (stamp.isascii() and stamp.isdigit() and len(stamp) <= 12):
            raise Turned(401, "no timestamp")
        if abs(self._epoch() - int(stamp)) > AGE_LIMIT:
            raise Turned(401, "expired")
        signing = self._keyed.copy()
        signing.update(b"v0:" + stamp.encode() + b":" + raw)
        wanted = signing.hexdigest()
        # Compared as bytes: on text, compare_digest raises for anything but ASCII.
        if not hmac.compare_digest(f"v0={wanted}".encode(), given.encode()):
            raise Turned(401, "not signed")


def building(ready: Ready, routes: Iterable[Route]) -> Router:
    """Build the HTTP side: health always, and *routes* where there is more.

    *ready* gives None, or in a few words what the bot is waiting for.
    """

    async def healthz(_request: Request) -> Response:
        return PlainTextResponse("ok")

    async def readyz(_request: Request) -> Response:
        waiting = await ready()
        return PlainTextResponse(waiting or "ready", 503 if waiting else 200)

    return Router([*routes, Route("/healthz", healthz), Route("/readyz", readyz)])


def _headers(scope: Scope) -> Headers:
    """Read the headers by name, in lower case; of several of one name the first."""
    return {name.decode("latin-1"): said.decode("latin-1") for name, said in scope["headers"][::-1]}


async def _raw(headers: Headers, receive: Receive) -> bytes:
    announced = headers.get("content-length", "0")
    if announced.isascii() and announced.isdigit() and int(announced) > BODY_LIMIT:
        raise Turned(413, "too large")
    raw, is_read = bytearray(), False
    while not is_read:
        message = await receive()
        if message["type"] == "http.disconnect":
            raise Turned(400, "gone")
        raw += message.get("body", b"")
        if len(raw) > BODY_LIMIT:
            raise Turned(413, "too large")
        is_read = not message.get("more_body", False)
    return bytes(raw)


def _parsed(headers: Headers, raw: bytes) -> dict[str, Any]:
    """Read a signed body. A form may say "payload" in any field; only its own field counts."""
    kind = headers.get("content-type", "").partition(";")[0].strip().lower()
    try:
        text = raw.decode()
        if kind == "application/json":
            body = read(text)
        else:
            form = read_form(text)
            body = read(form["payload"]) if "payload" in form else form
    except (ValueError, RecursionError) as error:
        raise Turned(400, "not readable") from error
    if not isinstance(body, dict):
        raise Turned(400, "not an object")
    return body


def _bolt_request(headers: Headers, body: dict[str, Any], tenant: Tenant) -> AsyncBoltRequest:
    # Bolt's own parser loses a command whose text contains "payload"; it gets the parsed body.
    retried: dict[str, str | Sequence[str]] = {
        name: headers[name] for name in RETRY_HEADERS if name in headers
    }
    return AsyncBoltRequest(
        body=body, mode="socket_mode", headers=retried, context={"tenant": tenant}
    )
