"""Installing the bot into a workspace: to Slack for consent, and back with a token."""

import hashlib
import html
import logging
import secrets
from collections.abc import Callable
from datetime import datetime
from typing import Any
from urllib.parse import urlencode, urljoin

import aiohttp
from slack_sdk.errors import SlackApiError
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response
from starlette.routing import Route

from bot import refusals
from bot.installed import Clients
from bot.manifest import OPTIONAL, RETURN, SCOPES
from bot.settings import Settings
from bot.units import Units
from storage import installations
from storage.errors import Away, Unreadable
from storage.installations import Granted
from storage.keys import LIFE, Keys

log = logging.getLogger(__name__)

START = "/slack/install"
COOKIE = "__Host-convene-install"  # only this host may set it, and only over TLS
PRIVATE = {
    "cache-control": "no-store",
    "content-security-policy": "default-src 'none'",
    "referrer-policy": "no-referrer",
    "x-content-type-options": "nosniff",
}
AGAIN = f'<a href="{START}">Start again</a>.'
DENIED = f"Convene was not installed, and nothing is stored. {AGAIN}"
STALE = (
    "Convene was not installed: this link was used before, is older than ten minutes, or was "
    f"begun in another browser. {AGAIN}"
)
UNSAID = f"Convene was not installed: Slack did not confirm it. {AGAIN}"
LATER = f"Convene was not installed: it cannot reach its database at the moment. {AGAIN}"


class _NotInstalled(Exception):  # noqa: N818 -- what the page says, not an error
    def __init__(self, page: str, why: str) -> None:
        super().__init__(why)
        self.page, self.why = page, why


class Installing:
    """The two addresses of an installation. The same browser begins it and ends it, once."""

    def __init__(
        self,
        units: Units,
        keys: Keys,
        clients: Clients,
        settings: Settings,
        now: Callable[[], datetime],
    ) -> None:
        self._units, self._keys, self._client = units, keys, clients("")
        self._settings, self._now = settings, now

    def routes(self) -> list[Route]:
        """Name the addresses."""
        return [Route(START, self.begin), Route(RETURN, self.end)]

    async def begin(self, _request: Request) -> Response:
        """Send a browser to Slack, with a state that only this browser can bring back."""
        browser = secrets.token_urlsafe(32)
        asked = {
            "client_id": self._settings.client_id,
            "scope": ",".join([*SCOPES, *OPTIONAL]),
            "state": self._keys.seal("install", browser, self._now()),
            "redirect_uri": self._return,
        }
        where = self._at_slack(f"/oauth/v2/authorize?{urlencode(asked)}")
        answer = RedirectResponse(where, 302, PRIVATE)
        answer.set_cookie(COOKIE, browser, max_age=LIFE, secure=True, httponly=True, samesite="lax")
        return answer

    async def end(self, request: Request) -> Response:
        """Take what Slack hands back, and say on a page what became of it."""
        try:
            page, status = await self._installed(request), 200
        except _NotInstalled as refused:
            log.info("oauth.turned why=%s", refused.why)
            page, status = refused.page, 400
        except Away:
            page, status = LATER, 503
        answer = HTMLResponse(_page(page), status, PRIVATE)
        answer.delete_cookie(COOKIE, secure=True, httponly=True, samesite="lax")
        return answer

    async def _installed(self, request: Request) -> str:
        given = request.query_params
        await self._check(given.get("state", ""), request.cookies.get(COOKIE, ""))
        if "error" in given:
            raise _NotInstalled(DENIED, "denied")
        granted = await self._exchanged(given.get("code", ""))
        place = granted["enterprise" if granted.get("is_enterprise_install") else "team"]
        team, name, app = str(place["id"]), str(place.get("name", "")), str(granted["app_id"])
        token = self._keys.seal(str(granted["access_token"]), team, self._now())
        kept = Granted(team, name, token, app, str(granted["authed_user"]["id"]))
        await self._units.run(installations.keep, self._now(), kept)
        log.info("oauth.installed")
        opening = self._at_slack(f"/app_redirect?{urlencode({'app': app, 'team': team})}")
        link = f'<a href="{html.escape(opening)}">Open it in Slack</a>'
        return f"{html.escape(name)} has Convene now. {link} and type /coalition help."

    async def _check(self, state: str, browser: str) -> None:
        """Raise _NotInstalled unless this browser began it within ten minutes, and once."""
        try:
            self._keys.open_in_time(state, browser, self._now())
        except Unreadable:
            raise _NotInstalled(STALE, "stale") from None
        digest = hashlib.sha256(state.encode()).hexdigest()
        if not await self._units.run(installations.spend, self._now(), digest):
            raise _NotInstalled(STALE, "used")

    async def _exchanged(self, code: str) -> dict[str, Any]:
        try:
            # The SDK's own method warns: it takes a way of aiohttp that will be gone.
            answer = await self._client.api_call(
                "oauth.v2.access",
                data={"code": code, "redirect_uri": self._return},
                headers={"authorization": aiohttp.encode_basic_auth(*self._credentials)},
            )
        except SlackApiError as error:
            raise _NotInstalled(UNSAID, refusals.name(error) or "refused") from error
        except (TimeoutError, aiohttp.ClientError) as error:
            raise _NotInstalled(UNSAID, type(error).__name__) from error
        return dict(answer.data)  # type: ignore[arg-type]  # JSON, so no bytes

    @property
    def _credentials(self) -> tuple[str, str]:
        return self._settings.client_id, self._settings.client_secret

    @property
    def _return(self) -> str:
        return f"{self._settings.public_url}{RETURN}"

    def _at_slack(self, address: str) -> str:
        # Where the API is, so are the pages: GovSlack has both on a host of its own.
        return urljoin(self._settings.slack_api_url, address)


def _page(sentence: str) -> str:
    head = (
        "<!doctype html><html lang=en><meta charset=utf-8>"
        "<meta name=viewport content='width=device-width'><title>Installing Convene</title>"
    )
    return f"{head}<main><h1>Installing Convene</h1><p>{sentence}</p></main>"
