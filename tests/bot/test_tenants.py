"""Many workspaces share one bot: each installs it, and none ever hears of another."""

import contextlib
import json
import sqlite3
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import aiohttp
import pytest
import sqlalchemy as sa
from aiohttp import web
from cryptography.fernet import Fernet

from bot import demo
from bot.manifest import RETURN
from bot.oauth import COOKIE, START
from bot.running import Running, running
from bot.settings import Settings
from bot.workspace import Clock, Workspace
from commands import catalog
from storage import facts
from storage.models import Row
from tests.bot.canaries import MONDAY, Coalition
from tests.bot.conftest import HASTE, Story
from tests.bot.test_canaries import FORMS, listen, presses, submits, types
from tests.factories import seeing_all
from tests.figures import figure

PUBLIC = "https://convene.example"
KEY, NEWER = Fernet.generate_key().decode(), Fernet.generate_key().decode()
HOME, AWAY = "T0HOME", "T0AWAY"
STAFF, OTHER = "U0STAFF", "U0ADMIN"
SECOND = timedelta(seconds=1)


@dataclass
class Shared:
    """One bot, and the workspaces that may install it."""

    url: str
    home: Workspace
    away: Workspace
    slack: str
    bot: Running

    async def get(self, address: str, cookie: str = "") -> tuple[int, str, dict[str, str]]:
        """Ask the bot for a page as a browser does; give status, text and what it was told."""
        kept = {"cookie": f"{COOKIE}={cookie}"} if cookie else {}
        async with (
            aiohttp.ClientSession() as session,
            session.get(
                f"http://127.0.0.1:{self.bot.port}{address}", headers=kept, allow_redirects=False
            ) as answer,
        ):
            return answer.status, await answer.text(), dict(answer.headers)

    async def begin(self) -> tuple[str, str]:
        """Begin an installation; give the address at Slack, and the browser's cookie."""
        status, _, told = await self.get(START)
        assert status == 302
        name, _, value = told["Set-Cookie"].partition(";")[0].partition("=")
        assert name == COOKIE
        return told["Location"], value

    async def install(self, workspace: Workspace, user: str = STAFF) -> str:
        """Install the bot as *user* does; give what the page says at the end."""
        where, cookie = await self.begin()
        back = urlsplit(workspace.allow(user, where))
        status, text, _ = await self.get(f"{back.path}?{back.query}", cookie)
        assert status == 200, text
        return text

    def rows(self, table: str, workspace: int | None = None) -> list[tuple[Any, ...]]:
        """Give the rows of a table."""
        found = Row.metadata.tables[table]
        rows = sa.select(found)
        if workspace is not None:
            rows = rows.where(found.c.workspace_id == workspace)
        with seeing_all(self.bot.units.database) as session:
            return [tuple(row) for row in session.execute(rows.order_by(found.c.id))]

    def story(self, workspace: Workspace) -> Story:
        """Give what a test says and sees in one of the workspaces."""
        return Story(workspace, self.bot)


@contextlib.asynccontextmanager
async def slack_of(*workspaces: Workspace) -> AsyncIterator[str]:
    """Serve one address for several workspaces, as Slack does: the token says which is meant."""
    async with aiohttp.ClientSession() as session:

        async def answer(request: web.Request) -> web.Response:
            body, token = await request.read(), request.headers.get("authorization", "")
            code = parse_qs(body.decode("utf-8", "replace")).get("code", [""])[0]
            owners = [
                each
                for each in workspaces
                if token == f"Bearer {each.bot_token}" or code in each.world.tickets.codes
            ]
            url = f"{(owners or workspaces)[0].url}{request.path_qs}"
            sent = {name: request.headers[name] for name in SENT if name in request.headers}
            async with session.request(request.method, url, data=body, headers=sent) as told:
                return web.Response(
                    status=told.status, body=await told.read(), content_type="application/json"
                )

        app = web.Application()
        app.router.add_route("*", "/api/{method}", answer)
        runner = web.AppRunner(app)
        await runner.setup()
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        try:
            yield f"http://127.0.0.1:{runner.addresses[0][1]}/api/"
        finally:
            await runner.cleanup()


