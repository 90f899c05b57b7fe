"""Socket Mode: the same app, reached over a connection that the bot itself opens."""

import asyncio
import contextlib
import logging
import time

from slack_bolt.adapter.socket_mode.aiohttp import AsyncSocketModeHandler
from slack_bolt.adapter.socket_mode.async_internals import send_async_response
from slack_bolt.app.async_app import AsyncApp
from slack_bolt.request.async_request import AsyncBoltRequest
from slack_sdk.socket_mode.aiohttp import SocketModeClient
from slack_sdk.socket_mode.request import SocketModeRequest
from slack_sdk.socket_mode.response import SocketModeResponse

from bot.installed import Installed
from bot.typed import storable

log = logging.getLogger(__name__)

PATIENCE = 10  # seconds for the first connection
GOODBYE = 1  # seconds for Slack to answer that the connection ends


class _Handler(AsyncSocketModeHandler):
    installed: Installed

    async def handle(self, client: SocketModeClient, req: SocketModeRequest) -> None:  # type: ignore[override]
        started, tenant = time.time(), None
        with contextlib.suppress(RecursionError):
            body = storable(req.payload)
            tenant = await self.installed.whose(body)
        if tenant is not None:
            request = AsyncBoltRequest(mode="socket_mode", body=body, context={"tenant": tenant})
            answer = await self.app.async_dispatch(request)
            await send_async_response(client, req, answer, started)
            return
        # Acknowledged, or Slack would send it again.
        log.info("socket.turned why=%s", "not for us")
        await client.send_socket_mode_response(SocketModeResponse(envelope_id=req.envelope_id))


class Socket:
    """A connection to Slack that stays open and is opened again when it breaks."""

    def __init__(self, app: AsyncApp, app_token: str, installed: Installed) -> None:
        self._web, self._token = app.client, app_token
        self._handler = _Handler(app, app_token, web_client=app.client)
        self._handler.installed = installed
        # The SDK would take the machine's proxy, also on the way to the machine itself.
        self._handler.client.proxy = app.client.proxy

    async def open(self) -> None:
        """Connect. Raises SlackApiError, TimeoutError or aiohttp.ClientError."""
        # Asked for here: the SDK would ask again for ever, also when the token is wrong.
        answer = await self._web.apps_connections_open(app_token=self._token)
        self._handler.client.wss_uri = answer["url"]
        async with asyncio.timeout(PATIENCE):
            await self._handler.connect_async()  # type: ignore[no-untyped-call]

    async def is_open(self) -> bool:
        """Say whether Slack can reach the bot."""
        return bool(await self._handler.client.is_connected())

    async def close(self) -> None:
        """Disconnect for good."""
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(GOODBYE):
                await self._handler.close_async()  # type: ignore[no-untyped-call]
                return
        # Nobody answered; now it ends without a goodbye.
        await self._handler.close_async()  # type: ignore[no-untyped-call]
