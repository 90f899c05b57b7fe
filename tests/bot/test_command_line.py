"""The command line: every word works, helps, and says in sentences what somebody has to mend."""

import contextlib
import json
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import threading
import time
import urllib.request
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from click.testing import CliRunner, Result

from bot import demo, settings
from bot.__main__ import cli
from bot.settings import Settings
from bot.workspace import Clock
from storage import schema
from storage.database import Database
from storage.models import Organisation, Person
from tests.factories import seeing_all
from tests.storage.test_schema import downgrade
from tests.test_house import ROOT

HEAVY = (
    "sqlalchemy",
    "slack_bolt",
    "slack_sdk",
    "alembic",
    "apscheduler",
    "starlette",
    "aiohttp",
    "psycopg",
    "procrastinate",
)
PARTS = (["web"], ["worker"])
WORDS: tuple[list[str], ...] = (
    *([], ["run"], ["manifest"], ["db"], ["db", "upgrade"], ["load"]),
    *PARTS,
)
HEADERS = {"X-Convene-Page": "1", "Content-Type": "application/json"}


@pytest.fixture(autouse=True)
def elsewhere(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Work in an empty folder, with no settings."""
    monkeypatch.chdir(tmp_path)
    for setting in settings.SETTINGS:
        monkeypatch.delenv(setting.name, raising=False)


def said(*words: str) -> Result:
    return CliRunner().invoke(cli, words)


def failed(result: Result) -> str:
    """Check that it was refused in sentences; give them."""
    assert (result.exit_code, result.stdout) == (2, "")
    assert all(line.startswith("error") for line in result.stderr.splitlines())
    return result.stderr


def counted(url: str) -> tuple[int, int]:
    """Count the organisations and people stored."""
    database = Database(url)
    with seeing_all(database) as session:
        counts = [
            session.scalar(sa.select(sa.func.count()).select_from(model)) or 0
            for model in (Organisation, Person)
        ]
    database.close()
    return counts[0], counts[1]


@pytest.mark.parametrize("words", WORDS, ids=" ".join)
def test_help_is_there_for_every_word(words: list[str]) -> None:
    result = said(*words, "--help")

    assert result.exit_code == 0
    assert result.stdout.startswith("Usage: ")


def test_help_imports_nothing_heavy() -> None:
    code = (
        "import sys\nfrom click.testing import CliRunner\nfrom bot.__main__ import cli\n"
        f"for words in {WORDS!r}:\n    assert CliRunner().invoke(cli, [*words, '--help']).output\n"
        f"print([name for name in {HEAVY!r} if name in sys.modules])"
    )

    # Its own process: in this one everything has been imported.
    done = subprocess.run(  # noqa: S603 -- our own words
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True
    )

    assert done.stdout.strip() == "[]"


def test_the_benchmark_is_there_in_a_checkout_and_elsewhere_says_where_it_is(
    tmp_path: Path,
) -> None:
    def bench(**where: str) -> "subprocess.CompletedProcess[str]":
        measuring = [sys.executable, "-m", "bot", "bench", "--help"]
        return subprocess.run(measuring, capture_output=True, text=True, check=False, env=where)  # noqa: S603 -- our own words

    shutil.copytree(ROOT / "bot", tmp_path / "away" / "bot")

    here, elsewhere = bench(PYTHONPATH=str(ROOT)), bench(PYTHONPATH=str(tmp_path / "away"))

    assert (here.returncode, "--check" in here.stdout) == (0, True)
    assert (elsewhere.returncode, elsewhere.stdout) == (2, "")
    assert elsewhere.stderr.startswith("error: What measures the bot is kept with its code")


def test_the_manifest_is_printed_as_json_for_either_transport() -> None:
    socket_mode = json.loads(said("manifest").stdout)
    http = json.loads(said("manifest", "--url", "https://convene.example.org").stdout)

    assert socket_mode["settings"]["socket_mode_enabled"]
    assert http["settings"]["interactivity"]["request_url"].endswith("/slack/events")


@pytest.mark.parametrize("url", ["http://convene.example.org", "convene.example.org", "https://"])
def test_an_address_slack_would_not_take_is_refused(url: str) -> None:
    result = said("manifest", "--url", url)

    assert (result.exit_code, result.stdout) == (2, "")
    assert "https" in result.stderr


def test_upgrading_twice_is_upgrading_once(
    monkeypatch: pytest.MonkeyPatch, database_url: str
) -> None:
    monkeypatch.setenv("DATABASE_URL", database_url)
    database = Database(database_url)
    downgrade(database)
    empty = schema.present(database)

    results = [said("db", "upgrade"), said("db", "upgrade")]

    assert empty is None
    assert [result.output for result in results] == [
        f"The database is at revision {schema.needed()}.\n"
    ] * 2
    assert schema.present(database) == schema.needed()
    database.close()


def test_after_a_restored_backup_it_says_how_much_is_to_be_looked_for(
    monkeypatch: pytest.MonkeyPatch, database_url: str
) -> None:
    monkeypatch.setenv("DATABASE_URL", database_url)

    done = said("db", "reconcile", "--since", "2026-11-26T08:00:00")
    unread = said("db", "reconcile", "--since", "yesterday")

    assert done.output == "Messages to look for before they are sent: 0.\n"
    assert (unread.exit_code, "does not match the formats" in unread.output) == (2, True)


def test_the_coalition_is_loaded_and_loaded_again(
    monkeypatch: pytest.MonkeyPatch, database_url: str
) -> None:
    monkeypatch.setenv("DATABASE_URL", database_url)

    first = said("load", str(demo.COALITION), "--team", "T0CONVENE")
    counts = counted(database_url)
    second = said("load", str(demo.COALITION), "--team", "T0CONVENE")

    assert (first.exit_code, second.exit_code) == (0, 0)
    assert re.match(r"Loaded \d+ organisations?, .*; [1-9]\d* rows are new, 0 ", first.stdout)
    assert "0 rows are new, 0 have changed" in second.stdout
    assert counted(database_url) == counts != (0, 0)


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"name = ", "The file is not TOML"),
        (b"name = '\xff'", "The file is not text in UTF-8"),
        (b"nonsense = 1", "nonsense"),
        (b"", "name"),
    ],
)
def test_a_broken_file_is_refused_in_sentences_and_nothing_is_stored(
    tmp_path: Path, content: bytes, sentence: str
) -> None:
    file = tmp_path / "coalition.toml"
    file.write_bytes(content)

    assert sentence in failed(said("load", str(file), "--team", "T0CONVENE"))
    assert counted(settings.DATABASE) == (0, 0)


def test_every_fault_of_the_settings_is_told_at_once_and_no_value(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    given = {
        "SLACK_BOT_TOKEN": "xoxp-hush-hush",
        "SLACK_APP_TOKEN": "hush",
        "SLACK_SIGNING_SECRET": "hush!",
        "SLACK_API_URL": "http://hush.example.org",
        "DATABASE_URL": "mysql://hush:hush@hush/hush",
        "LISTEN": "hush",
    }
    for name, value in given.items():
        monkeypatch.setenv(name, value)

    told = failed(said("run"))

    assert [line.split()[4] for line in told.splitlines()] == list(given)
    assert told.startswith(f"error (1 of {len(given)}): ")
    assert "hush" not in told


@pytest.mark.parametrize("name", ["SLACK_BOT_TOKEN", "SLACK_APP_TOKEN", "SLACK_SIGNING_SECRET"])
def test_beside_any_of_slacks_secrets_the_local_workspace_does_not_start(
    monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    secrets = {"SLACK_BOT_TOKEN": "xoxb-1", "SLACK_APP_TOKEN": "xapp-1"}
    monkeypatch.setenv(name, secrets.get(name, "0123456789abcdef"))

    assert "is missing" in failed(said("run"))


async def test_nobody_can_start_it_beside_them_either() -> None:
    real = Settings("xoxb-1", "xapp-1", "", settings.SLACK, "", None)

    with pytest.raises(demo.NotLocal, match="does not start beside Slack's tokens"):
        async with demo.running_local(real, 0, print):
            pytest.fail("It started.")


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "192.0.2.1", "example.org"])  # noqa: S104
def test_the_local_workspace_is_for_this_machine_only(
    monkeypatch: pytest.MonkeyPatch, host: str
) -> None:
    monkeypatch.setenv("LISTEN", f"{host}:3000")

    assert "this machine only" in failed(said("run"))


async def test_the_workspace_itself_refuses_another_address(coalition: dict[str, Any]) -> None:
    made = demo.populated(coalition, Clock())

    with pytest.raises(ValueError, match="this machine only"):
        async with made.serving(host="0.0.0.0"):  # noqa: S104 -- it must not
            pytest.fail("It is served.")


@pytest.mark.parametrize("which", ["page", "LISTEN"])
def test_a_port_in_use_is_told(monkeypatch: pytest.MonkeyPatch, which: str) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        if which == "LISTEN":
            monkeypatch.setenv("LISTEN", f"127.0.0.1:{port}")
        result = said("run", "--port", str(port) if which == "page" else "0")

    expected = (
        f"error: Something else listens on 127.0.0.1:{port}; choose another port "
        "(--port for the page, LISTEN for the bot).\n"
    )
    assert failed(result) == expected


def test_a_port_that_is_none_is_told() -> None:
    result = said("run", "--port", "65536")

    assert result.exit_code == 2
    assert "0<=x<=65535" in result.stderr


@pytest.mark.parametrize(
    "url", ["sqlite:////no/such/folder/convene.sqlite3", "postgresql://127.0.0.1:9/nothing"]
)
@pytest.mark.parametrize("words", ["run --port 0", "db upgrade", "load coalition.toml --team T0"])
def test_a_database_that_is_away_is_told(
    monkeypatch: pytest.MonkeyPatch, url: str, words: str
) -> None:
    Path("coalition.toml").write_text("", encoding="utf-8")
    monkeypatch.setenv("DATABASE_URL", url)

    told = failed(said(*words.split()))

    assert told == "error: The database cannot be reached; check DATABASE_URL.\n"


@pytest.mark.parametrize("words", [["run", "--port", "0"], ["db", "upgrade"]])
def test_a_database_of_a_newer_version_is_told(
    monkeypatch: pytest.MonkeyPatch, sqlite_url: str, words: list[str]
) -> None:
    with sa.create_engine(sqlite_url).begin() as connection:
        connection.exec_driver_sql("UPDATE alembic_version SET version_num = '9999'")
    monkeypatch.setenv("DATABASE_URL", sqlite_url)

    assert "A newer version of Convene made this database" in failed(said(*words))


def test_postgresql_without_its_driver_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgresql://127.0.0.1:9/nothing")
    monkeypatch.setitem(sys.modules, "psycopg", None)

    assert "pip install 'convene[postgres]'" in failed(said("db", "upgrade"))


@pytest.mark.parametrize("words", PARTS)
def test_many_processes_need_slacks_tokens(words: list[str]) -> None:
    assert "`python -m bot run` alone" in failed(said(*words))


@pytest.mark.parametrize("words", PARTS)
def test_many_processes_need_a_database_they_can_share(
    monkeypatch: pytest.MonkeyPatch, words: list[str]
) -> None:
    monkeypatch.setenv("SLACK_BOT_TOKEN", "xoxb-1")
    monkeypatch.setenv("SLACK_APP_TOKEN", "xapp-1")

    assert "has to name a PostgreSQL" in failed(said(*words))


def test_another_module_that_is_missing_is_no_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "storage.database", None)

    assert isinstance(said("db", "upgrade").exception, ModuleNotFoundError)


def test_slack_that_cannot_be_reached_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SLACK_BOT_TOKEN", "xoxb-1")
    monkeypatch.setenv("SLACK_APP_TOKEN", "xapp-1")
    monkeypatch.setenv("SLACK_API_URL", "http://127.0.0.1:9/api/")

    assert "Slack cannot be reached" in failed(said("run"))


@contextlib.contextmanager
def started(*words: str, **environment: str) -> Iterator[tuple[subprocess.Popen[str], str, float]]:
    """Run the bot as people do; give the process, the page's address and how long that took."""
    begun = time.monotonic()
    plain = {k: v for k, v in os.environ.items() if not k.startswith("COV_")}
    process = subprocess.Popen(  # noqa: S603 -- our own words
        [sys.executable, "-m", "bot", "run", "--port", "0", *words],
        cwd=Path.cwd(),
        env={**plain, "PYTHONPATH": str(ROOT), **environment},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    try:
        assert process.stdout is not None
        line = next((line for line in process.stdout if "Open http" in line), "")
        yield process, line.split("Open ")[1].strip(), time.monotonic() - begun
    finally:
        process.kill()
        process.wait()
        process.stdout.close()  # type: ignore[union-attr]


def act(page: str, **deed: Any) -> Any:
    body = json.dumps({"user": "U0PRIYA", "place": "C0ANNOUNCE", **deed}).encode()
    request = urllib.request.Request(f"{page}/page/api/act", body, HEADERS)  # noqa: S310 -- loopback
    with urllib.request.urlopen(request, timeout=10) as answer:  # noqa: S310 -- loopback
        return json.load(answer)


def state(page: str) -> Any:
    address = f"{page}/page/api/state?user=U0PRIYA&place=C0ANNOUNCE"
    with urllib.request.urlopen(address, timeout=10) as answer:  # noqa: S310 -- loopback
        return json.load(answer)


@pytest.mark.parametrize("told", [signal.SIGTERM, signal.SIGINT])
def test_it_serves_the_page_answers_and_ends_when_told(told: signal.Signals) -> None:
    with ThreadPoolExecutor(1) as clicks, started() as (process, page, took):
        answered = act(page, kind="command", text="/briefings")
        messages = state(page)["messages"]
        act(page, kind="fault", method="views.publish", fault="hang")
        clicks.submit(act, page, kind="open_home")
        while not any(sent["method"] == "views.publish" for sent in state(page)["sent"]):
            time.sleep(0.02)
        begun = time.monotonic()
        process.send_signal(told)
        code = process.wait(timeout=20)
        ended = time.monotonic() - begun
        left = process.stdout.read() if process.stdout else ""

    assert answered["ok"]
    assert "Upcoming briefings" in messages[-1]["text"]
    assert (code, "Traceback" in left, "WARNING" in left) == (0, False, False)
    assert took < 5
    assert ended < 10


def test_it_runs_in_the_foreground_until_it_is_told_to_end() -> None:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    finished = threading.Event()

    def end() -> None:
        while not finished.wait(0.5):
            with contextlib.suppress(OSError):
                if act(f"http://127.0.0.1:{port}", kind="command", text="/briefings")["ok"]:
                    os.kill(os.getpid(), signal.SIGTERM)

    # One that comes before the bot listens for it is not for the whole of the tests.
    before = signal.signal(signal.SIGTERM, lambda *_: None)
    try:
        with ThreadPoolExecutor(1) as other:
            other.submit(end)
            result = said("run", "--port", str(port))
            finished.set()
    finally:
        signal.signal(signal.SIGTERM, before)

    assert result.exit_code == 0
    assert result.stdout == (f"Convene runs in its local workspace. Open http://127.0.0.1:{port}\n")


def test_told_to_end_while_it_starts_it_ends(monkeypatch: pytest.MonkeyPatch) -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent, ThreadPoolExecutor(1) as other:
        monkeypatch.setenv("SLACK_BOT_TOKEN", "xoxb-1")
        monkeypatch.setenv("SLACK_APP_TOKEN", "xapp-1")
        address = f"http://127.0.0.1:{silent.getsockname()[1]}/api/"
        monkeypatch.setenv("SLACK_API_URL", address)

        def end() -> socket.socket:
            connection, _ = silent.accept()  # it waits for Slack from now on
            os.kill(os.getpid(), signal.SIGTERM)
            return connection

        connected = other.submit(end)
        result = said("run")
        connected.result().close()

    assert (result.exit_code, result.output) == (0, "")


def test_what_was_said_stays_where_a_database_is_named(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path}/kept.sqlite3"
    counts = []
    for _ in range(2):
        with started(DATABASE_URL=url) as (process, page, _):
            assert state(page)["coalition"]["name"]
            process.send_signal(signal.SIGTERM)
            assert process.wait(timeout=15) == 0
        counts.append(counted(url))

    assert counts[0] == counts[1] != (0, 0)


@pytest.mark.parametrize("team", ["foo", "t0123456", "E0123456", ""])
def test_a_file_is_loaded_for_a_team_only(team: str) -> None:
    result = said("load", str(demo.COALITION), "--team", team)

    assert result.exit_code == 2
    assert "begins with T" in result.output