SENT = ("authorization", "content-type")


def told(word: str) -> dict[str, Any]:
    """Give a coalition whose every text holds a word of its own."""
    changed: dict[str, Any] = json.loads(json.dumps(Coalition().told).replace("cnry", word))
    return changed


@contextlib.asynccontextmanager
async def shared(url: str, *keys: str) -> AsyncIterator[Shared]:
    """Run a bot for two workspaces in which the same people have the same ids."""
    clock = Clock(frozen_at=MONDAY)
    home, away = (
        demo.populated(told(word), clock, url=PUBLIC, team=team, bot_token=f"xoxb-{team}-bot")
        for word, team in (("homeword", HOME), ("awayword", AWAY))
    )
    async with home.serving(), away.serving(), slack_of(home, away) as slack:
        app = home.installation
        settings = Settings(
            "",
            "",
            home.signing_secret,
            slack,
            url,
            ("127.0.0.1", 0),
            client_id=app.client_id,
            client_secret=app.client_secret,
            public_url=PUBLIC,
            token_keys=keys or (KEY,),
        )
        async with running(settings, clock, HASTE) as bot:
            for workspace in (home, away):
                workspace.deliver_to(f"http://127.0.0.1:{bot.port}/slack/events")
            yield Shared(url, home, away, slack, bot)


async def filled(among: Shared) -> None:
    """Install the bot in both workspaces, and load each coalition."""
    for workspace, word in ((among.home, "homeword"), (among.away, "awayword")):
        await among.install(workspace)
        loaded = (told(word), workspace.team, workspace.clock())
        await among.bot.units.run(facts.load, *loaded)


async def test_a_browser_installs_the_bot_and_it_answers_at_once(database_url: str) -> None:
    async with shared(database_url) as among:
        before = await among.home.command(STAFF, "C0PUBLIC", "/members me")
        text = await among.install(among.home)
        said = await among.story(among.home).says(STAFF, "/members me", "C0PUBLIC")

        assert before.status == 403
        assert "has Convene now" in text
        assert "Person Staff" in said
        assert "admin" in said.casefold()  # whoever installs is the first
        elsewhere = await among.away.command(STAFF, "C0PUBLIC", "/members me")
        assert elsewhere.status == 403


async def test_slack_is_asked_for_what_the_manifest_asks_and_nothing_is_kept_open(
    sqlite_url: str,
) -> None:
    async with shared(sqlite_url) as among:
        where, _ = await among.begin()
        status, _, headers = await among.get(START)

        asked = parse_qs(urlsplit(where).query)
        assert set(asked) == {"client_id", "scope", "state", "redirect_uri"}
        assert set(asked["scope"][0].split(",")) == among.home.scopes
        assert asked["redirect_uri"] == [f"{PUBLIC}{RETURN}"]
        assert where.startswith(f"{among.slack.removesuffix('/api/')}/oauth/v2/authorize?")
        cookie = headers["Set-Cookie"].casefold()
        assert status == 302
        for part in ("secure", "httponly", "samesite=lax", "path=/", "max-age=600"):
            assert part in cookie
        assert "domain" not in cookie
        assert among.rows("oauth_states") == []  # nothing is stored for whoever only looks


async def test_what_comes_back_is_good_once_in_one_browser_for_ten_minutes(sqlite_url: str) -> None:
    async with shared(sqlite_url) as among:
        where, cookie = await among.begin()
        _, stranger = await among.begin()
        back = urlsplit(among.home.allow(STAFF, where)).query

        async def comes(query: str, cookie: str) -> int:
            return (await among.get(f"{RETURN}?{query}", cookie))[0]

        assert await comes(back, "") == 400
        assert await comes(back, stranger) == 400
        assert await comes(back.replace("state=", "state=A"), cookie) == 400
        assert await comes("code=anything", cookie) == 400
        assert await comes(back, cookie) == 200
        again = urlsplit(among.home.allow(STAFF, where)).query
        assert await comes(again, cookie) == 400

        late, kept = await among.begin()
        query = urlsplit(among.away.allow(STAFF, late)).query
        among.home.clock.advance(601 * SECOND)
        assert await comes(query, kept) == 400
        assert len(among.rows("installations")) == 1


