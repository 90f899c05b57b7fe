"""Where the bot posts without a token: response URLs, and the bytes of files."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qsl

from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response

from bot.workspace import misbehaviour, responses
from bot.workspace.checks import Refused
from bot.workspace.faults import Faults
from bot.workspace.limits import Limits
from bot.workspace.record import Sent
from bot.workspace.world import World

RESPONSE_URL = "response_url"
UPLOAD = "upload"
GONE = ("invalid_url", "expired_url", "used_url")
INLINE = {".png": "image/png", ".jpg": "image/jpeg", ".jpeg": "image/jpeg", ".gif": "image/gif"}


@dataclass
class Webhooks:
    """The addresses that are secrets themselves."""

    world: World
    faults: Faults
    limits: Limits

    async def respond(self, request: Request) -> Response:
        """Answer one post to a response URL and keep it in the record."""
        body = await request.body()
        ticket = request.path_params["ticket"]
        fault = self.faults.take(RESPONSE_URL)
        payload: Any = None
        refused: Refused | None = None
        try:
            payload = _payload(request, body)
            misbehaviour.spoil(fault)
            wait = self.limits.wait(RESPONSE_URL, ticket, self.world.clock())
            if wait:
                raise misbehaviour.Limited(wait)
            responses.take_post(self.world, ticket, payload)
        except Refused as refusal:
            refused = refusal
        response = _answer(refused)
        status = None if misbehaviour.is_dropped(fault) else response.status_code
        self.world.note(self._sent(ticket, payload, body, status, refused))
        return await misbehaviour.answered(fault, response)

    async def upload(self, request: Request) -> Response:
        """Take the bytes of a file that was announced."""
        body = await request.body()
        fault = self.faults.take(UPLOAD)
        refused: Refused | None = None
        name = ""
        try:
            misbehaviour.spoil(fault)
            name = self._take(request.path_params["file"], body)
        except Refused as refusal:
            refused = refusal
        status = 200 if refused is None else misbehaviour.status_for(refused, 400)
        text = f"OK - {len(body)}" if refused is None else refused.error
        args = {"filename": name, "length": len(body)}
        error = refused.error if refused is not None else None
        self.world.note(Sent(UPLOAD, args, body, self.world.clock(), status, error=error))
        return await misbehaviour.answered(fault, PlainTextResponse(text, status))

    async def download(self, request: Request) -> Response:
        """Hand out a file's bytes: pictures to be shown, everything else to be saved."""
        file = self.world.files.get(request.path_params["file"])
        if file is None or file.content is None:
            return PlainTextResponse("file_not_found", 404)
        suffix = f".{file.name.rpartition('.')[2].lower()}"
        headers = {"X-Content-Type-Options": "nosniff", "Cache-Control": "no-store"}
        if suffix not in INLINE:
            headers["Content-Disposition"] = "attachment"
        media_type = INLINE.get(suffix, "application/octet-stream")
        return Response(file.content, 200, headers, media_type)

    def _take(self, name: str, body: bytes) -> str:
        file = self.world.files.get(name)
        if file is None:
            raise Refused("file_not_found")
        if len(body) != file.length:
            raise Refused("length_mismatch")
        file.content = body
        return file.name

    def _sent(
        self, ticket: str, payload: Any, body: bytes, status: int | None, refused: Refused | None
    ) -> Sent:
        reply = self.world.tickets.replies.get(ticket)
        return Sent(
            RESPONSE_URL,
            payload if isinstance(payload, dict) else {"body": payload},
            body,
            self.world.clock(),
            status,
            error=refused.error if refused else None,
            details=refused.messages if refused else (),
            to=responses.audience(self.world, reply, payload) if reply else "",
            why=reply.why if reply else "",
        )


def _answer(refused: Refused | None) -> Response:
    if refused is None:
        return PlainTextResponse("ok")
    status = misbehaviour.status_for(refused, 404 if refused.error in GONE else 400)
    return JSONResponse(misbehaviour.told(refused), status, misbehaviour.headers_for(refused))


def _payload(request: Request, body: bytes) -> Any:
    text = body.decode("utf-8", "replace")
    if request.headers.get("content-type", "").startswith("application/x-www-form-urlencoded"):
        text = dict(parse_qsl(text)).get("payload", "")
    try:
        return json.loads(text)
    except ValueError:
        raise Refused("invalid_payload") from None
