"""The Web API: tokens, scopes, limits and the payload's checks come before the method itself."""

from __future__ import annotations

import asyncio
import base64
import json
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import parse_qsl

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from bot.workspace import checks, misbehaviour, scopes
from bot.workspace.checks import Refused
from bot.workspace.faults import Fault, Faults
from bot.workspace.limits import Limits
from bot.workspace.methods import METHODS
from bot.workspace.methods.call import Call
from bot.workspace.record import Sent
from bot.workspace.world import World

Json = dict[str, Any]
ENCODED = ("blocks", "attachments", "metadata", "view", "files")
FORM = "application/x-www-form-urlencoded"
APP_LEVEL = "apps.connections.open"
OAUTH = "oauth.v2.access"  # asked by the app before it has a token
ADDRESSEES = ("user", "user_id", "users", "channel", "channel_id")


@dataclass
class WebApi:
    """Everything under /api/."""

    world: World
    faults: Faults
    limits: Limits

    async def __call__(self, request: Request) -> Response:
        """Answer one call and keep it in the record."""
        method = request.path_params["method"]
        body = await request.body()
        fault = self.faults.take(method)
        args: Json = {}
        why = ""
        refused: Refused | None = None
        try:
            token, args = _read(request, body)
            why = self._why(args)
            answer = self._spoilt(method, token, args, fault)
        except Refused as refusal:
            refused, answer = refusal, self._refusal(refusal)
        status = 200 if refused is None else misbehaviour.status_for(refused, 200)
        known = None if misbehaviour.is_dropped(fault) else status
        sent = Sent(method, args, body, self.world.clock(), known, answer, why=why)
        self._note(sent)
        headers = {**misbehaviour.headers_for(refused), **self._scopes()}
        return await misbehaviour.answered(fault, JSONResponse(answer, status, headers))

    def _spoilt(self, method: str, token: str, args: Json, fault: Fault | None) -> Json:
        if fault is not None and fault.kind == "late":
            loop = asyncio.get_running_loop()
            loop.call_later(fault.seconds, self._answer, method, token, args, None)
            return {}
        if fault is not None and fault.kind == "lag":
            args = {**args, "latest": f"{self.world.clock().timestamp() - fault.seconds:.6f}"}
        answer = self._answer(method, token, args, fault)
        if fault is not None and fault.is_done:
            misbehaviour.refuse(fault)
        return answer

    def _answer(self, method: str, token: str, args: Json, fault: Fault | None) -> Json:
        if method not in METHODS:
            raise Refused("unknown_method")
        self._check_token(method, token)
        scopes.check_method(method, self.world.installation.scopes)
        misbehaviour.spoil(fault)
        wait = self.limits.wait(method, args.get("channel"), self.world.clock())
        if wait:
            raise misbehaviour.Limited(wait)
        checks.check_call(method, args)
        misbehaviour.refuse_unsupported(fault, args.get("blocks"))
        return {"ok": True, **METHODS[method](Call(self.world, args))}

    def _check_token(self, method: str, token: str) -> None:
        app = self.world.installation
        if method == OAUTH:
            if token != f"{app.client_id}:{app.client_secret}":
                raise Refused("bad_client_secret")
            return
        if not token:
            raise Refused("not_authed")
        if self.world.is_uninstalled:
            raise Refused("account_inactive")
        if token not in (app.bot_token, app.app_token):
            raise Refused("invalid_auth")
        if (token == app.app_token) != (method == APP_LEVEL):
            raise Refused("not_allowed_token_type")

    def _refusal(self, refused: Refused) -> Json:
        body = misbehaviour.told(refused)
        if isinstance(refused, scopes.MissingScope):
            provided = ",".join(sorted(self.world.installation.scopes))
            body |= {"needed": refused.needed, "provided": provided}
        return body

    def _scopes(self) -> dict[str, str]:
        return {"x-oauth-scopes": ",".join(sorted(self.world.installation.scopes))}

    def _note(self, sent: Sent) -> None:
        answer = sent.response or {}
        complete = replace(
            sent,
            error=answer.get("error"),
            details=tuple(answer.get("response_metadata", {}).get("messages", ())),
            to=self._addressee(sent.args),
        )
        self.world.note(complete)

    def _addressee(self, args: Json) -> str:
        for name in ADDRESSEES:
            if args.get(name):
                return self.world.describe(str(args[name]))
        return ""

    def _why(self, args: Json) -> str:
        trigger = self.world.tickets.triggers.get(str(args.get("trigger_id")))
        if trigger is not None:
            return trigger.why
        metadata = args.get("metadata")
        if isinstance(metadata, dict) and metadata.get("event_type"):
            return str(metadata["event_type"])
        return self.world.tickets.recent()


def _read(request: Request, body: bytes) -> tuple[str, Json]:
    """Read the token and the arguments from wherever the client put them."""
    given: Json = dict(request.query_params)
    content_type = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if content_type == "application/json":
        given |= _json(body)
    elif body and content_type == FORM:
        given |= dict(parse_qsl(body.decode("utf-8", "replace"), keep_blank_values=True))
    elif body:
        raise Refused("invalid_post_type")
    scheme, _, bearer = request.headers.get("authorization", "").partition(" ")
    token = bearer if scheme.lower() == "bearer" else str(given.get("token", ""))
    if scheme.lower() == "basic":
        token = base64.b64decode(bearer).decode("utf-8", "replace")
    args = {name: _decoded(name, value) for name, value in given.items() if name != "token"}
    return token.strip(), args


def _json(body: bytes) -> Json:
    try:
        given = json.loads(body or b"{}")
    except ValueError:
        raise Refused("invalid_json") from None
    if not isinstance(given, dict):
        raise Refused("json_not_object")
    return given


def _decoded(name: str, value: Any) -> Any:
    """Read JSON inside a form; what is broken stays text, for the checks to refuse."""
    if name not in ENCODED or not isinstance(value, str):
        return value
    try:
        return json.loads(value)
    except ValueError:
        return value
