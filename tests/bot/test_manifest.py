"""The manifest keeps Slack's own schema: no field it does not know, no limit broken."""

import json
import re
from collections.abc import Callable
from typing import Any

import pytest

from bot.manifest import METHODS, SCOPES, manifest, vocabulary
from commands import catalog

URL = "https://convene.example.org"
Check = Callable[[Any], bool]


def text(least: int, most: int, pattern: str = r"[^\x00-\x1f]*") -> Check:
    return lambda value: (
        isinstance(value, str)
        and least <= len(value) <= most
        and re.fullmatch(pattern, value) is not None
    )


def yes_or_no(value: Any) -> bool:
    return isinstance(value, bool)


def listed(most: int, each: Check) -> Check:
    return lambda value: (
        isinstance(value, list)
        and len(value) <= most
        and all(map(each, value))
        and len({json.dumps(entry) for entry in value}) == len(value)
    )


def shape(required: dict[str, Check], optional: dict[str, Check] | None = None) -> Check:
    known = {**required, **(optional or {})}
    return lambda value: (
        isinstance(value, dict)
        and required.keys() <= value.keys() <= known.keys()
        and all(known[name](given) for name, given in value.items())
    )


ADDRESS = text(1, 3000, r"https://[^\s]+")
SCOPE_NAMES = listed(255, text(1, 100, r"[a-z_]+(:[a-z_.]+)*"))
COMMAND = shape(
    {"command": text(2, 32, r"/[a-z0-9_-]+"), "description": text(1, 2000)},
    {"url": ADDRESS, "usage_hint": text(0, 1000), "should_escape": yes_or_no},
)
VALID = shape(
    {
        "_metadata": shape({"major_version": lambda value: value == 2}),
        "display_information": shape(
            {"name": text(1, 35)},
            {
                "description": text(1, 140),
                "long_description": text(175, 4000),
                "background_color": text(4, 7, r"#([0-9a-fA-F]{3}){1,2}"),
            },
        ),
        "features": shape(
            {
                "app_home": shape(
                    {
                        "home_tab_enabled": yes_or_no,
                        "messages_tab_enabled": yes_or_no,
                        "messages_tab_read_only_enabled": yes_or_no,
                    }
                ),
                "bot_user": shape({"display_name": text(1, 80)}, {"always_online": yes_or_no}),
                "slash_commands": listed(50, COMMAND),
            }
        ),
        "oauth_config": shape(
            {"scopes": shape({"bot": SCOPE_NAMES, "bot_optional": SCOPE_NAMES})},
            {"redirect_urls": listed(1000, ADDRESS)},
        ),
        "settings": shape(
            {
                "event_subscriptions": shape(
                    {"bot_events": listed(100, text(1, 100, r"[a-z_.]+"))},
                    {"request_url": ADDRESS},
                ),
                "interactivity": shape({"is_enabled": yes_or_no}, {"request_url": ADDRESS}),
                "org_deploy_enabled": yes_or_no,
                "socket_mode_enabled": yes_or_no,
                "token_rotation_enabled": yes_or_no,
            }
        ),
    }
)


@pytest.mark.parametrize("url", [None, URL])
def test_it_has_the_shape_slack_takes(url: str | None) -> None:
    made = manifest(url)

    assert VALID(made)
    assert json.loads(json.dumps(made)) == made


@pytest.mark.parametrize(
    ("place", "value"),
    [
        (("display_information", "name"), "x" * 36),
        (("display_information", "colour"), "#123456"),
        (("features", "slash_commands"), [{"command": "briefings", "description": "x"}]),
        (("features", "slash_commands"), [{"command": "/briefings"}]),
        (("settings", "socket_mode_enabled"), "yes"),
        (("settings", "event_subscriptions"), {"bot_events": ["a", "a"]}),
        (("settings", "interactivity"), {"is_enabled": True, "request_url": "http://x"}),
    ],
)
def test_what_slack_does_not_take_would_be_noticed(place: tuple[str, str], value: Any) -> None:
    """The control: the shape above is strict."""
    made = manifest()
    made[place[0]][place[1]] = value

    assert not VALID(made)


def test_without_an_address_it_is_for_socket_mode() -> None:
    made = manifest()

    assert made["settings"]["socket_mode_enabled"]
    assert "url" not in json.dumps(made)


@pytest.mark.parametrize("url", [URL, f"{URL}/"])
def test_with_an_address_every_request_goes_there(url: str) -> None:
    made = manifest(url)
    settings = made["settings"]
    addresses = {
        settings["event_subscriptions"]["request_url"],
        settings["interactivity"]["request_url"],
        *(command["url"] for command in made["features"]["slash_commands"]),
    }

    assert addresses == {f"{URL}/slack/events"}
    assert not settings["socket_mode_enabled"]


def test_it_offers_every_command_of_the_catalog_and_says_its_words() -> None:
    offered = {each["command"]: each for each in manifest()["features"]["slash_commands"]}

    assert offered.keys() == catalog.COMMANDS.keys()
    for command, room in catalog.COMMANDS.items():
        assert offered[command]["usage_hint"].split(" | ") == [word.word for word in room.words]
        assert offered[command]["should_escape"]


def test_it_asks_for_the_events_somebody_handles_and_the_scopes_somebody_needs() -> None:
    made = manifest()
    needed = {scope for scope in METHODS.values() if scope} | {
        "commands",
        "groups:read",
        "users:read.email",  # what users.info tells
    }

    assert set(made["settings"]["event_subscriptions"]["bot_events"]) == catalog.EVENTS.keys()
    asked = made["oauth_config"]["scopes"]
    assert {*asked["bot"], *asked["bot_optional"]} == needed
    assert asked["bot"] == list(SCOPES)
    assert asked["bot_optional"] == ["im:history"]


def test_the_vocabulary_has_an_example_for_every_word() -> None:
    told = {command["command"]: command["words"] for command in vocabulary()}

    assert told.keys() == catalog.COMMANDS.keys()
    for command, words in told.items():
        assert all(word["example"].startswith(f"{command}") for word in words)
        assert all(word["sentence"] for word in words)
