"""Whose request it is, by every way Slack has of saying so."""

from typing import Any

import pytest

from bot.ours import is_ours

TEAMS = frozenset({"T1", "E1"})


@pytest.mark.parametrize(
    "told",
    [
        {"team_id": "T1"},
        {"team": {"id": "T1"}, "user": {"id": "U9", "team_id": "T9"}},
        {"team": None, "enterprise": {"id": "E1"}, "is_enterprise_install": True},
        {"team": {"id": "T9"}, "view": {"app_installed_team_id": "T1"}},
        {"team_id": "T9", "authorizations": [{"team_id": "T1", "enterprise_id": None}]},
        {"team_id": "T9", "authorizations": [{"team_id": None, "enterprise_id": "E1"}]},
    ],
)
def test_what_is_for_our_installation_is_ours(told: dict[str, Any]) -> None:
    assert is_ours("A1", TEAMS, {"api_app_id": "A1", **told})
    assert is_ours("", TEAMS, told)
    assert not is_ours("A1", TEAMS, {"api_app_id": "A2", **told})
    assert not is_ours("A1", TEAMS, told)


@pytest.mark.parametrize(
    "told",
    [
        {},
        {"team_id": "T9"},
        {"team_id": ["T1"], "team": "T1", "view": []},
        {"team": {"id": "T9"}, "user": {"id": "U1", "team_id": "T1"}},
        {"team_id": "T1", "authorizations": [{"team_id": "T9"}]},
        {"team_id": "T1", "authorizations": ["T1"]},
    ],
)
def test_what_is_for_another_installation_is_not(told: dict[str, Any]) -> None:
    assert not is_ours("A1", TEAMS, {"api_app_id": "A1", **told})
