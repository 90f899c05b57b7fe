"""The local workspace with the coalition in it: the bot in a browser, without Slack."""

import contextlib
import tempfile
import tomllib
from collections.abc import AsyncIterator, Callable, Mapping
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

from bot import manifest, running
from bot.hindrance import Hindrance
from bot.running import Running
from bot.settings import Settings
from bot.workspace import Clock, Workspace
from bot.workspace.serving import check_loopback
from storage import facts

COALITION = Path(__file__).parent / "workspace" / "coalition.toml"
STEP = timedelta(hours=1)  # a clock that is moved stops at each full hour: nothing is stepped over


class NotLocal(Hindrance):
    """The local workspace is for made-up people on this machine: no tokens, no other address."""


@contextlib.asynccontextmanager
async def running_in(
    workspace: Workspace,
    settings: Settings,
    told: Mapping[str, Any] | None,
    *,
    app_token: str = "",
    pace: int = running.PACE,
) -> AsyncIterator[Running]:
    """Run the bot in *workspace*, which is being served, with the coalition as *told*.

    It is reached over HTTP, or with *app_token* by Socket Mode. Nothing is *told* when the
    database holds the coalition already.
    """
    inside = replace(
        settings,
        bot_token=workspace.bot_token,
        app_token=app_token,
        signing_secret=workspace.signing_secret,
        slack_api_url=f"{workspace.url}/api/",
    )
    async with running.running(inside, workspace.clock, pace) as bot:
        if told is not None:
            await bot.units.run(facts.load, told, workspace.team, workspace.clock())

        async def advance(by: timedelta) -> None:
            while by > timedelta():
                step = min(by, STEP - timedelta(seconds=workspace.clock().timestamp() % 3600))
                workspace.clock.advance(step)
                await bot.scheduler.beat()
                by -= step

        workspace.on_advance = advance
        if not app_token:
            workspace.deliver_to(f"http://127.0.0.1:{bot.port}/slack/events")
        yield bot


@contextlib.asynccontextmanager
async def running_local(
    settings: Settings, port: int, say: Callable[[str], None]
) -> AsyncIterator[Running]:
    """Run the bot and its workspace, and *say* where the page is.

    Without a DATABASE_URL everything is forgotten at the end. Raises NotLocal, AddressTaken.
    """
    _check_local(settings)
    told = tomllib.loads(COALITION.read_text(encoding="utf-8"))
    workspace = populated(told)
    with tempfile.TemporaryDirectory(prefix="convene-") as folder:
        chosen = replace(
            settings,
            database_url=settings.database_url or f"sqlite:///{folder}/local.sqlite3",
            listen=settings.listen or ("127.0.0.1", 0),
        )
        async with (
            workspace.serving(port=port),
            running_in(workspace, chosen, told) as bot,
        ):
            say(f"Convene runs in its local workspace. Open {workspace.url}")
            yield bot


def _check_local(settings: Settings) -> None:
    if not settings.is_local:
        raise NotLocal("The local workspace does not start beside Slack's tokens; remove them.")
    if settings.listen is not None:
        try:
            check_loopback(settings.listen[0])
        except ValueError as error:
            raise NotLocal(f"LISTEN: {error}") from error


def populated(
    told: Mapping[str, Any],
    clock: Clock | None = None,
    *,
    url: str | None = None,
    team: str = "T0CONVENE",
    bot_token: str = "xoxb-local-bot",  # noqa: S107 - of this machine only
) -> Workspace:
    """Make a workspace with the people and channels of the coalition as *told*.

    *url* is where browsers reach the bot to install it.
    """
    workspace = Workspace(
        manifest.manifest(url),
        clock or Clock(),
        team=team,
        bot_token=bot_token,
        team_name=told["name"],
        vocabulary=manifest.vocabulary(),
        note=told["note"],
    )
    organisations = {entry["key"]: entry["name"] for entry in told["organisations"]}
    for person in told["people"]:
        _add_person(workspace, person, organisations)
    ids = {person["key"]: person["slack"] for person in told["people"]}
    for channel in told["channels"]:
        workspace.add_channel(
            channel["key"],
            id=channel["id"],
            members=_members(channel["members"], told, ids),
            purpose=channel.get("purpose", ""),
            is_private=channel.get("private", False),
            is_ext_shared=channel.get("shared", False),
        )
    return workspace


def _add_person(
    workspace: Workspace, person: Mapping[str, Any], organisations: Mapping[str, str]
) -> None:
    flags = set(person.get("flags", []))
    domain = person.get("domain")
    workspace.add_user(
        person["name"],
        id=person["slack"],
        organisation=organisations.get(person.get("organisation", ""), ""),
        title=person.get("title", ""),
        tz=person["zone"],
        locale=person.get("locale", "en-GB"),
        team_id="T0OTHER" if "other_organisation" in flags else None,
        is_restricted="guest" in flags,
        is_ultra_restricted="single_channel_guest" in flags,
        is_stranger="stranger" in flags,
        deleted="deactivated" in flags,
        is_admin=person.get("role") == "admin",
        email=f"{person['key']}@{domain}" if domain else None,
    )


def _members(named: str | list[str], told: Mapping[str, Any], ids: Mapping[str, str]) -> list[str]:
    if isinstance(named, list):
        return [ids[key] for key in named]
    roles = {
        "everyone": {"external", "member", "staff", "admin"},
        "members": {"member", "staff", "admin"},
        "staff": {"staff", "admin"},
    }[named]
    return [
        person["slack"]
        for person in told["people"]
        if person.get("role") in roles and "deactivated" not in person.get("flags", [])
    ]
