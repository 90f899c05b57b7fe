"""Whose request it is, by every way Slack has of saying so."""

from typing import Any

import pytest
from slack_sdk.web.async_client import AsyncWebClient

from bot.installed import Alone, Tenant

TEAMS = frozenset({"T1", "E1"})


async def is_ours(app: str, body: dict[str, Any]) -> bool:
    tenant = Tenant(1, AsyncWebClient(retry_handlers=[]), app)
    return await Alone(tenant, TEAMS).whose(body) is tenant


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
async def test_what_is_for_our_installation_is_ours(told: dict[str, Any]) -> None:
    assert await is_ours("A1", {"api_app_id": "A1", **told})
    assert await is_ours("", told)
    assert not await is_ours("A1", {"api_app_id": "A2", **told})
    assert not await is_ours("A1", told)


@pytest.mark.parametrize(
    "told",
    [
        {},
        {"team_id": "T9"},
        {"team_id": ["T1"], "team": "T1", "view": []},
        {"team": {"id": "T9"}, "user": {"id": "U1", "team_id": "T1"}},
        {"team_id": "T1", "authorizations": [{"team_id": "T9"}]},
        {"team_id": "T1", "authorizations": ["T1"]},
        {"team": {"id": "T1"}, "view": {"app_installed_team_id": "T9"}},
    ],
)
async def test_what_is_for_another_installation_is_not(told: dict[str, Any]) -> None:
    assert not await is_ours("A1", {"api_app_id": "A1", **told})
