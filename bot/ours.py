"""Whose request it is: an app's signature does not say for which of its workspaces one is meant."""

from collections.abc import Callable, Container, Iterator, Mapping
from typing import Any

IsOurs = Callable[[Mapping[str, Any]], bool]


def is_ours(app: str, teams: Container[str], body: Mapping[str, Any]) -> bool:
    """Say whether *body* is for *app* as it is installed in one of *teams*.

    *teams* are ids of workspaces and, where a whole organisation installed the app, of that; *app*
    is "" as long as Slack has not told it. Whoever clicked may well be of another team: with
    Slack Connect they are our guests.
    """
    if app and body.get("api_app_id") != app:
        return False
    return any(team in teams for team in _installed_in(body))


def _installed_in(body: Mapping[str, Any]) -> Iterator[str]:
    """Name the workspaces and organisations that *body* says it is for."""
    installed = body.get("authorizations")
    if isinstance(installed, list) and installed:
        # An event may have happened in a partner's workspace; this says who is told of it.
        places = [each for each in installed if isinstance(each, dict)]
        named = [place.get(part) for place in places for part in ("team_id", "enterprise_id")]
    else:
        named = [body.get("team_id"), body.get("enterprise_id")]
        for part, name in (
            ("team", "id"),
            ("enterprise", "id"),
            ("view", "app_installed_team_id"),
        ):
            told = body.get(part)
            named.append(told.get(name) if isinstance(told, dict) else None)
    yield from (name for name in named if isinstance(name, str) and name)
