"""Every setting is checked at once, and no fault repeats what was set."""

import itertools
import re
from collections.abc import Mapping
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot import settings
from bot.settings import Misconfigured, Settings

ROOT = Path(__file__).parent.parent.parent
SOCKET = {"SLACK_BOT_TOKEN": "xoxb-1-a", "SLACK_APP_TOKEN": "xapp-1-b"}
HTTP = {"SLACK_BOT_TOKEN": "xoxb-1-a", "SLACK_SIGNING_SECRET": "0123456789abcdef" * 2}
MANY = {
    "SLACK_SIGNING_SECRET": "0123456789abcdef" * 2,
    "SLACK_CLIENT_ID": "123.456",
    "SLACK_CLIENT_SECRET": "fedcba9876543210" * 2,
    "PUBLIC_URL": "https://convene.example/",
    "TOKEN_KEYS": f"{'A' * 43}= {'_' * 43}=",
}
NAMES = [setting.name for setting in settings.SETTINGS]


def read(environment: Mapping[str, str], file: Path = Path("/nonexistent")) -> Settings:
    return settings.read(environment, file)


def faults(environment: Mapping[str, str]) -> list[str]:
    with pytest.raises(Misconfigured) as wrong:
        read(environment)
    return wrong.value.faults


def test_without_tokens_the_bot_runs_in_its_own_workspace() -> None:
    found = read({})

    assert (found.is_local, found.uses_socket) == (True, False)
    assert (found.slack_api_url, found.database_url, found.listen) == (settings.SLACK, "", None)


def test_an_app_token_means_socket_mode() -> None:
    found = read(SOCKET)

    assert (found.is_local, found.uses_socket, found.bot_token) == (False, True, "xoxb-1-a")


def test_a_signing_secret_means_http() -> None:
    found = read({**HTTP, "LISTEN": "0.0.0.0:3000"})

    assert (found.is_local, found.uses_socket) == (False, False)
    assert found.listen == ("0.0.0.0", 3000)  # noqa: S104 -- read, not bound


def test_a_client_id_means_many_workspaces() -> None:
    found = read(MANY)

    assert (found.serves_many, found.is_local, found.uses_socket) == (True, False, False)
    assert found.public_url == "https://convene.example"
    assert found.token_keys == ("A" * 43 + "=", "_" * 43 + "=")
    assert not read(HTTP).serves_many


@pytest.mark.parametrize("name", MANY)
def test_for_many_workspaces_all_of_it_is_needed(name: str) -> None:
    (told,) = faults({key: value for key, value in MANY.items() if key != name})

    assert told.startswith(f"{name} is missing")


@pytest.mark.parametrize(
    "alone",
    [{"SLACK_BOT_TOKEN": "xoxb-1"}, {"SLACK_APP_TOKEN": "xapp-1"}, {"BOOTSTRAP_ADMIN": "U0ANA"}],
)
def test_what_is_for_one_workspace_does_not_go_with_many(alone: Mapping[str, str]) -> None:
    (told,) = faults({**MANY, **alone})

    assert told.startswith(f"{next(iter(alone))} is for one workspace alone")


def test_every_fault_is_told_at_once() -> None:
    told = faults(
        {
            "SLACK_BOT_TOKEN": "xoxp-1",
            "SLACK_APP_TOKEN": "nonsense",
            "SLACK_SIGNING_SECRET": "short",
            "SLACK_API_URL": "http://slack.example/api/",
            "DATABASE_URL": "mysql://host/name",
            "LISTEN": "3000",
            "BOOTSTRAP_ADMIN": "@dana",
            "SLACK_CLIENT_ID": "mine",
            "SLACK_CLIENT_SECRET": "short",
            "PUBLIC_URL": "http://convene.example",
            "TOKEN_KEYS": "short",
        }
    )

    # Then come those that do not go together.
    assert [fault.split()[0] for fault in told][: len(NAMES)] == NAMES
    assert "starts with xoxp- (6 characters)" in told[0]
    assert "starts with something else (8 characters)" in told[1]


@pytest.mark.parametrize(
    ("given", "missing"),
    [
        ({"SLACK_APP_TOKEN": "xapp-1"}, "SLACK_BOT_TOKEN is missing"),
        ({"SLACK_SIGNING_SECRET": "a" * 32}, "SLACK_BOT_TOKEN is missing"),
        ({"SLACK_BOT_TOKEN": "xoxb-1"}, "SLACK_APP_TOKEN or SLACK_SIGNING_SECRET is missing"),
    ],
)
def test_what_is_missing_is_named_with_where_to_find_it(
    given: Mapping[str, str], missing: str
) -> None:
    told = faults(given)

    assert len(told) == 1
    assert told[0].startswith(missing)
    assert "api.slack.com/apps" in told[0]


