"""The only reader of the environment: every setting, checked at once when the bot starts."""

import base64
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
FOR_MANY = ("SLACK_CLIENT_ID", "SLACK_CLIENT_SECRET", "TOKEN_KEYS")
MANY = (*FOR_MANY, "PUBLIC_URL")
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
    client_id: str = ""
    client_secret: str = ""
    public_url: str = ""
    token_keys: tuple[str, ...] = ()

    @property
    def is_local(self) -> bool:
        """Whether there are no Slack tokens: the bot then runs in its own local workspace."""
        return not (self.bot_token or self.app_token or self.signing_secret)

    @property
    def serves_many(self) -> bool:
        """Whether workspaces install the bot themselves, instead of one whose token is here."""
        return bool(self.client_id)

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
        values["SLACK_CLIENT_ID"],
        values["SLACK_CLIENT_SECRET"],
        values["PUBLIC_URL"].rstrip("/"),
        tuple(values["TOKEN_KEYS"].split()),
    )


def _address(listen: str) -> tuple[str, int] | None:
    host, _, port = listen.rpartition(":")
    return (host.strip("[]"), int(port)) if listen else None


def _together(values: Mapping[str, str]) -> list[str]:
    if any(values[name] for name in FOR_MANY):
        return _many(values)
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


def _many(values: Mapping[str, str]) -> list[str]:
    needed = (*MANY, "SLACK_SIGNING_SECRET")
    faults = [
        f"{name} is missing. For many workspaces all of {', '.join(needed)} are needed; for one, "
        f"none of {', '.join(FOR_MANY)}."
        for name in needed
        if not values[name]
    ]
    faults += [
        f"{name} is for one workspace alone. Remove it; for many, each has a token of its own."
        for name in ("SLACK_BOT_TOKEN", "SLACK_APP_TOKEN", "BOOTSTRAP_ADMIN")
        if values[name]
    ]
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


def _secret(kind: str) -> Callable[[str], str | None]:
    def fault(value: str) -> str | None:
        if not value or (len(value) >= 16 and value.isalnum() and value.isascii()):
            return None
        return (
            f"does not look like {kind} ({len(value)} characters; expected at least 16 letters "
            f"and digits). Copy it again from {APPS} > Basic Information."
        )

    return fault


def _api(value: str) -> str | None:
    if _is_safe(value) and value.endswith("/"):
        return None
    return (
        f"should be an https address that ends with a slash. Leave it out for Slack's own, {SLACK}"
    )


def _is_safe(value: str) -> bool:
    try:
        url = urlsplit(value)
    except ValueError:
        return False
    loopback = url.hostname in {"127.0.0.1", "::1", "localhost"}
    return bool(url.hostname) and (url.scheme == "https" or (url.scheme == "http" and loopback))


def _client_id(value: str) -> str | None:
    if not value or re.fullmatch(r"\d+\.\d+", value):
        return None
    return f"should be two numbers with a dot between: {APPS} > Basic Information > Client ID."


def _public(value: str) -> str | None:
    if not value or _is_safe(value):
        return None
    return "should be the https address at which Slack and browsers reach the bot."


def _keys(value: str) -> str | None:
    if all(_is_key(key) for key in value.split()):
        return None
    return (
        "should be one key or several with spaces between, the newest first. Make one: "
        "openssl rand -base64 32 | tr '+/' '-_'"
    )


def _is_key(key: str) -> bool:
    try:
        return len(base64.urlsafe_b64decode(key.encode())) == 32
    except ValueError:
        return False


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
    _Setting("SLACK_SIGNING_SECRET", "", _secret("a signing secret")),
    _Setting("SLACK_API_URL", SLACK, _api),
    _Setting("DATABASE_URL", "", _database),
    _Setting("LISTEN", "", _listen),
    _Setting("BOOTSTRAP_ADMIN", "", _user),
    _Setting("SLACK_CLIENT_ID", "", _client_id),
    _Setting("SLACK_CLIENT_SECRET", "", _secret("a client secret")),
    _Setting("PUBLIC_URL", "", _public),
    _Setting("TOKEN_KEYS", "", _keys),
)