async def test_whoever_declines_or_brings_a_wrong_code_installs_nothing(sqlite_url: str) -> None:
    async with shared(sqlite_url) as among:
        for given, sentence in (
            ("error=access_denied", "nothing is stored"),
            ("code=<script>alert(1)</script>", "Slack did not confirm it"),
        ):
            where, cookie = await among.begin()
            state = parse_qs(urlsplit(where).query)["state"][0]
            status, text, headers = await among.get(f"{RETURN}?{given}&state={state}", cookie)
            assert (status, sentence in text, "script" in text) == (400, True, False)
            assert headers["Content-Security-Policy"] == "default-src 'none'"
            assert headers["Cache-Control"] == "no-store"
        assert among.rows("installations") == among.rows("workspaces") == []


async def test_installing_again_keeps_what_there_was(sqlite_url: str) -> None:
    async with shared(sqlite_url) as among:
        await filled(among)
        before = len(among.rows("briefings"))
        await among.install(among.home, OTHER)

        assert len(among.rows("installations")) == 2
        assert len(among.rows("briefings")) == before
        assert "Person Admin" in await among.story(among.home).says(OTHER, "/members me", "C0STAFF")


@pytest.mark.timeout(figure(ci=600, full=3600))
async def test_neither_workspace_hears_of_the_other_or_changes_it(
    sqlite_url: str, caplog: pytest.LogCaptureFixture
) -> None:
    listen(caplog)
    async with shared(sqlite_url) as among:
        await filled(among)
        story = among.story(among.home)
        theirs = {name: among.rows(name, 2) for name in owned()}
        told, sent = len(among.home.deliveries), len(among.home.sent)

        await everything(among, story)
        await among.home.open_home(STAFF)
        await story.settled()
        await story.bot.scheduler.beat()

        raw = b"".join(each.body for each in among.home.sent[sent:])
        raw += b"".join(each.exchange.raw for each in among.home.deliveries[told:])
        assert raw.count(b"homeword") > 100  # the control: what is theirs, they hear
        assert b"awayword" not in raw
        assert "awayword" not in caplog.text
        assert {name: among.rows(name, 2) for name in owned()} == theirs


async def everything(among: Shared, story: Story) -> None:
    """Use every word, button and form, with ids of the other workspace."""
    ids = {
        letter: [row[-1] for row in among.rows(table, 2)][: figure(ci=2, full=100)]
        for table, letter in LETTERS.items()
    }
    for room in catalog.COMMANDS.values():
        for word in ("", *(each.word for each in room.words)):
            await types(story, STAFF, f"{room.command} {word}".strip())
            for letter, numbers in ids.items():
                for number in numbers:
                    await types(story, STAFF, f"{room.command} {word} {letter}{number}")
    for number in sorted({number for numbers in ids.values() for number in numbers}):
        for action in catalog.BUTTONS:
            await presses(story, STAFF, action, str(number))
        for form in catalog.FORMS:
            await submits(story, STAFF, form, FORMS[form], str(number))
    await story.settled()


LETTERS = {
    "briefings": "E",
    "working_groups": "G",
    "resources": "R",
    "action_items": "A",
    "initiatives": "I",
}


def owned() -> Iterator[str]:
    """Name the tables whose rows belong to a workspace."""
    for name, table in Row.metadata.tables.items():
        if "workspace_id" in table.c:
            yield name


