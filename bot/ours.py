"""Whose request it is: an app's signature does not say for which of its workspaces one is meant."""

from collections.abc import Mapping
from typing import Any


def is_for(app: str, body: Mapping[str, Any]) -> bool:
    """Say whether *body* is for *app*, which is "" as long as Slack has not told its id."""
    return not app or body.get("api_app_id") == app


def installed_in(body: Mapping[str, Any]) -> list[str]:
    """Name the workspaces and organisations in which *body* says the app is installed, best first.

    Whoever clicked may well be of another team: with Slack Connect they are our guests.
    """
    installed = body.get("authorizations")
    if isinstance(installed, list) and installed:
        # An event may have happened in a partner's workspace; this says who is told of it.
        places = [each for each in installed if isinstance(each, dict)]
        named = [place.get(part) for part in ("team_id", "enterprise_id") for place in places]
    else:
        # A view says whose it is, wherever it was opened.
        own = _in(body, "view", "app_installed_team_id")
        teams = [own] if own else [body.get("team_id"), _in(body, "team", "id")]
        named = [*teams, body.get("enterprise_id"), _in(body, "enterprise", "id")]
    return [name for name in named if isinstance(name, str) and name]


def _in(body: Mapping[str, Any], part: str, name: str) -> Any:
    told = body.get(part)
    return told.get(name) if isinstance(told, dict) else None
