"""The only reader of the environment: every setting, checked at once when the bot starts."""

import os
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from dotenv import dotenv_values

from storage.database import sqlalchemy_url

SLACK = "https://slack.com/api/"
DATABASE = "sqlite:///convene.sqlite3"
LISTEN = ("127.0.0.1", 3000)
DATABASES = ("sqlite:///", "postgresql://", "postgres://", "postgresql+psycopg://")
APPS = "api.slack.com/apps > your app"


class Misconfigured(Exception):  # noqa: N818 -- what somebody has to mend, in sentences
    """Settings are missing or wrong: one sentence for each, with the way to mend it."""

    def __init__(self, faults: list[str]) -> None:
        super().__init__("\n".join(faults))
        self.faults = faults


@dataclass(frozen=True)
class Settings:
    """What the bot needs to know before it starts. Nothing here is ever printed.

    *database_url* and *listen* are empty where nothing was said: DATABASE and LISTEN then hold,
    or, in the local workspace, a database that lasts as long as the process and any free port.
    """

    bot_token: str
    app_token: str
    signing_secret: str
    slack_api_url: str
    database_url: str
    listen: tuple[str, int] | None
    first_admin: str = ""

    @property
    def is_local(self) -> bool:
        """Whether there are no Slack tokens: the bot then runs in its own local workspace."""
        return not (self.bot_token or self.app_token or self.signing_secret)

    @property
    def uses_socket(self) -> bool:
        """Whether Slack is reached by Socket Mode, so that no port needs to be open."""
        return bool(self.app_token)

    def __repr__(self) -> str:
        return "Settings(…)"


@dataclass(frozen=True)
class _Setting:
    name: str
    default: str
    fault: Callable[[str], str | None]


def read(environment: Mapping[str, str] | None = None, file: Path = Path(".env")) -> Settings:
    """Read the environment, and *file* for what it does not say.

    Raises Misconfigured with every fault at once; no fault repeats a value.
    """
    given: dict[str, str] = {}
    spoken = os.environ if environment is None else environment
    for name, value in {**dotenv_values(file), **spoken}.items():
        given[name] = (value or "").strip()
    values = {setting.name: given.get(setting.name) or setting.default for setting in SETTINGS}
    faults = [
        f"{setting.name} {fault}"
        for setting in SETTINGS
        if (fault := setting.fault(values[setting.name])) is not None
    ]
    faults += _together(values)
    if faults:
        raise Misconfigured(faults)
    return Settings(
        values["SLACK_BOT_TOKEN"],
        values["SLACK_APP_TOKEN"],
        values["SLACK_SIGNING_SECRET"],
        values["SLACK_API_URL"],
        values["DATABASE_URL"],
        _address(values["LISTEN"]),
        values["BOOTSTRAP_ADMIN"],
    )


def _address(listen: str) -> tuple[str, int] | None:
    host, _, port = listen.rpartition(":")
    return (host.strip("[]"), int(port)) if listen else None


def _together(values: Mapping[str, str]) -> list[str]:
    bot, app = values["SLACK_BOT_TOKEN"], values["SLACK_APP_TOKEN"]
    secret = values["SLACK_SIGNING_SECRET"]
    faults = []
    if (app or secret) and not bot:
        faults.append(
            "SLACK_BOT_TOKEN is missing. It starts with xoxb-; "
            f"find it at {APPS} > OAuth & Permissions."
        )
    if bot and not app and not secret:
        faults.append(
            "SLACK_APP_TOKEN or SLACK_SIGNING_SECRET is missing. For Socket Mode make an app-level "
            f"token (xapp-, scope connections:write) at {APPS} > Basic Information > App-Level "
            f"Tokens; for HTTP copy the signing secret from {APPS} > Basic Information."
        )
    return faults


def _token(prefix: str, where: str) -> Callable[[str], str | None]:
    def fault(value: str) -> str | None:
        if not value or value.startswith(prefix):
            return None
        kind = value[:5] if re.match(r"xox[a-z]-|xapp-", value) else "something else"
        return (
            f"should start with {prefix} but starts with {kind} ({len(value)} characters). "
            f"Copy it again from {APPS} > {where}."
        )

    return fault


def _secret(value: str) -> str | None:
    if not value or (len(value) >= 16 and value.isalnum() and value.isascii()):
        return None
    return (
        f"does not look like a signing secret ({len(value)} characters; expected at least 16 "
        f"letters and digits). Copy it again from {APPS} > Basic Information."
    )


def _api(value: str) -> str | None:
    try:
        url = urlsplit(value)
    except ValueError:
        url = urlsplit("")
    loopback = url.hostname in {"127.0.0.1", "::1", "localhost"}
    safe = url.scheme == "https" or (url.scheme == "http" and loopback)
    if url.hostname and safe and value.endswith("/"):
        return None
    return (
        f"should be an https address that ends with a slash. Leave it out for Slack's own, {SLACK}"
    )


def _database(value: str) -> str | None:
    if not value or (value.startswith(DATABASES) and _names_a_database(value)):
        return None
    return (
        "should start with sqlite:/// (a file on this machine) or postgresql:// . "
        "Example: sqlite:///convene.sqlite3"
    )


def _names_a_database(value: str) -> bool:
    try:
        url = sqlalchemy_url(value)
    except ValueError:
        return False
    # In memory every connection would have a database of its own.
    return url.database not in {None, "", ":memory:"}


def _listen(value: str) -> str | None:
    host, _, port = value.rpartition(":")
    if not value or (host and port.isascii() and port.isdigit() and int(port) < 65536):
        return None
    return "should be host:port. Example: 0.0.0.0:3000"


def _user(value: str) -> str | None:
    if not value or re.fullmatch("[UW][A-Z0-9]{2,}", value):
        return None
    return "should be a Slack user id, such as U0123ABCD: your profile, More, Copy member ID."


SETTINGS = (
    _Setting("SLACK_BOT_TOKEN", "", _token("xoxb-", "OAuth & Permissions")),
    _Setting("SLACK_APP_TOKEN", "", _token("xapp-", "Basic Information > App-Level Tokens")),
    _Setting("SLACK_SIGNING_SECRET", "", _secret),
    _Setting("SLACK_API_URL", SLACK, _api),
    _Setting("DATABASE_URL", "", _database),
    _Setting("LISTEN", "", _listen),
    _Setting("BOOTSTRAP_ADMIN", "", _user),
)
