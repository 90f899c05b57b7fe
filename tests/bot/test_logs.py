"""The log: words of our own choosing, no secrets, no people, and where it failed without what."""

import io
import logging

import pytest

from bot import logs

SECRETS = [
    "xoxb-1234567890-abcdefghij",
    "xoxe.xoxp-1-Mi0yLTEyMzQ",
    "xapp-1-A0CONVENE-123-abcdef",
    "https://hooks.slack.com/commands/T0CONVENE/123/abc",
    "hooks.slack.com/services/T0/B0/abc",
    "postgresql+psycopg://convene:pass%20word@db.example/convene",
    "0123456789abcdef0123456789abcdef",
    "v0=a2114d57b48eac39b9ad189dd8316235a7b4a8d21a10bd27519666489c69b503",
    "cw_0x689RpI-jtRR7oE8h_eQsKImvJapLeSbXpwF4e4=",
    "gAAAAABdQ5bZ8kq2yRz1a7Jv3p0Zk3hW",
    "U0MARCUS",
    "W012A3CDE",
]


@pytest.fixture
def written() -> io.StringIO:
    return io.StringIO()


@pytest.fixture
def handler(written: io.StringIO) -> logging.Handler:
    made = logging.StreamHandler(written)
    made.setFormatter(logs.Formatter())
    return made


def record(
    name: str, template: object, *args: object, error: Exception | None = None
) -> logging.LogRecord:
    info = (type(error), error, error.__traceback__) if error else None
    return logging.LogRecord(name, logging.ERROR, "", 0, template, args, info)


@pytest.mark.parametrize("secret", SECRETS)
@pytest.mark.parametrize("name", ["bot.door", "slack_sdk.web"])
def test_no_secret_and_no_person_is_written(
    handler: logging.Handler, written: io.StringIO, secret: str, name: str
) -> None:
    handler.handle(record(name, "door.turned why=%s", f"it said {secret}, twice: {secret}"))

    assert secret not in written.getvalue()
    assert "removed" in written.getvalue()


def test_of_ours_the_event_and_the_allowed_keys_are_kept(
    handler: logging.Handler, written: io.StringIO
) -> None:
    handler.handle(record("bot.delivery", "delivery.closed kind=%s title=%s", "weekly", "Round"))
    handler.handle(record("bot.app", "form.unopened %s", "somebody's words"))

    first, second = written.getvalue().splitlines()
    assert first.endswith("ERROR delivery.closed kind=weekly")
    assert second.endswith("ERROR form.unopened")


def test_a_value_forges_neither_a_key_nor_a_line(
    handler: logging.Handler, written: io.StringIO
) -> None:
    handler.handle(record("bot.door", "door.turned title=%s why=%s", "x why=lie", "a\nERROR b\x1b"))

    (line,) = written.getvalue().splitlines()
    assert line.endswith("door.turned why=a")


def test_an_exception_is_a_type_and_a_place_and_never_its_message(
    handler: logging.Handler, written: io.StringIO
) -> None:
    try:
        try:
            raise KeyError("a person's name")
        except KeyError as inner:
            raise ValueError("a briefing's title") from inner
    except ValueError as error:
        handler.handle(record("bot.errors", "unforeseen ref=%s", "AB12", error=error))

    (line,) = written.getvalue().splitlines()
    assert "unforeseen ref=AB12 raised=ValueError at " in line
    assert "from KeyError at " in line
    assert "test_logs.py:" in line
    assert ":test_an_exception_is_a_type_and_a_place_and_never_its_message" in line
    assert "name" not in line.partition("raised=")[2].replace("never_its_message", "")
    assert "title" not in line


def test_of_a_library_the_first_line_is_kept(
    handler: logging.Handler, written: io.StringIO
) -> None:
    handler.handle(record("asyncio", "Task exception was never retrieved\nfuture: ValueError('x')"))
    handler.handle(record("aiohttp", "%d", "not a number"))

    first, second = written.getvalue().splitlines()
    assert first.endswith("ERROR asyncio: Task exception was never retrieved")
    assert second.endswith("ERROR aiohttp: %d")