@pytest.mark.parametrize(
    ("name", "value"),
    [
        *itertools.product(
            ["SLACK_API_URL"],
            [
                "https://slack.com/api",
                "https://",
                "https:///",
                "ftp://a/",
                "http://[x/",
                "http://a.b/",
            ],
        ),
        *itertools.product(
            ["DATABASE_URL"],
            [
                "sqlite://",
                "sqlite:///",
                "sqlite:///:memory:",
                "postgresql://u:p@h:port/n",
                "postgresql://",
                "file.sqlite3",
            ],
        ),
        *itertools.product(["LISTEN"], ["3000", ":3000", "host:", "host:99999", "host:٣", "a:b"]),
        *itertools.product(["SLACK_SIGNING_SECRET"], ["0123456789abcde", "0123456789abcdef!"]),
        *itertools.product(["SLACK_CLIENT_ID"], ["123", "1.2.3", "A.B"]),
        *itertools.product(["PUBLIC_URL"], ["convene.example", "https://", "http://a.b"]),
        *itertools.product(["TOKEN_KEYS"], ["A" * 43, "A" * 44, f"{'A' * 43}= short", "é" * 22]),
    ],
)
def test_what_cannot_work_is_told_before_the_bot_starts(name: str, value: str) -> None:
    others = MANY if name in MANY else SOCKET

    assert [fault.split()[0] for fault in faults({**others, name: value})] == [name]


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("SLACK_API_URL", "https://slack-gov.com/api/"),
        ("SLACK_API_URL", "http://127.0.0.1:3001/api/"),
        ("SLACK_API_URL", "http://[::1]:3001/api/"),
        ("DATABASE_URL", "sqlite:////var/lib/convene.sqlite3"),
        ("DATABASE_URL", "postgres://ana:p%40ss@host:5432/name"),
        ("LISTEN", "[::1]:0"),
    ],
)
def test_what_can_work_is_taken(name: str, value: str) -> None:
    read({**SOCKET, name: value})


def test_an_address_of_version_six_loses_its_brackets() -> None:
    assert read({"LISTEN": "[::1]:3000"}).listen == ("::1", 3000)


@given(
    st.dictionaries(
        st.sampled_from(NAMES), st.sampled_from(["", "xox", "xapp", "xoxb", "https://"])
    )
)
def test_no_fault_repeats_a_value(prefixes: dict[str, str]) -> None:
    canary = "S3CRETcanary"
    given = {name: f"{prefix}{canary}!" for name, prefix in prefixes.items()}
    given["LISTEN"] = canary

    told = "\n".join(faults(given))

    assert not any(canary[:length] in told for length in range(2, len(canary)))


def test_settings_are_never_printed() -> None:
    found = read({**HTTP, "DATABASE_URL": "postgresql://ana:tr0ub4dor@host/name"})

    shown = f"{found!r} {found} {[found]}"

    assert not any(secret in shown for secret in (*HTTP.values(), "tr0ub4dor"))
    assert not any(secret in f"{read(MANY)!r}" for secret in MANY.values())


def test_a_file_is_read_however_it_quotes(tmp_path: Path) -> None:
    file = tmp_path / ".env"
    file.write_text(
        "# a comment\n"
        'SLACK_BOT_TOKEN="xoxb-1-a"\n'
        "export SLACK_APP_TOKEN='xapp-1-b'  # why\n"
        "LISTEN = 127.0.0.1:3001 \r\n"
        "DATABASE_URL=\n",
        encoding="utf-8",
    )

    found = read({}, file)

    assert (found.bot_token, found.app_token) == ("xoxb-1-a", "xapp-1-b")
    assert (found.listen, found.database_url) == (("127.0.0.1", 3001), "")


def test_the_environment_goes_before_the_file(tmp_path: Path) -> None:
    file = tmp_path / ".env"
    file.write_text("LISTEN=127.0.0.1:1\n", encoding="utf-8")

    assert read({"LISTEN": "127.0.0.1:2"}, file).listen == ("127.0.0.1", 2)


def test_spaces_around_a_value_do_not_matter() -> None:
    assert read({name: f"  {value}\n" for name, value in SOCKET.items()}) == read(SOCKET)


def test_only_what_is_given_counts_even_when_it_is_nothing(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("SLACK_BOT_TOKEN", "xoxb-1-a")
    monkeypatch.setenv("SLACK_APP_TOKEN", "xapp-1-b")

    assert read({}).is_local
    assert not settings.read(file=Path("/nonexistent")).is_local


def test_the_example_names_every_setting_and_works_as_it_is() -> None:
    example = ROOT / ".env.example"
    named = re.findall(r"^([A-Z_]+)=", example.read_text(encoding="utf-8"), re.MULTILINE)

    assert named == NAMES
    assert read({}, example).is_local
