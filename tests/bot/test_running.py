"""A running bot: what it needs to start, how it says that it is well, how it ends."""

import asyncio
import contextlib
import logging
import time
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import aiohttp
import pytest
import sqlalchemy as sa

from bot import manifest, running, scheduler
from bot.running import NotAdmitted, OldSchema, Running
from bot.serving import AddressTaken
from bot.settings import Settings
from bot.workspace import Clock, Workspace
from bot.workspace.faults import Fault
from storage.database import Database
from storage.errors import Away as DatabaseAway
from storage.models import Delivery
from tests.bot.office import POST, Away, Office, opened, until
from tests.factories import NOON, seeing_all

ANYWHERE = ("127.0.0.1", 0)


@pytest.fixture
async def workspace() -> AsyncIterator[Workspace]:
    made = Workspace(manifest.manifest(), Clock(frozen_at=NOON))
    made.add_user("Ana", id="U0ANA")
    made.add_channel("general", id="C0GENERAL", members=["U0ANA"])
    async with made.serving():
        yield made


def settings_for(workspace: Workspace, url: str, **given: Any) -> Settings:
    values = {
        "bot_token": workspace.bot_token,
        "app_token": "",
        "signing_secret": workspace.signing_secret,
        "slack_api_url": f"{workspace.url}/api/",
        "database_url": url,
        "listen": ANYWHERE,
        **given,
    }
    return Settings(**values)


@contextlib.asynccontextmanager
async def started(workspace: Workspace, url: str, **given: Any) -> AsyncIterator[Running]:
    async with running.running(settings_for(workspace, url, **given), workspace.clock) as bot:
        if not given.get("app_token"):
            workspace.deliver_to(f"http://127.0.0.1:{bot.port}/slack/events")
        yield bot


async def asked(bot: Running, path: str) -> tuple[int, str]:
    async with (
        aiohttp.ClientSession() as session,
        session.get(f"http://127.0.0.1:{bot.port}/{path}") as response,
    ):
        return response.status, await response.text()


async def refused(workspace: Workspace, url: str, **given: Any) -> str:
    """Start in vain; give the sentence that says why."""
    with pytest.raises((NotAdmitted, OldSchema, AddressTaken)) as caught:
        async with started(workspace, url, **given):
            pytest.fail("It started.")
    return str(caught.value)


async def test_sqlite_is_brought_to_the_newest_schema(workspace: Workspace, tmp_path: Path) -> None:
    async with started(workspace, f"sqlite:///{tmp_path}/new.sqlite3") as bot:
        assert await asked(bot, "readyz") == (200, "ready")


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
async def test_postgresql_without_its_schema_is_refused_with_what_to_do(
    workspace: Workspace, database_url: str, postgres_template: str
) -> None:
    sentence = await refused(workspace, postgres_template)

    assert "python -m bot db upgrade" in sentence
    async with started(workspace, database_url) as bot:
        assert await asked(bot, "readyz") == (200, "ready")


@pytest.mark.parametrize(
    "url",
    [
        "postgresql://nobody@127.0.0.1:9/nothing",
        "sqlite:////no/such/folder/convene.sqlite3",
        "sqlite:///{file}",
    ],
)
async def test_a_database_that_is_none_is_away(
    workspace: Workspace, tmp_path: Path, url: str
) -> None:
    file = tmp_path / "notes.txt"
    file.write_text("This is no database. " * 100, encoding="utf-8")

    with pytest.raises(DatabaseAway):
        await refused(workspace, url.format(file=file))


async def test_a_token_slack_does_not_know_is_named(workspace: Workspace, sqlite_url: str) -> None:
    sentence = await refused(workspace, sqlite_url, bot_token="xoxb-of-somebody-else")

    assert sentence == (
        "Slack does not accept SLACK_BOT_TOKEN (invalid_auth). Copy it again from "
        "api.slack.com/apps > your app > OAuth & Permissions."
    )


async def test_an_app_token_slack_does_not_know_is_named(
    workspace: Workspace, sqlite_url: str
) -> None:
    sentence = await refused(workspace, sqlite_url, app_token="xapp-of-somebody-else")

    assert sentence.startswith("Slack does not accept SLACK_APP_TOKEN (invalid_auth).")


async def test_where_slack_cannot_be_reached_the_way_there_is_named(
    workspace: Workspace, sqlite_url: str
) -> None:
    sentence = await refused(workspace, sqlite_url, slack_api_url="http://127.0.0.1:9/api/")

    assert sentence.startswith("Slack cannot be reached (ClientConnectorError).")
    assert "SLACK_API_URL" in sentence


@pytest.mark.parametrize("method", ["auth.test", "apps.connections.open"])
@pytest.mark.parametrize("fault", [Fault.server_error(503), Fault.rate_limited(5)])
async def test_slack_may_not_answer_at_the_moment(
    workspace: Workspace, sqlite_url: str, fault: Fault, method: str
) -> None:
    workspace.faults.add(method, fault)

    sentence = await refused(workspace, sqlite_url, app_token=workspace.app_token)

    assert sentence == "Slack does not answer at the moment; start again soon."


