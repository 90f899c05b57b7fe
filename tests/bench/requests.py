"""What the bot is asked while it is measured."""

import json
from itertools import count

GOING = "briefings.going"
_numbers = count(1)


def command(user: str, command: str = "/briefings", text: str = "") -> dict[str, str]:
    """Write what *user* types."""
    return {
        "team_id": "T0CONVENE",
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
    payload = {
        "type": "block_actions",
        "team": {"id": "T0CONVENE"},
        "user": {"id": user, "team_id": "T0CONVENE", "name": "bench"},
        "container": {"type": "message"},
        "channel": {"id": "C0"},
        "response_url": f"http://127.0.0.1:{slack}/respond",
        "trigger_id": _trigger(),
        "actions": [
            {
                "action_id": action,
                "block_id": "b",
                "type": "button",
                "value": str(value),
                "action_ts": "1",
            }
        ],
    }
    return {"payload": json.dumps(payload)}


def _trigger() -> str:
    # One for each: what comes with the same one a second time does nothing.
    return f"1.{next(_numbers)}"