async def test_each_workspace_is_told_what_is_its_own(database_url: str) -> None:
    async with shared(database_url) as among:
        await filled(among)
        for _ in range(8 * 24):
            among.home.clock.advance(timedelta(hours=1))
            await among.bot.scheduler.beat()

        for workspace, word, other in (
            (among.home, b"homeword", b"awayword"),
            (among.away, b"awayword", b"homeword"),
        ):
            raw = b"".join(sent.body for sent in workspace.sent)
            assert (word in raw, other in raw) == (True, False)


async def test_removing_the_bot_ends_all_that_was_stored(database_url: str) -> None:
    async with shared(database_url) as among:
        await filled(among)
        theirs = {name: among.rows(name, 2) for name in owned()}
        among.home.clock.advance(60 * SECOND)
        gone = await among.home.uninstall()
        after = await among.home.command(STAFF, "C0PUBLIC", "/briefings")
        again = await among.home.uninstall()

        assert (gone.status, after.status, again.status) == (200, 403, 403)
        assert {name: among.rows(name, 1) for name in owned()} == {name: [] for name in owned()}
        assert [row[0] for row in among.rows("workspaces")] == [AWAY]
        assert {name: among.rows(name, 2) for name in owned()} == theirs
        await among.bot.scheduler.beat()
        said = await among.story(among.away).says(STAFF, "/briefings", "C0PUBLIC")
        assert "awayword" in said


async def test_no_token_stands_in_the_database_or_the_log(
    sqlite_url: str, caplog: pytest.LogCaptureFixture
) -> None:
    listen(caplog)
    async with shared(sqlite_url) as among:
        await filled(among)
        tokens = [among.home.bot_token, among.away.bot_token, among.home.installation.client_secret]
        stored = json.dumps(among.rows("installations"), default=str)
        sealed = [row[0] for row in among.rows("installations")]

    raw = bytes_of(sqlite_url)
    for token in tokens:
        assert token not in stored
        assert token.encode() not in raw
    assert all(token.encode() in raw for token in sealed)  # the control
    assert not any(token in caplog.text for token in tokens)


def bytes_of(url: str) -> bytes:
    """Read a SQLite file as a thief would, without what was deleted."""
    path = Path(url.removeprefix("sqlite:///"))
    with contextlib.closing(sqlite3.connect(path)) as database:
        database.execute("VACUUM")
    return path.read_bytes()


async def test_a_key_is_replaced_by_naming_the_new_one_first(sqlite_url: str) -> None:
    async with shared(sqlite_url) as among:
        await filled(among)
    async with shared(sqlite_url, NEWER, KEY) as among:
        assert "awayword" in await among.story(among.away).says(STAFF, "/briefings", "C0PUBLIC")
    async with shared(sqlite_url, NEWER) as among:
        assert "homeword" in await among.story(among.home).says(STAFF, "/briefings", "C0PUBLIC")


async def test_with_a_lost_key_nobody_is_served_and_the_log_says_so(
    sqlite_url: str, caplog: pytest.LogCaptureFixture
) -> None:
    async with shared(sqlite_url) as among:
        await filled(among)
    async with shared(sqlite_url, NEWER) as among:
        assert (await among.home.command(STAFF, "C0PUBLIC", "/briefings")).status == 403
        assert "2 of 2" in caplog.text
        await among.install(among.home)
        assert "homeword" in await among.story(among.home).says(STAFF, "/briefings", "C0PUBLIC")


async def test_without_the_database_who_was_known_is_served_and_others_are_to_come_again(
    sqlite_url: str,
) -> None:
    async with shared(sqlite_url) as among:
        await filled(among)
    async with shared(sqlite_url) as among:
        await among.home.command(STAFF, "C0PUBLIC", "/briefings")
        with contextlib.closing(sqlite3.connect(sqlite_url.removeprefix("sqlite:///"))) as file:
            file.execute("ALTER TABLE installations RENAME TO elsewhere")
        known = await among.home.command(STAFF, "C0PUBLIC", "/briefings")
        unknown = await among.away.command(STAFF, "C0PUBLIC", "/briefings")

        assert (known.status, unknown.status) == (200, 503)