async def test_slack_may_not_answer_at_all(
    workspace: Workspace, sqlite_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(running, "SLACK_PATIENCE", 0.2)
    workspace.faults.add("auth.test", Fault.hang(seconds=0.5))

    assert (await refused(workspace, sqlite_url)).startswith("Slack cannot be reached (Timeout")


async def test_an_address_somebody_else_listens_on_is_named(
    workspace: Workspace, sqlite_url: str
) -> None:
    port = int(workspace.url.rpartition(":")[2])

    sentence = await refused(workspace, sqlite_url, listen=("127.0.0.1", port))

    assert sentence.startswith(f"Something else listens on 127.0.0.1:{port}; choose another port")


@pytest.mark.parametrize("transport", ["http", "socket"])
async def test_no_proxy_stands_between_the_bot_and_its_own_machine(
    workspace: Workspace, sqlite_url: str, monkeypatch: pytest.MonkeyPatch, transport: str
) -> None:
    monkeypatch.setenv("HTTPS_PROXY", "http://127.0.0.1:9")
    app_token = workspace.app_token if transport == "socket" else ""

    async with started(workspace, sqlite_url, app_token=app_token) as bot:
        assert (await asked(bot, "readyz"))[0] == 200
        exchange = await workspace.command("U0ANA", "C0GENERAL", "/briefings")
        assert exchange.acked


async def test_of_bolts_words_only_those_that_are_meant_to_be_are_spared(
    workspace: Workspace,
    sqlite_url: str,
    caplog: pytest.LogCaptureFixture,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    for name in ("SLACK_BOT_TOKEN", "SLACK_CLIENT_ID", "SLACK_CLIENT_SECRET"):
        monkeypatch.setenv(name, workspace.bot_token)

    with caplog.at_level(logging.INFO, "slack_bolt.AsyncApp"):
        async with started(workspace, sqlite_url):
            logging.getLogger("slack_bolt.AsyncApp").warning("Something new.")

    said = [record.getMessage() for record in caplog.records if "slack_bolt" in record.name]
    assert said == ["Something new."]


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
async def test_without_its_database_it_lives_but_is_not_ready(
    workspace: Workspace, database_url: str, postgres_template: str
) -> None:
    async with started(workspace, database_url) as bot:
        with Away(database_url, postgres_template):
            away = (await asked(bot, "readyz"), await asked(bot, "healthz"))
            answer = await workspace.command("U0ANA", "C0GENERAL", "/briefings")
        back = await asked(bot, "readyz")
        again = await workspace.command("U0ANA", "C0GENERAL", "/briefings")

    assert away == ((503, "no database"), (200, "ok"))
    assert "cannot reach its database" in answer.body["text"]
    assert back == (200, "ready")
    assert "cannot reach" not in again.body["text"]


async def test_without_its_heartbeat_it_lives_but_is_not_ready(
    workspace: Workspace, sqlite_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with started(workspace, sqlite_url) as bot:
        monkeypatch.setattr(scheduler, "DEAD", -1)
        monkeypatch.setattr(scheduler, "STUCK", -1)
        assert await asked(bot, "readyz") == (503, "the scheduler does not beat")
        assert await asked(bot, "healthz") == (200, "ok")


async def test_without_its_socket_it_lives_but_is_not_ready(
    workspace: Workspace, sqlite_url: str
) -> None:
    async with started(workspace, sqlite_url, app_token=workspace.app_token) as bot:
        assert (await asked(bot, "readyz"))[0] == 200
        workspace.faults.add("apps.connections.open", Fault.hang(seconds=1))
        await workspace.sockets.disconnect()
        assert await asked(bot, "readyz") == (503, "no connection to Slack")
        assert await asked(bot, "healthz") == (200, "ok")
        async with asyncio.timeout(5):
            # The SDK hears of the end twice, and at first replaces its connection once more.
            while not (await workspace.command("U0ANA", "C0GENERAL", "/briefings")).acked:
                await workspace.connected()
        assert (await asked(bot, "readyz"))[0] == 200


async def test_in_socket_mode_nothing_is_taken_over_http(
    workspace: Workspace, sqlite_url: str
) -> None:
    async with started(workspace, sqlite_url, app_token=workspace.app_token) as bot:
        assert (await asked(bot, "slack/events"))[0] == 404


@contextlib.asynccontextmanager
async def posting(url: str, fault: Fault) -> AsyncIterator[tuple[Office, Running]]:
    """Run a bot whose next post meets *fault*."""
    async with opened(url) as office, started(office.workspace, url) as bot:
        office.workspace.faults.add(POST, fault)
        office.promoted()
        await until(office.calls)
        yield office, bot


async def test_a_post_that_is_under_way_is_finished_at_the_end(
    sqlite_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(scheduler, "BEAT", 0.05)
    async with posting(sqlite_url, Fault.hang(seconds=0.5)) as (office, _):
        under_way = office.states
    ended = Database(sqlite_url)
    with seeing_all(ended) as session:
        state = session.scalar(sa.select(Delivery.state))
    ended.close()

    assert (under_way, state) == (["sending"], "sent")


async def test_when_everything_hangs_it_still_ends_within_ten_seconds(
    sqlite_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(scheduler, "BEAT", 0.05)
    async with posting(sqlite_url, Fault.hang(seconds=30)) as (office, bot):
        bot.after(asyncio.sleep, 30)
        # Somebody nobody has met yet, whom Slack is slow to describe.
        office.workspace.faults.add("users.info", Fault.hang(seconds=30))
        stranger = office.workspace.add_user("Kim", id="U0KIM")
        asking = asyncio.create_task(office.workspace.command(stranger, "U0KIM", "/briefings"))
        await until(lambda: office.calls("users.info"))
        begun = time.monotonic()

    # The workspace itself takes a moment to end, too.
    assert 5 < time.monotonic() - begun < 10
    await asyncio.wait({asking})
