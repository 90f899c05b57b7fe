"""Socket Mode: the same app, reached over a connection that the bot itself opens."""

from slack_bolt.adapter.socket_mode.aiohttp import AsyncSocketModeHandler
from slack_bolt.app.async_app import AsyncApp


class Socket:
    """A connection to Slack that stays open and is opened again when it breaks."""

    def __init__(self, app: AsyncApp, app_token: str) -> None:
        self._handler = AsyncSocketModeHandler(app, app_token, web_client=app.client)

    async def open(self) -> None:
        """Connect."""
        await self._handler.connect_async()  # type: ignore[no-untyped-call]

    async def is_open(self) -> bool:
        """Say whether Slack can reach the bot."""
        return bool(await self._handler.client.is_connected())

    async def close(self) -> None:
        """Disconnect for good."""
        await self._handler.close_async()  # type: ignore[no-untyped-call]
