"""What the bot is asked while it is measured."""

import json
from collections.abc import Mapping
from itertools import count
from typing import Any

TEAM = "T0CONVENE"
GOING = "briefings.going"
_numbers = count(1)


def command(user: str, command: str = "/briefings", text: str = "") -> dict[str, str]:
    """Write what *user* types."""
    return {
        "team_id": TEAM,
        "user_id": user,
        "user_name": "bench",
        "channel_id": "C0",
        "command": command,
        "text": text,
        "trigger_id": _trigger(),
        "response_url": "http://127.0.0.1:8931/respond",
    }


def click(user: str, slack: int, action: str, value: int) -> dict[str, str]:
    """Write that *user* presses a button; its answer goes to the port *slack*."""
    return _interaction(
        user,
        type="block_actions",
        container={"type": "message"},
        channel={"id": "C0"},
        response_url=f"http://127.0.0.1:{slack}/api/respond",
        actions=[
            {
                "action_id": action,
                "block_id": "b",
                "type": "button",
                "value": str(value),
                "action_ts": "1",
            }
        ],
    )


def submission(user: str, form: str, fields: Mapping[str, str]) -> dict[str, str]:
    """Write that *user* sends in a form with *fields*."""
    values = {
        name: {name: {"type": "plain_text_input", "value": given}} for name, given in fields.items()
    }
    view = {
        "id": "V1",
        "hash": "1.a",
        "type": "modal",
        "callback_id": form,
        "private_metadata": "",
        "title": {"type": "plain_text", "text": "Form"},
        "state": {"values": values},
        "blocks": [{"type": "input", "block_id": name} for name in fields],
    }
    return _interaction(user, type="view_submission", view=view)


def home(user: str) -> bytes:
    """Tell, in JSON, that *user* opens the Home."""
    event = {
        "type": "event_callback",
        "team_id": TEAM,
        "event_id": f"Ev{next(_numbers)}",
        "event_time": 1,
        "authorizations": [{"team_id": TEAM, "user_id": "U0", "is_bot": True}],
        "event": {"type": "app_home_opened", "user": user, "channel": "D0", "tab": "home"},
    }
    return json.dumps(event).encode()


def _interaction(user: str, **more: Any) -> dict[str, str]:
    payload = {
        "team": {"id": TEAM},
        "user": {"id": user, "team_id": TEAM, "name": "bench"},
        "trigger_id": _trigger(),
        **more,
    }
    return {"payload": json.dumps(payload)}


def _trigger() -> str:
    # One for each: what comes with the same one a second time does nothing.
    return f"1.{next(_numbers)}"
