import asyncio
import signal
import socket

import aiohttp
import pytest

from bot.serving import AddressTaken
from bot.workspace import Clock, Workspace
from bot.workspace.checks import Refused
from tests.bot.workspace.crier import MANIFEST, NOON, Town, build


@pytest.mark.parametrize("host", ["0.0.0.0", "192.168.1.7", "example.org", "::"])  # noqa: S104
async def test_a_workspace_refuses_an_address_others_can_reach(host: str) -> None:
    with pytest.raises(ValueError, match="on this machine only"):
        async with build().workspace.serving(host=host):
            pass


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "::1"])
async def test_a_workspace_is_served_on_loopback(host: str) -> None:
    if host == "::1" and not _has_ipv6():
        host = "127.0.0.1"
    workspace = build().workspace
    async with workspace.serving(host=host), aiohttp.ClientSession() as session:
        response = await session.get(f"{workspace.url}/page/api/state")
        response.close()

    assert response.status == 200


def _has_ipv6() -> bool:
    try:
        with socket.socket(socket.AF_INET6, socket.SOCK_STREAM) as trial:
            trial.bind(("::1", 0))
    except OSError:
        return False
    return True


async def test_a_taken_port_is_said_in_a_sentence() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        with pytest.raises(AddressTaken, match="Something else listens on"):
            async with build().workspace.serving(port=taken.getsockname()[1]):
                pass


@pytest.mark.parametrize("path", ["/", "/page/api/state", "/api/auth.test"])
async def test_a_request_by_another_name_is_turned_away(quiet: Town, path: str) -> None:
    async with (
        aiohttp.ClientSession() as session,
        session.get(f"{quiet.workspace.url}{path}", headers={"Host": "evil.example"}) as response,
    ):
        assert response.status == 403


async def test_a_socket_by_another_name_is_turned_away(quiet: Town) -> None:
    url = f"{quiet.workspace.url}/socket?ticket=x"
    async with aiohttp.ClientSession() as session:
        with pytest.raises(aiohttp.WSServerHandshakeError):
            await session.ws_connect(url, headers={"Host": "evil.example"})


async def test_serving_leaves_signals_alone_and_can_be_repeated() -> None:
    before = signal.getsignal(signal.SIGTERM)
    workspace = build().workspace

    for _ in range(2):
        async with workspace.serving():
            assert signal.getsignal(signal.SIGTERM) is before


async def test_a_waiting_page_does_not_hold_up_the_end() -> None:
    workspace = build().workspace
    async with aiohttp.ClientSession() as session:
        async with workspace.serving():
            url = f"{workspace.url}/page/api/wait?since="
            (await session.get(f"{url}-1")).close()  # the way there is open
            waiting = asyncio.create_task(session.get(f"{url}{workspace.version}"))
            await asyncio.sleep(0.2)
        async with asyncio.timeout(1):
            assert (await waiting).status == 200
            (await waiting).close()


def test_ids_are_made_from_names_and_stay_unique() -> None:
    workspace = Workspace(MANIFEST, Clock(frozen_at=NOON))

    first, second = workspace.add_user("Zoë Müller"), workspace.add_user("Zoe Muller")
    nameless = workspace.add_user("李")
    channel = workspace.add_channel("working-group")
    group = workspace.add_usergroup("Policy", "policy", [first])

    assert (first.id, first.handle) == ("U0ZOEMULLER", "zoe.muller")
    assert second.id != first.id
    assert nameless.handle == "someone"
    assert channel.id == "C0WORKINGGROUP"
    assert group.id == "S0POLICY"
    assert workspace.user(first.id) is first
    assert workspace.channel("C0WORKINGGROUP") is channel
    assert workspace.channel(first) is workspace.dm(first)
    with pytest.raises(Refused, match="user_not_found"):
        workspace.dm("U0X")


def test_an_app_without_a_name_or_features_is_still_an_app() -> None:
    workspace = Workspace({}, Clock(frozen_at=NOON), team_name="!!!")

    assert workspace.installation.name == "App"
    assert workspace.installation.domain == "workspace"
    assert workspace.installation.commands == {}
    assert not workspace.installation.has_home
    assert (workspace.team, workspace.scopes, workspace.vocabulary) == ("T0CONVENE", set(), [])


async def test_version_grows_with_every_visible_change() -> None:
    workspace = Workspace(MANIFEST, Clock(frozen_at=NOON))
    before = workspace.version

    workspace.add_user("Ana")

    assert workspace.version > before
    assert await workspace.changed(before, 1) == workspace.version
    assert await workspace.changed(workspace.version, 0.01) == workspace.version
